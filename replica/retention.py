"""What is dropped once a day. Apps announce it when they load; this room knows none of them by name."""

from collections.abc import Callable
from datetime import datetime

Drop = Callable[[datetime], None]

_announced: list[Drop] = []


def announce(drop: Drop) -> None:
    """Call `drop(now)` once a day."""
    _announced.append(drop)


def run(now: datetime) -> None:
    for drop in _announced:
        drop(now)
