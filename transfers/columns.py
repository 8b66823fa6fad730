"""The columns that an export may have: nothing else of an object leaves in a file.

Their heads are such that `tables.guessing` finds the same fields when the file is imported again. Values are as cStar
said them (its times are ISO 8601 in UTC); what it did not say is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from customers.models import Customer
from sync.models import WorkingCopy
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


def _metadata(held: WorkingCopy) -> Value:
    value = held.payload.get("metadata")
    return value if isinstance(value, dict) and value else None


def _visibility(article: Any) -> Value:
    return None if article.is_public is None else article.visibility_words.lower()


_NOTES = Column("notes", "Notes", _text("notes"))
_TAGS = Column("tags", "Tags", attrgetter("tags"))
_STATUS = Column("status", "Status", attrgetter("status"))
_CREATED = Column("created", "Created at", _text("createdAt"))
_UPDATED = Column("updated", "Updated at", _text("updatedAt"))
_METADATA = Column("metadata", "Metadata", _metadata)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "tickets": (
        Column("id", "Ticket ID", attrgetter("cstar_id")),
        Column("subject", "Subject", attrgetter("title")),
        _STATUS,
        Column("priority", "Priority", attrgetter("priority")),
        Column("customer", "Customer name", attrgetter("customer_name")),
        Column("customer_email", "Customer email", attrgetter("customer_email")),
        Column("customer_id", "Customer ID", attrgetter("customer")),
        Column("assignee", "Assignee", attrgetter("assignee_name")),
        Column("assignee_id", "Assignee ID", attrgetter("assigned_to")),
        _TAGS,
        _NOTES,
        Column("messages", "Messages", attrgetter("message_count")),
        _CREATED,
        _UPDATED,
        Column("resolved", "Resolved at", _text("resolvedAt")),
        _METADATA,
    ),
    "customers": (
        Column("id", "Customer ID", attrgetter("cstar_id")),
        Column("name", "Name", attrgetter("name")),
        Column("email", "Email", attrgetter("email")),
        _STATUS,
        Column("sentiment", "Sentiment", attrgetter("sentiment")),
        _TAGS,
        _NOTES,
        Column("tickets", "Tickets", attrgetter("ticket_count")),
        _CREATED,
        _UPDATED,
        _METADATA,
    ),
    "articles": (
        Column("id", "Article ID", attrgetter("cstar_id")),
        Column("title", "Title", attrgetter("title")),
        Column("category", "Category", attrgetter("category")),
        _STATUS,
        Column("visibility", "Visibility", _visibility),
        _TAGS,
        Column("content", "Content", _text("content")),
        Column("views", "Views", attrgetter("view_count")),
        Column("uses", "Uses", attrgetter("use_count")),
        _CREATED,
        _UPDATED,
    ),
}
