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
    """The number of the header's line among a file's first records that are not blank, the best guess.

    It is the first that is about as wide as the table and holds names rather than values; of two such lines the one
    that says more heads that are known. The first line where there is none.
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
    elif len(wide) > 1 and known[1] * 2 >= _filled(records[wide[1]]) and _completes(*records[wide[0] : wide[0] + 2]):
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
    """Whether most of its cells could be heads."""
    cells = [cell.strip() for cell in record.cells if cell.strip()]
    return sum(map(_is_value, cells)) * 4 <= len(cells)


def _is_value(cell: str) -> bool:
    return bool(
        len(cell) > _MAX_HEAD or _NUMBER.fullmatch(cell) or _ADDRESS.fullmatch(cell) or take_apart(cell) is not None
    )


def _completes(upper: Line, lower: Line) -> bool:
    """Whether the line below one of merged cells names all that those leave empty."""
    gaps = [at for at, cell in enumerate(upper.cells) if not cell.strip()]
    return bool(gaps) and all(at < len(lower.cells) and lower.cells[at].strip() for at in gaps)
