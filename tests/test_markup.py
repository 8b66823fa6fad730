"""Templates and style sheets are read line by line: no line is too long, and CSS has one declaration a line."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
LONGEST = 120

# The text for translators has to stay as it is; a data URL and a value without any space cannot be broken.
_MESSAGE = re.compile(r"\{% (blocktranslate|translate)\b.*?\{% endblocktranslate %\}|\{% translate [^%]*%\}", re.DOTALL)
_UNBROKEN = re.compile(rf"url\(\"data:|\S{{{LONGEST},}}")
# What stands between quotes or parentheses is no declaration, and a comment is prose.
_NOT_CODE = re.compile(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", re.DOTALL)
_DECLARATION = re.compile(r"[\w-]+\s*:[^;{}]*(?:;|\})")


def place(path: Path, number: int) -> str:
    return f"{path.relative_to(ROOT)}:{number}"


def messages_by_line(text: str) -> Counter[int]:
    """How many texts for translators stand on each line, by its number; a text may go on over several."""
    found: Counter[int] = Counter()
    for match in _MESSAGE.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        found.update(range(first, first + match[0].count("\n") + 1))
    return found


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    messages = messages_by_line(text)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST and messages[number] != 1 and not _UNBROKEN.search(line):
            yield place(path, number)


def crowded(path: Path) -> Iterator[str]:
    """The lines of a style sheet on which two declarations stand."""
    code = _NOT_CODE.sub(lambda match: "\n" * match[0].count("\n"), path.read_text())
    for number, line in enumerate(code.splitlines(), 1):
        if len(_DECLARATION.findall(line)) > 1:
            yield place(path, number)


@pytest.mark.parametrize("paths", [TEMPLATES, STYLES], ids=["templates", "styles"])
def test_no_line_is_too_long(paths):
    assert paths
    assert [found for path in paths for found in too_long(path)] == []


def test_css_has_one_declaration_a_line():
    assert [found for path in STYLES for found in crowded(path)] == []
