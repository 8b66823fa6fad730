"""`/tickets/{ticketId}/messages`: the thread of a ticket (docs/cstar-api.md#messages)."""

from typing import Any

import msgspec

from sandbox import bodies, changes, errors, times
from sandbox.api import Call, Reply
from sandbox.fields import Content, Name, Sender
from sandbox.models import Message, Ticket
from sandbox.resources import tickets

# A customer who writes again wants an answer again. A closed ticket stays closed.
REOPENED = {"resolved", "pending"}


class MessageCreate(msgspec.Struct, rename="camel"):
    content: Content = ""
    sender: Sender = "agent"
    sender_name: Name | None = None
    is_internal: bool = False


def message_list(call: Call, ticket_id: str) -> Reply:
    """Every message, oldest first, not paginated."""
    ticket = tickets.find(call.team, ticket_id)
    return Reply([_row(message) for message in ticket.messages.order_by("created_at", "id")])


def message_create(call: Call, ticket_id: str) -> Reply:
    """201 with the message. Counts as a change of its ticket; a customer's reopens a resolved or pending one."""
    ticket = tickets.find(call.team, ticket_id)
    body = bodies.shaped(call.body, MessageCreate)
    check(body)
    message = build(ticket, body)
    message.save(force_insert=True)
    ticket.message_count += 1
    ticket.updated_at = times.after(ticket.updated_at)
    ticket.save(update_fields=["message_count", "updated_at"])
    said = {"messageId": message.public_id, "sender": message.sender, "isInternal": message.is_internal}
    fires = {"ticket.message_added": lambda: {**tickets.event_data(call, ticket), "message": _row(message)}}
    changes.record(call, "ticket.message_added", ticket.id, fires, **said)
    if message.sender == "customer" and ticket.status in REOPENED:
        tickets.set_status(call, ticket, "open")
    return Reply(_row(message), 201)


def check(body: MessageCreate) -> None:
    if not body.content.strip():
        raise errors.missing("content is required", "content")
    if body.is_internal and body.sender == "customer":
        raise errors.invalid("A customer cannot write an internal message", "isInternal")


def build(ticket: Ticket, body: MessageCreate) -> Message:
    """The message of a checked body, not saved yet."""
    return Message(
        ticket=ticket,
        content=body.content,
        sender=body.sender,
        sender_name=body.sender_name,
        is_internal=body.is_internal,
        created_at=times.now(),
    )


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": message.public_id,
        "ticketId": message.ticket_id,
        "content": message.content,
        "sender": message.sender,
        "senderName": message.sender_name,
        "isInternal": message.is_internal,
        "createdAt": times.wire(message.created_at),
    }
