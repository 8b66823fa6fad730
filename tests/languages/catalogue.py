"""What the source says that people read, and what the catalogues make of it, without gettext's tools."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
# Folders whose texts are for developers or machines.
_ELSEWHERE = ("sandbox/", "bench/", "tests/", "cstar/", "scripts/")
_FUNCTIONS = {"gettext", "_", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


class Text(NamedTuple):
    """A text to translate, or what it was translated to (`one` and, of a plural, `many`)."""

    context: str
    one: str
    many: str


def files(suffix: str) -> list[Path]:
    # Those that are new and not in git yet count too.
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and not name.startswith(_ELSEWHERE) and (ROOT / name).exists()]


def said() -> dict[Text, str]:
    """Every text of the source that goes through gettext, and a file that says it."""
    found: dict[Text, str] = {}
    for path in files(".py"):
        for text in _in_python(path.read_text()):
            found.setdefault(text, str(path.relative_to(ROOT)))
    for path in files(".html"):
        for text in _in_template(path.read_text()):
            found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def _in_python(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in _FUNCTIONS:
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if text := _text(name, words):
                yield text


def _in_template(source: str) -> Iterator[Text]:
    calls = templatize(source)
    for found in re.finditer(r"\b(_|gettext|ngettext|pgettext)\(u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", calls):
        words = [ast.literal_eval(found[2])]
        if more := re.match(r"\s*,\s*u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", calls[found.end() :]):
            words.append(ast.literal_eval(more[1]))
        if text := _text(found[1], words):
            yield text


def _text(function: str, words: list[str]) -> Text | None:
    if function.startswith("pgettext"):
        return Text(words[0], words[1], "") if len(words) > 1 else None
    if function.startswith("ngettext"):
        return Text("", words[0], words[1]) if len(words) > 1 else None
    return Text("", words[0], "") if words else None


class Entry(NamedTuple):
    text: Text
    translations: tuple[str, ...]
    fuzzy: bool


def entries(path: Path) -> list[Entry]:
    """A .po file, without its head."""
    found = []
    for block in path.read_text().split("\n\n"):
        fields: dict[str, str] = {}
        name, fuzzy = "", False
        for line in block.split("\n"):
            if line.startswith("#"):
                fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            name = _keyword(line) or name
            if name:
                fields[name] = fields.get(name, "") + _unquoted(line)
        if fields.get("msgid"):
            text = Text(fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", ""))
            said = tuple(value for name, value in fields.items() if name.startswith("msgstr"))
            found.append(Entry(text, said, fuzzy))
    return found


def _keyword(line: str) -> str:
    keyword = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) "', line)
    return keyword[1] if keyword else ""


def _unquoted(line: str) -> str:
    return ast.literal_eval(line[line.index('"') :]) if '"' in line else ""
