"""A cStar that is hard to reach: a real socket before the sandbox that loses, delays, doubles and breaks answers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from bench.cstar_server import Handler, Server
from cstar._session import READ_SECONDS
from cstar.http import Response

# Of a hundred requests: what happens to how many. The rest pass.
SHARES = {
    "lost before": 4,  # the connection ends, and cStar never heard of the request
    "lost after": 4,  # cStar did it, and the connection ends before the answer
    "cut off": 3,  # half of the answer comes
    "late": 4,
    "twice": 4,  # delivered two times, as a network may
    "500 before": 2,
    "500 after": 2,
    "502 before": 2,
    "502 after": 2,
    "429": 0.3,
}


class FaultyServer(Server):
    """Which fault meets which request is decided by the seed; `met` counts them."""

    def __init__(self, seed: int, handler: type[FaultyHandler] | None = None) -> None:
        super().__init__(handler or FaultyHandler)
        self._rng, self._lock = Random(seed), threading.Lock()
        self.met: Counter[str] = Counter()

    def next_fault(self) -> str:
        with self._lock:
            drawn = self._rng.uniform(0, 100)
            fault = "none"
            for name, share in SHARES.items():
                if drawn < share:
                    fault = name
                    break
                drawn -= share
            self.met[fault] += 1
            return fault


class FaultyHandler(Handler):
    server: FaultyServer

    def answer(self) -> None:
        request = self.read_request()
        fault = self.server.next_fault()
        match fault:
            case "lost before":
                self.close_connection = True
            case "lost after":
                self.ask(request)
                self.close_connection = True
            case "cut off":
                self.send(self.ask(request), half=True)
                self.close_connection = True
            case "twice":
                self.ask(request)
                self.send(self.ask(request))
            case "500 after" | "502 after":
                self.ask(request)
                self.send(_error(int(fault[:3])))
            case "500 before" | "502 before":
                self.send(_error(int(fault[:3])))
            case "429":
                self.send(_error(429, {"Retry-After": "1"}))
            case "late":
                time.sleep(0.3)
                self.send(self.ask(request))
            case "never":
                self.ask(request)
                time.sleep(READ_SECONDS + 1)  # the client has given up by then
                self.close_connection = True
            case _:
                self.send(self.ask(request))

    do_GET: Callable[[], None] = answer  # noqa: N815
    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815


def _error(status: int, headers: dict[str, str] | None = None) -> Response:
    body = b"<html>Bad gateway</html>" if status == 502 else b'{"success": false, "error": {"message": "Try later"}}'
    return Response(status, headers={"Content-Length": str(len(body)), **(headers or {})}, content=body)
