"""What people do with a run: start it, pause it, go on, stop it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from teams.accounts import may
from teams.models import User
from teams.policy import May
from transfers.models import Run
from transfers.tasks import advance_run

State = Run.State
_LEFT = pattern(gettext_noop("{person} may no longer do this in the team. Resume it, or cancel it."))


def start(run: Run) -> bool:
    """From the draft to work; False if it was started already."""
    return _go(run, State.DRAFT, State.PENDING, started_at=timezone.now())


def check(run: Run) -> bool:
    """Have a worker look at what an import or an undo would do."""
    return _go(run, State.DRAFT, State.CHECKING)


def pause(run: Run) -> bool:
    return _go(run, State.RUNNING, State.PAUSED) or _go(run, State.PENDING, State.PAUSED)


def pause_of_lost(sender: Any, user: User, **kwargs: Any) -> None:
    """Pause what somebody started who may no longer transfer in its team; others may resume or cancel it."""
    for run in Run.objects.filter(user=user, state__in=[State.PENDING, State.RUNNING]).select_related("team"):
        if not may(user, run.team, May.TRANSFER) and pause(run):
            Run.objects.filter(pk=run.pk).update(problem=_LEFT.format(person=user.display_name)[:500])


def resume(run: Run) -> bool:
    """Go on, now: what it waited for counts no more. What nobody has started yet is only looked at."""
    return _go(run, State.PAUSED, State.PENDING if run.started_at else State.CHECKING)


def hurry(run: Run) -> bool:
    """A run that waits for cStar tries again now."""
    return _go(run, State.RUNNING, State.RUNNING)


def cancel(run: Run) -> bool:
    """Stop for good: what is done stays done, the rest is left as it is."""
    stopped = any(_go(run, state, State.CANCELLED) for state in (State.DRAFT, *Run.AT_WORK, State.PAUSED))
    if stopped:
        Run.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    return stopped


def _go(run: Run, before: str, after: str, **fields: object) -> bool:
    moved = Run.objects.filter(pk=run.pk, state=before).update(state=after, wait_until=None, problem="", **fields)
    if moved:
        run.refresh_from_db()
        if run.is_at_work:
            advance_run.enqueue(str(run.pk))
    return bool(moved)
