"""When things were said: built backwards from a ticket's last event, so that nothing can lie in the future."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

WINDOW = timedelta(days=90)

_OPENS, _CLOSES = 8, 18  # office hours, in UTC
_UNSOCIABLE = 0.1  # share of customers' messages left at night or on a weekend

# Median minutes between an event and the one before it, by what kind of event it is.
_MEDIANS = {
    "customer": 210,
    "agent": 130,
    "note": 14,
    "thanks": 170,
    "late": 2300,
    "silence": 5 * 1440,
    "system": 7 * 1440,
    "resolve": 6,
}
_URGENT_PACE = 0.08


def last_event(rng: Random, status: str, now: datetime) -> datetime:
    """Pick when the ticket was last touched: work at hand is recent, finished work spreads over the window."""
    spread = rng.random()
    hours = {
        "new": min(-16 * math.log(1 - spread), 110.0),
        "open": min(-44 * math.log(1 - spread), 20 * 24.0),
        "pending": min(-85 * math.log(1 - spread), 30 * 24.0),
        "resolved": 2 + 70 * 24 * spread**1.7,
        "closed": 5 * 24 + 80 * 24 * spread**1.3,
    }[status]
    return now - timedelta(hours=hours, minutes=rng.randint(1, 40))


def times(
    rng: Random, kinds: Sequence[str], end: datetime, now: datetime, *, urgent: bool, exact: bool
) -> list[datetime]:
    """Give each event a time, the last one at `end`, or at the end of the working day before unless `exact`."""
    moment = end if exact else _in_office_hours(rng, end, kinds[-1])
    moments = [moment]
    for before, kind in reversed(list(pairwise(kinds))):
        moment -= _pause(rng, kind, urgent=urgent)
        # Urgent matters are seen through to the end, whatever the hour.
        if not urgent and kind not in {"resolve", "system"}:
            moment = _in_office_hours(rng, moment, before)
        moments.append(moment)
    moments.reverse()
    return [each.replace(microsecond=0) for each in _within_window(moments, now)]


def _pause(rng: Random, kind: str, *, urgent: bool) -> timedelta:
    if kind == "system":  # a machine is punctual
        return timedelta(minutes=_MEDIANS[kind])
    minutes = _MEDIANS[kind] * math.exp(rng.gauss(0, 0.7))
    if urgent and kind != "silence":
        minutes *= _URGENT_PACE
    return timedelta(seconds=20 + int(60 * minutes))


def _in_office_hours(rng: Random, moment: datetime, kind: str) -> datetime:
    """Move a moment back into office hours; never forward, which keeps the order of events."""
    if kind in {"customer", "thanks"} and rng.random() < _UNSOCIABLE:
        return moment
    if moment.weekday() < 5 and _OPENS <= moment.hour < _CLOSES:
        return moment
    if moment.hour < _OPENS:
        moment -= timedelta(days=1)
    moment -= timedelta(days=max(0, moment.weekday() - 4))
    if moment.hour >= _CLOSES or moment.hour < _OPENS:
        moment = moment.replace(hour=rng.randint(_OPENS + 3, _CLOSES - 1), minute=rng.randint(0, 59))
    return moment


def _within_window(moments: list[datetime], now: datetime) -> list[datetime]:
    """Squeeze a history that began too early into the window, proportions kept."""
    age = now - moments[0]
    if age <= WINDOW:
        return moments
    factor = WINDOW / age
    return [now - (now - moment) * factor for moment in moments]
