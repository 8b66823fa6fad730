"""How an uploaded table is read, and what its columns probably mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from transfers.fields import fields_of, names
from transfers.models import SavedMapping
from transfers.options import TableOptions
from transfers.tables.csv_file import Dialect, sniff
from transfers.tables.encoding_guess import guess_encoding
from transfers.tables.guessing import guess_columns, in_name_order, is_unsure
from transfers.tables.table import Ragged, Table, check_number, guess_header, open_table
from transfers.tables.tools import find_tool
from transfers.tables.value_synonyms import guess_value

_GUESSED_BYTES = 1 << 16
# What is looked at to see whether a column means what its head says.
_UNSURE_WORDS = 50


def read_table(
    path: Path, resource: str, *, encoding: str, dialect: Dialect | None = None, header_line: int | None = None
) -> TableOptions:
    """The options of a table that is read so; what is not said is guessed. Reads the file to its end. TableError."""
    dialect = dialect or sniff(path, encoding)
    if header_line is None:
        header_line = guess_header(path, encoding, dialect, resource)
    table = open_table(path, encoding, dialect, header_line)
    tool = find_tool(table.header, resource)
    columns = guess_columns(table.header, resource, names(fields_of(resource)), tool)
    lines, wrong = _count(table, resource, columns.get("status", []))
    if wrong:
        columns = guess_columns(table.header, resource, names(fields_of(resource)), tool, without=wrong)
    return TableOptions(
        encoding=encoding,
        dialect=dialect,
        header_line=header_line and table.header_line,
        header=table.header,
        lines=lines,
        footer=table.footer,
        tool=tool.name if tool else "",
        columns=columns,
    )


def preset(path: Path) -> dict[str, Any]:
    """How a text file that is no Unicode is probably read: encoding, delimiter, quote."""
    with path.open("rb") as file:
        encoding = guess_encoding(file.read(_GUESSED_BYTES))
    return {"encoding": encoding, **asdict(sniff(path, encoding))}


def use_saved(options: TableOptions, resource: str, saved: SavedMapping) -> None:
    """Map the columns as they were saved, as far as this file has them."""
    at = {name: column for column, name in enumerate(options.header or [])}
    columns = {field: [at[name] for name in heads if name in at] for field, heads in saved.columns.items()}
    known = names(fields_of(resource))
    options.columns = {field: found for field, found in columns.items() if found and field in known}
    options.metadata = [at[name] for name in saved.metadata if name in at]
    options.fixed = {field: value for field, value in (saved.fixed or {}).items() if field in known}


def ordered(columns: dict[str, list[int]], header: Sequence[str]) -> dict[str, list[int]]:
    """The columns with those of a name in the order of its parts."""
    names_first = {
        field: in_name_order(header, columns[field]) for field in ("name", "customer_name") if field in columns
    }
    return columns | names_first


def _count(table: Table, resource: str, unsure: Sequence[int]) -> tuple[int, list[int]]:
    """Count the rows, and return which of the `unsure` columns hold no statuses: a "State" may be Texas.

    Raise `TableError` if the table has too many rows.
    """
    unsure = [column for column in unsure if is_unsure(table.header[column])]
    words: dict[int, set[str]] = {column: set() for column in unsure}
    number = 0
    for number, (line, cells) in enumerate(table.lines(), 1):
        check_number(number, line)
        if isinstance(cells, Ragged):
            continue
        for column, found in words.items():
            if cells[column].strip() and len(found) < _UNSURE_WORDS:
                found.add(cells[column].strip())
    allowed = {value: value for field in fields_of(resource) if field.name == "status" for value in field.usual}
    wrong = [
        column
        for column, found in words.items()
        if sum(guess_value(word, allowed) is not None for word in found) < len(found) / 2
    ]
    return number, wrong
