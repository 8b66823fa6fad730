"""CSV as found in the wild: its dialect found out, its records read strictly, each with the line where it begins.

What is wrong is refused with its line and before it fills the memory. Python's own `csv` parses; the limits, the line
numbers and the sentences are ours.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from core.stored_texts import pattern
from transfers.tables.encoding import LINE_END
from transfers.tables.errors import TableError, gettext_noop

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'", "")

MAX_CELL = 100_000  # characters
MAX_RECORD = 1_000_000  # characters
MAX_COLUMNS = 1_000
MAX_BLANK = 1_500_000  # lines; more than the rows of a sheet

_SNIFFED_CHARACTERS = 1 << 16
_SNIFFED_RECORDS = 100
# What spreadsheets write above a table so that others find its delimiter.
_SEPARATOR = re.compile(f'\ufeff?"?sep=([{"".join(DELIMITERS)}])"?\\s*$', re.IGNORECASE)


_LONG_ROW = pattern(
    gettext_noop(
        "The row that begins here has more than {most} characters. "
        "Check whether a quote is never closed, or shorten the row."
    )
)
_MANY_CELLS = pattern(gettext_noop("This row has {number} cells; {most} are read at most. Check the delimiter."))
_LONG_CELL = pattern(gettext_noop("A cell here has more than {most} characters. Shorten it and upload again."))
_LONG_OR_OPEN = pattern(
    gettext_noop(
        "A cell that begins here has more than {most} characters, or its quote is never closed. "
        "Correct it and upload again."
    )
)
_MANY_BLANK = pattern(gettext_noop("More than {most} blank lines follow here. Remove them and upload again."))
_MORE_BEHIND = pattern(
    gettext_noop(
        "The quoted cell that begins here is closed in line {line} with more text after it. "
        "Double the quotes within the cell, or choose another quote character."
    )
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written: one of DELIMITERS, and one of QUOTES ("" for none at all).

    `sheet`: the file is a workbook's sheet that we turned into CSV (`xlsx_file.to_csv`), so that "lines" are its rows.
    """

    delimiter: str = ","
    quote: str = '"'
    sheet: bool = False


class Line(NamedTuple):
    """A record: the physical line where it begins (from 1), and its cells as they stand."""

    number: int
    cells: list[str]


def rows(path: Path, encoding: str, dialect: Dialect) -> Iterator[Line]:
    """Every record, of blank ones in a row the first (no cells). TableError at the first that cannot be read, with its
    line.
    """
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file, dialect)
        reader = _reader(lines, dialect, strict=True)
        record = 0
        while True:
            record += lines.begin()
            try:
                cells = next(reader, None)
                if cells is None:
                    return
                _check(cells, lines)
            except csv.Error as error:
                raise _explained(error, lines, dialect) from None
            except TableError as error:
                raise (TableError(error.sentence, record) if dialect.sheet else error) from None
            yield Line(record if dialect.sheet else lines.first, cells)


class _Lines:
    """The physical lines of a file for `csv.reader`, ended by LF, CRLF or CR; remembers those of the present record.

    Blank lines between records are one: a file may have a million of them, and the reader takes its time for each.
    """

    def __init__(self, file: TextIO, dialect: Dialect) -> None:
        self.file = file
        self.nothing = f" \t\r\n{dialect.delimiter}"
        self.number = 0  # of the line read last
        self.passed = 0  # blank lines behind the first one of the last record
        self.ahead = ""  # a line that was read to find out that it is not blank
        self.begin()

    def begin(self) -> int:
        """A record begins with the next line; answers by how much it is further than the one before."""
        further, self.passed = 1 + self.passed, 0
        self.first = self.number + 1
        self.size = 0
        self.record: list[str] = []
        return further

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.ahead or self._read()
        self.ahead = ""
        if not line:
            raise StopIteration
        self.number += 1
        if not self.record and self._is_blank(line):
            self._pass_blank()
            line = "\n"
        self.size += len(line)
        self.record.append(line)
        if "\0" in line:
            raise TableError(
                gettext_noop(
                    "A zero byte stands here, which text does not hold. "
                    "Choose another encoding, or save the file again."
                ),
                self.number,
            )
        if self.size > MAX_RECORD:
            raise TableError(
                _LONG_ROW.format(most=f"{MAX_RECORD:,}"),
                self.first,
            )
        return line

    def _read(self) -> str:
        try:
            return self.file.readline(MAX_RECORD - self.size + 1)
        except UnicodeDecodeError as error:
            raise self._undecodable(error) from None

    def _pass_blank(self) -> None:
        """Read on to the next line that is not blank."""
        line = self._read()
        while line and self._is_blank(line):
            self.number += 1
            self.passed += 1
            if self.passed > MAX_BLANK:
                raise TableError(_MANY_BLANK.format(most=f"{MAX_BLANK:,}"), self.first)
            line = self._read()
        self.ahead = line

    def _is_blank(self, line: str) -> bool:
        """A long line of delimiters has more cells than a row may have, which is said."""
        return len(line) <= MAX_COLUMNS and not line.strip(self.nothing)

    def _undecodable(self, error: UnicodeDecodeError) -> TableError:
        # Lines are decoded many at a time: those before the fault in the same block count too.
        before = error.object[: error.start].decode(error.encoding, "ignore")
        line = self.number + 1 + len(LINE_END.findall(before))
        return TableError(
            gettext_noop("These bytes are no letters in the chosen encoding. Choose another encoding."), line
        )


def _reader(lines: Iterator[str], dialect: Dialect, *, strict: bool):
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=strict,
    )


def _check(cells: list[str], lines: _Lines) -> None:
    if len(cells) > MAX_COLUMNS:
        raise TableError(_MANY_CELLS.format(number=f"{len(cells):,}", most=f"{MAX_COLUMNS:,}"), lines.first)
    if lines.size > MAX_CELL and max(map(len, cells)) > MAX_CELL:
        raise TableError(_LONG_CELL.format(most=f"{MAX_CELL:,}"), lines.first)


def _explained(error: csv.Error, lines: _Lines, dialect: Dialect) -> TableError:
    """What `csv` complains of, at the line of the quote that is to blame."""
    opened = _quote_opened(lines, dialect)
    if "unexpected end" in str(error):
        sentence = gettext_noop(
            "The quote that opens a cell here is never closed. Close it, or choose another quote character."
        )
    elif "field limit" in str(error):
        sentence = _LONG_OR_OPEN.format(most=f"{MAX_CELL:,}")
    else:
        sentence = _MORE_BEHIND.format(line=f"{lines.number:,}")
    return TableError(sentence, opened)


def _quote_opened(lines: _Lines, dialect: Dialect) -> int:
    """The line of the last quote that opens a cell in the record that could not be read; else that record's first."""
    opened = lines.first
    inside = closed = False
    fresh = True  # at the beginning of a cell
    for number, line in enumerate(lines.record, lines.first):
        for character in line:
            if inside:
                closed = character == dialect.quote
                inside = not closed
            elif character == dialect.quote and (fresh or closed):  # right after it was closed: a doubled quote
                opened = number if fresh else opened
                inside, fresh = True, False
            else:
                fresh, closed = character in (dialect.delimiter, "\r", "\n"), False
    return opened


def sniff(path: Path, encoding: str) -> Dialect:
    """The dialect that makes the best table of the first 100 records; a comma and double quotes where none does.

    A first line like `sep=;` says the delimiter. What is no text in this encoding is passed over here: `rows` will name
    its line.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(_SNIFFED_CHARACTERS)
    lines = list(StringIO(head, newline=None))
    if len(head) == _SNIFFED_CHARACTERS and len(lines) > 1:
        lines.pop()  # cut off in the middle
    quote = _sniff_quote(lines)
    if lines and (said := _SEPARATOR.match(lines[0])):
        return Dialect(said[1], quote)
    return max((Dialect(delimiter, quote) for delimiter in DELIMITERS), key=lambda dialect: _score(lines, dialect))


def _score(lines: list[str], dialect: Dialect) -> float:
    """0 to 1: the share of records of the commonest width, less for a narrow one, 0 for a single column.

    Titles above the table and notes below it are of another width than the table.
    """
    try:
        widths = [
            len(cells) for cells in islice(_reader(iter(lines), dialect, strict=False), _SNIFFED_RECORDS) if cells
        ]
    except csv.Error:  # a cell that is far too long; `rows` will name its line
        return 0
    if not widths:
        return 0
    width, number = max(Counter(widths).items(), key=lambda entry: (entry[1], entry[0]))
    return number / len(widths) * (1 - 1 / width)


def _sniff_quote(lines: list[str]) -> str:
    """Single quotes only where every cell that begins with one ends with one, and no cell is in double quotes."""
    head = "".join(lines)
    edge = f"[{re.escape(''.join(DELIMITERS))}]"
    if re.search(rf'(?m)(?:^|{edge})"', head):
        return '"'
    begun = len(re.findall(rf"(?m)(?:^|{edge})'", head))
    whole = len(re.findall(rf"(?m)(?:^|(?<={edge}))'(?:[^'\n]|'')*'(?=$|{edge})", head))
    return "'" if begun and begun == whole and whole >= len(lines) / 2 else '"'
