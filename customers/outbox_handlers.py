"""How the outbox sends what people do to customers (outbox/handlers.py).

Kinds and payloads: `customer.create` {name, email, tags?, notes?}; `customer.edit` {changes: {field: value}, shown:
{tags, notes}}, where `shown` is what the page showed before the person changed it.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import cstar
from budget.client import client
from budget.models import Lane
from core import labels
from core.bidi import isolate
from core.folding import caseless
from cstar import MAX_PAGE_SIZE, Client
from customers.models import Customer
from outbox import reconciliation, verification
from outbox.conflicts import NotesConflictError
from outbox.handlers import Handler, NotOfferedError, Sent, Step, idempotency_key, record_sent
from outbox.models import Outgoing
from replica import upsert
from teams.models import Team

CREATE, EDIT = "customer.create", "customer.edit"
NOT_KEPT = gettext_noop("cStar said yes and kept the customer as they were. Look at them there.")


def line(cstar_id: str) -> str:
    """Writes to one customer leave in order."""
    return f"customer:{cstar_id}"


def fetch_customer(team: Team, cstar_id: str, paid: Client | None = None) -> Customer:
    """Read one customer (one call) into the working copy; `paid` is the client to ask with."""
    answer = (paid or client(team, Lane.READ, gettext_noop("open customer"))).customers.get(cstar_id)
    upsert.apply("customers", team, [{**Customer.DETAILS, **answer.raw}])
    return Customer.objects.get(team=team, cstar_id=answer.id)


def _customer_of(entry: Outgoing, cstar_id: str) -> Customer | None:
    return Customer.objects.filter(team=entry.team, cstar_id=cstar_id).first()


def create_customer(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Sent:
    """Create a customer. `Conflict` when the email address is taken."""
    return Sent(api.customers.create(**fields, idempotency_key=idempotency_key(entry, "customer", fields)))


def find_created(entry: Outgoing, api: Client, email: str) -> Sent | None:
    """Find the customer that an earlier try created although its answer was lost: by the address, and made since."""
    since = reconciliation.tried_since(entry)
    for customer in api.customers.list(search=email, page_size=MAX_PAGE_SIZE).items:
        same = str(customer.email or "").casefold() == email.casefold()
        if same and reconciliation.is_from(customer.created_at, since):
            return Sent(customer)
    return None


def land_created(entry: Outgoing, sent: Sent) -> None:
    fields = {name: entry.payload[name] for name in ("name", "email", "tags", "notes") if name in entry.payload}
    land(entry, sent, fields)


def land(entry: Outgoing, sent: Sent, fields: dict[str, Any]) -> None:
    """Write a customer that was created from these fields into the working copy and the record."""
    upsert.apply("customers", entry.team, [{**fields, **sent.answer.raw}])
    _record_step(entry, "customer.created", sent, sent.answer.raw["id"])


def _edit(entry: Outgoing, api: Client) -> Sent | None:
    """Send what differs.

    The API replaces tags and notes whole, so they are read again first: others' tags stay, and notes that somebody
    else changed since they were shown are not overwritten (`NotesConflictError`).
    """
    changes, shown = dict(entry.payload["changes"]), entry.payload["shown"]
    read_again = {"tags", "notes"} & changes.keys()
    customer = None if read_again else _customer_of(entry, entry.target_id)
    if customer is None:
        customer = fetch_customer(entry.team, entry.target_id, api)
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
    answer = api.customers.update(entry.target_id, **fields, idempotency_key=idempotency_key(entry, "edit", fields))
    refused = verification.not_taken(
        entry.team,
        "customers",
        fields,
        answer.raw,
        read=lambda: fetch_customer(entry.team, entry.target_id, api).payload,
        # Fields that lists have are corrected by the next sweep.
        believed={"name", "email", "status", "sentiment"},
    )
    if len(refused) == len(fields):
        raise NotOfferedError(NOT_KEPT)
    taken = {name: values for name, values in changed.items() if name not in refused}
    return Sent(answer, taken, warning=verification.NOT_ALL_KEPT if refused else "")


def _find_edit(entry: Outgoing, api: Client) -> Sent | None:
    """Return the changes of an earlier try whose answer was lost, if the customer has them now."""
    changes = {name: value for name, value in entry.payload["changes"].items() if name != "tags"}
    customer = fetch_customer(entry.team, entry.target_id, api)
    tags = set(entry.payload["changes"].get("tags", ())) <= {*customer.tags}
    if not tags or any(getattr(customer, name) != value for name, value in changes.items()):
        return None
    answer = reconciliation.answer_of(cstar.Customer, {"id": customer.cstar_id})
    return Sent(answer, {name: (None, value) for name, value in changes.items()})


def _land_edit(entry: Outgoing, sent: Sent) -> None:
    fields = {name: after for name, (_, after) in sent.changes.items()}
    upsert.apply("customers", entry.team, [{"id": entry.target_id, **fields, **sent.answer.raw}])
    _record_step(entry, "customer.updated", sent, entry.target_id)


def _record_step(entry: Outgoing, action: str, sent: Sent, cstar_id: str) -> None:
    customer = _customer_of(entry, cstar_id)
    record_sent(entry, action, cstar_id, customer.name if customer else cstar_id, sent)


def _customer_url(entry: Outgoing) -> str:
    return reverse("customers:detail", args=[entry.target_id or entry.answers["customer"]["id"]])


def _edit_title(entry: Outgoing) -> str:
    if customer := _customer_of(entry, entry.target_id):
        return _("Changes to {customer}").format(customer=isolate(customer.name))
    return _("Changes to a customer")


HANDLERS = {
    CREATE: Handler(
        purpose=gettext_noop("new customer"),
        steps=(
            Step(
                "customer",
                lambda entry, api: create_customer(entry, api, entry.payload),
                land_created,
                find=lambda entry, api: find_created(entry, api, entry.payload["email"]),
                creates=True,
            ),
        ),
        title=lambda entry: _("New customer {name}").format(name=isolate(entry.payload["name"])),
        url=_customer_url,
        text=lambda entry: f"{entry.payload['email']}\n{entry.payload.get('notes', '')}".strip(),
    ),
    EDIT: Handler(
        purpose=gettext_noop("edit"),
        steps=(Step("edit", _edit, _land_edit, find=_find_edit),),
        title=_edit_title,
        url=_customer_url,
        text=lambda entry: labels.field_lines(entry.payload["changes"]),
    ),
}
