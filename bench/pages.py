"""The pages that are measured, and a ticket with a thread of a known length."""

from cstar import Client
from teams.models import Team
from tickets.models import Ticket, TicketTag

MESSAGES = 20


def lists(team: Team) -> dict[str, str]:
    """Name -> address of the list pages, 50 rows each: as people filter, sort and search them."""
    tag = TicketTag.objects.filter(ticket__team=team, name="billing").values_list("name", flat=True).first() or "bug"
    return {
        "everything, newest first": "/tickets/",
        "open, by priority downward": "/tickets/?status=active&sort=-priority",
        "open and mine": "/tickets/?status=active&assigned_to=me",
        "open and nobody's, oldest first": "/tickets/?status=active&assigned_to=nobody&sort=updated",
        f"tag {tag}": f"/tickets/?tag={tag}",
        "a frequent word": "/tickets/?search=invoice",
        "everything, by assignee, page 20": "/tickets/?sort=assignee&page=20",
    }


def long_ticket(team: Team, client: Client) -> str:
    """The cStar id of an open ticket whose thread cStar has, with exactly `MESSAGES` messages."""
    some = Ticket.objects.filter(team=team, message_count__lte=MESSAGES, customer__gt="")
    ticket = some.order_by("-message_count", "id").first()
    for number in range(ticket.message_count, MESSAGES):
        client.messages.create(
            ticket.cstar_id,
            content=f"This is message {number + 1}.\n\nIt has **two** paragraphs and a [link](https://example.com/).",
            sender="customer" if number % 2 else "agent",
            sender_name=ticket.customer_name if number % 2 else "Priya Raman",
        )
    return ticket.cstar_id
