"""Undoing a run: the values from before are put back, what it created is deleted; what others changed since stays.

`plan` makes rows of its own, so that undoing has a receipt too.
"""

from __future__ import annotations

from django.db import transaction

from teams.access import TeamRequest
from transfers import planning
from transfers.models import Run, RunBatch, RunRow

Outcome, Action = RunRow.Outcome, RunBatch.Action


def may_be_undone(run: Run) -> bool:
    """Whether there is something to put back: what was deleted is gone for good (seed-bulk.txt)."""
    ended = run.has_ended and not run.undone_by.exclude(state=Run.State.CANCELLED).exists()
    return ended and run.kind == Run.Kind.BULK and _changed(run).exists()


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
        RunRow.objects.bulk_create(
            RunRow(
                run=made,
                line=row.line,
                resource=row.resource,
                cstar_id=row.cstar_id,
                label=row.label,
                before=row.after,
                after=row.before,
            )
            for row in part
        )
        total += len(part)
    made.total = total
    made.save(update_fields=["total"])
    return made


def plan(run: Run) -> None:
    """Rows that get the same values back share a call."""
    groups = planning.Groups()
    for row in run.rows.filter(outcome=Outcome.WAITING).iterator():
        groups.add(row, row.after)
    run.batches.all().delete()  # of a try that was killed
    groups.make_batches(run, Action.UPDATE, run.resource)


def price(run: Run) -> int:
    """How many calls it costs."""
    groups = planning.Groups()
    for row in run.rows.filter(outcome=Outcome.WAITING).iterator():
        groups.add(row, row.after)
    return groups.calls()


def _changed(run: Run):
    return run.rows.filter(outcome=Outcome.UPDATED)
