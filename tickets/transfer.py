"""Tickets in exports, imports and bulk edits."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from replica.bulk_form import AS_IT_IS, NOBODY, BulkForm
from replica.transfer import Brings, Column, Field, Older, Record, Transfer, metadata, or_none, text
from teams.models import Team
from tickets import archive, replica
from tickets.choices import assignee_choices, status_choices
from tickets.forms import PRIORITY_CHOICES
from tickets.models import PRIORITIES, STATUSES, Ticket


def _with_emails(team: Team, tickets: Sequence[Ticket]) -> None:
    """Look up the customers' addresses, which the working copy of tickets does not hold (one query)."""
    known = Customer.objects.filter(team=team, cstar_id__in={ticket.customer for ticket in tickets})
    emails = dict(known.values_list("cstar_id", "email"))
    for ticket in tickets:
        ticket.customer_email = emails.get(ticket.customer, "")


_COLUMNS = (
    Column("id", gettext_noop("Ticket ID"), attrgetter("cstar_id")),
    Column("subject", gettext_noop("Subject"), or_none("title")),
    Column("status", gettext_noop("Status"), or_none("status")),
    Column("priority", gettext_noop("Priority"), or_none("priority")),
    Column("customer", gettext_noop("Customer name"), or_none("customer_name")),
    Column("customer_email", gettext_noop("Customer email"), or_none("customer_email"), prepare=_with_emails),
    Column("customer_id", gettext_noop("Customer ID"), or_none("customer")),
    Column("assignee", gettext_noop("Assignee"), or_none("assignee_name"), field="assignedTo"),
    Column("assignee_id", gettext_noop("Assignee ID"), or_none("assigned_to"), field="assignedTo"),
    Column("tags", gettext_noop("Tags"), attrgetter("tags")),
    Column("notes", gettext_noop("Notes"), text("notes"), field="notes"),
    Column("messages", gettext_noop("Messages"), attrgetter("message_count")),
    Column("created", gettext_noop("Created at"), text("createdAt")),
    Column("updated", gettext_noop("Updated at"), text("updatedAt")),
    Column("resolved", gettext_noop("Resolved at"), text("resolvedAt")),
    Column("metadata", gettext_noop("Metadata"), metadata),
)
_OF_MESSAGE = (
    Field("message_author", "name", gettext_noop("Message: author"), most=200, of_message=True),
    Field("message_email", "email", gettext_noop("Message: author's email"), most=254, of_message=True),
    Field("message_sender", "sender", gettext_noop("Message: from customer or agent"), "choice", of_message=True),
    Field("message_visibility", "visibility", gettext_noop("Message: public or internal"), "choice", of_message=True),
    Field("message_at", "at", gettext_noop("Message: written at"), "date", of_message=True),
)
_FIELDS = (
    Field("external_id", "externalId", gettext_noop("ID in the other helpdesk"), most=100),
    Field("title", "title", gettext_noop("Subject"), most=500, required=True),
    Field("message", "messages", gettext_noop("First message"), most=100_000, joint="\n\n"),
    Field("status", "status", gettext_noop("Status"), "choice", usual=tuple(STATUSES)),
    Field("priority", "priority", gettext_noop("Priority"), "choice"),
    Field("customer_name", "customerName", gettext_noop("Customer's name"), most=200),
    Field("customer_email", "customerEmail", gettext_noop("Customer's email"), "email"),
    Field("assigned_to", "assignedTo", gettext_noop("Assignee"), "choice"),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("notes", "notes", gettext_noop("Internal notes"), most=50_000, joint="\n\n"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
    Field("resolved_at", "resolvedAt", gettext_noop("Resolved at, kept in the metadata"), "date", kept=True),
    Field("updated_at", "updatedAt", gettext_noop("Updated at, kept in the metadata"), "date", kept=True),
    *_OF_MESSAGE,
    Field("comments", "comments", gettext_noop("Further messages, all in one cell"), most=100_000, of_message=True),
)
# A second file, whose rows are messages of the first one's tickets.
_MESSAGES = (
    Field("ticket", "ticket", gettext_noop("Ticket ID"), most=100, required=True),
    Field("message", "content", gettext_noop("Message"), most=100_000, required=True, joint="\n\n"),
    *_OF_MESSAGE,
)


class BulkTicketForm(BulkForm):
    """What a bulk edit can set on tickets."""

    SET = {"status": "status", "priority": "priority", "assignedTo": "assigned_to"}

    status = forms.ChoiceField(label=_("Status"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[AS_IT_IS, *PRIORITY_CHOICES])
    assigned_to = forms.ChoiceField(required=False, label=_("Assignee"))
    field_order = ("status", "priority", "assigned_to")

    def choices(self, team: Team) -> dict[str, Sequence[tuple[str, Any]]]:
        assignees = [(NOBODY, gettext("Nobody")), *assignee_choices(team)]
        return {"status": status_choices(team), "assigned_to": assignees}


def _key(payload: Record) -> str | None:
    """The id in the tool where it came from; a payload without metadata does not say it."""
    found = payload.get("metadata")
    return str(found.get("externalId", "")) if isinstance(found, dict) else None


def _keys(rows: QuerySet[Ticket]) -> dict[str, str]:
    outside = rows.filter(payload__metadata__externalId__isnull=False)
    return {str(key): pk for key, pk in outside.values_list("payload__metadata__externalId", "cstar_id").iterator()}


def _customer(record: Record) -> Record | None:
    """The customer who wrote the ticket."""
    email = record.get("customerEmail", "")
    return {"name": record.get("customerName") or email.partition("@")[0], "email": email} if email else None


def _completed(record: Record) -> Record:
    """The record with its first message as the customer's."""
    content = record.get("messages")
    if not isinstance(content, str):
        return record
    message = {"content": content, "sender": "customer"}
    if "customerName" in record:
        message["senderName"] = record["customerName"]
    if "createdAt" in record:
        message["createdAt"] = record["createdAt"]
    return {**record, "messages": [message]}


TRANSFER = Transfer(
    columns=_COLUMNS,
    parts=lambda team: {"status": replica.status_keys(team), "priority": list(PRIORITIES)},
    older=Older(archive.may_match, archive.fetch, archive.MOST_CALLS),
    bulk_form=BulkTicketForm,
    unprinted=frozenset({"assignedTo"}),
    fields=_FIELDS,
    messages=_MESSAGES,
    choices=lambda team: {
        "status": status_choices(team),
        "priority": PRIORITY_CHOICES,
        "assigned_to": assignee_choices(team),
    },
    completed=_completed,
    brings=Brings("customers", _customer),
    key=_key,
    keys=_keys,
    title=lambda record: str(record.get("title") or "").strip(),
    title_field="title",
    external_ids=True,
    defaults={
        **{"status": "new", "priority": "normal", "assignedTo": None, "tags": [], "notes": None},
        "metadata": {},
    },
    undocumented=("messages", "createdAt", "assignedTo"),
)
