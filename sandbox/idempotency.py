"""Idempotency-Key on POST and PATCH: the first answer, again, for 24 hours (docs/cstar-api.md#idempotency).

The key's row is written in the transaction of the change itself. A second request with the same key therefore waits for
the first: it finds the finished answer and replays it, or, when the first was refused and rolled back, runs.
"""

import hashlib
from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from sandbox import errors, times
from sandbox.models import StoredAnswer

LIFETIME = timedelta(hours=24)


def claim(call, request: HttpRequest, raw: bytes) -> StoredAnswer | None:
    """The key's row: this request's own (status 0) or the one with the first answer. None without the header.

    Scoped to the team. 409 when the key was used for another request. Only POST and PATCH take the header.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method not in ("POST", "PATCH"):
        return None
    if len(key) > 255 or "\x00" in key:
        raise errors.invalid("Idempotency-Key may hold at most 255 characters", "Idempotency-Key")
    StoredAnswer.objects.filter(team=call.team, created_at__lte=times.now() - LIFETIME).delete()
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + raw).hexdigest()
    mine = StoredAnswer(team=call.team, key=key, owner=call.request_id, fingerprint=fingerprint, created_at=times.now())
    StoredAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    stored = StoredAnswer.objects.get(team=call.team, key=key)
    if stored.fingerprint != fingerprint:
        raise errors.conflict("Idempotency-Key was already used for a different request")
    return stored


def remember(stored: StoredAnswer, response: HttpResponse) -> None:
    stored.status, stored.body = response.status_code, response.content
    stored.save(update_fields=["status", "body"])


def replay(stored: StoredAnswer) -> HttpResponse:
    response = HttpResponse(bytes(stored.body), content_type="application/json", status=stored.status)
    response["Idempotent-Replayed"] = "true"
    return response
