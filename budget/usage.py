"""The calls of the last 24 hours, prepared for a page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from budget.models import KeyBudget, Lane, LaneStop, Spending
from teams.models import Team

HOURS = 24
# In the chart's own units; its size on the page is the stylesheet's business.
BAR, GAP, HEIGHT = 24, 6, 120


@dataclass(frozen=True, slots=True)
class Part:
    """One lane's share of an hour's bar."""

    lane: str
    label: str
    calls: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One bar of the chart."""

    start: datetime
    x: int
    total: int
    parts: list[Part]


def by_hour(team: Team) -> tuple[int, list[Hour]]:
    """Return the calls that the top of the chart stands for, and the last 24 hours, oldest first."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    starts = [now - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    spent: dict[datetime, dict[str, int]] = {start: {} for start in starts}
    for row in _recent(team).values("hour", "lane").annotate(sum=Sum("calls")):
        if row["hour"] in spent:
            spent[row["hour"]][row["lane"]] = row["sum"]
    busiest = max(sum(lanes.values()) for lanes in spent.values())
    rounded = (digit * 10**power for power in count(1) for digit in (1, 2, 5))  # 10, 20, 50, 100, 200 ...
    top = next(calls for calls in rounded if calls >= busiest)
    return top, [_hour(start, at * (BAR + GAP), spent[start], top) for at, start in enumerate(starts)]


def by_purpose(team: Team) -> list[dict[str, Any]]:
    """Return lane, purpose and calls, the most calls first."""
    rows = _recent(team).values("lane", "purpose").annotate(sum=Sum("calls")).order_by("-sum", "purpose")
    return [row | {"label": Lane(row["lane"]).label} for row in rows]


def by_person(team: Team) -> list[dict[str, Any]]:
    """Return person ("" is the desk itself) and calls, the most calls first."""
    rows = _recent(team).values("person").annotate(sum=Sum("calls")).order_by("-sum", "person")
    return [dict(row) for row in rows]


def stops(budget: KeyBudget) -> QuerySet[LaneStop]:
    """The lanes that cStar has told to wait."""
    return budget.stops.filter(until__gt=timezone.now()).order_by("lane")


def _recent(team: Team) -> QuerySet[Spending]:
    return Spending.objects.filter(budget__team=team, hour__gt=timezone.now() - timedelta(hours=HOURS))


def _hour(start: datetime, x: int, lanes: dict[str, int], top_calls: int) -> Hour:
    parts, top = [], float(HEIGHT)
    for lane in Lane:
        if calls := lanes.get(lane, 0):
            height = HEIGHT * calls / top_calls
            top -= height
            parts.append(Part(lane.value, str(lane.label), calls, round(top, 1), round(height, 1)))
    return Hour(start, x, sum(lanes.values()), parts)
