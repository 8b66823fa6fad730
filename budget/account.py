"""Spends a key's 1,000 calls an hour (docs/cstar-api.md#rate-limits).

Every call of every process passes an `Account`: `take` counts it before it is made, or refuses it when its lane has to
give way; `learn` hears from the answer what the server itself counts, since others may use the key too. Each is a
single statement of the database, so that it holds across processes and machines without a lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, Manager, OuterRef, Value
from django.db.models.functions import Cast, Greatest
from django.utils import timezone
from django.utils.translation import gettext_noop

from budget import shares
from budget.models import CallCount, KeyBudget, Lane, LaneStop, Spending
from core.stored_texts import pattern
from cstar import Attempt, RateLimit, RateLimited
from teams.models import Team

WINDOW = timedelta(hours=1)
# An hour is taken to begin calmly, so that its first minutes do not decide about the rest.
CALM = timedelta(minutes=1)
# Purposes that are counted apart: how often these calls come is ours to choose.
POLL = gettext_noop("look for changes")
CHANGES = gettext_noop("changes by others")
DETAILS = gettext_noop("what lists leave out")
SWEEP = "sweep"
_AT_OWN_PACE = {POLL, CHANGES, DETAILS, SWEEP}
# Servers' clocks differ by a little: two resets this close are the same hour.
SAME = timedelta(seconds=30)
# A larger limit means that there is none, and our columns cannot hold it.
MOST = 1_000_000_000
# How many hundredths of the reserve a lane leaves to those before it; the first one is for replies and edits alone.
_LEAVES = {Lane.WRITE: 0, Lane.READ: 100, Lane.FEED: 110, Lane.BULK: 300}

# Kept by earlier versions.
pattern(gettext_noop("What is left of this hour's cStar calls is kept for replies and edits."))


class BudgetSpent(RateLimited):
    """Raised instead of making a call: the rest of the hour is for more important lanes. `retry_after` in seconds."""

    default_message = gettext_noop("The rest of this hour's cStar requests is reserved for replies and edits.")


@dataclass(frozen=True, slots=True)
class Account:
    """What a caller spends from: a key's budget, in a lane, for a purpose, in a person's name ("": the desk's own).

    `user_id` is the person's account, of whose share the calls are.
    """

    budget_id: int
    lane: Lane
    purpose: str
    person: str = ""
    user_id: int | None = None

    def take(self) -> None:
        """Count a call that is about to be made. `BudgetSpent` when the lane has to wait, `ShareSpent` the person."""
        now = timezone.now()
        self._take_share(now)
        if not (self._take_one(now) or self._take_first_of_hour(now)):
            raise BudgetSpent(retry_after=self._seconds_to_wait(now))
        self._record_spending(now)

    def learn(self, attempt: Attempt) -> None:
        """Take over the server's own count from an answer; after a 429 the lane waits as long as the server says."""
        _increment(CallCount.objects, lane=self.lane, status=str(attempt.status or "none"))
        if not attempt.sent:
            KeyBudget.objects.filter(pk=self.budget_id, used__gt=0).update(used=F("used") - 1)
            if self.user_id is not None:
                shares.give_back(self.budget_id, self.user_id, self.lane)
        if attempt.rate_limit:
            _hear(self.budget_id, attempt.rate_limit)
        if attempt.status == 429 and attempt.retry_after:
            until = timezone.now() + timedelta(seconds=attempt.retry_after)
            LaneStop.objects.update_or_create(budget_id=self.budget_id, lane=self.lane, defaults={"until": until})

    def _take_share(self, now: datetime) -> None:
        if self.user_id is None or self.lane not in shares.SHARED:
            return
        budget = KeyBudget.objects.get(pk=self.budget_id)
        # If nothing is left for anybody, `BudgetSpent` is the better explanation.
        if left := left_for(budget, self.lane):
            shares.take(self.budget_id, self.user_id, self.lane, now, left=left, limit=budget.limit)

    @property
    def _polls(self) -> int:
        return int(self.purpose in _AT_OWN_PACE)

    def _open(self, now: datetime):
        stopped = LaneStop.objects.filter(budget=OuterRef("pk"), lane=self.lane, until__gt=now)
        return KeyBudget.objects.filter(~Exists(stopped), pk=self.budget_id)

    def _take_one(self, now: datetime) -> bool:
        running = self._open(now).filter(
            reset_at__gt=now, used__lt=F("limit") - Cast("limit", BigIntegerField()) * _floor(self.lane) / 100_000
        )
        return bool(running.update(used=F("used") + 1, polls=F("polls") + self._polls))

    def _take_first_of_hour(self, now: datetime) -> bool:
        over = self._open(now).filter(reset_at__lte=now)
        return bool(over.update(used=1, polls=self._polls, reset_at=now + WINDOW, told=False))

    def _seconds_to_wait(self, now: datetime) -> int:
        stop = LaneStop.objects.filter(budget=self.budget_id, lane=self.lane, until__gt=now).first()
        until = stop.until if stop else KeyBudget.objects.get(pk=self.budget_id).reset_at
        return max(1, round((until - now).total_seconds()))

    def _record_spending(self, now: datetime) -> None:
        _increment(
            Spending.objects,
            budget_id=self.budget_id,
            hour=now.replace(minute=0, second=0, microsecond=0),
            lane=self.lane,
            purpose=self.purpose,
            person=self.person,
        )


def budget_of(team: Team) -> KeyBudget:
    """The record of the team's present key."""
    fingerprint = sha256(team.key.encode()).hexdigest()
    held = KeyBudget.objects.filter(fingerprint=fingerprint).first()
    if held is None:
        new = KeyBudget(team=team, fingerprint=fingerprint, reset_at=timezone.now() + WINDOW)
        KeyBudget.objects.bulk_create([new], ignore_conflicts=True)  # another process may be first
        held = KeyBudget.objects.get(fingerprint=fingerprint)
    return held


def left_for(budget: KeyBudget, lane: Lane) -> int:
    """How many calls of this hour the lane may still make."""
    now = timezone.now()
    if budget.stops.filter(lane=lane, until__gt=now).exists():
        return 0
    used = budget.used if budget.reset_at > now else 0
    return max(0, allowed(budget, lane) - used)


def allowed(budget: KeyBudget, lane: Lane) -> int:
    """How many calls of an hour may be spent before the lane has to wait."""
    return budget.limit - budget.limit * _floor(lane) // 100_000


def projected(budget: KeyBudget) -> float:
    """How many calls people will make until the hour is over, if they go on as they did so far."""
    until_reset = budget.reset_at - timezone.now()
    if not timedelta(0) < until_reset <= WINDOW:
        return 0
    return (budget.used - budget.polls) * (until_reset / (WINDOW - until_reset + CALM))


def _floor(lane: Lane) -> int:
    """What the lane leaves to others, in 1/100,000 of the limit: the share is the same for every limit."""
    return settings.BUDGET_RESERVE * _LEAVES[lane]


def _increment(counts: Manager[Any], **row: Any) -> None:
    """Add one call to the row, and create the row for the first."""
    counted = counts.filter(**row)
    if not counted.update(calls=F("calls") + 1):
        counts.bulk_create([counts.model(**row)], ignore_conflicts=True)
        counted.update(calls=F("calls") + 1)


def _hear(budget_id: int, said: RateLimit) -> None:
    """Take over the server's numbers. Calls that were made since then stay counted."""
    now = timezone.now()
    # An hour that is over says nothing about this one, and none is longer than an hour.
    if said.reset is None or not now.timestamp() < said.reset <= (now + WINDOW + SAME).timestamp():
        return
    reset_at = datetime.fromtimestamp(said.reset, tz=UTC)
    limit = min(said.limit, MOST)
    spent = max(0, limit - said.remaining)
    budget = KeyBudget.objects.filter(pk=budget_id)
    told = {"limit": limit, "reset_at": reset_at, "told": True}
    at_least = Greatest(F("used"), Value(spent))
    if not budget.filter(told=True, reset_at__range=(reset_at - SAME, reset_at + SAME)).update(used=at_least, **told):
        # A guess of ours is replaced; an hour that the server told of is replaced only by a later one.
        budget.filter(told=False).update(used=at_least, **told)
        budget.filter(told=True, reset_at__lt=reset_at - SAME).update(used=spent, polls=0, **told)
