"""Contacts as vCards (versions 2.1 to 4.0), turned into CSV so that whatever follows reads CSV alone."""

import csv
import quopri
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from transfers.tables.csv_file import MAX_CELL, MAX_RECORD, Dialect
from transfers.tables.encoding import detect
from transfers.tables.encoding_guess import guess_encoding
from transfers.tables.errors import TableError, gettext_noop

DIALECT = Dialect(sheet=True)
# Heads of the table, and the properties whose values they hold.
_HEADS = {
    "Name": "FN",
    "Email": "EMAIL",
    "Phone": "TEL",
    "Company": "ORG",
    "Job title": "TITLE",
    "Address": "ADR",
    "Website": "URL",
    "Birthday": "BDAY",
    "Notes": "NOTE",
    "Tags": "CATEGORIES",
    "ID": "UID",
}
_LINE = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<params>(?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(?P<value>.*)", re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PARTS = re.compile(r"(?<!\\);")

_NO_CARDS = gettext_noop("This file holds no contacts that can be read. Export them again, or as CSV.")


class _Property(NamedTuple):
    name: str
    params: str
    value: str


def to_csv(path: Path, target: Path) -> None:
    """Write the contacts as CSV in UTF-8, a row each. TableError where there are none."""
    encoding = detect(path) or guess_encoding(path.read_bytes())
    number = 0
    with (
        path.open(encoding=encoding, errors="replace") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        table = csv.writer(out)
        table.writerow(_HEADS)
        for card in _cards(source):
            table.writerow(_row(card))
            number += 1
    if not number:
        target.unlink()
        raise TableError(_NO_CARDS)


def _cards(lines: Iterable[str]) -> Iterator[list[_Property]]:
    card: list[_Property] | None = None
    for line in _unfolded(lines):
        parts = _LINE.fullmatch(line)
        if parts is None:
            continue
        name, value = parts["name"].upper(), parts["value"]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            card = []
        elif name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            card.append(_Property(name, parts["params"].upper(), value))


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Logical lines: those that go on in the next one put together."""
    parts: list[str] = []
    size = 0
    for raw in lines:
        line = raw.rstrip("\r\n")
        is_soft = bool(parts) and parts[-1].endswith("=") and "QUOTED-PRINTABLE" in parts[0].partition(":")[0].upper()
        if is_soft:
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif line[:1] in (" ", "\t"):
            parts.append(line[1:])
        else:
            yield "".join(parts)
            parts, size = [line], 0
        size += len(line)
        if size > MAX_RECORD:
            raise TableError(_NO_CARDS)
    yield "".join(parts)


def _row(card: list[_Property]) -> list[str]:
    found = {head: _joined(head, [entry for entry in card if entry.name == name]) for head, name in _HEADS.items()}
    name = next((entry for entry in card if entry.name == "N"), None)
    if name and not found["Name"]:
        last, first, middle, *_rest = [*_split(name), "", "", ""]
        found["Name"] = " ".join(part for part in (first, middle, last) if part)
    return [value[:MAX_CELL] for value in found.values()]


def _joined(head: str, entries: list[_Property]) -> str:
    """Join all values of a property, the preferred one first."""
    entries = sorted(entries, key=lambda entry: "PREF" not in entry.params)
    values = [_unescaped(_decoded(entry)).strip() for entry in entries]
    if head in ("Company", "Address"):
        values = [", ".join(filter(None, _split(entry))) for entry in entries]
    if head == "Email":
        values = [value.removeprefix("mailto:") for value in values]
    return ("\n\n" if head == "Notes" else ", ").join(dict.fromkeys(value for value in values if value))


def _split(entry: _Property) -> list[str]:
    return [_unescaped(part).strip() for part in _PARTS.split(_decoded(entry))]


def _decoded(entry: _Property) -> str:
    if "QUOTED-PRINTABLE" not in entry.params:
        return entry.value
    charset = re.search(r"CHARSET=([\w-]+)", entry.params)
    try:
        return quopri.decodestring(entry.value.encode()).decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        return entry.value


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
