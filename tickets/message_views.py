"""What a ticket's page leaves out and shows on demand: all of one message, messages before others, their source."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from core.partials import render_page
from core.shortcuts import get_or_none
from replica.lookup import find_or_404
from teams.access import TeamRequest, team_view
from teams.policy import May
from tickets import message_html, page_context, thread
from tickets.models import Message, Ticket

PLACES = ("message", "newer")
# Messages whose source a page shows: each may have 200,000 characters.
SOURCES = 20


@team_view(May.VIEW)
def ticket_messages(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """All of the message `whole`, or as many messages as a page shows `before` one, else the newest.

    htmx puts a whole message in the place of its beginning, whose id begins with `place`.
    """
    ticket = find_or_404(request, Ticket, cstar_id, lambda: thread.fetch_ticket(request.team, cstar_id))
    place = request.GET.get("place", "")
    if whole := _named(request, ticket, "whole"):
        whole.html, whole.folded = message_html.whole(whole), False
        shown = [whole]
    else:
        shown = thread.shown_messages(ticket, before=_named(request, ticket, "before"))
    context = {
        "ticket": ticket,
        "thread": shown,
        "place": place if place in PLACES else PLACES[0],
        "earlier_url": "" if whole else thread.earlier_url(shown),
        "back": page_context.url(ticket.cstar_id, page_context.carried(request)),
    }
    template = "tickets/_messages.html" if request.headers.get("HX-Request") else "tickets/messages.html"
    return render_page(request, template, context)


@team_view(May.VIEW)
def ticket_source(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """The newest messages, or the one that is asked for, character by character as cStar gave them (no call)."""
    ticket = find_or_404(request, Ticket, cstar_id, lambda: thread.fetch_ticket(request.team, cstar_id))
    wanted = _named(request, ticket, "message")
    newest = Message.objects.filter(ticket=ticket.pk).order_by("-position", "-pk")[:SOURCES]
    context = {
        "ticket": ticket,
        "thread": [wanted] if wanted else list(reversed(newest)),
        "back": page_context.url(ticket.cstar_id, page_context.carried(request)),
    }
    return render(request, "tickets/source.html", context)


def _named(request: TeamRequest, ticket: Ticket, parameter: str) -> Message | None:
    """The message of the ticket whose key stands in the address; None if none stands there."""
    if parameter not in request.GET:
        return None
    found = get_or_none(Message.objects.filter(ticket=ticket.pk), pk=request.GET[parameter])
    if found is None:
        raise Http404
    found.ticket = ticket
    return found
