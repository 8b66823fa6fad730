"""What starts with a worker. Apps register it when they load; this module knows none of them by name."""

from collections.abc import Callable

from django_tasks.base import DEFAULT_TASK_QUEUE_NAME

_registered: list[tuple[str, Callable[[], None]]] = []


def register(start: Callable[[], None], *, queue: str = DEFAULT_TASK_QUEUE_NAME) -> None:
    """Call `start()` whenever a worker starts that serves the queue: a killed one took its clocks along."""
    _registered.append((queue, start))


def start(serves: Callable[[str], bool]) -> None:
    """Begin what belongs to the queues of which `serves(name)` is true."""
    for queue, begin in _registered:
        if serves(queue):
            begin()
