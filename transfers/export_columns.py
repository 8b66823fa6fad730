"""The columns that an export may have: nothing else of an object leaves in a file.

Their heads are such that `tables.guessing` finds the same fields when the file is imported again. Values are as cStar
said them (its times are ISO 8601 in UTC); what it did not say is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_noop

from customers.models import Customer
from replica.models import WorkingCopy
from teams.models import Team
from tickets.models import Ticket

# A text, a number, a list of texts (tags), an object (metadata), or nothing.
Value = Any


@dataclass(frozen=True, slots=True)
class Column:
    """`name` in forms and addresses, `head` in files and for people, `read` answers an object's value."""

    name: str
    head: str
    read: Callable[[Any], Value]


def chosen(resource: str, names: Iterable[str]) -> list[Column]:
    """The resource's columns with these names, in our order."""
    wanted = set(names)
    return [column for column in COLUMNS[resource] if column.name in wanted]


def with_emails(team: Team, tickets: Sequence[Ticket]) -> None:
    """Look up the customers' addresses, which the working copy of tickets does not hold (one query)."""
    known = Customer.objects.filter(team=team, cstar_id__in={ticket.customer for ticket in tickets})
    emails = dict(known.values_list("cstar_id", "email"))
    for ticket in tickets:
        ticket.customer_email = emails.get(ticket.customer, "")


def _text(field: str) -> Callable[[WorkingCopy], Value]:
    def read(held: WorkingCopy) -> Value:
        value = held.payload.get(field)
        return value if isinstance(value, str) else None

    return read


def _or_none(attribute: str) -> Callable[[WorkingCopy], Value]:
    """The working copy holds "" where cStar said null."""

    def read(held: WorkingCopy) -> Value:
        return getattr(held, attribute) or None

    return read


def _metadata(held: WorkingCopy) -> Value:
    value = held.payload.get("metadata")
    return value if isinstance(value, dict) and value else None


def _visibility(article: Any) -> Value:
    return None if article.is_public is None else "public" if article.is_public else "internal"


_NOTES = Column("notes", gettext_noop("Notes"), _text("notes"))
_TAGS = Column("tags", gettext_noop("Tags"), attrgetter("tags"))
_STATUS = Column("status", gettext_noop("Status"), _or_none("status"))
_CREATED = Column("created", gettext_noop("Created at"), _text("createdAt"))
_UPDATED = Column("updated", gettext_noop("Updated at"), _text("updatedAt"))
_METADATA = Column("metadata", gettext_noop("Metadata"), _metadata)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "tickets": (
        Column("id", gettext_noop("Ticket ID"), attrgetter("cstar_id")),
        Column("subject", gettext_noop("Subject"), _or_none("title")),
        _STATUS,
        Column("priority", gettext_noop("Priority"), _or_none("priority")),
        Column("customer", gettext_noop("Customer name"), _or_none("customer_name")),
        Column("customer_email", gettext_noop("Customer email"), _or_none("customer_email")),
        Column("customer_id", gettext_noop("Customer ID"), _or_none("customer")),
        Column("assignee", gettext_noop("Assignee"), _or_none("assignee_name")),
        Column("assignee_id", gettext_noop("Assignee ID"), _or_none("assigned_to")),
        _TAGS,
        _NOTES,
        Column("messages", gettext_noop("Messages"), attrgetter("message_count")),
        _CREATED,
        _UPDATED,
        Column("resolved", gettext_noop("Resolved at"), _text("resolvedAt")),
        _METADATA,
    ),
    "customers": (
        Column("id", gettext_noop("Customer ID"), attrgetter("cstar_id")),
        Column("name", gettext_noop("Name"), _or_none("name")),
        Column("email", gettext_noop("Email"), _or_none("email")),
        _STATUS,
        Column("sentiment", gettext_noop("Sentiment"), _or_none("sentiment")),
        _TAGS,
        _NOTES,
        Column("tickets", gettext_noop("Tickets"), attrgetter("ticket_count")),
        _CREATED,
        _UPDATED,
        _METADATA,
    ),
    "articles": (
        Column("id", gettext_noop("Article ID"), attrgetter("cstar_id")),
        Column("title", gettext_noop("Title"), _or_none("title")),
        Column("category", gettext_noop("Category"), _or_none("category")),
        _STATUS,
        Column("visibility", gettext_noop("Visibility"), _visibility),
        _TAGS,
        Column("content", gettext_noop("Content"), _text("content")),
        Column("views", gettext_noop("Views"), attrgetter("view_count")),
        Column("uses", gettext_noop("Uses"), attrgetter("use_count")),
        _CREATED,
        _UPDATED,
    ),
}
