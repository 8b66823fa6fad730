"""From a line of a file to a record of the API: which columns mean which fields, and their words in ours.

`Run.options` of an import, filled step by step (import_views.py): {"encoding", "dialect": {delimiter, quote, sheet},
"sheets", "sheet", "header": [...], "columns": {field: [column, ...]}, "metadata": [column, ...], "values": {field:
{word: value}}, "strategy": "skip" or "update", "customers": bool, "saved": name}. Columns are counted from 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.stored import pattern
from transfers.fields import FIELDS, MAX_METADATA, MAX_METADATA_KEY, Field, WrongValueError
from transfers.models import Run
from transfers.tables.csv_file import Dialect
from transfers.tables.table import Ragged, Table, open_table

Record = dict[str, Any]

_EMPTY = pattern(gettext_noop("{field} is empty."))
_WRONG = pattern(gettext_noop("{field}: {problem}"))

_UTC = re.compile(r"\b(?:UTC|GMT)\W*$", re.IGNORECASE)

# What a person chooses for a word that is to be left out, and for a column that goes to the metadata.
NOTHING = ""
METADATA = "metadata"
# The words of a column that are asked for; a column with more is not one of choices.
MOST_WORDS = 200


def table(run: Run) -> Table:
    """The run's file as it is read. TableError."""
    return open_table(run.path, run.options["encoding"], Dialect(**run.options["dialect"]))


@dataclass(frozen=True, slots=True)
class Read:
    """A line as a record, and everything that is wrong with it."""

    record: Record
    problems: list[str]


class Mapping:
    """How the lines of a run's file become records."""

    def __init__(self, run: Run) -> None:
        options = run.options
        self.header: list[str] = options["header"]
        self.fields = {field.name: field for field in FIELDS[run.resource]}
        self.columns: dict[str, list[int]] = options.get("columns", {})
        self.metadata: list[int] = options.get("metadata", [])
        self.values: dict[str, dict[str, str]] = options.get("values", {})
        # "Created at (UTC)" says itself how its dates are meant, whoever reads them.
        self.in_utc = {
            name
            for name, columns in self.columns.items()
            if columns and all(_UTC.search(self.header[column]) for column in columns)
        }

    def read(self, cells: list[str] | Ragged) -> Read:
        if isinstance(cells, Ragged):
            return Read({}, [str(cells)])
        record: Record = {}
        problems = []
        for name, columns in self.columns.items():
            field = self.fields[name]
            try:
                if (value := self._value(field, joined(field, cells, columns))) is not None:
                    record[field.wire] = value
                elif field.required:
                    problems.append(_EMPTY.format(field=field.label))
            except WrongValueError as error:
                problems.append(_WRONG.format(field=field.label, problem=error))
        if metadata := self._metadata(cells):
            record["metadata"] = metadata
        return Read(record, problems)

    def _value(self, field: Field, cell: str) -> Any:
        """None where there is nothing to send."""
        if field.choice and cell:
            cell = self.values.get(field.name, {}).get(word(cell), NOTHING)
        if not cell:
            return None
        if field.name in self.in_utc:
            with timezone.override(UTC):
                return field.parse(cell)
        return field.parse(cell)

    def _metadata(self, cells: list[str]) -> dict[str, str]:
        return {
            self.header[column][:MAX_METADATA_KEY]: cells[column].strip()
            for column in self.metadata[:MAX_METADATA]
            if cells[column].strip()
        }


def joined(field: Field, cells: Sequence[str], columns: Iterable[int]) -> str:
    """What the columns hold together; empty ones do not count."""
    return field.joint.join(cell for column in columns if (cell := cells[column].strip()))


def word(cell: str) -> str:
    """A cell as a word to translate: however it is written, it is the same one."""
    return " ".join(cell.split()).casefold()[:100]


def words_in(run: Run, field: Field) -> list[tuple[str, str, int]]:
    """(word, as it was first written, how often) of a field of choices, the commonest first; reads the whole file."""
    columns = run.options["columns"].get(field.name, [])
    counted: Counter[str] = Counter()
    written: dict[str, str] = {}
    for _, cells in table(run).lines():
        if isinstance(cells, Ragged) or not (cell := joined(field, cells, columns)):
            continue
        found = word(cell)
        if found not in written and len(written) == MOST_WORDS:
            continue
        counted[found] += 1
        written.setdefault(found, cell[:100])
    return [(found, written[found], number) for found, number in counted.most_common()]


def generated_id(record: Record, nth: int) -> str:
    """An id for a line that has none: the same content gives the same, so that the same file creates nothing twice."""
    told = repr(sorted((name, repr(value)) for name, value in record.items()))
    return f"row-{sha256(told.encode()).hexdigest()[:20]}" + (f"-{nth}" if nth > 1 else "")
