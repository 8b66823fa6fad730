"""What begins with the worker. Apps announce it when they load; this room knows none of them by name."""

from collections.abc import Callable

from django_tasks.base import DEFAULT_TASK_QUEUE_NAME

_announced: list[tuple[str, Callable[[], None]]] = []


def announce(start: Callable[[], None], *, queue: str = DEFAULT_TASK_QUEUE_NAME) -> None:
    """Call `start()` whenever a worker starts that serves the queue: a killed one took its clocks along."""
    _announced.append((queue, start))


def start(serves: Callable[[str], bool]) -> None:
    """Begin what belongs to the queues of which `serves(name)` is true."""
    for queue, begin in _announced:
        if serves(queue):
            begin()
