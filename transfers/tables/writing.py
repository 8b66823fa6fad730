"""Tables as files: CSV, XLSX and JSON, written row by row, so that none is ever held in memory whole.

    with CsvWriter(path, header) as table:
        table.write(row)

A row has one cell for each name of the header: text, number, true or false, or None for nothing. If the block fails, no
half a file is left. What no file can hold, zero bytes and halves of letters, is left out or becomes "?".
"""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeAlias

import xlsxwriter

from core.stored_texts import pattern
from transfers.tables.errors import TableError, gettext_noop
from transfers.tables.formulas import neutral

Cell: TypeAlias = str | int | float | bool | None

# What Excel takes: characters of a cell (it counts UTF-16), rows of a sheet with its header, digits of a number.
MAX_XLSX_CELL = 32_767
MAX_XLSX_ROWS = 1_048_576
_MAX_XLSX_NUMBER = 10**15


TOO_MANY_ROWS = pattern(gettext_noop("A workbook holds {most} rows at most. Choose CSV, or filter the list."))


class _Writer:
    """What the three have in common: the file opened and closed, or taken away if it was not finished."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.header = [_clean(name) for name in header]

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        finished = False
        try:
            self._close()
            finished = kind is None
        finally:
            if not finished:
                self.path.unlink(missing_ok=True)

    def write(self, row: Sequence[Cell]) -> None:
        """Add a row."""
        raise NotImplementedError

    def _open(self) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError


def csv_rows(file: Any) -> Any:
    """Python's CSV writer as all our files are written: commas, CRLF (RFC 4180), each cell in double quotes.

    Without them a cell would end at a semicolon where a spreadsheet separates by those.
    """
    return csv.writer(file, quoting=csv.QUOTE_ALL)


class CsvWriter(_Writer):
    """CSV in UTF-8 (`csv_rows`); `bom` for Excel, which takes it for cp1252 otherwise.

    Text that a spreadsheet would run gets a quote before it (`formulas`); numbers stay as they are.
    """

    def __init__(self, path: Path, header: Sequence[str], *, bom: bool = False) -> None:
        super().__init__(path, header)
        self.encoding = "utf-8-sig" if bom else "utf-8"

    def write(self, row: Sequence[Cell]) -> None:
        self._rows.writerow(map(_csv_cell, row))

    def _open(self) -> None:
        self._file = self.path.open("w", encoding=self.encoding, newline="")
        self._rows = csv_rows(self._file)
        self.write(self.header)

    def _close(self) -> None:
        self._file.close()


class XlsxWriter(_Writer):
    """A workbook of one sheet. Text is text, whatever it looks like: never a formula, a link or a number, nor when
    somebody edits the cell.

    A cell that is too long for Excel is cut and says so; TableError at the row that is one too many.
    """

    def write(self, row: Sequence[Cell]) -> None:
        if self._written == MAX_XLSX_ROWS:
            raise TableError(TOO_MANY_ROWS.format(most=f"{MAX_XLSX_ROWS - 1:,}"))
        for column, value in enumerate(row):
            self._put(column, value)
        self._written += 1

    def _put(self, column: int, value: Cell) -> None:
        match value:
            case None | "":
                pass
            case bool():
                self._sheet.write_boolean(self._written, column, value)
            case int() | float() if abs(value) < _MAX_XLSX_NUMBER:
                self._sheet.write_number(self._written, column, value)
            case _:
                text = cut(str(value))
                # The mark that a cell has whose text was typed behind a quote.
                self._sheet.write_string(self._written, column, text, self._quoted if neutral(text) != text else None)

    def _open(self) -> None:
        # Beside the file: what a killed process leaves behind is found there, and there is room.
        self._parts = TemporaryDirectory(prefix=f"{self.path.name}.", dir=self.path.parent)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": self._parts.name,
        }
        self._book = xlsxwriter.Workbook(self.path, options)
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._written = 0
        self.write(self.header)

    def _close(self) -> None:
        try:
            self._book.close()
        finally:
            self._parts.cleanup()


class JsonWriter(_Writer):
    """An array of objects in UTF-8, one a line, with the header's names (each only once) as keys.

    Here a cell may also be a list or an object.
    """

    _before = "[\n"  # what stands before the next object

    def write(self, row: Sequence[Any]) -> None:
        values = [_clean(value) if isinstance(value, str) else value for value in row]
        record = json.dumps(dict(zip(self.header, values, strict=True)), ensure_ascii=False)
        self._file.write(f"{self._before}{record}")
        self._before = ",\n"

    def _open(self) -> None:
        self._file = self.path.open("w", encoding="utf-8")

    def _close(self) -> None:
        self._file.write("\n]\n" if self._before == ",\n" else "[]\n")
        self._file.close()


def _csv_cell(value: Cell) -> str | int | float | None:
    if isinstance(value, str):
        return neutral(_clean(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _clean(text: str) -> str:
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def cut(text: str) -> str:
    """The text as a cell of a workbook holds it: one that is too long ends with a note that says so."""
    text = _clean(text)
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MAX_XLSX_CELL:
        return text
    mark = f" … (cut: {len(text):,} characters)"
    return units[: 2 * (MAX_XLSX_CELL - len(mark))].decode("utf-16-le", "ignore") + mark
