"""What a column of a file can become: the fields of each resource that an import takes.

cStar does not document which fields a record of an import may have; these are those of the resource's create, and what
the sandbox takes beside them (docs/sandbox.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from core.stored_texts import pattern

MAX_TAGS, MAX_TAG = 50, 100
# What an export writes into a cell whose value is not known; an import reads it as an empty one.
NOT_KNOWN = "(not known)"
MAX_METADATA, MAX_METADATA_KEY = 50, 100


_LONG = pattern(gettext_noop("It has {number} characters; cStar takes {most}."))
_NO_EMAIL = pattern(gettext_noop("“{text}” is not an email address."))
_MANY_TAGS = pattern(gettext_noop("It has {number} tags; cStar takes {most}."))
_LONG_TAG = pattern(gettext_noop("The tag “{tag}…” has more than {most} characters."))
# Kept by earlier versions, labels of fields among them.
for former in (
    gettext_noop("“{text}” is not an e-mail address."),
    gettext_noop("E-mail"),
    gettext_noop("Customer's e-mail"),
    gettext_noop("Message: author's e-mail"),
    gettext_noop("Id in the other helpdesk"),
    gettext_noop("Id in the other system"),
    gettext_noop("Id of the ticket"),
):
    pattern(former)


class WrongValueError(Exception):
    """A cell that cannot be imported; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that columns can be mapped to.

    `wire` is its name in a record, of `kept` ones in the record's metadata. `kind` says how a cell becomes its value
    (mapping.py): "text", of at most `most` characters; "choice", whose words are translated first; "date", "tags" or
    "email". Several columns of the field are joined with `joint`. `of_message` fields are about one message.
    """

    name: str
    wire: str
    label: str
    kind: str = "text"
    most: int = 0
    required: bool = False
    joint: str = " "
    kept: bool = False
    of_message: bool = False
    value: Callable[[str], Any] = str

    @property
    def choice(self) -> bool:
        return self.kind == "choice"


def checked_text(field: Field, cell: str) -> str:
    if len(cell) > field.most:
        raise WrongValueError(_LONG.format(number=f"{len(cell):,}", most=f"{field.most:,}"))
    return cell


def checked_email(address: str, cell: str) -> str:
    """The address found in a cell. Raises WrongValueError where there is none."""
    try:
        validate_email(address)
    except ValidationError:
        raise WrongValueError(_NO_EMAIL.format(text=cell[:60])) from None
    if len(address) > 254:
        raise WrongValueError(_LONG.format(number=len(address), most=254))
    return address


def checked_tags(tags: list[str]) -> list[str]:
    if len(tags) > MAX_TAGS:
        raise WrongValueError(_MANY_TAGS.format(number=len(tags), most=MAX_TAGS))
    if long := next((tag for tag in tags if len(tag) > MAX_TAG), None):
        raise WrongValueError(_LONG_TAG.format(tag=long[:30], most=MAX_TAG))
    return tags


def is_public(value: str) -> bool:
    return value == "public"


_MESSAGE = (
    Field("message_author", "name", gettext_noop("Message: author"), most=200, of_message=True),
    Field("message_email", "email", gettext_noop("Message: author's email"), most=254, of_message=True),
    Field("message_sender", "sender", gettext_noop("Message: from customer or agent"), "choice", of_message=True),
    Field("message_visibility", "visibility", gettext_noop("Message: public or internal"), "choice", of_message=True),
    Field("message_at", "at", gettext_noop("Message: written at"), "date", of_message=True),
)
TICKETS = (
    Field("external_id", "externalId", gettext_noop("ID in the other helpdesk"), most=100),
    Field("title", "title", gettext_noop("Subject"), most=500, required=True),
    Field("message", "messages", gettext_noop("First message"), most=100_000, joint="\n\n"),
    Field("status", "status", gettext_noop("Status"), "choice"),
    Field("priority", "priority", gettext_noop("Priority"), "choice"),
    Field("customer_name", "customerName", gettext_noop("Customer's name"), most=200),
    Field("customer_email", "customerEmail", gettext_noop("Customer's email"), "email"),
    Field("assigned_to", "assignedTo", gettext_noop("Assignee"), "choice"),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("notes", "notes", gettext_noop("Internal notes"), most=50_000, joint="\n\n"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
    Field("resolved_at", "resolvedAt", gettext_noop("Resolved at, kept in the metadata"), "date", kept=True),
    Field("updated_at", "updatedAt", gettext_noop("Updated at, kept in the metadata"), "date", kept=True),
    *_MESSAGE,
    Field("comments", "comments", gettext_noop("Further messages, all in one cell"), most=100_000, of_message=True),
)
# A second file, whose rows are messages of the first one's tickets.
COMMENTS = (
    Field("ticket", "ticket", gettext_noop("Ticket ID"), most=100, required=True),
    Field("message", "content", gettext_noop("Message"), most=100_000, required=True, joint="\n\n"),
    *_MESSAGE,
)
CUSTOMERS = (
    Field("external_id", "externalId", gettext_noop("ID in the other system"), most=100),
    Field("name", "name", gettext_noop("Name"), most=200),
    Field("email", "email", gettext_noop("Email"), "email", required=True),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("notes", "notes", gettext_noop("Internal notes"), most=50_000, joint="\n\n"),
    Field("status", "status", gettext_noop("Status"), "choice"),
    Field("sentiment", "sentiment", gettext_noop("Sentiment"), "choice"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
)
ARTICLES = (
    Field("title", "title", gettext_noop("Title"), most=500, required=True),
    Field("content", "content", gettext_noop("Content"), most=100_000, joint="\n\n"),
    Field("category", "category", gettext_noop("Category"), most=200, required=True),
    Field("status", "status", gettext_noop("Status"), "choice"),
    Field("visibility", "isPublic", gettext_noop("Visibility"), "choice", value=is_public),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
)
FIELDS: dict[str, tuple[Field, ...]] = {
    "tickets": TICKETS,
    "comments": COMMENTS,
    "customers": CUSTOMERS,
    "articles": ARTICLES,
}
# Only these have metadata, where columns without a field of their own can go.
WITH_METADATA = {"tickets", "customers"}
# Fields whose HTML becomes text, and in which articles keep their form as Markdown.
BODIES = ("message", "notes", "content", "comments")


def names(fields: Sequence[Field]) -> list[str]:
    return [field.name for field in fields]
