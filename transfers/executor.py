"""Runs on their way: one short step at a time, each from the rows alone.

A step is whatever one task does: look at a part of a file, make the batches, send one. Who works on a run holds its
lease; when a worker dies, another takes over, at once if it can see that it died.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from activity.record import record_for
from core.errors import sentence
from core.stored_texts import in_english, pattern
from outbox import retrying
from transfers import batch_sending, batching, bulk, dry_run, exporter, import_batches, message_posting, undoing
from transfers.lease import LEASE, is_dead, renew, worker
from transfers.models import Run, RunBatch, RunRow
from transfers.progress import progress
from transfers.tables.errors import TableError
from transfers.templatetags.transfers import counted

log = logging.getLogger(__name__)

State, Kind = Run.State, Run.Kind

AT_ONCE = timedelta(0)
LABEL = pattern(gettext_noop("{kind} of {what}"))
FAULT = gettext_noop("Something went wrong on our side. Resume to try again; what is done stays done.")

# What a run does when it starts, and whenever rows are left without one: it makes batches.
_PLAN: dict[str, Callable[[Run, Callable[[], None]], None]] = {
    Kind.BULK: bulk.plan,
    Kind.EXPORT: lambda run, _: exporter.plan(run),
    Kind.IMPORT: import_batches.plan,
    Kind.UNDO: undoing.plan,
}
# Before it starts: what it would do.
_CHECK: dict[str, Callable[[Run, Callable[[], None]], None]] = {
    Kind.IMPORT: dry_run.rehearse,
    Kind.UNDO: undoing.check,
}


class UnfinishedError(Exception):
    """Rows have no outcome, and nothing is left that would give them one. The run pauses; `resume` plans them again."""


def advance(run_id: str) -> timedelta | None:
    """Do the run's next step, if it is free and due; answers after what pause it wants another one."""
    run = _claim(run_id)
    if run is None:
        return None
    try:
        more = _step(run)
    except cstar.CStarError as error:
        return _wait(run, error)
    except TableError as error:
        _release(run, state=State.FAILED, problem=str(error)[:500], ended_at=timezone.now())
        return None
    except Exception:
        log.exception("Run %s stopped.", run.pk)
        _release(run, state=State.PAUSED, problem=FAULT)
        return None
    _release(run, wait_until=None, tries=0, problem="")
    return AT_ONCE if more else None


def waiting() -> list[Run]:
    """The runs that somebody should work on and nobody does."""
    due = Q(wait_until=None) | Q(wait_until__lte=timezone.now())
    return [run for run in Run.objects.filter(due, state__in=Run.AT_WORK) if _is_free(run)]


def goes_on(run: Run) -> bool:
    """Renew the lease; False if the run was paused or stopped meanwhile, or is another worker's now."""
    renew(run)
    return Run.objects.filter(pk=run.pk, lease_by=worker(), state__in=Run.AT_WORK).exists()


def _claim(run_id: str) -> Run | None:
    run = Run.objects.filter(pk=run_id, state__in=Run.AT_WORK).select_related("team", "user").first()
    now = timezone.now()
    if run is None or not _is_free(run) or (run.wait_until and run.wait_until > now):
        return None
    seen = Run.objects.filter(pk=run.pk, state=run.state, lease_by=run.lease_by, lease_until=run.lease_until)
    return run if seen.update(lease_by=worker(), lease_until=now + LEASE) else None


def _is_free(run: Run) -> bool:
    return run.lease_until is None or run.lease_until <= timezone.now() or is_dead(run.lease_by)


def _release(run: Run, **fields: object) -> None:
    """Somebody may have paused or cancelled it meanwhile: that stays."""
    if "state" in fields:
        Run.objects.filter(pk=run.pk, state__in=Run.AT_WORK).update(state=fields.pop("state"))
    Run.objects.filter(pk=run.pk, lease_by=worker()).update(lease_until=None, **fields)


def _step(run: Run) -> bool:
    """True if there is more to do."""
    if run.state == State.CHECKING:
        _check(run)
        return False
    if run.state == State.PENDING:
        _plan(run)
        Run.objects.filter(pk=run.pk, state=State.PENDING).update(state=State.RUNNING)
        return True
    if run.kind == Kind.EXPORT:
        if exporter.write(run, lambda: goes_on(run)):
            _finish(run)
        return False
    if batch := _next_batch(run):
        batch_sending.send(run, batch)
        return True
    if _plan_more(run):
        return True
    _finish(run)
    return False


def _plan_more(run: Run) -> bool:
    """Plan what is left when all batches are done; False if there is nothing."""
    if batching.unplanned(run).exists():
        _plan(run)
        if _next_batch(run) or batching.unplanned(run).exists():
            return True
    return run.kind == Kind.IMPORT and message_posting.plan(run) and _next_batch(run) is not None


def _next_batch(run: Run) -> RunBatch | None:
    return run.batches.exclude(state=RunBatch.State.DONE).first()


def _plan(run: Run) -> None:
    """Make batches for the rows that have none. `UnfinishedError` if nothing comes of it."""
    before = batching.unplanned(run).count()
    _PLAN[run.kind](run, lambda: renew(run))
    after = batching.unplanned(run).count()
    if after and after == before and not _next_batch(run):
        raise UnfinishedError(run)


def _check(run: Run) -> None:
    """Look at what an import or an undo would do; what keeps it from that is said where it is prepared."""
    fault = ""
    try:
        _CHECK[run.kind](run, lambda: renew(run))
    except TableError as error:
        fault = str(error)
    except cstar.CStarError as error:
        fault = sentence(error)
    options = run.undo_options if run.kind == Kind.UNDO else run.import_options
    options.checked, options.fault = not fault, fault
    run.save_options(only_in=State.CHECKING, state=State.DRAFT)


@transaction.atomic
def _finish(run: Run) -> None:
    """Over, and in the team's record: both or, if it is killed in between, neither yet.

    `UnfinishedError` while a row has no outcome: a run is never done before it is known what became of each.
    """
    if run.rows.filter(outcome=RunRow.Outcome.WAITING).exists():
        raise UnfinishedError(run)
    ended = Run.objects.filter(pk=run.pk, state__in=Run.AT_WORK)
    if ended.update(state=State.DONE, ended_at=timezone.now()):
        with in_english():
            label = LABEL.format(
                kind=run.get_kind_display(), what=counted(run.resource, progress(run).resources[run.resource])
            )
        target = ("run", str(run.pk), label)
        record_for((run.team, run.user, run.person), f"run.{run.kind}", target)


def _wait(run: Run, error: cstar.CStarError) -> timedelta | None:
    """What may pass is waited for; a refused key needs an admin, and somebody who then says to go on."""
    if isinstance(error, cstar.Unauthorized):
        _release(run, state=State.PAUSED, problem=sentence(error)[:500])
        return None
    if not retrying.may_pass(error):
        _release(run, state=State.FAILED, problem=sentence(error)[:500], ended_at=timezone.now())
        return None
    pause = timedelta(seconds=retrying.pause(run.tries, error))
    _release(run, wait_until=timezone.now() + pause, tries=run.tries + 1, problem=sentence(error)[:500])
    return pause
