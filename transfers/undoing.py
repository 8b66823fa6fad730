"""Undoing a run: the values from before are put back, what it created is deleted; what others changed since stays.

Undoing is a run with rows and a receipt of its own. A row with `after` puts that back, one without deletes; `before` is
what the object must still look like.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from sync import copies
from sync.calls import client
from sync.models import Lane
from teams.access import TeamRequest
from transfers import planning
from transfers.models import Run, RunBatch, RunRow
from transfers.rehearsal import MARK, NEVER_UPDATED, mark
from transfers.resources import RESOURCES
from transfers.sending import Calls

Outcome, Action = RunRow.Outcome, RunBatch.Action

NOT_FOUND = gettext_noop("It was not found: it may be deleted, or it was never there.")


def may_be_undone(run: Run) -> bool:
    """Whether there is something to put back: what was deleted is gone for good (seed-bulk.txt)."""
    ended = run.has_ended and not run.undone_by.exclude(state=Run.State.CANCELLED).exists()
    return ended and run.kind in (Run.Kind.BULK, Run.Kind.IMPORT) and _changed(run).exists()


@transaction.atomic
def undo(request: TeamRequest, run: Run) -> Run:
    """The run that undoes it, not started yet."""
    made = Run.objects.create(
        team=run.team,
        user=request.user,
        person=request.user.display_name,
        kind=Run.Kind.UNDO,
        resource=run.resource,
        undoes=run,
    )
    total = 0
    for part in planning.chunks(_changed(run).iterator(), planning.CHUNK):
        RunRow.objects.bulk_create(_turned(made, row) for row in part)
        total += len(part)
    made.total = total
    made.save(update_fields=["total"])
    return made


def plan(run: Run) -> None:
    """Rows that get the same values back share a call, and so do those that are deleted."""
    if run.rows.filter(cstar_id="", outcome=Outcome.WAITING).exists():
        _find(run)
    run.batches.all().delete()  # of a try that was killed
    for resource, updates, deletes in _grouped(run):
        updates.make_batches(run, Action.UPDATE, resource)
        deletes.make_batches(run, Action.DELETE, resource)


def price(run: Run) -> int:
    """How many calls it costs, beside those that find what was created."""
    return sum(updates.calls() + deletes.calls() for _, updates, deletes in _grouped(run))


def _changed(run: Run) -> QuerySet[RunRow]:
    return run.rows.filter(outcome__in=[Outcome.UPDATED, Outcome.CREATED])


def _turned(made: Run, row: RunRow) -> RunRow:
    """The row that undoes this one."""
    created = row.outcome == Outcome.CREATED
    return RunRow(
        run=made,
        line=row.line,
        resource=row.resource,
        cstar_id="" if created else row.cstar_id,
        key=row.key,
        label=row.label,
        before=_as_created(row) if created else {name: row.after[name] for name in row.before},
        after={} if created else row.before,
    )


def _as_created(row: RunRow) -> dict[str, Any]:
    """What shows that nobody has worked on it since."""
    looks = {name: value for name, value in row.after.items() if name not in NEVER_UPDATED | {"metadata"}}
    if row.resource == "tickets":
        looks["messageCount"] = len(row.after.get("messages", []))
    return looks


def _grouped(run: Run) -> Iterator[tuple[str, planning.Groups, planning.Groups]]:
    """(resource, what is put back, what is deleted); the tickets before the customers who wrote them."""
    for resource in sorted(RESOURCES, key=lambda name: name != run.resource):
        updates, deletes = planning.Groups(), planning.Groups()
        for row in run.rows.filter(outcome=Outcome.WAITING, resource=resource).iterator():
            (updates if row.after else deletes).add(row, row.after)
        yield resource, updates, deletes


# --- finding what was created --------------------------------------------------------------------------------------


def _find(run: Run) -> None:
    """An import does not tell the ids of what it made: they are read, a call for 10,000 rows, and noted."""
    assert run.undoes  # noqa: S101 - whatever creates is undone by a run that knows it
    for copy in copies.announced():
        wanted = dict(run.rows.filter(resource=copy.name, cstar_id="", outcome="").values_list("key", "pk"))
        if not wanted:
            continue
        calls = Calls()
        api = client(run.team, Lane.BULK, gettext_noop("undo"), run.person, observer=calls.hear)
        for part in planning.chunks(copy.fetch(api, run.team), planning.CHUNK):
            found = [(wanted[key], row) for row in part if (key := _key(run.undoes, copy.name, row)) in wanted]
            copies.apply(copy.name, run.team, [row for _, row in found])
            RunRow.objects.bulk_update([RunRow(pk=pk, cstar_id=row["id"]) for pk, row in found], ["cstar_id"])
        Run.objects.filter(pk=run.pk).update(calls=F("calls") + calls.made)
    run.rows.filter(cstar_id="", outcome="").update(outcome=Outcome.FAILED, reason=NOT_FOUND)


def _key(made_by: Run, resource: str, row: dict[str, Any]) -> str | None:
    """What the import knew it by, if it was this import that made it."""
    if resource == "articles":
        return row.get("title")  # they have no metadata to be marked in
    metadata = row.get("metadata") or {}
    if metadata.get(MARK) != mark(made_by):
        return None
    return metadata.get("externalId") if resource == "tickets" else str(row.get("email", "")).lower()
