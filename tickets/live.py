"""What changed on a ticket's page since it was drawn. Pages that are open ask (static/js/live-page.js).

`since` is the change number that the part of the page is at; the answer's header `X-Live` names the one it is at then.
204 if nothing changed that it shows.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from customers.models import Customer
from replica import list_delta
from replica.versioned_cache import forget_state, team_state
from teams.access import TeamRequest, team_view
from teams.policy import May
from tickets import page_context, thread
from tickets.models import Ticket


@team_view(May.VIEW)
def ticket_changes(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """The panels and the thread if the ticket changed, its customer's card if that did; 404 once it is gone.

    The thread is fetched if it moved (one call, for all who have it open).
    """
    since = list_delta.number_in(request, "since")
    number, ticket = _now(request, cstar_id)
    if ticket and thread.follow(ticket):
        forget_state(request.team)
        number, ticket = _now(request, cstar_id)
    if ticket is None:
        return render(request, "tickets/_live_gone.html", status=404)
    if ticket.changed > since:
        template = "tickets/_live_ticket.html"
    elif _customer_changed(ticket, since):
        template = "tickets/_customer.html"
    else:
        return list_delta.at(number, HttpResponse(status=204))
    return list_delta.at(number, render(request, template, page_context.context(request, ticket)))


def _now(request: TeamRequest, cstar_id: str) -> tuple[int, Ticket | None]:
    """The change number, and after it the ticket, so that no change falls between the two.

    From the working copy of the session's team alone: a page that stays open neither looks elsewhere nor changes teams.
    """
    number = team_state(request.team).change_number
    ticket = Ticket.objects.filter(team=request.team, cstar_id=cstar_id).first()
    if ticket:
        ticket.team = request.team
    return number, ticket


def _customer_changed(ticket: Ticket, since: int) -> bool:
    if not ticket.customer:
        return False
    same = {"team": ticket.team_id, "changed__gt": since}
    return (
        Customer.objects.filter(cstar_id=ticket.customer, **same).exists()
        or Ticket.objects.filter(customer=ticket.customer, **same).exists()
    )
