"""What a column of a file can become (`Transfer.fields` of each resource), and whether its cells can be imported.

cStar does not document which fields a record of an import may have; these are those of the resource's create, and what
the sandbox takes beside them (docs/sandbox.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from replica.transfer import Field
from transfers.resources import transfer_of, transferable
from transfers.sources import COMMENTS

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


def fields_of(resource: str) -> tuple[Field, ...]:
    """The fields that the columns of a resource's table can become; with COMMENTS those of a table of messages."""
    if resource != COMMENTS:
        return transfer_of(resource).fields
    transfers = (transfer_of(name) for name in transferable())
    return next((transfer.messages for transfer in transfers if transfer.messages), ())


# Fields whose HTML becomes text, and in which articles keep their form as Markdown.
BODIES = ("message", "notes", "content", "comments")


def names(fields: Sequence[Field]) -> list[str]:
    return [field.name for field in fields]
