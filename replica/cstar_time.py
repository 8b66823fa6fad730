"""cStar's own clock: its log and its objects carry its times, and it may differ from ours by minutes."""

from datetime import datetime, timedelta

from django.utils import timezone

from cstar import Attempt
from replica.models import TeamState
from teams.models import Team

# Answers take their time, and some say whole seconds: a smaller difference is none.
_SAME = 1.5  # seconds


def learn(team: Team, attempt: Attempt) -> None:
    """Keep how far cStar's clock is ahead of ours, as an answer tells it."""
    if attempt.answered_at is None:
        return
    ahead = (attempt.answered_at - timezone.now()).total_seconds()
    state = TeamState.objects.filter(team=team)
    state.exclude(clock_ahead__range=(ahead - _SAME, ahead + _SAME)).update(clock_ahead=ahead)


def now(state: TeamState) -> datetime:
    """What cStar's clock shows now, as far as it was told."""
    return of(state, timezone.now())


def of(state: TeamState, moment: datetime) -> datetime:
    """What cStar's clock showed at a moment of ours."""
    return moment + timedelta(seconds=state.clock_ahead or 0)


def read_by(moment: datetime) -> datetime:
    """The moment by which something of this time has certainly happened: a whole second lasts until its end."""
    return moment if moment.microsecond else moment + timedelta(seconds=1)
