"""Where a table begins: the line of its header, below titles and above the rows, and the names of its columns."""

import re
from collections import Counter
from collections.abc import Sequence

from transfers.tables.csv_file import Line
from transfers.tables.dates import take_apart
from transfers.tables.guessing import knows_head

SEARCHED = 30  # records
_MAX_HEAD = 120  # characters
_SEPARATOR = re.compile(r'\ufeff?"?sep=.?"?', re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s.,%€$+-]+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def find_header(records: Sequence[Line], resource: str) -> int:
    """Guess the number of the header's line from a file's first records that are not blank.

    The header is the first line that is about as wide as the table and holds names rather than values. Of two such
    lines it is the one with more known names. Without such a line, the first line is the header.
    """
    records = [record for record in records if not _SEPARATOR.fullmatch(",".join(record.cells).strip(", "))] or records
    width = max(_filled(record) for record in records)
    wide = [at for at, record in enumerate(records[:-1]) if _filled(record) * 2 > width and _is_of_names(record)]
    if not wide:
        return records[0].number
    known = [sum(knows_head(cell, resource) for cell in records[at].cells if cell.strip()) for at in wide]
    best = wide[0]
    if not known[0]:
        best = next((at for at, heads in zip(wide, known, strict=True) if heads >= 2), best)
    elif len(wide) > 1 and known[1] * 2 >= _filled(records[wide[1]]):
        # The line below merged cells is the header if it names every column that they leave empty.
        upper, lower = records[best].cells, records[best + 1].cells
        gaps = [at for at, cell in enumerate(upper) if not cell.strip()]
        if gaps and all(at < len(lower) and lower[at].strip() for at in gaps):
            best = wide[1]
    return records[best].number


def column_names(cells: Sequence[str], above: Sequence[str] = ()) -> list[str]:
    """One name a column: "Column 3" for an empty cell, "Name (2)" for the second "Name".

    `above` is the line before, of which merged cells may be a part: it names a column that is empty here, and tells
    apart those that have the same name ("Customer Name", "Agent Name").
    """
    cells = [" ".join(cell.lstrip("\ufeff").split()) for cell in cells]
    if len([cell for cell in above if cell.strip()]) > 1:
        cells = _with_groups(cells, [" ".join(cell.split()) for cell in above])
    names: dict[str, None] = {}
    doubles: Counter[str] = Counter()
    for position, cell in enumerate(cells, 1):
        base = name = cell or f"Column {position}"
        while name in names:
            doubles[base] += 1
            name = f"{base} ({doubles[base] + 1})"
        names[name] = None
    return list(names)


def _with_groups(cells: list[str], above: list[str]) -> list[str]:
    groups: list[str] = []
    for at in range(len(cells)):
        own = above[at] if at < len(above) else ""
        groups.append(own or (groups[-1] if groups and cells[at] else ""))
    numbers = Counter(cells)
    return [
        f"{group} {cell}".strip() if group and (not cell or numbers[cell] > 1) else cell
        for cell, group in zip(cells, groups, strict=True)
    ]


def _filled(record: Line) -> int:
    return sum(1 for cell in record.cells if cell.strip())


def _is_of_names(record: Line) -> bool:
    """Whether at most a quarter of the cells hold values, such as numbers, addresses or dates."""
    cells = [cell.strip() for cell in record.cells if cell.strip()]
    values = [
        cell
        for cell in cells
        if len(cell) > _MAX_HEAD or _NUMBER.fullmatch(cell) or _ADDRESS.fullmatch(cell) or take_apart(cell)
    ]
    return len(values) * 4 <= len(cells)
