"""Looks through lists for what others changed, where cStar's audit log does not tell of everything.

Every two minutes where that costs four calls or less, and rarer the more it costs. Lists tell less than the objects
themselves, so what moved is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from budget.account import CHANGES
from budget.client import client
from budget.models import Lane
from cstar import Attempt
from replica import log_trust, registry, webhooks
from replica.models import TeamState
from teams.models import Team

LEAST = timedelta(minutes=2)
# So that looks cost 120 calls an hour at most.
FOR_EACH_CALL = timedelta(seconds=30)
# After an entry of the log that does not name its object.
SOON = timedelta(seconds=30)


def look_if_due(team: Team, state: TeamState, observer: Callable[[Attempt], None], *, soon: bool) -> bool:
    """Read the lists if it is time and nothing else tells of changes; return whether they were read."""
    if log_trust.is_complete(team) or webhooks.is_proven(team):
        return False
    now = timezone.now()
    due = state.next_look_at or now + LEAST
    if soon:
        due = min(due, now + SOON)
    if now < due:
        if due != state.next_look_at:
            state.next_look_at = due
            state.save(update_fields=["next_look_at"])
        return False
    calls: list[Attempt] = []

    def observe(attempt: Attempt) -> None:
        calls.append(attempt)
        observer(attempt)

    # Even if an error ends this look, the next one comes not before its time.
    _postpone(state, LEAST)
    paid = client(team, Lane.FEED, CHANGES, observer=observe)
    for resource in registry.resources():
        if resource.poll:
            log_trust.expect(team, resource.poll(team, paid))
    _postpone(state, max(LEAST, FOR_EACH_CALL * len(calls)))
    return True


def _postpone(state: TeamState, pause: timedelta) -> None:
    state.next_look_at = timezone.now() + pause
    state.save(update_fields=["next_look_at"])
