"""What is wrong with a file, as its owner is told."""

from core.stored_texts import pattern


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the catalogue. Django's would ask for settings, which workbook.py has to do without."""
    return sentence


_LINE = pattern(gettext_noop("Line {line}: {sentence}"))


class TableError(Exception):
    """A file, or a line of it, that cannot be read; `str()` is a finished sentence: what happened, what to do next.

    `line` is the number of the line at fault (from 1; in a workbook the row), None where the whole file is.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence if line is None else _LINE.format(line=f"{line:,}", sentence=sentence))
        self.sentence = sentence
        self.line = line
