"""Customers: the list, a profile, and looking after them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.views import history_page
from core.errors import sentence, status_for
from cstar import Conflict, CStarError, NotFound
from customers import actions, outbox_handlers
from customers.forms import (
    CustomerEditForm,
    CustomerForm,
)
from customers.models import Customer
from customers.resource import CUSTOMERS
from outbox.conflicts import NotesConflictError
from outbox.handlers import handler_of
from outbox.models import Outgoing
from replica import upsert
from replica.listing import list_changes, list_page
from replica.lookup import find_or_404
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW)
def customer_list(request: TeamRequest) -> HttpResponse:
    """Customers, filtered, sorted and paged by the address, from the working copy alone (no API call)."""
    return list_page(request, CUSTOMERS)


@team_view(May.VIEW)
def customer_list_changes(request: TeamRequest) -> HttpResponse:
    """What changed in the list since it was drawn. Pages that are open ask."""
    return list_changes(request, CUSTOMERS)


@team_view(May.VIEW)
def customer_detail(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """A customer's profile with their tickets."""
    customer = _with_details(request, cstar_id)
    return render(request, "customers/detail.html", {"customer": customer})


@team_view(May.VIEW)
def customer_history(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Show what was done to a customer through this desk."""
    held = _customer_or_404(request, cstar_id)
    return history_page(request, held.cstar_id, reverse("customers:detail", args=[held.cstar_id]))


@team_view(May.EDIT_CUSTOMERS, methods=("GET", "POST"))
def customer_create(request: TeamRequest) -> HttpResponse:
    """Create a customer. The form says if the address is taken, and keeps what was typed."""
    form = CustomerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            fields = {name: form.cleaned_data[name] for name in ("name", "email", "tags", "notes")}
            given = {name: value for name, value in fields.items() if value}
            try:
                entry = actions.create(request, given, key=form.key("customer"))
            except CStarError as error:
                status = _explain(form, error)
            else:
                return _done(request, entry, _("Customer created."))
    return render(request, "customers/form.html", {"form": form, "customer": None}, status=status)


@team_view(May.EDIT_CUSTOMERS, methods=("GET", "POST"))
def customer_update(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Change a customer; only what differs is sent."""
    customer = _customer_or_404(request, cstar_id) if request.method == "POST" else _with_details(request, cstar_id)
    current = {"status": customer.status, "sentiment": customer.sentiment}
    initial = {name: getattr(customer, name) for name in CustomerEditForm.FIELDS}
    form = CustomerEditForm(request.POST or None, initial=initial, current=current)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                entry = actions.update(request, customer, form.changes(), shown=form.shown())
            except NotesConflictError as conflict:
                status = 409
                form.show_notes(conflict.theirs)
            except CStarError as error:
                status = _explain(form, error)
            else:
                if entry:
                    return _done(request, entry, _("Saved."))
                messages.success(request, _("Saved."))
                return redirect("customers:detail", customer.cstar_id)
    return render(request, "customers/form.html", {"form": form, "customer": customer}, status=status)


@team_view(May.DELETE_CUSTOMERS, methods=("GET", "POST"))
def customer_delete(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Ask, saying what happens to the tickets, then delete for good."""
    customer = _customer_or_404(request, cstar_id)
    if request.method == "POST":
        actions.delete(request, customer)
        messages.success(
            request, _("{customer} is deleted. Their tickets stay, without a customer.").format(customer=customer.name)
        )
        return redirect("customers:list")
    return render(request, "customers/delete.html", {"customer": customer})


def _done(request: TeamRequest, entry: Outgoing, words: str) -> HttpResponse:
    """Redirect to the customer, or to the outbox entry while cStar has not taken it."""
    if entry.state != Outgoing.State.SENT:
        return redirect("outbox:detail", entry.pk)
    messages.success(request, words)
    return redirect(handler_of(entry).url(entry))


def _customer_or_404(request: TeamRequest, cstar_id: str) -> Customer:
    return find_or_404(request, Customer, cstar_id, lambda: outbox_handlers.fetch_customer(request.team, cstar_id))


def _with_details(request: TeamRequest, cstar_id: str) -> Customer:
    """The customer with tags and notes, which rows of lists leave out: one call if they were never read."""
    customer = _customer_or_404(request, cstar_id)
    if customer.details_known:
        return customer
    try:
        return outbox_handlers.fetch_customer(request.team, customer.cstar_id)
    except NotFound:
        upsert.forget("customers", request.team, [customer.cstar_id])
        raise Http404 from None
    except CStarError as error:
        messages.warning(request, _("Tags and notes could not be read. {reason}").format(reason=sentence(error)))
        return customer


def _explain(form: CustomerForm, error: CStarError) -> int:
    """cStar's refusal, beside the field that it is about; answers the page's status."""
    field = "email" if isinstance(error, Conflict) else error.param if error.param in form.fields else None
    text = _("Another customer has this address.") if isinstance(error, Conflict) else sentence(error)
    form.add_error(field, text)
    return status_for(error)
