"""How a ticket's fields are changed at cStar, and how it is seen whether it kept them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from cstar import BadRequest, Client, Ticket
from members import people
from members.models import Member
from outbox import verification
from outbox.handlers import NotOfferedError, idempotency_key
from outbox.models import Outgoing
from replica import capabilities
from tickets import features, thread

NO_ASSIGNING = gettext_noop("This cStar takes no assignments from the desk. Assign the ticket in cStar itself.")
NOT_KEPT = gettext_noop("cStar said yes and kept the ticket as it was. Look at it there.")


def update(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Ticket:
    """Change the fields. `NotOfferedError` where this cStar takes no assignments."""
    if "assigned_to" not in fields:
        return _patch(entry, api, fields)
    if not capabilities.offers(entry.team, features.ASSIGNING):
        raise NotOfferedError(NO_ASSIGNING)
    sent = fields | {"assigned_to": _wire_id(entry, fields["assigned_to"])}
    try:
        return _patch(entry, api, sent)
    except BadRequest as error:
        if not capabilities.named_field(error, ["assignedTo"]) or _takes_assignments(entry, api):
            raise
    raise NotOfferedError(NO_ASSIGNING)


def not_taken(entry: Outgoing, api: Client, sent: dict[str, Any], answer: Ticket) -> list[str]:
    """The fields (camelCase) that cStar does not have as they were sent; mostly the answer says so."""

    def fetch_fields() -> dict[str, Any]:
        ticket = thread.fetch_ticket(entry.team, entry.target_id, api)
        return {**ticket.payload, "assignedTo": ticket.assigned_to}

    said = dict(answer.raw)
    if "assignedTo" in said:
        said["assignedTo"] = people.own_id(entry.team, said["assignedTo"])
    return verification.not_taken(entry.team, features.TICKETS, sent, said, read=fetch_fields)


def _patch(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Ticket:
    key = idempotency_key(entry, "edit", sorted(fields.items()))
    return api.tickets.update(entry.target_id, **fields, idempotency_key=key)


def _takes_assignments(entry: Outgoing, api: Client) -> bool:
    """Whether a refusal was about the person: then cStar takes the assignment that the ticket has already."""
    if capabilities.is_offered(entry.team, features.ASSIGNING):
        return True
    ticket = thread.fetch_ticket(entry.team, entry.target_id, api)
    try:
        api.tickets.update(entry.target_id, assigned_to=_wire_id(entry, ticket.assigned_to))
    except BadRequest as error:
        if capabilities.named_field(error, ["assignedTo"]):
            capabilities.learn(entry.team, features.ASSIGNING, False)
            return False
    capabilities.learn(entry.team, features.ASSIGNING, True)
    return True


def _wire_id(entry: Outgoing, cstar_id: str | None) -> str | None:
    """The member's id as this cStar wants it in a ticket; None is nobody."""
    member = Member.objects.filter(team=entry.team, cstar_id=cstar_id or "").first()
    return people.wire_id(entry.team, member) if member else cstar_id or None
