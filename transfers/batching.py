"""Turns the rows of a run into batches: as few calls as there can be, 100 ids each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from cstar import MAX_BULK_IDS
from transfers.models import Run, RunBatch, RunRow

Action = RunBatch.Action
T = TypeVar("T")
CHUNK = 1000


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def unplanned(run: Run) -> QuerySet[RunRow]:
    """The rows that have no outcome, and no batch that will give them one."""
    no_batch = Q(batch=None) | Q(batch__state=RunBatch.State.DONE)
    return run.rows.filter(no_batch, outcome=RunRow.Outcome.WAITING)


def in_chunks(rows: QuerySet[RunRow], *related: str) -> Iterator[list[RunRow]]:
    """The rows, a chunk at a time, with no query open in between: on SQLite it would keep us from writing."""
    keys = list(rows.order_by("id").values_list("pk", flat=True))
    for part in chunks(keys, CHUNK):
        yield list(RunRow.objects.filter(pk__in=part).select_related(*related or (None,)).order_by("id"))


def save(rows: Iterable[RunRow], fields: list[str]) -> None:
    """Write these fields of rows that are there: several times faster than bulk_update, whose CASE grows with them."""
    for part in chunks(rows, CHUNK):
        RunRow.objects.bulk_create(part, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def alike(fields: dict[str, Any]) -> str:
    """The same for rows that can share a call: those that get the same fields."""
    return json.dumps(fields, sort_keys=True)


class Groups:
    """Rows by what they are sent with: those that get the same fields share calls."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}
        self._fields: dict[str, dict[str, Any]] = {}

    def add(self, row: RunRow, fields: dict[str, Any]) -> None:
        name = alike(fields)
        self._fields.setdefault(name, fields)
        self._rows.setdefault(name, []).append(row.pk)

    def sizes(self, most: int = MAX_BULK_IDS) -> Iterator[int]:
        """How many rows each of their calls has."""
        for ids in self._rows.values():
            yield from (len(part) for part in chunks(ids, most))

    def calls(self) -> int:
        """How many calls they cost."""
        return sum(1 for _ in self.sizes())

    @transaction.atomic
    def make_batches(self, run: Run, action: str, resource: str, *, size: int = MAX_BULK_IDS) -> None:
        """Batches of at most `size` rows, behind those that the run has: all of them or none."""
        number = (run.batches.aggregate(last=Max("number"))["last"] or 0) + 1
        for name, ids in self._rows.items():
            for part in chunks(ids, size):
                fields = {"run": run, "action": action, "resource": resource, "data": self._fields[name]}
                batch = RunBatch.objects.create(number=number, **fields)
                RunRow.objects.filter(pk__in=part).update(batch=batch)
                number += 1
