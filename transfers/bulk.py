"""Bulk edits: the selection is frozen when it is made, the price known before, and each object has its line after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from replica import registry
from replica.resource import Resource
from teams.viewer import Viewer
from transfers import batching, field_changes, labels, remote_objects, verification
from transfers.models import Run, RunBatch, RunRow
from transfers.options import BulkOptions

Action, Outcome = RunBatch.Action, RunRow.Outcome

MOST = 100_000
EXAMPLES = 5
READ_FIRST = pattern(gettext_noop("Not known here, so it is read at cStar first: {fields}."))
TAGS_UNKNOWN = gettext_noop("cStar does not tell its tags, so they are left as they are.")
# What planning finds out about a row.
PLANNED = ["before", "after", "outcome", "reason"]


@transaction.atomic
def freeze(
    viewer: Viewer,
    resource: Resource,
    found: Iterable[tuple[str, str]],
    address: str,
    form: dict[str, Any] | None = None,
) -> Run:
    """A run over these objects (id, label): whatever the list shows later, it is about them and no others.

    `form` is what the form that asks what to change begins with.
    """
    options = BulkOptions(address=address, form=form or {})
    run = Run.asked_by(viewer, kind=Run.Kind.BULK, resource=resource.name, options=options.stored())
    run.save()
    total = 0
    for part in batching.chunks(found, batching.CHUNK):
        RunRow.objects.bulk_create(
            RunRow(run=run, line=total + at, resource=resource.name, cstar_id=cstar_id, label=label[:200])
            for at, (cstar_id, label) in enumerate(part, 1)
        )
        total += len(part)
    run.total = total
    run.save(update_fields=["total"])
    return run


@dataclass(frozen=True, slots=True)
class Price:
    """What a bulk edit would do: objects by whether it changes them, those that are gone, and the calls it costs."""

    change: int
    unchanged: int
    gone: int
    calls: int

    @property
    def total(self) -> int:
        """The number that is shown, and checked again when it starts."""
        return self.change + self.unchanged


def price(run: Run) -> Price:
    """Computed from the working copy as it is now (no API call)."""
    groups = batching.Groups()
    change = unchanged = gone = reads = 0
    needs = _needs(run)
    for row, held in _held(run):
        reads += held is not None and not needs <= held.keys()
        if held is None:
            gone += 1
        elif (fields := _fields(run, held)) or run.bulk_options.action == Action.DELETE:
            change += 1
            groups.add(row, fields)
        else:
            unchanged += 1
    looks = bool(change and verification.unproven(run.team, run.resource, needs))
    return Price(change, unchanged, gone, groups.calls() + reads + looks)


def examples(run: Run) -> list[RunRow]:
    """The first rows with what would become of them; nothing is saved."""
    first, needs = list(islice(_held(run), EXAMPLES)), _needs(run)
    for row, held in first:
        # What becomes of an object's own tags is not known before they are read.
        _look(run, row, held if held is None or "tags" not in needs else {"tags": [], **held})
        if held is not None and (unknown := needs - held.keys()):
            row.after = {name: value for name, value in row.after.items() if name != "tags" or "tags" in held}
            words = ", ".join(map(labels.field_words, sorted(unknown)))
            row.outcome, row.reason = "", READ_FIRST.format(fields=words)[: labels.LONGEST_REASON]
    return [row for row, _ in first]


def plan(run: Run, renew: Callable[[], None]) -> None:
    """Make the batches of all rows that have none. What is so already costs no call, and what is gone is said.

    What an object lacks here of the fields that change is read first: tags are replaced whole, and an undo puts back
    what was there.
    """
    action, groups, needs = run.bulk_options.action, batching.Groups(), _needs(run)
    assert action  # noqa: S101 - a run starts only once it is chosen
    for part in batching.in_chunks(batching.unplanned(run)):
        renew()
        held = _payloads(run, part)
        payloads = remote_objects.fill_gaps(run, run.resource, held, dict.fromkeys(held, needs))
        for row in part:
            _look(run, row, payloads.get(row.cstar_id))
        batching.save(part, PLANNED)
        for row in part:
            if row.outcome == Outcome.WAITING:
                groups.add(row, row.after)
    groups.make_batches(run, action, run.resource)


def _look(run: Run, row: RunRow, held: dict[str, Any] | None) -> None:
    if held is None:
        row.outcome, row.reason = Outcome.FAILED, gettext_noop("It no longer exists, or is too old to be held here.")
        return
    if "tags" in _needs(run) - held.keys():
        row.outcome, row.reason = Outcome.FAILED, TAGS_UNKNOWN
        return
    row.after = _fields(run, held)
    row.before = field_changes.of(row.after, held)
    if not row.after and run.bulk_options.action == Action.UPDATE:
        row.outcome = Outcome.UNCHANGED


def _needs(run: Run) -> set[str]:
    """What must be known of an object before it is changed."""
    return field_changes.touched(run.bulk_options.change) if run.bulk_options.action == Action.UPDATE else set()


def _fields(run: Run, held: dict[str, Any]) -> dict[str, Any]:
    return field_changes.wanted(run.bulk_options.change, held) if run.bulk_options.action == Action.UPDATE else {}


def _held(run: Run) -> Iterable[tuple[RunRow, dict[str, Any] | None]]:
    """The rows with their objects as the working copy has them; None for one that it no longer has."""
    for rows in batching.chunks(run.rows.filter(outcome=Outcome.WAITING).iterator(), batching.CHUNK):
        payloads = _payloads(run, rows)
        yield from ((row, payloads.get(row.cstar_id)) for row in rows)


def _payloads(run: Run, rows: list[RunRow]) -> dict[str, dict[str, Any]]:
    held = registry.get(run.resource).held(run.team)
    return dict(held.filter(cstar_id__in=[row.cstar_id for row in rows]).values_list("cstar_id", "payload"))
