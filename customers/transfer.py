"""Customers in exports, imports and bulk edits."""

from __future__ import annotations

from operator import attrgetter

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from customers.forms import CHOICES, SENTIMENT_CHOICES, STATUS_CHOICES
from replica.bulk_form import AS_IT_IS, BulkForm
from replica.transfer import Column, Dependents, Field, Record, Transfer, metadata, or_none, text

STATUSES = ["active", "inactive"]
SENTIMENTS = ["positive", "neutral", "negative"]
OTHER_ADDRESS = pattern(
    gettext_noop(
        "The customer with this ID has the address {email}, and an import finds customers by their address: "
        "change the address in the desk first."
    )
)
# Kept by earlier versions.
pattern(
    gettext_noop(
        "The customer with this id has the address {email}, and an import finds customers by their address: "
        "change the address in the desk first."
    )
)

_COLUMNS = (
    Column("id", gettext_noop("Customer ID"), attrgetter("cstar_id")),
    Column("name", gettext_noop("Name"), or_none("name")),
    Column("email", gettext_noop("Email"), or_none("email")),
    Column("status", gettext_noop("Status"), or_none("status")),
    Column("sentiment", gettext_noop("Sentiment"), or_none("sentiment")),
    Column("tags", gettext_noop("Tags"), attrgetter("tags"), field="tags"),
    Column("notes", gettext_noop("Notes"), text("notes"), field="notes"),
    Column("tickets", gettext_noop("Tickets"), attrgetter("ticket_count")),
    Column("created", gettext_noop("Created at"), text("createdAt")),
    Column("updated", gettext_noop("Updated at"), text("updatedAt")),
    Column("metadata", gettext_noop("Metadata"), metadata),
)
_FIELDS = (
    Field("external_id", "externalId", gettext_noop("ID in the other system"), most=100),
    Field("name", "name", gettext_noop("Name"), most=200),
    Field("email", "email", gettext_noop("Email"), "email", required=True),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("notes", "notes", gettext_noop("Internal notes"), most=50_000, joint="\n\n"),
    Field("status", "status", gettext_noop("Status"), "choice", usual=tuple(STATUSES)),
    Field("sentiment", "sentiment", gettext_noop("Sentiment"), "choice"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
)


class BulkCustomerForm(BulkForm):
    """What a bulk edit can set on customers."""

    SET = {"status": "status", "sentiment": "sentiment"}

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[AS_IT_IS, *STATUS_CHOICES])
    sentiment = forms.ChoiceField(label=_("Sentiment"), required=False, choices=[AS_IT_IS, *SENTIMENT_CHOICES])
    field_order = ("status", "sentiment")


def _address(record: Record) -> str:
    return str(record.get("email") or "").strip().lower()


TRANSFER = Transfer(
    columns=_COLUMNS,
    parts=lambda team: {"status": STATUSES, "sentiment": SENTIMENTS},
    bulk_form=BulkCustomerForm,
    fields=_FIELDS,
    choices=lambda team: dict(CHOICES),
    completed=lambda record: {"name": record["email"].partition("@")[0], **record},
    key=_address,
    keys=lambda rows: {email.strip().lower(): pk for email, pk in rows.values_list("email", "cstar_id").iterator()},
    title=_address,
    title_field="email",
    identity="email",
    other_key=OTHER_ADDRESS,
    defaults={"status": "active", "sentiment": "neutral", "tags": [], "notes": None, "metadata": {}},
    undocumented=("createdAt",),
    dependents=Dependents("tickets", field="customerId", filter="customer_id", number_field="ticketCount"),
)
