"""The server: lets requests in, counts them, remembers answers by their Idempotency-Key and loses some of them.

It knows no socket: `handle` takes a request and gives an answer, or raises what a client would see of a connection
that is refused or broken off. `http_server` and `transport` are the two ways to reach it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import RLock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from tests.strict_cstar import errors, other_pages, rendering, resources, routing, team, transfers
from tests.strict_cstar.others import Others
from tests.strict_cstar.routing import Call, Reply
from tests.strict_cstar.store import Object, Store
from tests.strict_cstar.story import CUSTOMERS, TICKETS, fill
from tests.strict_cstar.variant import Variant

__all__ = ["Answer", "Received", "Request", "StrictCStar"]

#: Importing these modules declares their endpoints.
PAGES = (other_pages, resources, team, transfers)

BASE = "/api/v1"
TEAM_ID = "7d1e9a52-3c44-4b0e-9d57-5f0c1f6a2b10"
SECRET_KEY = f"sk_test_strict{'0' * 26}"
PUBLISHABLE_KEY = f"pk_test_strict{'0' * 26}"
PUBLISHABLE_LIMIT = 100
WINDOW = timedelta(hours=1)
KEYS_REMEMBERED = timedelta(hours=24)
# Not for publishable keys, though they only read.
_SECRET_ONLY = ("/settings", "/analytics", "/billing", "/audit-log", "/members", "/webhooks", "/export")


@dataclass
class Request:
    """`path` without the query; header names in lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""

    def copy(self) -> Answer:
        return Answer(self.status, dict(self.headers), self.body)


class Received(NamedTuple):
    """A line of the request log; `path` begins after the team's id."""

    method: str
    path: str
    status: int


@dataclass
class _Hour:
    began: datetime
    used: int = 0


def _now() -> datetime:
    return datetime.now(UTC)


class StrictCStar:
    """One team's cStar. `requests` logs what was asked; `others` does what other people do at the same time.

    `variant` may be changed at any time. `clock` is the true time; `pass_time` moves cStar's on.
    """

    def __init__(
        self,
        variant: Variant | None = None,
        *,
        seed: int = 7,
        clock: Callable[[], datetime] = _now,
        tickets: int = TICKETS,
        customers: int = CUSTOMERS,
    ) -> None:
        self.variant = variant or Variant()
        self.team_id, self.secret_key, self.publishable_key = TEAM_ID, SECRET_KEY, PUBLISHABLE_KEY
        self.store = Store(self.variant, clock, seed)
        self.requests: list[Received] = []
        self.lock = RLock()
        self.others = Others(self.store, self.lock)
        self._hours: dict[str, _Hour] = {}
        self._answers: dict[str, tuple[datetime, Answer]] = {}
        self._luck = random.Random(seed)
        fill(self.store, tickets=tickets, customers=customers)

    def handle(self, request: Request) -> Answer:
        """Answer a request. ConnectionRefusedError: it never arrived; ConnectionResetError: its answer was lost."""
        with self.lock:
            if self.variant.away == "refused":
                raise ConnectionRefusedError
            answer = self._answer(request)
            self.requests.append(Received(request.method, _below_team(request.path), answer.status))
            if self._luck.random() < self.variant.loses_answers:
                raise ConnectionResetError
            return answer

    def pass_time(self, **span: float) -> None:
        """`pass_time(minutes=5)`: move cStar's clock on."""
        self.store.offset += timedelta(**span)

    def stop_clock(self) -> None:
        """From now on only `pass_time` moves cStar's clock."""
        self.store.stop_clock()

    def received(self, method: str, path: str = "") -> list[Received]:
        """The logged requests with this method and a path that begins so."""
        return [one for one in self.requests if one.method == method and one.path.startswith(path)]

    # From here on: a request's way through the server, in order -------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        if self.variant.away:
            return Answer(503, {"Content-Type": "text/html"}, b"<h1>Service Unavailable</h1>")
        if self.variant.redirect_to:
            query = f"?{request.query}" if request.query else ""
            target = f"{self.variant.redirect_to}{request.path.removeprefix(BASE)}{query}"
            return Answer(308, {"Location": target})
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.variant.revoked_key or key not in {self.secret_key, self.publishable_key}:
            return self._refusal(errors.unauthenticated())
        hour, limit = self._hour_of(key), self._limit_of(key)
        answer = self._over_limit(hour) if hour.used >= limit else self._counted(request, key, hour)
        answer.headers |= self._rate_headers(hour, limit)
        return answer

    def _hour_of(self, key: str) -> _Hour:
        hour, now = self._hours.get(key), self.store.now()
        if hour is None or now - hour.began >= WINDOW:
            hour = self._hours[key] = _Hour(now)
        return hour

    def _limit_of(self, key: str) -> int:
        return self.variant.hourly_limit if key == self.secret_key else PUBLISHABLE_LIMIT

    def _over_limit(self, hour: _Hour) -> Answer:
        if not self.variant.retry_after:
            return self._refusal(errors.rate_limited(None))
        seconds = max(1, int((hour.began + WINDOW - self.store.now()).total_seconds()))
        answer = self._refusal(errors.rate_limited(seconds))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _rate_headers(self, hour: _Hour, limit: int) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - hour.used)),
            "X-RateLimit-Reset": str(int((hour.began + WINDOW).timestamp())),
            "X-RateLimit-Window": str(int(WINDOW.total_seconds())),
        }

    def _counted(self, request: Request, key: str, hour: _Hour) -> Answer:
        hour.used += 1
        repeated = request.headers.get("idempotency-key") if request.method in {"POST", "PATCH"} else None
        if not repeated or self.variant.idempotency == "ignored":
            return self._let_in(request, key)
        remembered = self._answers.get(f"{key} {repeated}")
        if remembered and self.store.now() - remembered[0] < KEYS_REMEMBERED:
            if self.variant.idempotency == "refused":
                return self._refusal(errors.conflict("This Idempotency-Key has been used"))
            return remembered[1].copy()
        answer = self._let_in(request, key)
        self._answers[f"{key} {repeated}"] = (self.store.now(), answer.copy())
        return answer

    def _let_in(self, request: Request, key: str) -> Answer:
        try:
            return self._success(self._call(request, key))
        except errors.RefusalError as refusal:
            return self._refusal(refusal)

    def _call(self, request: Request, key: str) -> Reply:
        if request.path == f"{BASE}/auth/whoami":
            return Reply(self._whoami(key), meta=False)
        team_path, _, rest = request.path.removeprefix(f"{BASE}/teams/").partition("/")
        if not request.path.startswith(f"{BASE}/teams/"):
            raise errors.not_found("Endpoint")
        path = f"/{rest}"
        reads = request.method == "GET" and not path.startswith(_SECRET_ONLY)
        if (
            team_path != self.team_id
            or (key != self.secret_key and not reads)
            or _is_below(rest, self.variant.forbidden)
        ):
            raise errors.forbidden()
        if _is_below(rest, self.variant.missing):
            raise errors.not_found("Endpoint")
        handler, ids = routing.resolve(request.method, path)
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        return handler(Call(self.store, self.variant, query, _decoded(request)), *ids)

    def _whoami(self, key: str) -> Object:
        kind = "secret" if key == self.secret_key else "publishable"
        name, slug = self.store.team_name, self.store.team_slug
        return {"teamId": self.team_id, "teamName": name, "teamSlug": slug, "keyType": kind, "environment": "test"}

    def _success(self, reply: Reply) -> Answer:
        if reply.text:
            return Answer(reply.status, self._headers(reply.text[1]), reply.text[0].encode())
        if reply.status == 204:
            return Answer(204, self._headers(None))
        return self._json(reply.status, reply.document or self._envelope(reply))

    def _envelope(self, reply: Reply) -> Object:
        document: Object = {"success": True, "data": reply.data}
        meta: Object = {"requestId": self._request_id(), "timestamp": rendering.stamp(self.store.now())}
        if reply.pagination:
            page, size, total = reply.pagination
            place = {"page": page, "pageSize": size, "total": total}
            if self.variant.pagination == "top":
                document["pagination"] = {**place, "hasMore": page * size < total}
            else:
                meta["pagination"] = {**place, "totalPages": -(-total // size)}
        if reply.meta or self.variant.meta_everywhere:
            document["meta"] = meta
        return document

    def _refusal(self, refusal: errors.RefusalError) -> Answer:
        timestamp = rendering.stamp(self.store.now())
        return self._json(refusal.status, errors.document(refusal, self.variant, self._request_id(), timestamp))

    def _request_id(self) -> str:
        return self.store.new_id("req", digits=12)

    def _json(self, status: int, document: Any) -> Answer:
        return Answer(status, self._headers("application/json"), json.dumps(document, ensure_ascii=False).encode())

    def _headers(self, media_type: str | None) -> dict[str, str]:
        headers = {"Date": format_datetime(self.store.now().replace(microsecond=0), usegmt=True)}
        return {**headers, "Content-Type": media_type} if media_type else headers


def _below_team(path: str) -> str:
    below = path.removeprefix(f"{BASE}/teams/")
    return below.partition("/")[2] if below != path else path.removeprefix(BASE)


def _is_below(path: str, places: frozenset[str]) -> bool:
    return any(f"{path}/".startswith(f"{place}/") for place in places)


def _decoded(request: Request) -> Object:
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise errors.invalid("The request body must be a JSON object")
    return body
