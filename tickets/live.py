"""What changed in a list or on a ticket's page since it was drawn. Pages that are open ask (static/js/live-page.js).

`since` is the change number that the part of the page is at; the answer's header `X-Live` names the one it is at then.
204 if nothing changed that it shows.
"""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.shortcuts import render

from customers.models import Customer
from sync.derived import forget_state, remembered, team_state
from teams.access import TeamRequest, team_view
from teams.policy import May
from tickets import drafts, thread
from tickets.forms import TicketFilterForm
from tickets.models import Ticket
from tickets.queries import SHOWN, matching, ticket_page
from tickets.views import _carried, _page_context

# The rows on the page. A header, since a hundred ids are too long for an address.
SHOWN_HEADER = "X-Shown"
MOST_ROWS = 100
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

MOVED_ON, DELETED = "Moved on", "Gone"


@team_view(May.VIEW)
def list_changes(request: TeamRequest) -> HttpResponse:
    """Rows on the page that changed, marked where they no longer belong there, and how many new ones there would be.

    `drawn` is the change number at which the page was drawn: what is new is counted from there, and on page one alone.
    """
    form = TicketFilterForm(request.GET)
    since, number = _number(request, "since"), team_state(request).change_number
    shown = _shown(request)
    held = {t.cstar_id: t for t in Ticket.objects.filter(team=request.team, cstar_id__in=shown).only(*SHOWN)}
    changed = [ticket for ticket in held.values() if ticket.changed > since]
    stay = set(matching(request, form).filter(pk__in=[t.pk for t in changed]).values_list("pk", flat=True))
    marks = [(t.cstar_id, MOVED_ON) for t in changed if t.pk not in stay]
    marks += [(cstar_id, DELETED) for cstar_id in shown if cstar_id not in held]
    new = _newcomers(request, form, shown) if form.page == 1 else 0
    if not (changed or marks or new):
        return _at(number, HttpResponse(status=204))
    context = {
        "changed": changed,
        "drafts": drafts.tickets_with_draft(request, changed),
        "marks": marks,
        "new": new,
        "form": form,
        "carried": _carried(request),
    }
    return _at(number, render(request, "tickets/_live_list.html", context))


@team_view(May.VIEW)
def ticket_changes(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """The panels and the thread if the ticket changed, its customer's card if that did; 404 once it is gone.

    The thread is fetched if it moved (one call, for all who have it open).
    """
    since = _number(request, "since")
    number, ticket = _now(request, cstar_id)
    if ticket and thread.follow(ticket):
        forget_state(request)
        number, ticket = _now(request, cstar_id)
    if ticket is None:
        return render(request, "tickets/_live_gone.html", status=404)
    if ticket.changed > since:
        template = "tickets/_live_ticket.html"
    elif _customer_changed(ticket, since):
        template = "tickets/_customer.html"
    else:
        return _at(number, HttpResponse(status=204))
    return _at(number, render(request, template, _page_context(request, ticket)))


def _at(number: int, response: HttpResponse) -> HttpResponse:
    response["X-Live"] = str(number)
    return response


def _now(request: TeamRequest, cstar_id: str) -> tuple[int, Ticket | None]:
    """The change number, and after it the ticket, so that no change falls between the two.

    From the working copy of the session's team alone: a page that stays open neither looks elsewhere nor changes teams.
    """
    number = team_state(request).change_number
    ticket = Ticket.objects.filter(team=request.team, cstar_id=cstar_id).first()
    if ticket:
        ticket.team = request.team
    return number, ticket


def _number(request: TeamRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _shown(request: TeamRequest) -> list[str]:
    named = request.headers.get(SHOWN_HEADER, "").split(",")[:MOST_ROWS]
    return [cstar_id for cstar_id in named if _ID.fullmatch(cstar_id)]


def _newcomers(request: TeamRequest, form: TicketFilterForm, shown: list[str]) -> int:
    """How many tickets would come onto page one because they changed; those that only moved up do not count."""
    drawn = _number(request, "drawn")
    if not Ticket.objects.filter(team=request.team, changed__gt=drawn).exclude(cstar_id__in=shown).exists():
        return 0

    def first_page() -> list[tuple[str, int]]:
        return [(ticket.cstar_id, ticket.changed) for ticket in ticket_page(request, form).items]

    # Many look at the same list, and all of them ask within seconds of a change.
    whose = request.user.pk if form.value("assigned_to") == "me" else ""
    page = remembered(request, f"first:{form.fingerprint}:{form.sort}:{form.page_size}:{whose}", first_page)
    return sum(changed > drawn and cstar_id not in shown for cstar_id, changed in page)


def _customer_changed(ticket: Ticket, since: int) -> bool:
    if not ticket.customer:
        return False
    same = {"team": ticket.team_id, "changed__gt": since}
    return (
        Customer.objects.filter(cstar_id=ticket.customer, **same).exists()
        or Ticket.objects.filter(customer=ticket.customer, **same).exists()
    )
