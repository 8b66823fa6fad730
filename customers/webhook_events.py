"""Brings what webhooks tell of customers into the working copy (core.md B6)."""

from replica import upsert
from replica.webhooks import Event
from teams.models import Team

# Without all of these something that changed could be missing, and the copy would still count as up to date.
NEEDED = {"name", "email", "status", "sentiment", "tags", "notes", "ticketCount", "createdAt", "updatedAt"}


def apply(team: Team, event: Event) -> bool:
    """Apply the customer; False when the payload does not hold enough."""
    row = event.object("customer", id="cus_")
    if row is None or not row.keys() >= NEEDED:
        return False
    upsert.apply("customers", team, [row])
    return True
