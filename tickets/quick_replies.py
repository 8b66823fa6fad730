"""Ready answers with their placeholders filled for a ticket."""

import re

from core.folding import sort_key
from customers.models import Customer
from replica.versioned_cache import remembered
from teams.access import TeamRequest
from tickets.models import QuickReply, Ticket

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")


def filled(request: TeamRequest, ticket: Ticket, customer: Customer | None) -> list[dict[str, str]]:
    """Title and text of each; a placeholder that we do not know stays visible, so that nobody sends it unseen."""

    def load() -> list[tuple[str, str]]:
        replies = QuickReply.objects.filter(team=request.team).values_list("title", "content")
        return sorted(replies, key=lambda reply: sort_key(reply[0]))

    name = customer.name if customer else ticket.customer_name
    words = {
        "customer.name": name or "there",
        "customer.first_name": name.split()[0] if name.split() else "there",
        "customer.email": customer.email if customer else "",
        "agent.name": request.user.display_name,
        "agent.first_name": request.user.first_name or request.user.display_name,
        "ticket.title": ticket.title,
        "ticket.id": ticket.cstar_id,
        "team.name": request.team.name,
    }
    return [
        {"title": title, "text": _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), content)}
        for title, content in remembered(request.team, "quick-replies", load)
    ]
