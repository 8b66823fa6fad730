from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from tests.strict_cstar import StrictCStar
from tests.strict_cstar.server import BASE, Request


class Answered(NamedTuple):
    status: int
    document: Any
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        return self.document["data"]


class Asking:
    """`ask("PATCH", "/tickets/tkt_1", status="open")`: a call with the secret key, or with `key`."""

    def __init__(self, cstar: StrictCStar) -> None:
        self.cstar = cstar

    def __call__(
        self, method: str, path: str, *, query: dict | None = None, key: str = "", idempotency: str = "", **body: Any
    ) -> Answered:
        headers = {"authorization": f"Bearer {key or self.cstar.secret_key}"}
        if idempotency:
            headers["idempotency-key"] = idempotency
        whole_path = f"{BASE}/teams/{self.cstar.team_id}{path}"
        sent = json.dumps(body).encode() if body else b""
        answer = self.cstar.handle(Request(method, whole_path, urlencode(query or {}), headers, sent))
        is_json = answer.headers.get("Content-Type") == "application/json"
        return Answered(answer.status, json.loads(answer.body) if is_json else answer.body.decode(), answer.headers)


@pytest.fixture
def cstar() -> StrictCStar:
    return StrictCStar()


@pytest.fixture
def ask(cstar) -> Asking:
    return Asking(cstar)


@pytest.fixture
def ticket(cstar) -> dict:
    """An open ticket with a thread that has a note, nobody's and without notes of its own."""
    held = cstar.store.objects["tickets"].values()
    found = next(one for one in held if one["messageCount"] == 4 and one["status"] == "open")
    found["assignedTo"] = None
    return found


@pytest.fixture
def customer(cstar) -> dict:
    return next(iter(cstar.store.objects["customers"].values()))
