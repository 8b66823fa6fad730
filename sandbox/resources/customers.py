"""`/customers`: the people who submit tickets (docs/cstar-api.md#customers)."""

from copy import copy
from typing import Any

import msgspec
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sandbox import bodies, changes, errors, fields, times
from sandbox.api import Call, Reply
from sandbox.fields import UNSET, CustomerStatus, Email, Name, Notes, Sentiment, Tags, UnsetType
from sandbox.ids import canonical, new_id
from sandbox.lists import containing, page_of, tagged
from sandbox.models import Customer, Team, Ticket
from sandbox.params import Params
from sandbox.resources import tickets

STATUSES = ("active", "inactive")
SENTIMENTS = ("positive", "neutral", "negative")
DUPLICATE = "A customer with this email already exists"


class CustomerCreate(msgspec.Struct):
    name: Name = ""
    email: Email = ""
    status: CustomerStatus = "active"
    sentiment: Sentiment = "neutral"
    tags: Tags = []
    notes: Notes | None = None
    metadata: fields.Metadata = {}


class CustomerPatch(msgspec.Struct):
    name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    status: CustomerStatus | UnsetType = UNSET
    sentiment: Sentiment | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET
    metadata: fields.Metadata | UnsetType = UNSET


def customer_list(call: Call) -> Reply:
    """Newest updated first. Rows: id, name, email, status, sentiment, ticketCount, createdAt."""
    return page_of(call, counted(filtered(call.team, call.params)), _row)


def customer_detail(call: Call, customer_id: str) -> Reply:
    row = full(find(call.team, customer_id))
    metadata = row.pop("metadata")
    return Reply({**row, "metadata": metadata} if metadata else row)


def customer_create(call: Call) -> Reply:
    """201 with id, name, email, status, createdAt; 409 when the team has a customer with this email."""
    customer = new(call, bodies.shaped(call.body, CustomerCreate))
    refuse_double(customer, customer.email)
    customer.save(force_insert=True)
    return Reply(
        {
            "id": customer.id,
            "name": customer.name,
            "email": customer.email,
            "status": customer.status,
            "createdAt": times.wire(customer.created_at),
        },
        201,
    )


def customer_update(call: Call, customer_id: str) -> Reply:
    """Changes only the fields given. Answers id, name, status, updatedAt."""
    customer = find(call.team, customer_id)
    edit(call, customer, bodies.shaped(call.body, CustomerPatch))
    return Reply(
        {
            "id": customer.id,
            "name": customer.name,
            "status": customer.status,
            "updatedAt": times.wire(customer.updated_at),
        }
    )


def customer_delete(call: Call, customer_id: str) -> Reply:
    """Deletes the customer; the tickets stay without one."""
    remove(call, find(call.team, customer_id))
    return Reply({"deleted": True})


def find(team: Team, customer_id: str) -> Customer:
    customer = counted(Customer.objects.filter(team=team, id=canonical("cus_", customer_id))).first()
    if customer is None:
        raise errors.not_found("Customer")
    return customer


def filtered(team: Team, params: Params) -> QuerySet[Customer]:
    """Customers by status, sentiment, tag and search (name or email), newest updated first."""
    exact = {"status": params.one_of("status", STATUSES), "sentiment": params.one_of("sentiment", SENTIMENTS)}
    rows = Customer.objects.filter(team=team, **{name: value for name, value in exact.items() if value})
    if tag := params.text("tag"):
        rows = tagged(rows, tag)
    if text := params.text("search"):
        rows = containing(rows, text, "name", "email")
    return rows.order_by("-updated_at", "-id")


def counted(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """With `ticket_count` on every row."""
    tickets = Ticket.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    count = Subquery(tickets.annotate(total=Count("pk")).values("total"), output_field=IntegerField())
    return rows.annotate(counted_tickets=Coalesce(count, 0))


def new(call: Call, body: CustomerCreate) -> Customer:
    """A customer from a create body, not saved yet; its audit entry is noted."""
    if not body.name.strip() or not body.email.strip():
        raise errors.missing("name and email are required")
    email, moment = fields.clean_email(body.email), times.now()
    customer = Customer(
        id=new_id("cus_"),
        team=call.team,
        name=body.name.strip(),
        email=email,
        email_key=email.lower(),
        status=body.status,
        sentiment=body.sentiment,
        tags=fields.clean_tags(body.tags),
        notes=body.notes,
        metadata=fields.merged_metadata({}, body.metadata),
        created_at=moment,
        updated_at=moment,
    )
    changes.record(call, "customer.created", customer.id, {"customer.created": lambda: _event_data(customer)})
    return customer


def refuse_double(customer: Customer, email: str) -> None:
    """409 when another customer of the team has this address, whatever its case."""
    others = Customer.objects.filter(team=customer.team_id, email_key=email.lower())
    if others.exclude(id=customer.id).exists():
        raise errors.conflict(DUPLICATE)


def edit(call: Call, customer: Customer, patch: CustomerPatch) -> None:
    """Applies a patch; nothing is written when it says what is so already."""
    values = fields.given(patch)
    if "name" in values:
        values["name"] = fields.required_text(values["name"], "name")
    if "email" in values:
        values["email"] = fields.clean_email(values["email"])
        refuse_double(customer, values["email"])
    if "tags" in values:
        values["tags"] = fields.clean_tags(values["tags"])
    if "metadata" in values:
        values["metadata"] = fields.merged_metadata(customer.metadata, values["metadata"])
    changed = changes.assign(customer, values)
    if not changed:
        return
    customer.email_key = customer.email.lower()
    customer.updated_at = times.after(customer.updated_at)
    if not customer._state.adding:
        customer.save(force_update=True)
    fires = {"customer.updated": lambda: {**_event_data(customer), "changes": changed}}
    changes.record(call, "customer.updated", customer.id, fires, changes=changed)


def remove(call: Call, customer: Customer) -> None:
    """Unlinks the customer's tickets, each a change of its own that a mirror must hear of, then deletes."""
    for ticket in Ticket.objects.filter(customer=customer):
        tickets.unlink_customer(call, ticket)
    was = copy(customer)  # deleting takes the id away
    changes.record(
        call, "customer.deleted", customer.id, {"customer.deleted": lambda: _event_data(was)}, name=customer.name
    )
    customer.delete()


def full(customer: Customer) -> dict[str, Any]:
    """Every field, for an export; the row must come from `counted`."""
    return {
        **_row(customer),
        "tags": customer.tags,
        "notes": customer.notes,
        "metadata": customer.metadata,
        "updatedAt": times.wire(customer.updated_at),
    }


def _event_data(customer: Customer) -> dict[str, Any]:
    """What every event of a customer tells: all of it. An import does not count tickets beforehand."""
    return {"customer": {**full(customer), "ticketCount": Ticket.objects.filter(customer=customer.id).count()}}


def _row(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "status": customer.status,
        "sentiment": customer.sentiment,
        "ticketCount": customer.ticket_count,
        "createdAt": times.wire(customer.created_at),
    }
