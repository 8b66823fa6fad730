"""What cannot be seen from outside: queries and API calls. Counted in this process, apart from the timing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sandbox.transport import SandboxTransport
from teams import clients


class Counting(SandboxTransport):
    """The way to the sandbox with a counter of calls, and of the seconds that the sandbox took for them."""

    def __init__(self):
        super().__init__()
        self.calls, self.seconds = 0, 0.0

    def handle_request(self, request):
        self.calls += 1
        start = time.perf_counter()
        try:
            return super().handle_request(request)
        finally:
            self.seconds += time.perf_counter() - start


class Cost(NamedTuple):
    queries: int
    calls: int


@contextmanager
def counting() -> Iterator[Counting]:
    """Every call to cStar in the block goes through the transport that it gives."""
    wire, usual = Counting(), clients._transport
    clients._transport = lambda path: wire
    try:
        yield wire
    finally:
        clients._transport = usual


def cost(browser: Client, path: str) -> Cost:
    """Queries to the desk's database and calls to cStar that this request costs, redirects followed."""
    with counting() as wire, CaptureQueriesContext(connection) as queries:
        answer = browser.get(path, headers={"host": "127.0.0.1"}, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return Cost(len(queries), wire.calls)
