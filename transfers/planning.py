"""Turns the rows of a run into batches: as few calls as there can be (seed-bulk.txt: 100 ids a call)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

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

    def calls(self, most: int = MAX_BULK_IDS) -> int:
        """How many calls they cost."""
        return sum(-(-len(ids) // most) for ids in self._rows.values())

    @transaction.atomic
    def make_batches(self, run: Run, action: str, resource: str, *, size: int = MAX_BULK_IDS) -> None:
        """Batches of at most `size` rows, behind those that the run has."""
        number = (run.batches.aggregate(last=Max("number"))["last"] or 0) + 1
        for name, ids in self._rows.items():
            for part in chunks(ids, size):
                fields = {"run": run, "action": action, "resource": resource, "data": self._fields[name]}
                batch = RunBatch.objects.create(number=number, **fields)
                RunRow.objects.filter(pk__in=part).update(batch=batch)
                number += 1
