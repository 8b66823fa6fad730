"""What people do to customers: one function an action, each calling cStar first (see tickets/actions.py)."""

from __future__ import annotations

from typing import Any

from activity.record import record
from cstar import Client
from customers.models import Customer
from sync import copies
from sync.calls import client
from sync.conflicts import NotesConflictError
from sync.models import Lane
from teams.access import TeamRequest
from teams.models import Team


def create(request: TeamRequest, fields: dict[str, Any], *, key: str) -> Customer:
    """Make a customer. `Conflict` when the e-mail address is taken."""
    answer = client(request.team, Lane.WRITE, "new customer", request.user.display_name).customers.create(
        **fields, idempotency_key=key
    )
    copies.apply("customers", request.team, [{**fields, **answer.raw}])
    customer = Customer.objects.get(team=request.team, cstar_id=answer.id)
    record(request, "customer.created", _target(customer), request_id=answer.request_id)
    return customer


def update(request: TeamRequest, customer: Customer, changes: dict[str, Any], *, shown: dict[str, Any]) -> None:
    """Change fields; what already has the value is not sent. `Conflict` when the e-mail address is taken.

    The API replaces tags and notes whole, so they are read again first. `shown` is what they were on the page: others'
    tags stay, and notes that somebody else changed since are not overwritten (`NotesConflictError`).
    """
    if {"tags", "notes"} & changes.keys():
        fetch(request.team, customer.cstar_id)
        customer.refresh_from_db()
        if "notes" in changes and customer.notes.strip() not in {shown["notes"], changes["notes"]}:
            raise NotesConflictError(customer.notes)
        if "tags" in changes:
            removed = set(shown["tags"]) - set(changes["tags"])
            kept = [tag for tag in customer.tags if tag not in removed]
            changes["tags"] = [*kept, *(tag for tag in changes["tags"] if tag not in kept)]
    before = {name: getattr(customer, name) for name in changes}
    changes = {name: value for name, value in changes.items() if value != before[name]}
    if not changes:
        return
    answer = client(request.team, Lane.WRITE, "edit", request.user.display_name).customers.update(
        customer.cstar_id, **changes
    )
    copies.apply("customers", request.team, [{**changes, **answer.raw}])
    customer.refresh_from_db()
    record(
        request,
        "customer.updated",
        _target(customer),
        changes={name: (before[name], value) for name, value in changes.items()},
        request_id=answer.request_id,
    )


def fetch(team: Team, cstar_id: str, paid: Client | None = None) -> Customer:
    """Read one customer (one call) into the working copy; `paid` is the client to ask with."""
    answer = (paid or client(team, Lane.READ, "open customer")).customers.get(cstar_id)
    copies.apply("customers", team, [answer.raw])
    return Customer.objects.get(team=team, cstar_id=answer.id)


def delete(request: TeamRequest, customer: Customer) -> None:
    """Delete the customer; their tickets stay, without a customer (seed-customers.txt)."""
    answer = client(request.team, Lane.WRITE, "delete", request.user.display_name).customers.delete(customer.cstar_id)
    record(request, "customer.deleted", _target(customer), request_id=answer.request_id)
    copies.forget("customers", request.team, [customer.cstar_id])


def count_ticket(team: Team, cstar_id: str) -> None:
    """A ticket was made for the customer: cStar's own count, which the answer does not bring, went up by one."""
    customer = Customer.objects.filter(team=team, cstar_id=cstar_id).first()
    if customer:
        copies.apply("customers", team, [{"id": cstar_id, "ticketCount": customer.ticket_count + 1}])


def _target(customer: Customer) -> tuple[str, str, str]:
    return "customer", customer.cstar_id, customer.name
