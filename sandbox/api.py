"""What every endpoint has in common: key, limit, body, one transaction, envelope, errors. Resources hold the rest.

`resource(GET=..., POST=...)` makes the Django view of one URL from one function a method. Such a function takes a
`Call` and the URL's arguments, and gives a `Reply` or raises an `ApiError`. The views need no middleware of the site.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox import auth, bodies, changes, errors, idempotency, times
from sandbox.ids import new_id
from sandbox.models import DATABASE, ApiKey, Team
from sandbox.params import Params

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Call:
    """One authenticated request as the resources see it. `pending` is what `changes` will write at its end."""

    key: ApiKey
    team: Team
    actor: changes.Actor
    params: Params
    request_id: str
    body: dict[str, Any] = field(default_factory=dict)
    pending: changes.Pending = field(default_factory=changes.Pending)


@dataclass(slots=True)
class Reply:
    """A success: `data` for the envelope, or `raw` for an answer that is not JSON."""

    data: Any = None
    status: int = 200
    pagination: dict[str, int] | None = None
    raw: HttpResponse | None = None


Handler = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL: a handler a method, whether reading needs a secret key, whether its POST changes anything."""

    handlers: dict[str, Handler]
    secret: bool
    stores: bool


def resource(*, secret: bool = False, stores: bool = True, **handlers: Handler) -> Callable[..., HttpResponse]:
    """The view of one URL. `secret`: reading needs a secret key too. `stores=False`: its POST changes nothing."""

    endpoint = Endpoint(handlers, secret, stores)

    @csrf_exempt
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        request_id = new_id("req_")
        headers: dict[str, str] = {}
        try:
            response = _dispatch(endpoint, request, path, request_id, headers)
        except errors.ApiError as error:
            response = failure(error, request_id)
        except SuspiciousOperation:
            response = failure(errors.invalid("Request could not be read"), request_id)
        except Exception:
            log.exception("sandbox %s %s failed (%s)", request.method, request.path, request_id)
            response = failure(errors.server_error(), request_id)
        for name, value in headers.items():
            response[name] = value
        return response

    return view


def _dispatch(
    endpoint: Endpoint, request: HttpRequest, path: dict[str, str], request_id: str, headers: dict[str, str]
) -> HttpResponse:
    handler = endpoint.handlers.get(request.method or "")
    if handler is None:
        raise errors.method_not_allowed(", ".join(endpoint.handlers))
    key = auth.authenticate(request.headers.get("Authorization", ""))
    auth.count(key, times.now(), headers)
    reads = request.method == "GET"
    auth.authorize(key, path.pop("team_id", str(key.team.uuid)), secret=endpoint.secret or not reads)
    call = Call(key, key.team, changes.Actor(key.id, key.name), Params(request.GET), request_id)
    raw = b"" if reads else bodies.read(request)
    call.body = bodies.parse(raw) if request.method in ("POST", "PATCH") else {}
    if reads or not endpoint.stores:
        return success(handler(call, **path), request_id)
    # One transaction for a change, its audit entries and, when asked for, its remembered answer.
    with _only_writer(call.team):
        stored = idempotency.claim(call, request, raw)
        if stored and stored.status:
            return idempotency.replay(stored)
        response = success(handler(call, **path), request_id)
        changes.flush(call)
        if stored:
            idempotency.remember(stored, response)
        return response


def carry_out(call: Call, handler: Callable[[Call], None]) -> None:
    """Runs a change that no request asked for as `_dispatch` runs the others."""
    with _only_writer(call.team):
        handler(call)
        changes.flush(call)


@contextmanager
def _only_writer(team: Team) -> Iterator[None]:
    """One transaction, one writer a team at a time, on databases with row locks too: audit order is that of commits."""
    with transaction.atomic(using=DATABASE):
        Team.objects.select_for_update().get(pk=team.pk)
        yield


def success(reply: Reply, request_id: str) -> HttpResponse:
    """`{"success": true, "data": ..., "meta": {requestId, timestamp, pagination?}}`."""
    if reply.raw is not None:
        return reply.raw
    meta: dict[str, Any] = {"requestId": request_id, "timestamp": times.wire(times.now())}
    if reply.pagination:
        meta["pagination"] = reply.pagination
    return _json({"success": True, "data": reply.data, "meta": meta}, reply.status)


def failure(error: errors.ApiError, request_id: str) -> HttpResponse:
    """`{"success": false, "error": {..., request_id}, "meta": {timestamp}}` (docs/cstar-api.md#errors)."""
    body = {
        "success": False,
        "error": {**error.wire(), "request_id": request_id},
        "meta": {"timestamp": times.wire(times.now())},
    }
    response = _json(body, error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


def _json(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), content_type="application/json", status=status)


@csrf_exempt
def unknown(request: HttpRequest, **path: str) -> HttpResponse:
    """Answer 404 for unknown URLs."""
    return failure(errors.not_found("Endpoint"), new_id("req_"))
