"""What begins with the worker. Apps announce it when they load; sync knows none of them by name."""

from collections.abc import Callable

_announced: list[Callable[[], None]] = []


def announce(start: Callable[[], None]) -> None:
    """Call `start()` whenever a worker starts: a killed one took its clocks along."""
    _announced.append(start)


def start() -> None:
    for begin in _announced:
        begin()
