"""Brings what webhooks tell of tickets into the working copy (core.md B6)."""

from replica.webhooks import Event
from teams.models import Team
from tickets import thread

# Without all of these something that changed could be missing, and the copy would still count as up to date.
NEEDED = {
    *("title", "status", "priority", "customerId", "assignedTo", "tags", "notes", "metadata"),
    *("messageCount", "createdAt", "updatedAt"),
}


def apply(team: Team, event: Event) -> bool:
    """Apply the ticket, and the message that it was about; False when the payload does not hold enough."""
    row = event.object("ticket", id="tkt_", customer_id="cus_", assigned_to="mem_")
    message = event.object("message", id="msg_", ticket_id="tkt_")
    if row is None or not row.keys() >= NEEDED or (event.happened == "message_added" and message is None):
        return False
    if row["customerId"]:
        row.pop("customerName", None)  # the customer's own name; the ticket's is for those who have no customer
    thread.take_in(team, row, message)
    return True
