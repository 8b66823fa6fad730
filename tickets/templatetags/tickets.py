"""What pages of other apps show of tickets. A template may name it; no app below this floor imports it."""

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django import template
from django.utils.safestring import SafeString

from customers.models import Customer
from tickets import presenters
from tickets.models import Ticket

register = template.Library()
register.simple_tag(presenters.messages)
register.simple_tag(presenters.by_day, name="messages_by_day")

SHOWN = 50


@register.simple_tag
def ticket_rows(
    tickets: Iterable[Ticket], carried: str, in_list: bool = True, drafts: Collection[str] = ()
) -> SafeString:
    """Tickets as rows of a table. `drafts` are the ids of those with something unsent of the person's."""
    return presenters.rows(tickets, carried, in_list=in_list, drafts=drafts)


@register.inclusion_tag("tickets/_customer_tickets.html")
def customer_tickets(customer: Customer) -> dict:
    """The customer's newest tickets as a table."""
    found = Ticket.objects.filter(team=customer.team_id, customer=customer.cstar_id).order_by("-updated_at", "-id")
    tickets = list(found.defer("payload", "search_text", "folded")[: SHOWN + 1])
    return {
        "customer": customer,
        "tickets": tickets[:SHOWN],
        "more": len(tickets) > SHOWN,
        "carried": f"?{urlencode({'customer': customer.cstar_id})}",
    }
