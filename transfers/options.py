"""What a run is asked to do and what it noted on its way: a type for the JSON in `Run.options`, by the kind of run.

`Run.bulk_options`, `import_options`, `export_options` and `undo_options` read it, `Run.save_options` writes it; nothing
else touches the JSON. Its keys are the names of the fields. Versions side by side read each other's rows: a key that is
not known is ignored, a missing one has its default, and None is written as a missing key.
"""

from __future__ import annotations

from typing import Any, Self

import msgspec

from transfers.field_changes import Change
from transfers.tables.csv_file import Dialect


class Options(msgspec.Struct, kw_only=True):
    """The options of one kind of run."""

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The options that this JSON holds."""
        return msgspec.convert(stored, cls)

    def stored(self) -> dict[str, Any]:
        """The options as JSON."""
        found = {}
        for field in msgspec.structs.fields(self):
            value = getattr(self, field.name)
            if value is not None:
                found[field.encode_name] = value.stored() if isinstance(value, Options) else msgspec.to_builtins(value)
        return found


class BulkOptions(Options):
    """Of a bulk edit."""

    # The address of the list that the objects were chosen in: "?status=open".
    address: str = msgspec.field(default="", name="from")
    # "update" or "delete" (`RunBatch.Action`); None until the person has said.
    action: str | None = None
    # What an update changes (field_changes.py).
    change: Change = {}
    # What the person chose in the form, to show it again.
    form: dict[str, Any] = {}


class ExportOptions(Options):
    """Of an export: first what is asked for, then counts of what was written so far."""

    # The address of the list that is exported, with its filters and its order.
    address: str = ""
    # "csv", "xlsx" or "json".
    format: str = "csv"
    # Whether a CSV file begins with a byte order mark.
    bom: bool = False
    # The names of the columns (`Transfer.columns` of the resource).
    columns: list[str] = []
    # Whether objects that are too old for the working copy are read from cStar and written too.
    older: bool = False
    # The list's filters as (label, value), as people read them in English.
    filters: list[tuple[str, str]] = []
    # How many objects the list had when the export was started.
    listed: int = 0

    # Rows of the working copy.
    held: int = 0
    # Rows read from cStar, which are too old for the working copy.
    fetched: int = 0
    # Whether cStar could not bring all of those.
    partial: bool = False
    # Rows whose text is not held, and so is missing in the file.
    untold: int = 0
    # Objects that were read from cStar one by one.
    read: int = 0
    # Rows with a cell whose value is not known.
    unknown: int = 0

    def begin(self) -> None:
        """Nothing is written yet."""
        self.held = self.fetched = self.untold = self.read = self.unknown = 0
        self.partial = False


class UndoOptions(Options):
    """Of an undo."""

    # Whether cStar was looked at, so that the undo can start.
    checked: bool = False
    # Why it cannot be looked at, in English; "" where nothing is wrong.
    fault: str = ""


class TableOptions(Options):
    """How a table of an import is read, and what its columns mean. Columns are counted from 0."""

    # Of a second table: the name of its file.
    file_name: str = ""
    # The encoding of the text, as Python names it.
    encoding: str = "utf-8"
    # How the CSV is written; None until the file is read.
    dialect: Dialect | None = None
    # The line of the header, counted from 1; 0 for a table without one. Not known of drafts of earlier versions.
    header_line: int | None = None
    # The names of the columns; None until the file is read.
    header: list[str] | None = None
    # How many rows there are, and how many lines below the table are left out.
    lines: int = 0
    footer: int = 0
    # The tool that exported the file (tables/vocabulary); "" where it is not known.
    tool: str = ""
    # The columns of each field; several are joined in this order.
    columns: dict[str, list[int]] = {}
    # The columns that go to the metadata under their own names.
    metadata: list[int] = []
    # The value of a field for rows without one.
    fixed: dict[str, str] = {}
    # What a field's words mean: the word in small letters (`mapping.word`), and the value.
    values: dict[str, dict[str, str]] = {}
    # How a field's dates are written: {"format": a code of `tables.dates`, "zone": of times that name none}.
    dates: dict[str, dict[str, str]] = {}
    # How several tags of a field stand in a cell (`tables.tags.WAYS`).
    tags: dict[str, str] = {}
    # The fields whose HTML becomes text; None until the person has said.
    html: list[str] | None = None
    # Whether the person has said what the columns mean.
    mapped: bool = False

    def read_as(self, read: TableOptions) -> None:
        """Read the table so from now on; what was said of its columns before is forgotten."""
        for name in (*_HOW_IT_IS_READ, *_WHAT_IT_MEANS):
            setattr(self, name, getattr(read, name))


_HOW_IT_IS_READ = ("encoding", "dialect", "header_line", "header", "lines", "footer", "tool")
_WHAT_IT_MEANS = ("columns", "metadata", "fixed", "values", "dates", "tags")


class ImportOptions(TableOptions):
    """Of an import: those of its first table, and of the whole import. Filled step by step (import_views.py)."""

    # The sheets of a workbook; None for another file.
    sheets: list[str] | None = None
    # The sheet that is imported.
    sheet: str | None = None
    # What the file was before it was turned into CSV (`tables.file_types.Kind`); None for CSV and workbooks.
    converted: str | None = None
    # "public" or "internal": what messages are that the file does not mark; "" until the person has said.
    messages: str = ""
    # Whether rows are put together into tickets with several messages.
    threads: bool = False
    # "skip" or "update": what becomes of records that exist already.
    strategy: str = "skip"
    # Whether customers who do not exist yet are created; None until the person has said.
    customers: bool | None = None
    # The second table, of messages; None where there is none.
    comments: TableOptions | None = None

    # Whether the dry run has been through, and nothing was changed since.
    checked: bool = False
    # Why it was not, in English; "" where nothing is wrong.
    fault: str = ""
    # Noted by the dry run: updates of objects that the working copy does not hold whole,
    unknown: int = 0
    # how many messages become what (`threads.Threads`),
    told: dict[str, int] = {}
    # and the first problems of the second table, in English.
    unread: list[str] = []
    # Whether the messages that cStar did not take with their tickets were queued.
    posted: bool = False
