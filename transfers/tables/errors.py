"""What is wrong with a file, as its owner is told."""


class TableError(Exception):
    """A file, or a line of it, that cannot be read; `str()` is a finished sentence: what happened, what to do next.

    `line` is the number of the line at fault (from 1; in a workbook the row), None where the whole file is.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line:,}: {sentence}")
        self.sentence = sentence
        self.line = line
