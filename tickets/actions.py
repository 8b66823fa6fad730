"""What people do to tickets: one function an action.

Each calls cStar, lets the answer update the working copy, and records who it was. Errors of the client go on to the
view, which shows them beside what was typed; nothing of ours was changed then.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from activity.record import record
from cstar import MAX_PAGE_SIZE
from customers import actions as customer_actions
from sync import copies
from sync.calls import client
from sync.conflicts import NotesConflictError
from sync.models import Lane
from teams.access import TeamRequest
from tickets import thread
from tickets.forms import NewTicketForm, ReplyForm
from tickets.models import Ticket

# The form's names for the API's fields.
_WIRE = {"title": "title", "status": "status", "priority": "priority", "assigned_to": "assignedTo", "notes": "notes"}


def search(request: TeamRequest, text: str) -> list[Ticket]:
    """The first hundred tickets that cStar finds, in its order; those that we did not hold are held from now on."""
    found = (
        client(request.team, Lane.READ, "search", request.user.display_name)
        .tickets.list(search=text, page_size=MAX_PAGE_SIZE)
        .items
    )
    copies.apply("tickets", request.team, [item.raw for item in found])
    held = {t.cstar_id: t for t in Ticket.objects.filter(team=request.team, cstar_id__in=[item.id for item in found])}
    return [held[item.id] for item in found if item.id in held]


def update(request: TeamRequest, ticket: Ticket, changes: dict[str, Any]) -> None:
    """Change properties; what already has the value is not sent."""
    changes = {name: value for name, value in changes.items() if (value or "") != getattr(ticket, name)}
    if changes:
        _send(request, ticket, changes)


def set_status(request: TeamRequest, ticket: Ticket, status: str) -> None:
    """Set the status whatever we hold: with a reply it is said on purpose, and cStar may have reopened the ticket."""
    _send(request, ticket, {"status": status})


def _send(request: TeamRequest, ticket: Ticket, changes: dict[str, Any]) -> None:
    before = {name: getattr(ticket, name) for name in changes}
    answer = client(request.team, Lane.WRITE, "edit", request.user.display_name).tickets.update(
        ticket.cstar_id, **changes
    )
    _write_through(request, ticket, {_WIRE[name]: value for name, value in changes.items()}, answer.raw)
    record(
        request,
        "ticket.updated",
        _target(ticket),
        changes={name: (before[name], value) for name, value in changes.items()},
        request_id=answer.request_id,
    )


def change_tag(request: TeamRequest, ticket: Ticket, *, add: str = "", remove: str = "") -> None:
    """Add or take away one tag.

    The API replaces the whole list (seed-tickets.txt), so the ticket is read again first: a tag that somebody else
    added meanwhile stays.
    """
    fresh = thread.fetch(request.team, ticket.cstar_id)
    before = fresh.tags
    after = [tag for tag in before if tag != remove]
    if add and add.casefold() not in {tag.casefold() for tag in after}:
        after.append(add)
    if after == before:
        return
    answer = client(request.team, Lane.WRITE, "edit", request.user.display_name).tickets.update(
        ticket.cstar_id, tags=after
    )
    _write_through(request, fresh, {"tags": after}, answer.raw)
    record(request, "ticket.tagged", _target(ticket), changes={"tags": (before, after)}, request_id=answer.request_id)


def save_notes(request: TeamRequest, ticket: Ticket, notes: str, *, seen: str) -> None:
    """Replace the notes, unless they are no longer those that the person saw: then `NotesConflictError`."""
    fresh = thread.fetch(request.team, ticket.cstar_id)
    if fingerprint(fresh.notes) != seen and fresh.notes != notes:
        raise NotesConflictError(fresh.notes)
    update(request, fresh, {"notes": notes})


def reply(request: TeamRequest, ticket: Ticket, form: ReplyForm) -> None:
    """Post the reply or the note."""
    answer = client(request.team, Lane.WRITE, "reply", request.user.display_name).messages.create(
        ticket.cstar_id,
        content=form.content,
        sender="agent",
        sender_name=request.user.display_name,
        is_internal=form.is_note,
        idempotency_key=form.message_key(),
    )
    thread.add(ticket, answer.raw)
    record(request, "ticket.noted" if form.is_note else "ticket.replied", _target(ticket), request_id=answer.request_id)


def create(request: TeamRequest, form: NewTicketForm) -> Ticket:
    """Make the ticket, its customer first if they are new, its first message last."""
    data = form.cleaned_data
    customer_id = data["customer"]
    if form.new_customer:
        customer_id = customer_actions.create(
            request, {"name": data["name"], "email": data["email"]}, key=form.key("customer", "name", "email")
        ).cstar_id
    sent = {"title": data["title"], "priority": data["priority"], "customer_id": customer_id}
    if data["tags"]:
        sent["tags"] = data["tags"]
    # Without the message: if that one is refused and corrected, it goes to the ticket that is there already.
    key = form.key("ticket", "customer", "name", "email", "title", "priority", "tags")
    answer = client(request.team, Lane.WRITE, "new ticket", request.user.display_name).tickets.create(
        **sent, idempotency_key=key
    )
    mine = Ticket.objects.filter(team=request.team, cstar_id=answer.id)
    if not mine.exists():  # else this was a second try
        known = {"customerId": customer_id, "tags": data["tags"], "messageCount": 0}
        copies.apply("tickets", request.team, [{**known, **answer.raw}])
        customer_actions.count_ticket(request.team, customer_id)
    ticket = mine.get()
    record(request, "ticket.created", _target(ticket), request_id=answer.request_id)
    if data["content"]:
        _first_message(request, ticket, form)
    return ticket


def delete(request: TeamRequest, ticket: Ticket) -> None:
    """Delete the ticket and all its messages, for good."""
    answer = client(request.team, Lane.WRITE, "delete", request.user.display_name).tickets.delete(ticket.cstar_id)
    record(request, "ticket.deleted", _target(ticket), request_id=answer.request_id)
    copies.forget("tickets", request.team, [ticket.cstar_id])


def fingerprint(text: str) -> str:
    """Tells whether a text is still the one that somebody saw."""
    return sha256(text.encode()).hexdigest()


def _first_message(request: TeamRequest, ticket: Ticket, form: NewTicketForm) -> None:
    sender = form.cleaned_data["sender"]
    answer = client(request.team, Lane.WRITE, "reply", request.user.display_name).messages.create(
        ticket.cstar_id,
        content=form.cleaned_data["content"],
        sender=sender,
        sender_name=request.user.display_name if sender == "agent" else ticket.customer_name,
        idempotency_key=form.key("message", *form.fields),
    )
    thread.add(ticket, answer.raw)


def _write_through(request: TeamRequest, ticket: Ticket, sent: dict[str, Any], answer: dict[str, Any]) -> None:
    """What was sent holds since cStar said yes; what it answered wins."""
    was_current = ticket.thread_seen == ticket.thread_mark
    copies.apply("tickets", request.team, [{"id": ticket.cstar_id, **sent, **answer}])
    ticket.refresh_from_db()
    if was_current:
        thread.mark_seen(ticket)


def _target(ticket: Ticket) -> tuple[str, str, str]:
    return "ticket", ticket.cstar_id, ticket.title
