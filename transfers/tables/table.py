"""A table as an import wants it: a header with one name a column, and rows just as wide, each with its line."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.stored import pattern
from transfers.tables.csv_file import Dialect, Line, rows
from transfers.tables.errors import TableError, gettext_noop
from transfers.tables.formulas import restored
from transfers.tables.kinds import Kind, kind

MAX_ROWS = 100_000

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")


_RAGGED = pattern(
    gettext_noop(
        "This row has {cells} cells, but there are {columns} columns. Put cells that hold the delimiter into quotes."
    )
)
_TOO_MANY = pattern(
    gettext_noop("This file has more than {limit} rows. Split it here and upload the parts one by one.")
)


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row with more cells than there are columns; `str()` is the sentence for its line."""

    cells: list[str]
    columns: int

    def __str__(self) -> str:
        return _RAGGED.format(cells=len(self.cells), columns=self.columns)


def open_table(path: Path, encoding: str, dialect: Dialect) -> "Table":
    """The table in a CSV file; TableError where there is none, and where its first rows cannot be read."""
    if kind(path) is Kind.WORKBOOK:
        raise TableError(gettext_noop("This file is a workbook, not CSV. Upload it as XLSX and choose a sheet."))
    records = _records(path, encoding, dialect)
    header = next(records, None)
    if header is None:
        raise TableError(
            gettext_noop("This file holds nothing but blank lines. Choose a file with a header and at least one row.")
        )
    if any(map(_CONTROL.search, header.cells)):
        raise TableError(
            gettext_noop("This file does not look like a table. Choose another encoding, or save it as CSV or XLSX.")
        )
    if next(records, None) is None:
        raise TableError(
            gettext_noop("This file has a header, but no rows below it. Choose a file with at least one row.")
        )
    return Table(path, encoding, dialect, _names(header.cells))


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file with its header: the names of its columns, each trimmed, not empty, and different from the others."""

    path: Path
    encoding: str
    dialect: Dialect
    header: list[str]

    def lines(self) -> Iterator[tuple[int, list[str] | Ragged]]:
        """Number and cells of each row, as many cells as there are columns, or Ragged. Blank rows are left out.

        Read from the file as it is asked for; TableError at the first line that cannot be read. The quote that
        `formulas.neutral` puts before a cell is taken off again.
        """
        columns = len(self.header)
        for number, cells in _body(_records(self.path, self.encoding, self.dialect)):
            if len(cells) > columns and any(map(str.strip, cells[columns:])):
                yield number, Ragged(cells, columns)
            else:
                yield number, cells[:columns] + [""] * (columns - len(cells))

    def count(self, limit: int = MAX_ROWS) -> int:
        """How many rows there are; TableError if more than `limit`. Reads the whole file, so every fault shows."""
        number = 0
        for number, (line, _) in enumerate(self.lines(), 1):
            if number > limit:
                raise TableError(_TOO_MANY.format(limit=f"{limit:,}"), line)
        return number


def _records(path: Path, encoding: str, dialect: Dialect) -> Iterator[Line]:
    """Records that are not blank, as they were before they were made harmless for spreadsheets."""
    for number, cells in rows(path, encoding, dialect):
        if any(map(str.strip, cells)):
            # A sheet of a workbook holds text as text.
            yield Line(number, cells if dialect.sheet else [restored(cell) for cell in cells])


def _body(records: Iterator[Line]) -> Iterator[Line]:
    next(records, None)  # the header
    return records


def _names(cells: list[str]) -> list[str]:
    """One name a column: "Column 3" for an empty cell, "Name (2)" for the second "Name"."""
    names: dict[str, None] = {}
    doubles: Counter[str] = Counter()
    for position, cell in enumerate(cells, 1):
        base = name = " ".join(cell.lstrip("\ufeff").split()) or f"Column {position}"
        while name in names:
            doubles[base] += 1
            name = f"{base} ({doubles[base] + 1})"
        names[name] = None
    return list(names)
