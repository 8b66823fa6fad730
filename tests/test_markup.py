"""Templates and style sheets are read line by line: no line is too long."""

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


@pytest.mark.parametrize("paths", [TEMPLATES, STYLES], ids=["templates", "styles"])
def test_no_line_is_too_long(paths):
    assert paths
    assert [found for path in paths for found in too_long(path)] == []
