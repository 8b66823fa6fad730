"""What pages of other apps show of tickets. A template may name it; no app below this floor imports it."""

from urllib.parse import urlencode

from django import template

from customers.models import Customer
from tickets import presenters
from tickets.models import Ticket
from tickets.resource import TICKETS

register = template.Library()
register.simple_tag(presenters.messages)
register.simple_tag(presenters.by_day, name="messages_by_day")

SHOWN = 50


@register.inclusion_tag("tickets/_customer_tickets.html")
def customer_tickets(customer: Customer) -> dict:
    """The customer's newest tickets as a table."""
    found = Ticket.objects.filter(team=customer.team_id, customer=customer.cstar_id).order_by("-updated_at", "-id")
    tickets = list(found.defer("payload", "search_text", "folded")[: SHOWN + 1])
    for ticket in tickets:
        ticket.carried, ticket.of_customer = f"?{urlencode({'customer': customer.cstar_id})}", True
    more = len(tickets) > SHOWN
    return {"resource": TICKETS, "customer": customer, "tickets": tickets[:SHOWN], "more": more}
