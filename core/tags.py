"""Several tags as one text: separated by commas, quoted where they hold one."""

import re
from collections.abc import Iterable

from core.folding import caseless, nfc

# What separates tags in files; forms take commas alone.
FILE_SEPARATORS = ",;|\n"


def join_tags(tags: Iterable[str], separators: str = ",") -> str:
    """The tags as `split_tags` reads them; those that hold a separator or a quote are quoted, with quotes doubled."""
    special = {*separators, '"'}
    return ", ".join(f'"{tag.replace(chr(34), chr(34) * 2)}"' if special & set(tag) else tag for tag in tags)


def split_tags(text: str, separators: str = ",") -> list[str]:
    """The tags in a text, trimmed, in their order. A quote that is never closed is a letter like any other."""
    others = f"[^{re.escape(separators)}]"
    end = f"(?=[{re.escape(separators)}]|$)"
    pieces = re.finditer(rf'\s*(?:"((?:[^"]|"")*)"\s*{end}|({others}*))(?:[{re.escape(separators)}]|$)', text)
    found = (piece[1].replace('""', '"') if piece[1] is not None else piece[2] for piece in pieces)
    return [tag.strip() for tag in found if tag.strip()]


def without_doubles(tags: Iterable[str]) -> list[str]:
    """Tags in NFC and in their order; of those that differ in case alone, the first."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(caseless(tag), nfc(tag))
    return list(first.values())
