"""The tables that an import reads: the file that came, and a second one with messages.

`Run.options` of an import, filled step by step (import_views.py), are those of its first table and of the whole import:

    encoding, dialect {delimiter, quote, sheet}, header_line, header [...], lines, footer, sheets, sheet
    tool        the name of the tool that exported the file, "" where it is not known
    columns     {field: [column, ...]}, counted from 0
    metadata    [column, ...]
    fixed       {field: value for rows without one}
    values      {field: {word: value}}
    dates       {field: {format, zone}}
    tags        {field: way}
    html        [field, ...] whose HTML becomes text
    messages    "public" or "internal": those that the file does not mark
    threads     whether rows are put together into tickets with several messages
    strategy    "skip" or "update"
    customers   whether customers who are not there are created
    comments    the same options, as far as they concern a table, of the second one, with its file_name

Drafts of the version before have neither header_line nor what follows metadata, but for values, strategy and customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transfers.models import Run
from transfers.tables.csv_file import Dialect
from transfers.tables.table import Table, open_table

COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Source:
    """A table of an import. `name` is "" for the file that came, COMMENTS for the second one."""

    name: str
    resource: str
    path: Path
    options: dict[str, Any]

    def table(self) -> Table:
        """The table as it is read. TableError."""
        dialect = Dialect(**self.options["dialect"])
        return open_table(self.path, self.options["encoding"], dialect, self.options.get("header_line", 1))


def first_source(run: Run) -> Source:
    return Source("", run.resource, run.path, run.options)


def comments_source(run: Run) -> Source | None:
    """The second table; None where there is none."""
    if COMMENTS not in run.options:
        return None
    return Source(COMMENTS, COMMENTS, comments_path(run), run.options[COMMENTS])


def sources(run: Run) -> list[Source]:
    second = comments_source(run)
    return [first_source(run), *([second] if second else [])]


def comments_path(run: Run) -> Path:
    """Where the second table lies."""
    return run.path.with_suffix(".comments")
