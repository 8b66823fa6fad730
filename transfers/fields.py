"""What a column of a file can become: the fields of each resource that an import takes (seed-import.txt, core.md B11).

The pages do not say which fields a record may have; these are those of the resource's create, and what the sandbox
takes beside them (docs/sandbox.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_noop

from core.stored import pattern
from core.tags import FILE_SEPARATORS, split_tags

MAX_TAGS, MAX_TAG = 50, 100
MAX_METADATA, MAX_METADATA_KEY = 50, 100


_LONG = pattern(gettext_noop("It has {number} characters; cStar takes {most}."))
_NO_EMAIL = pattern(gettext_noop("“{text}” is no e-mail address."))
_MANY_TAGS = pattern(gettext_noop("It has {number} tags; cStar takes {most}."))
_LONG_TAG = pattern(gettext_noop("The tag “{tag}…” has more than {most} characters."))
_NO_DATE = pattern(gettext_noop("“{text}” is no date: write 2025-12-31 or 2025-12-31T14:30:00Z."))


class WrongValueError(Exception):
    """A cell that cannot be imported; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that columns can be mapped to.

    `wire` is its name in a record; `parse` turns a cell into its value (`WrongValueError`); several columns of the
    field are joined with `joint`. A `choice` has its words translated first (mapping.py).
    """

    name: str
    wire: str
    label: str
    parse: Callable[[str], Any]
    required: bool = False
    joint: str = " "
    choice: bool = False
    create_only: bool = False


def text(most: int) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if len(cell) > most:
            raise WrongValueError(_LONG.format(number=f"{len(cell):,}", most=f"{most:,}"))
        return cell

    return parse


def email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError:
        raise WrongValueError(_NO_EMAIL.format(text=cell[:60])) from None
    return text(254)(cell)


def tags(cell: str) -> list[str]:
    """Separated by commas, semicolons or bars; one that holds such a sign stands in quotes."""
    found = list(dict.fromkeys(split_tags(cell, FILE_SEPARATORS)))
    if len(found) > MAX_TAGS:
        raise WrongValueError(_MANY_TAGS.format(number=len(found), most=MAX_TAGS))
    if long := next((tag for tag in found if len(tag) > MAX_TAG), None):
        raise WrongValueError(_LONG_TAG.format(tag=long[:30], most=MAX_TAG))
    return found


_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::\d{2})?)?")


def moment(cell: str) -> str:
    """A time in ISO 8601 or as 31/12/2025 14:30, in the person's time zone unless it names another."""
    try:
        found = parse_datetime(cell)
        if found is None and (day := parse_date(cell)):
            found = datetime(day.year, day.month, day.day)
        if found is None and (parts := _DAY_FIRST.fullmatch(cell)):
            found = _day_first(*(int(part or 0) for part in parts.groups()))
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1970 <= found.year <= 9000:
        raise WrongValueError(_NO_DATE.format(text=cell[:40]))
    aware = found if timezone.is_aware(found) else timezone.make_aware(found)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day_first(first: int, second: int, year: int, hour: int, minute: int) -> datetime:
    """31/12/2025 is clear and so is 12/31/2025; which of 3/4/2025 is the day is not, and nobody may guess it."""
    if first <= 12 and second <= 12 and first != second:
        raise ValueError
    day, month = (first, second) if second <= 12 else (second, first)
    return datetime(year, month, day, hour, minute)


def as_is(cell: str) -> str:
    return cell


def public(cell: str) -> bool:
    return cell == "public"


TICKETS = (
    Field("external_id", "externalId", gettext_noop("Id in the other helpdesk"), text(100)),
    Field("title", "title", gettext_noop("Subject"), text(500), required=True),
    Field("message", "messages", gettext_noop("First message"), text(100_000), joint="\n\n", create_only=True),
    Field("status", "status", gettext_noop("Status"), as_is, choice=True),
    Field("priority", "priority", gettext_noop("Priority"), as_is, choice=True),
    Field("customer_name", "customerName", gettext_noop("Customer's name"), text(200), create_only=True),
    Field("customer_email", "customerEmail", gettext_noop("Customer's e-mail"), email, create_only=True),
    Field("assigned_to", "assignedTo", gettext_noop("Assignee"), as_is, choice=True),
    Field("tags", "tags", gettext_noop("Tags"), tags, joint=","),
    Field("notes", "notes", gettext_noop("Internal notes"), text(50_000), joint="\n\n"),
    Field("created_at", "createdAt", gettext_noop("Created at"), moment, create_only=True),
)
CUSTOMERS = (
    Field("external_id", "externalId", gettext_noop("Id in the other system"), text(100)),
    Field("name", "name", gettext_noop("Name"), text(200)),
    Field("email", "email", gettext_noop("E-mail"), email, required=True),
    Field("tags", "tags", gettext_noop("Tags"), tags, joint=","),
    Field("notes", "notes", gettext_noop("Internal notes"), text(50_000), joint="\n\n"),
    Field("status", "status", gettext_noop("Status"), as_is, choice=True),
    Field("sentiment", "sentiment", gettext_noop("Sentiment"), as_is, choice=True),
    Field("created_at", "createdAt", gettext_noop("Created at"), moment, create_only=True),
)
ARTICLES = (
    Field("title", "title", gettext_noop("Title"), text(500), required=True),
    Field("content", "content", gettext_noop("Content"), text(100_000), joint="\n\n"),
    Field("category", "category", gettext_noop("Category"), text(200), required=True),
    Field("status", "status", gettext_noop("Status"), as_is, choice=True),
    Field("visibility", "isPublic", gettext_noop("Visibility"), public, choice=True),
    Field("tags", "tags", gettext_noop("Tags"), tags, joint=","),
    Field("created_at", "createdAt", gettext_noop("Created at"), moment, create_only=True),
)
FIELDS: dict[str, tuple[Field, ...]] = {"tickets": TICKETS, "customers": CUSTOMERS, "articles": ARTICLES}
# Only these have metadata, where columns without a field of their own can go.
WITH_METADATA = {"tickets", "customers"}


def names(fields: Sequence[Field]) -> list[str]:
    return [field.name for field in fields]
