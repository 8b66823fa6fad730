"""A table as an import wants it: a header with one name a column, and rows just as wide, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.stored_texts import pattern
from transfers.tables.csv_file import Dialect, Line, rows
from transfers.tables.errors import TableError, gettext_noop
from transfers.tables.file_types import Kind, kind
from transfers.tables.formulas import restored
from transfers.tables.header import SEARCHED, column_names, find_header

MAX_ROWS = 100_000
# Lines below the table: notes of whoever made the file. More of them, or others, are rows.
MAX_FOOTER = 10

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


def guess_header(path: Path, encoding: str, dialect: Dialect, resource: str) -> int:
    """The number of the line that the header is probably in. TableError where the file is no table."""
    first = list(islice(_records(path, encoding, dialect), SEARCHED))
    return find_header(first, resource) if first else 1


def open_table(path: Path, encoding: str, dialect: Dialect, header_line: int = 1) -> "Table":
    """The table in a CSV file; TableError where there is none, and where its first rows cannot be read.

    The header is in line `header_line`, or in the first one behind it that is not blank; 0: the file has none.
    """
    if kind(path) is Kind.WORKBOOK:
        raise TableError(gettext_noop("This file is a workbook, not CSV. Upload it as XLSX and choose a sheet."))
    above, header, row = _first_records(path, encoding, dialect, header_line)
    if header is None:
        raise TableError(
            gettext_noop("This file holds nothing but blank lines. Choose a file with a header and at least one row.")
        )
    if any(map(_CONTROL.search, header.cells)):
        raise TableError(
            gettext_noop("This file does not look like a table. Choose another encoding, or save it as CSV or XLSX.")
        )
    if row is None:
        raise TableError(
            gettext_noop("This file has a header, but no rows below it. Choose a file with at least one row.")
        )
    if not header_line:
        return Table(path, encoding, dialect, column_names([""] * len(header.cells)), 0)
    return Table(path, encoding, dialect, column_names(header.cells, above.cells if above else ()), header.number)


@dataclass(slots=True)
class Table:
    """A CSV file with its header: the names of its columns, each trimmed, not empty, and different from the others.

    `footer` is how many lines below the table were left out, once `lines` came to the end.
    """

    path: Path
    encoding: str
    dialect: Dialect
    header: list[str]
    header_line: int = 1
    footer: int = 0

    def lines(self) -> Iterator[tuple[int, list[str] | Ragged]]:
        """Number and cells of each row, as many cells as there are columns, or Ragged. Blank rows are left out.

        Read from the file as it is asked for; TableError at the first line that cannot be read. The quote that
        `formulas.neutral` puts before a cell is taken off again.
        """
        columns = len(self.header)
        for number, cells in self._body():
            if len(cells) > columns and any(map(str.strip, cells[columns:])):
                yield number, Ragged(cells, columns)
            else:
                yield number, cells[:columns] + [""] * (columns - len(cells))

    def count(self, limit: int = MAX_ROWS) -> int:
        """How many rows there are; TableError if more than `limit`. Reads the whole file, so every fault shows."""
        number = 0
        for number, (line, _) in enumerate(self.lines(), 1):
            check_number(number, line, limit)
        return number

    def _body(self) -> Iterator[Line]:
        """The rows, without the notes that stand at the end behind a blank line, alone in the first column."""
        self.footer = 0
        held: list[Line] = []
        blank = False
        for record in rows(self.path, self.encoding, self.dialect):
            if record.number <= self.header_line:
                continue
            if not any(map(str.strip, record.cells)):
                blank = True
                continue
            if (blank or held) and self._is_note(record) and len(held) < MAX_FOOTER:
                held.append(record)
            else:
                yield from map(self._restored, [*held, record])
                held = []
            blank = False
        self.footer = len(held)

    def _is_note(self, record: Line) -> bool:
        return len(self.header) > 2 and not any(map(str.strip, record.cells[1:]))

    def _restored(self, record: Line) -> Line:
        return _restored(record, self.dialect)


def check_number(number: int, line: int, limit: int = MAX_ROWS) -> None:
    """TableError at the row that is one too many."""
    if number > limit:
        raise TableError(_TOO_MANY.format(limit=f"{limit:,}"), line)


def _first_records(
    path: Path, encoding: str, dialect: Dialect, header_line: int
) -> tuple[Line | None, Line | None, Line | None]:
    """The record above the header, the header, and the first row."""
    above = header = None
    for record in _records(path, encoding, dialect):
        if header is not None:
            return above, header, record
        if record.number >= header_line:
            header = record
            if not header_line:
                return None, header, record
        else:
            above = record
    return above, header, None


def _records(path: Path, encoding: str, dialect: Dialect) -> Iterator[Line]:
    """Records that are not blank, as they were before they were made harmless for spreadsheets."""
    return (_restored(record, dialect) for record in rows(path, encoding, dialect) if any(map(str.strip, record.cells)))


def _restored(record: Line, dialect: Dialect) -> Line:
    # A sheet of a workbook holds text as text.
    return record if dialect.sheet else Line(record.number, [restored(cell) for cell in record.cells])
