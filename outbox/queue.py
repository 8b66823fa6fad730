"""The outbox: what people wrote is a row of ours before it is sent, and is sent once.

A resource declares how each kind of entry is sent (outbox/handlers.py). A kind has steps, each one write to cStar
(outbox/delivery.py). cStar's answer is kept in the transaction that writes it into the working copy, so that whoever
takes over from a killed process goes on after the last step that is done. Each call carries an Idempotency-Key that is
the same in every try. Since a cStar may forget keys, a step that creates an object looks for it before it tries again:
the object is created once even if an answer was lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from outbox.delivery import KEY_LIFE, send_line
from outbox.models import Outgoing
from teams.access import TeamRequest
from teams.models import User
from teams.policy import May

State = Outgoing.State

KEPT = timedelta(days=7)


def enqueue(
    request: TeamRequest,
    kind: str,
    payload: dict[str, Any],
    *,
    line: str,
    target_id: str = "",
    key: str | None = None,
    delay: int = 0,
) -> Outgoing:
    """Add a write of the request's person; it is sent after `delay` seconds at the earliest.

    The same `key` twice is the same entry: a form that was sent twice. One that was taken back or refused goes again.
    """
    fields = {
        "user": request.user,
        "person": request.user.display_name,
        "kind": kind,
        "line": line,
        "target_id": target_id,
        "payload": payload,
        "due_at": timezone.now() + timedelta(seconds=delay),
    }
    with transaction.atomic():
        entry, made = Outgoing.objects.get_or_create(team=request.team, key=key or str(uuid4()), defaults=fields)
        if not made and entry.state in (State.UNDONE, State.FAILED, State.HELD):
            whose = {name: fields[name] for name in ("user", "person", "payload", "due_at")}
            Outgoing.objects.filter(pk=entry.pk).update(**whose)
            again(entry)
    forget_read(request)
    return entry


def do(request: TeamRequest, kind: str, payload: dict[str, Any], **where: Any) -> Outgoing:
    """Keep a write and try it at once. Afterwards it is sent, or waits for cStar.

    Raises the refusal; then it is not kept, for the form that it came from still shows what was typed. Where cStar has
    a part of it already it stays in the outbox, which is then the one place where it goes on.
    """
    entry = enqueue(request, kind, payload, **where)
    refusal = send_now(entry)
    if refusal and forget_refused(entry):
        raise refusal
    return entry


def forget_refused(entry: Outgoing) -> bool:
    """Delete a refused entry whose form still shows what was typed, unless cStar has a part of it."""
    if any(answer["id"] for answer in entry.answers.values()):
        return False
    entry.delete()
    return True


def send_now(entry: Outgoing) -> Exception | None:
    """Send the entry in this request, after earlier entries of its line; return why it was refused, or None."""
    refusal = send_line(entry.team, entry.line).get(entry.pk)
    entry.refresh_from_db()
    return refusal


# --- taking back, deciding -------------------------------------------------------------------------------------


def open_entries(request: TeamRequest) -> list[Outgoing]:
    """Return the team's open entries in their order. One query a request."""
    if "outbox" not in request.memo:
        found = Outgoing.objects.filter(team=request.team, state__in=Outgoing.OPEN)
        request.memo["outbox"] = list(found.order_by("due_at", "pk"))
    return request.memo["outbox"]


def forget_read(request: TeamRequest) -> None:
    """Read the entries again after the request changed the outbox."""
    request.memo.pop("outbox", None)


def may_decide(request: TeamRequest, entry: Outgoing) -> bool:
    """Whether the person may undo, send or discard it: its writer may, and managers if it is stuck."""
    if entry.user_id == request.user.pk:
        return True
    return entry.state in (State.FAILED, State.HELD) and request.membership.allows(May.DELETE_TICKETS)


def take_back(entry: Outgoing) -> bool:
    """Undo it, unless it is on its way already or cStar may have it."""
    unsent = Outgoing.objects.filter(pk=entry.pk, state=entry.state, attempts=entry.attempts)
    return entry.may_be_undone and bool(unsent.update(state=State.UNDONE))


def discard(entry: Outgoing) -> bool:
    """Discard a stuck entry, whatever cStar may have of it."""
    stuck = Outgoing.objects.filter(pk=entry.pk, state__in=[State.FAILED, State.HELD])
    return bool(stuck.update(state=State.UNDONE))


def again(entry: Outgoing, by: User | None = None, **changes: Any) -> bool:
    """Send an entry again that was refused, held or taken back; `by` is who decided that.

    cStar may repeat a refusal for the same key (docs/cstar-api.md#idempotency), so the entry gets another; only where
    cStar may have taken an earlier try, and still knows its key, that key decides.
    """
    remembered = entry.unsure_since and timezone.now() - entry.unsure_since < KEY_LIFE
    stopped = Outgoing.objects.filter(pk=entry.pk, state__in=[State.FAILED, State.HELD, State.UNDONE])
    return bool(
        stopped.update(
            state=State.WAITING,
            generation=F("generation") if remembered else F("generation") + 1,
            unsure_since=entry.unsure_since if remembered else None,
            next_try_at=None,
            problem="",
            code="",
            released_by=by if by and by.pk != entry.user_id else None,
            **changes,
        )
    )


def prune(now: datetime) -> None:
    """Delete entries that were sent or undone a week ago. Failed ones stay until somebody decides."""
    done = Outgoing.objects.filter(state__in=[State.SENT, State.UNDONE])
    done.filter(due_at__lt=now - KEPT).delete()
