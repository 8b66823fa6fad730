"""A stand-in for the wire: answers in a row, time that only moves when told, and a record of every request."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import hypothesis
import pytest

from cstar import Attempt, Client

KEY = "sk_test_acme0000000000000000000000000000"
TEAM = "11111111-1111-4111-8111-111111111111"
# A busy machine must not turn a slow example into a failure.
hypothesis.settings.register_profile("cstar", deadline=None)
hypothesis.settings.load_profile("cstar")

BASE = "https://cstar.test/api/v1"


@dataclass
class Wire(httpx.BaseTransport):
    """`answers` holds responses, exceptions to raise, or functions of the request that give either."""

    answers: list[Any] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    now: float = 1000.0

    __hash__ = object.__hash__

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Callable):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def client(self, **options: Any) -> Client:
        settings: dict[str, Any] = {
            "key": KEY,
            "team_id": TEAM,
            "base_url": BASE,
            "transport": self,
            "observer": self.attempts.append,
            "sleep": self.sleep,
            "random": lambda: 0.5,
            "clock": lambda: self.now,
        }
        return Client(**(settings | options))

    def body(self, index: int = -1) -> Any:
        return json.loads(self.requests[index].content)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire) -> Client:
    return wire.client()


def ok(data: Any, status: int = 200, **envelope: Any) -> httpx.Response:
    meta = {"requestId": "req_abc123", "timestamp": "2025-12-10T14:30:00Z"}
    return httpx.Response(status, json={"success": True, "data": data, "meta": meta} | envelope)


def refused(status: int, headers: dict[str, str] | None = None, **error: Any) -> httpx.Response:
    error = {"type": "t", "code": "c", "message": "No.", "request_id": "req_abc123"} | error
    body = {"success": False, "error": error, "meta": {"timestamp": "2025-12-10T14:30:00Z"}}
    return httpx.Response(status, json=body, headers=headers)


class Dripping(httpx.SyncByteStream):
    """A body in pieces, with something happening before each."""

    def __init__(self, pieces: list[bytes], between: Callable[[], None] = lambda: None) -> None:
        self.pieces, self.between, self.closed = pieces, between, False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.between()
            yield piece

    def close(self) -> None:
        self.closed = True
