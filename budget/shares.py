"""A person's share of a key's hour, so that nobody takes the calls that the others of the team need.

A person may spend as much of a lane as is left of it for all: half of the hour for somebody who works alone. Whoever
works beside others may spend a part of that, the smaller the more they are, and a few calls in any case. Imports and
bulk edits have no shares: they are priced before they start and give way to everything else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_noop

from budget.models import Lane, Share
from core.stored_texts import pattern
from cstar import RateLimited

WINDOW = timedelta(hours=1)
# Of each 1,000 calls of the hour these are anybody's.
_LEAST = 50
# From so many colleagues on a share grows no smaller; what people write matters more than what they look at.
_MOST_OTHERS = {Lane.WRITE: 1, Lane.READ: 3}
SHARED = frozenset(_MOST_OTHERS)
# Kept by earlier versions.
pattern(gettext_noop("You have used your share of this hour's cStar calls; the rest is your colleagues'."))


class ShareSpent(RateLimited):
    """Raised instead of making a call: the person took their share of the hour. `retry_after` in seconds."""

    default_message = gettext_noop(
        "You have used your share of this hour's cStar requests; the rest is reserved for your colleagues."
    )


def take(budget_id: int, user_id: int, lane: Lane, now: datetime, *, left: int, limit: int) -> None:
    """Count a call of the person's. `ShareSpent` beyond their share of the `left` calls of an hour of `limit`."""
    running = Share.objects.filter(budget=budget_id, lane=lane, since__gt=now - WINDOW)
    others = running.exclude(user=user_id).count()
    most = max(limit * _LEAST // 1_000, left // (1 + min(others, _MOST_OTHERS[lane])))
    mine = running.filter(user=user_id)
    if mine.filter(calls__lt=most).update(calls=F("calls") + 1):
        return
    if share := mine.first():
        raise ShareSpent(retry_after=max(1, round((share.since + WINDOW - now).total_seconds())))
    Share.objects.update_or_create(budget_id=budget_id, user_id=user_id, lane=lane, defaults={"calls": 1, "since": now})


def give_back(budget_id: int, user_id: int, lane: Lane) -> None:
    """A call that was counted never left."""
    Share.objects.filter(budget=budget_id, user=user_id, lane=lane, calls__gt=0).update(calls=F("calls") - 1)
