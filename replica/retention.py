"""Cleaning up once a day. Apps register what to drop when they load; this module knows none of them by name."""

from collections.abc import Callable
from datetime import datetime

Drop = Callable[[datetime], None]

_registered: list[Drop] = []


def register(drop: Drop) -> None:
    """Call `drop(now)` once a day."""
    _registered.append(drop)


def run(now: datetime) -> None:
    for drop in _registered:
        drop(now)
