"""Which of our fields a column means, by the names that helpdesks and address books commonly give it.

Covers the usual exports of Zendesk, Freshdesk, Intercom, HubSpot and Google Contacts, as generally known, and our own.
A guess is only where a person starts from; what is no common name is left alone.
"""

from collections.abc import Iterator, Sequence

from transfers.tables.phrases import phrase

_TICKET = ("ticket", "case", "issue", "conversation", "request")
_PERSON = ("customer", "requester", "requestor", "contact", "client", "user", "end user", "reporter", "sender")
_ARTICLE = ("article", "page", "post", "document")

_ID = ("external id", "unique external id", "id", "number", "no", "display id", "record id", "key", "reference")
_EMAIL = ("email", "email address", "primary email", "email 1 value", "email 1", "work email", "mail")
_NAME = ("name", "full name", "display name")
_TAGS = ("tags", "tag", "labels", "label", "keywords")
_NOTES = ("notes", "note", "internal notes", "internal note", "private notes", "private note", "remarks")
_STATUS = ("status", "state", "stage")
_CREATED = (
    *("created at", "created", "created time", "create date", "created on", "created date", "creation date"),
    *("creation time", "date created", "time created", "submitted at", "submitted on", "opened at", "date opened"),
    *("started at", "date", "initially assigned at"),
)
_ASSIGNED = (
    *("assigned to", "assignee email", "agent email", "assignee", "assignee name", "assigned agent", "agent"),
    *("agent name", "owner", "assigned teammate", "teammate assigned", "teammate currently assigned"),
    *("assigned user", "technician", "responsible"),
)
_MESSAGE = (
    *("message", "first message", "initial message", "description", "body", "message body", "content", "details"),
    *("question", "first comment", "comment", "text"),
)

# A name in parts, in the order in which they are joined.
_NAME_PARTS = (
    ("first name", "given name", "firstname", "forename"),
    ("middle name", "additional name"),
    ("last name", "family name", "lastname", "surname"),
)


def _of(nouns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names said of something: "ticket status"."""
    return tuple(f"{noun} {name}" for noun in nouns for name in names)


def _or_of(nouns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names alone, then said of something: "status", "ticket status"."""
    return (*names, *_of(nouns, names))


# The names of each field, the surest first.
_TICKETS = {
    "external_id": (*_or_of(_TICKET, _ID), "ticket", "case"),
    "title": (*_or_of(_TICKET, ("subject", "title", "summary")), "ticket name", "issue name", "subject line", "topic"),
    "status": _or_of(_TICKET, _STATUS),
    "priority": _or_of(_TICKET, ("priority", "priority level", "urgency", "severity")),
    # A bare name beside one that says whose it is may be anybody's.
    "customer_name": (*_of(_PERSON, _NAME), *_NAME, *_PERSON, "from"),
    "customer_email": (*_of(_PERSON, _EMAIL), *_EMAIL),
    "assigned_to": _or_of(_TICKET, _ASSIGNED),
    "tags": _or_of(_TICKET, _TAGS),
    "notes": _or_of(_TICKET, _NOTES),
    "message": _or_of(_TICKET, _MESSAGE),
    "created_at": _or_of(_TICKET, _CREATED),
}
_CUSTOMERS = {
    "external_id": _or_of(_PERSON, _ID),
    "name": (*_or_of(_PERSON, _NAME), *_PERSON),
    "email": _or_of(_PERSON, _EMAIL),
    "tags": (*_or_of(_PERSON, _TAGS), "group membership", "groups", "segments"),
    "notes": (*_or_of(_PERSON, _NOTES), "background information", "background", "about", "description", "comments"),
    "status": (*_or_of(_PERSON, _STATUS), "account status"),
    "sentiment": _or_of(_PERSON, ("sentiment", "mood")),
    "created_at": (*_or_of(_PERSON, _CREATED), "signed up", "signed up at", "sign up date", "first seen"),
}
_ARTICLES = {
    "title": _or_of(_ARTICLE, ("title", "name", "subject", "headline", "question")),
    "content": _or_of(_ARTICLE, ("content", "body", "text", "html", "body html", "answer", "description")),
    "category": _or_of(_ARTICLE, ("category", "category name", "section", "folder", "collection", "topic", "group")),
    "status": _or_of(_ARTICLE, _STATUS),
    "visibility": _or_of(_ARTICLE, ("visibility", "is public", "public", "visible to", "access", "audience")),
    "tags": _or_of(_ARTICLE, _TAGS),
    "created_at": (*_or_of(_ARTICLE, _CREATED), "published at", "publish date"),
}


def guess_columns(header: Sequence[str], fields: Sequence[str]) -> dict[str, list[int]]:
    """The columns (from 0) that each field is most likely in, in the order in which they are joined.

    `fields` are those of tickets, customers or articles. A column is used once, by the field whose name it carries most
    surely; fields that no column means are left out. Only a name may be joined, of first, middle and last name.
    """
    names = [phrase(name).removesuffix(" utc") for name in header]
    guessed: dict[str, list[int]] = {}
    used: set[int] = set()
    for _, column, field in sorted(_candidates(names, fields)):
        if field not in guessed and column not in used:
            guessed[field] = [column]
            used.add(column)
    parts = _name_parts(names)
    for field in ("name", "customer_name"):
        if parts and field in fields:
            guessed.setdefault(field, parts)
    return guessed


def _candidates(names: list[str], fields: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Each column that may mean a field: how sure that is (0 the surest), the column, the field."""
    for field in fields:
        sureness = {name: rank for rank, name in enumerate(_vocabulary(fields).get(field, ()))}
        for column, name in enumerate(names):
            if name in sureness:
                yield sureness[name], column, field


def _vocabulary(fields: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if "customer_email" in fields:
        return _TICKETS
    return _CUSTOMERS if "email" in fields else _ARTICLES


def _name_parts(names: list[str]) -> list[int]:
    """The first column of each part of a name that there is."""
    found = (next((name for name in _or_of(_PERSON, part) if name in names), None) for part in _NAME_PARTS)
    return [names.index(name) for name in found if name is not None]
