"""What people do to tickets: one function an action.

What is written goes through the outbox (tickets/outbox_handlers.py), which sends it, lets the answer update the
working copy and records who it was; where cStar is away it waits there. What cStar refuses goes on to the view, which
shows it beside what was typed; nothing of ours was changed then. Deleting
calls cStar directly: a DELETE has no Idempotency-Key.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from activity.record import record
from budget.client import client
from budget.models import Lane
from cstar import MAX_PAGE_SIZE
from outbox import queue
from outbox.handlers import NotOfferedError
from outbox.models import Outgoing
from replica import capabilities, upsert
from teams.access import TeamRequest
from tickets import drafts, outbox_handlers, pending, replies
from tickets.forms import NewTicketForm, ReplyForm
from tickets.models import Ticket


def search(request: TeamRequest, text: str) -> list[Ticket]:
    """The first hundred tickets that cStar finds, in its order; those that we did not hold are held from now on."""
    found = client(request.team, Lane.READ, "search").tickets.list(search=text, page_size=MAX_PAGE_SIZE).items
    upsert.apply("tickets", request.team, [item.raw for item in found])
    held = {t.cstar_id: t for t in Ticket.objects.filter(team=request.team, cstar_id__in=[item.id for item in found])}
    return [held[item.id] for item in found if item.id in held]


def update(request: TeamRequest, ticket: Ticket, changes: dict[str, Any]) -> Outgoing | None:
    """Change properties; what already has the value, or will have it once cStar is back, is not sent."""
    wanted = pending.as_wanted(request, ticket)
    changes = {name: value for name, value in changes.items() if (value or "") != getattr(wanted, name)}
    return _do(request, ticket, outbox_handlers.EDIT, {"changes": changes}) if changes else None


def change_tag(request: TeamRequest, ticket: Ticket, *, add: str = "", remove: str = "") -> Outgoing:
    """Add or take away one tag."""
    return _do(request, ticket, outbox_handlers.TAG, {"add": add, "remove": remove})


def save_notes(request: TeamRequest, ticket: Ticket, notes: str, *, seen: str) -> Outgoing:
    """Replace the notes, unless they are no longer those that the person saw: then `NotesConflictError`."""
    return _do(request, ticket, outbox_handlers.NOTES, {"notes": notes, "seen": seen})


def reply(request: TeamRequest, ticket: Ticket, form: ReplyForm) -> Outgoing:
    """Put the reply or note into the outbox, which sends it when the person's time to undo is over.

    Without such a time it is tried at once. Raises the refusal of the message; a status that was refused after the
    message was posted stays with the entry.
    """
    data = form.cleaned_data
    if form.is_note and not replies.takes_notes(capabilities.offered_here(request)):
        raise NotOfferedError(replies.NOTES_NOT_OFFERED)
    with transaction.atomic():
        entry = queue.enqueue(
            request,
            outbox_handlers.REPLY,
            {"kind": data["kind"], "content": form.content, "then": data["then"], "seen": form.seen},
            line=outbox_handlers.line(ticket.cstar_id),
            target_id=ticket.cstar_id,
            key=form.message_key(),
            delay=request.user.undo_seconds,
        )
        drafts.clear(request, ticket, data["kind"])
    if not request.user.undo_seconds:
        refusal = queue.send_now(entry)
        if refusal and queue.forget_refused(entry):
            raise refusal
    return entry


def append_note(request: TeamRequest, ticket: Ticket, form: ReplyForm) -> Outgoing:
    """Add the note to the ticket's notes, for a cStar that would show it to the customer as a message."""
    payload = {"content": form.content, "at": f"{timezone.now().astimezone(UTC):%Y-%m-%d %H:%M} UTC"}
    where = {"line": outbox_handlers.line(ticket.cstar_id), "target_id": ticket.cstar_id}
    entry = queue.do(request, outbox_handlers.APPEND, payload, **where, key=form.key_of("notes", form.content))
    drafts.clear(request, ticket, form.cleaned_data["kind"])
    return entry


def create(request: TeamRequest, form: NewTicketForm) -> Outgoing:
    """Make the ticket, its customer first if they are new, its first message last."""
    names = ("customer", "name", "email", "title", "priority", "tags", "content", "sender")
    payload = {name: form.cleaned_data[name] for name in names} | {"nonce": str(form.cleaned_data["nonce"])}
    key = form.key("new ticket")
    return queue.do(request, outbox_handlers.CREATE, payload, line=f"ticket:new:{key}", key=key)


def delete(request: TeamRequest, ticket: Ticket) -> None:
    """Delete the ticket and all its messages, for good."""
    answer = client(request.team, Lane.WRITE, "delete").tickets.delete(ticket.cstar_id)
    target = ("ticket", ticket.cstar_id, ticket.title)
    record(request, "ticket.deleted", target, request_id=answer.request_id)
    upsert.forget("tickets", request.team, [ticket.cstar_id])


def _do(request: TeamRequest, ticket: Ticket, kind: str, payload: dict[str, Any]) -> Outgoing:
    return queue.do(request, kind, payload, line=outbox_handlers.line(ticket.cstar_id), target_id=ticket.cstar_id)
