"""The ticket that an outbox entry is about."""

from __future__ import annotations

from outbox.handlers import Sent, record_sent
from outbox.models import Outgoing
from tickets.models import Ticket


def ticket_id(entry: Outgoing) -> str:
    """The cStar id of the entry's ticket; "" for a new ticket that cStar has not created yet."""
    return entry.target_id or entry.answers.get("ticket", {}).get("id", "")


def ticket_of(entry: Outgoing) -> Ticket | None:
    """The entry's ticket in the working copy. A ticket that is not there needs no update."""
    return Ticket.objects.filter(team=entry.team, cstar_id=ticket_id(entry)).first()


def record_step(entry: Outgoing, action: str, sent: Sent) -> None:
    """Record what a step of the entry did to its ticket."""
    ticket, cstar_id = ticket_of(entry), ticket_id(entry)
    record_sent(entry, action, cstar_id, ticket.title if ticket else cstar_id, sent)
