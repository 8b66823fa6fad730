"""New tickets: for a customer found by name or address, or for a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.errors import sentence, status_for
from core.folding import fold, search
from core.partials import render_page
from cstar import Conflict, CStarError
from customers.models import Customer
from outbox.models import Outgoing
from replica.versioned_cache import complete
from teams.access import TeamRequest, team_view
from teams.policy import May
from tickets import actions, outbox_handlers
from tickets.forms import NewTicketForm
from tickets.outbox_entries import ticket_id


@team_view(May.EDIT_TICKETS, methods=("GET", "POST"))
def create(request: TeamRequest) -> HttpResponse:
    """A new ticket for a customer found by name or address (`who`), or for a new one."""
    status = 200
    form = NewTicketForm(request.POST or None, initial=_known_of_new(request))
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                entry = actions.create(request, form)
            except CStarError as error:
                status = status_for(error)
                is_taken = isinstance(error, Conflict) and form.new_customer
                form.add_error("email" if is_taken else None, sentence(error))
            else:
                if entry.state != Outgoing.State.SENT:
                    return redirect("outbox:detail", entry.pk)
                messages.success(request, _("Ticket created."))
                return redirect("tickets:detail", ticket_id(entry))
    who = _short(request.GET.get("who") or request.POST.get("who"))
    chosen = _short(form["customer"].value())
    found = _find_customers(request, who, chosen)
    context = {"form": form, "who": who, "found": found, "chosen": chosen or _exact(found, who)}
    partials = {"customer-choice": "tickets/_customer_choice.html"}
    return render_page(request, "tickets/create.html", context, partials=partials, status=status)


def _known_of_new(request: TeamRequest) -> dict:
    """Initial values of the form: the customer, or everything of an `entry` that cStar refused."""
    pk = request.GET.get("entry", "")
    if pk.isascii() and pk.isdigit() and len(pk) < 16:
        stuck = Outgoing.objects.filter(team=request.team, kind=outbox_handlers.CREATE)
        stuck = stuck.filter(state__in=[Outgoing.State.FAILED, Outgoing.State.HELD])
        return get_object_or_404(stuck, pk=int(pk)).payload
    return {name: request.GET.get(name, "") for name in ("customer", "name", "email")}


def _short(text: str | None) -> str:
    """Cut a parameter that no form checks to what the database can search for."""
    return (text or "").replace("\x00", "")[:200]


def _find_customers(request: TeamRequest, who: str, chosen: str) -> list[Customer]:
    """Customers that match every word, the chosen one first."""
    complete(request.team, "customers")
    team = Customer.objects.filter(team=request.team)
    matches = list(team.filter(search(who)).order_by("name_key", "id")[:6]) if who.strip() else []
    known = team.filter(cstar_id=chosen).first() if chosen else None
    return [known, *(match for match in matches if match != known)] if known else matches


def _exact(found: list[Customer], who: str) -> str:
    """The id of the one customer whose name or address is exactly `who`, else ""."""
    wanted = fold(who)
    exact = [customer.cstar_id for customer in found if wanted in {fold(customer.email), fold(customer.name)}]
    return exact[0] if len(exact) == 1 else ""
