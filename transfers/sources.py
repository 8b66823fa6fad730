"""The tables that an import reads: the file that came, and a second one with messages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from replica.transfer import Transfer
from transfers.models import Run
from transfers.options import TableOptions
from transfers.resources import transfer_of
from transfers.tables.csv_file import Dialect
from transfers.tables.table import Table, open_table

COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Source:
    """A table of an import. `name` is "" for the file that came, COMMENTS for the second one."""

    name: str
    resource: str
    path: Path
    options: TableOptions

    def table(self) -> Table:
        """The table as it is read. TableError."""
        options = self.options
        header_line = 1 if options.header_line is None else options.header_line
        return open_table(self.path, options.encoding, options.dialect or Dialect(), header_line)

    @property
    def transfer(self) -> Transfer | None:
        """How its resource is transferred; None for a table of messages."""
        return None if self.resource == COMMENTS else transfer_of(self.resource)

    @property
    def header(self) -> list[str]:
        """The names of its columns."""
        return self.options.header or []


def first_source(run: Run) -> Source:
    return Source("", run.resource, run.path, run.import_options)


def comments_source(run: Run) -> Source | None:
    """The second table; None where there is none."""
    if (options := run.import_options.comments) is None:
        return None
    return Source(COMMENTS, COMMENTS, comments_path(run), options)


def sources(run: Run) -> list[Source]:
    second = comments_source(run)
    return [first_source(run), *([second] if second else [])]


def comments_path(run: Run) -> Path:
    """Where the second table lies."""
    return run.path.with_suffix(".comments")
