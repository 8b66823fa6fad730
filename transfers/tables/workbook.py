"""A workbook read by the native library, in a process of its own (`xlsx_file` starts it).

A few kilobytes of XLSX can ask for any amount of memory: by packing, or by one cell in the last row and column. So
what is packed is counted first, and the process may not grow beyond its limits: at worst it ends, and the import says
so. Reads a request as JSON from its input ("path", and for a sheet "sheet" and "target"), answers in JSON.
"""

import csv
import json
import resource
import sys
import zlib
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.stored_texts import pattern
from transfers.tables.errors import TableError, gettext_noop
from transfers.tables.file_types import Kind, kind

MAX_MEMBERS = 10_000
MAX_UNPACKED = 300_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed; tables of one value repeated come to about 30
RATIO_COUNTS_FROM = 10_000_000  # bytes unpacked

_LIMITS = (
    (resource.RLIMIT_AS, 1 << 30),  # bytes of memory
    (resource.RLIMIT_CPU, 60),  # seconds
    (resource.RLIMIT_FSIZE, 500_000_000),  # bytes of CSV
    (resource.RLIMIT_CORE, 0),
)
_BLOCK = 1 << 16

_MANY_PARTS = pattern(gettext_noop("This workbook has more than {most} parts. Copy the table into a new one."))
_BROKEN = gettext_noop(
    "This workbook is damaged and cannot be read. Open it in a spreadsheet, save it again and upload that."
)
_UNPACKS_TOO_FAR = gettext_noop(
    "This workbook unpacks to far more than its size, so it was not opened. "
    "Copy the table into a new workbook, or save it as CSV."
)


def main() -> None:
    """Answers {"sheets": [...]} or {"error": sentence}; whoever gets no answer knows that the limits were reached."""
    for limit, value in _LIMITS:
        resource.setrlimit(limit, (value, value))
    request = json.load(sys.stdin)
    try:
        answer: dict[str, Any] = {"sheets": _read(**request)}
    except TableError as error:
        answer = {"error": error.sentence}
    json.dump(answer, sys.stdout)


def _read(path: str, sheet: str | None = None, target: str | None = None) -> list[str]:
    check(Path(path))
    try:
        with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            names = [
                each.name
                for each in workbook.sheets_metadata
                if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
            ]
            if not names:
                raise TableError(gettext_noop("This workbook has no sheet with cells. Choose another file."))
            if sheet is not None and target is not None:
                if sheet not in names:
                    raise TableError(gettext_noop("The chosen sheet is not in this workbook. Choose another sheet."))
                _write(workbook.get_sheet_by_name(sheet), Path(target))
    except CalamineError as error:
        raise TableError(_BROKEN) from error
    return names


def _write(sheet: CalamineSheet, target: Path) -> None:
    height = width = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        # Formulas that yield nothing are often copied far down and right; they are not part of the table.
        reach = next((position for position in range(len(row), 0, -1) if row[position - 1] != ""), 0)
        if reach:
            height, width = number, max(width, reach)
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        for row in islice(sheet.iter_rows(), height):
            table.writerow(map(_word, row[:width]))


def check(path: Path) -> None:
    """Raise `TableError` unless the file is a workbook of a harmless size, by its content and not by its headers."""
    if kind(path) is not Kind.WORKBOOK:
        raise TableError(
            gettext_noop("This file is not a workbook, whatever its name says. If it is a CSV file, name it .csv.")
        )
    try:
        with ZipFile(path) as archive:
            _check_archive(archive, path.stat().st_size)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise TableError(_BROKEN) from error


def _check_archive(archive: ZipFile, packed: int) -> None:
    """Raise `TableError` unless the archive, of `packed` bytes, is a workbook that unpacks to a harmless size."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise TableError(_MANY_PARTS.format(most=f"{MAX_MEMBERS:,}"))
    if any(member.flag_bits & 1 for member in members):
        raise TableError(gettext_noop("This file is protected by a password. Save it without one and upload it again."))
    if "xl/workbook.xml" not in archive.namelist():
        raise TableError(
            gettext_noop("This file is an archive, but not an XLSX workbook. Save the table as XLSX or CSV.")
        )
    unpacked = 0
    for member in members:
        with archive.open(member) as content:
            while block := content.read(_BLOCK):
                unpacked += len(block)
                if unpacked > MAX_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO):
                    raise TableError(_UNPACKS_TOO_FAR)


def _word(value: Any) -> str:
    """A cell as text: whole numbers without a fraction, true and false, dates and times as in ISO 8601.

    A span of time is hours, minutes and seconds, as spreadsheets show it.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


if __name__ == "__main__":
    main()
