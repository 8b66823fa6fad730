"""Reads what the rows of lists and exports leave out, with calls that nobody else needs.

Apps say how (`Resource.backfill`): which objects they know least of, and what has to be read of them.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from budget.account import DETAILS, WINDOW, budget_of, left_for, projected
from budget.client import client
from budget.models import KeyBudget, Lane
from cstar import CStarError
from replica import registry
from teams.models import Team

log = logging.getLogger(__name__)

# One poll after the other takes its part of what is left to spare; early polls take more.
AT_ONCE = 5
_POLL = timedelta(seconds=10)
_EARLY = 4


def fill(team: Team) -> None:
    """Spend some calls, if there are any to spare. What could not be read is read by and by."""
    most = spare(budget_of(team))
    try:
        paid = client(team, Lane.FEED, DETAILS)
        for resource in registry.resources():
            if resource.backfill and most > 0:
                most -= resource.backfill(team, paid, most)
    except CStarError as error:
        log.info("What lists leave out of %s was not read: %s", team, error)


def spare(budget: KeyBudget) -> int:
    """How many calls may be spent now so that people and the feed have theirs until the hour is over."""
    until_reset = budget.reset_at - timezone.now()
    if not timedelta(0) < until_reset <= WINDOW:
        until_reset = WINDOW
    left = left_for(budget, Lane.BULK) - projected(budget) - until_reset / _POLL
    return max(0, min(AT_ONCE, int(_EARLY * left * (_POLL / until_reset))))
