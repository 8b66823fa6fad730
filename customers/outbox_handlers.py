"""How the outbox sends what people do to customers (outbox/queue.py).

Kinds and payloads: `customer.create` {name, email, tags?, notes?}; `customer.edit` {changes: {field: value}, shown:
{tags, notes}}, where `shown` is what the page showed before the person changed it.
"""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import cstar
from activity.record import record_for
from budget.client import client
from budget.models import Lane
from core import labels
from core.bidi import isolate
from core.folding import caseless
from core.tags import join_tags
from cstar import MAX_PAGE_SIZE, Client
from customers.models import Customer
from outbox import queue, reconciliation, verification
from outbox.conflicts import NotesConflictError
from outbox.models import Outgoing
from outbox.queue import Handler, NotOfferedError, Sent, Step
from replica import upsert
from teams.models import Team

CREATE, EDIT = "customer.create", "customer.edit"
NOT_KEPT = gettext_noop("cStar said yes and kept the customer as they were. Look at them there.")


def line(cstar_id: str) -> str:
    """Writes to one customer leave in order."""
    return f"customer:{cstar_id}"


def fetch(team: Team, cstar_id: str, paid: Client | None = None) -> Customer:
    """Read one customer (one call) into the working copy; `paid` is the client to ask with."""
    answer = (paid or client(team, Lane.READ, gettext_noop("open customer"))).customers.get(cstar_id)
    upsert.apply("customers", team, [{**Customer.DETAILS, **answer.raw}])
    return Customer.objects.get(team=team, cstar_id=answer.id)


def held(entry: Outgoing, cstar_id: str) -> Customer | None:
    return Customer.objects.filter(team=entry.team, cstar_id=cstar_id).first()


def create(entry: Outgoing, api: Client) -> Sent:
    return post(entry, api, entry.payload)


def post(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Sent:
    """Make a customer. `Conflict` when the e-mail address is taken."""
    return Sent(api.customers.create(**fields, idempotency_key=queue.key(entry, "customer", fields)))


def find(entry: Outgoing, api: Client, email: str) -> Sent | None:
    """The customer whom a lost try has made: with this address, since then."""
    since = reconciliation.tried_since(entry)
    for customer in api.customers.list(search=email, page_size=MAX_PAGE_SIZE).items:
        same = str(customer.email or "").casefold() == email.casefold()
        if same and reconciliation.is_from(customer.created_at, since):
            return Sent(customer)
    return None


def _find_created(entry: Outgoing, api: Client) -> Sent | None:
    return find(entry, api, entry.payload["email"])


def land_created(entry: Outgoing, sent: Sent) -> None:
    fields = {name: entry.payload[name] for name in ("name", "email", "tags", "notes") if name in entry.payload}
    land(entry, sent, fields)


def land(entry: Outgoing, sent: Sent, fields: dict[str, Any]) -> None:
    """A customer was made of these fields."""
    upsert.apply("customers", entry.team, [{**fields, **sent.answer.raw}])
    _record(entry, "customer.created", sent, sent.answer.raw["id"])


def _edit(entry: Outgoing, api: Client) -> Sent | None:
    """Send what differs.

    The API replaces tags and notes whole, so they are read again first: others' tags stay, and notes that somebody
    else changed since they were shown are not overwritten (`NotesConflictError`).
    """
    changes, shown = dict(entry.payload["changes"]), entry.payload["shown"]
    read_again = {"tags", "notes"} & changes.keys()
    customer = None if read_again else held(entry, entry.target_id)
    if customer is None:
        customer = fetch(entry.team, entry.target_id, api)
    if "notes" in changes and customer.notes.strip() not in {shown["notes"], changes["notes"]}:
        raise NotesConflictError(customer.notes)
    if "tags" in changes:
        removed = set(shown["tags"]) - set(changes["tags"])
        kept = [tag for tag in customer.tags if tag not in removed]
        there = set(map(caseless, kept))
        changes["tags"] = [*kept, *(tag for tag in changes["tags"] if caseless(tag) not in there)]
    changed = {name: (before, value) for name, value in changes.items() if value != (before := getattr(customer, name))}
    if not changed:
        return None
    fields = {name: after for name, (_, after) in changed.items()}
    answer = api.customers.update(entry.target_id, **fields, idempotency_key=queue.key(entry, "edit", fields))
    refused = verification.not_taken(
        entry.team,
        "customers",
        fields,
        answer.raw,
        read=lambda: fetch(entry.team, entry.target_id, api).payload,
        # What lists tell is put right by the next sweep.
        believed={"name", "email", "status", "sentiment"},
    )
    if len(refused) == len(fields):
        raise NotOfferedError(NOT_KEPT)
    taken = {name: values for name, values in changed.items() if name not in refused}
    return Sent(answer, taken, warning=verification.NOT_ALL_KEPT if refused else "")


def _find_edit(entry: Outgoing, api: Client) -> Sent | None:
    """What a lost try has changed, if the customer has it now."""
    changes = {name: value for name, value in entry.payload["changes"].items() if name != "tags"}
    customer = fetch(entry.team, entry.target_id, api)
    tags = set(entry.payload["changes"].get("tags", ())) <= {*customer.tags}
    if not tags or any(getattr(customer, name) != value for name, value in changes.items()):
        return None
    answer = reconciliation.answer_of(cstar.Customer, {"id": customer.cstar_id})
    return Sent(answer, {name: (None, value) for name, value in changes.items()})


def _land_edit(entry: Outgoing, sent: Sent) -> None:
    fields = {name: after for name, (_, after) in sent.changes.items()}
    upsert.apply("customers", entry.team, [{"id": entry.target_id, **fields, **sent.answer.raw}])
    _record(entry, "customer.updated", sent, entry.target_id)


def _record(entry: Outgoing, action: str, sent: Sent, cstar_id: str) -> None:
    customer = held(entry, cstar_id)
    record_for(
        (entry.team, entry.user, entry.person),
        action,
        ("customer", cstar_id, customer.name if customer else cstar_id),
        changes=sent.changes,
        request_id=sent.answer.request_id,
    )


def _address(entry: Outgoing) -> str:
    return reverse("customers:detail", args=[entry.target_id or entry.answers["customer"]["id"]])


def _edit_title(entry: Outgoing) -> str:
    customer = held(entry, entry.target_id)
    return (
        _("Changes to {customer}").format(customer=isolate(customer.name)) if customer else _("Changes to a customer")
    )


def _edit_text(entry: Outgoing) -> str:
    changes = entry.payload["changes"].items()
    return "\n".join(f"{capfirst(labels.field(name))}: {_value(value)}" for name, value in changes)


def _value(value: Any) -> str:
    return join_tags(value) if isinstance(value, list) else str(value)


HANDLERS = {
    CREATE: Handler(
        purpose=gettext_noop("new customer"),
        steps=(Step("customer", create, land_created, find=_find_created, creates=True),),
        title=lambda entry: _("New customer {name}").format(name=isolate(entry.payload["name"])),
        address=_address,
        text=lambda entry: f"{entry.payload['email']}\n{entry.payload.get('notes', '')}".strip(),
    ),
    EDIT: Handler(
        purpose=gettext_noop("edit"),
        steps=(Step("edit", _edit, _land_edit, find=_find_edit),),
        title=_edit_title,
        address=_address,
        text=_edit_text,
    ),
}
