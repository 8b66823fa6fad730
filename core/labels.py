"""Labels of cStar's own values (statuses, priorities, sentiments): known ones translated, others as they are."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from core.bidi import isolate
from core.stored_texts import shown
from core.tags import join_tags

_KNOWN: dict[str, Promise] = {
    "new": pgettext_lazy("status", "New"),
    "open": pgettext_lazy("status", "Open"),
    "pending": pgettext_lazy("status", "Pending"),
    "resolved": pgettext_lazy("status", "Resolved"),
    "closed": pgettext_lazy("status", "Closed"),
    "urgent": pgettext_lazy("priority", "Urgent"),
    "high": pgettext_lazy("priority", "High"),
    "normal": pgettext_lazy("priority", "Normal"),
    "low": pgettext_lazy("priority", "Low"),
    "active": pgettext_lazy("status", "Active"),
    "inactive": pgettext_lazy("status", "Inactive"),
    "positive": pgettext_lazy("sentiment", "Positive"),
    "neutral": pgettext_lazy("sentiment", "Neutral"),
    "negative": pgettext_lazy("sentiment", "Negative"),
    "published": pgettext_lazy("status", "Published"),
    "draft": pgettext_lazy("status", "Draft"),
    "archived": pgettext_lazy("status", "Archived"),
    "public": pgettext_lazy("visibility", "Public"),
    "internal": pgettext_lazy("visibility", "Internal"),
}


def words(value: str) -> str:
    """The label of a value: "in_progress" is "In progress", and "" is "Not set"."""
    return _words(value, get_language())


@lru_cache(maxsize=1000)
def _words(value: str, language: str) -> str:
    known = _KNOWN.get(value)
    return str(known) if known else value.replace("_", " ").replace("-", " ").capitalize() or _("Not set")


def named(value: str, name: str) -> str:
    """The label of a value that a team may have named; its own name is shown as it is."""
    return words(value) if name.casefold() == value else name


def choices(values: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Known values as choices of a form; the labels are lazy, so the form may be defined at import."""
    return [(value, _KNOWN[value]) for value in values]


# Fields of cStar's objects as records name them.
_FIELDS: dict[str, Promise] = {
    "assigned_to": gettext_lazy("assigned to"),
    "category": gettext_lazy("category"),
    "content": gettext_lazy("content"),
    "customer_id": gettext_lazy("customer ID"),
    "email": gettext_lazy("email"),
    "metadata": gettext_lazy("metadata"),
    "name": gettext_lazy("name"),
    "notes": gettext_lazy("notes"),
    "priority": gettext_lazy("priority"),
    "role": gettext_lazy("role"),
    "sentiment": gettext_lazy("sentiment"),
    "status": gettext_lazy("status"),
    "tags": gettext_lazy("tags"),
    "title": gettext_lazy("title"),
    "visibility": gettext_lazy("visibility"),
}
# Those of them that hold words.
FIELDS_OF_WORDS = {"status", "priority", "sentiment", "visibility"}


def field(name: str) -> str:
    """The label of a field: "assigned_to" is "assigned to"; an unknown name is shown as it is."""
    if name.startswith("metadata."):
        return _("{key} (metadata)").format(key=name.removeprefix("metadata."))
    known = _FIELDS.get(name)
    return str(known) if known else isolate(name.replace("_", " "))


def field_lines(fields: Mapping[str, Any]) -> str:
    """Fields and their values as text, one a line."""
    shown_values = ((name, join_tags(value) if isinstance(value, list) else value) for name, value in fields.items())
    return "\n".join(f"{capfirst(field(name))}: {value}" for name, value in shown_values)


def recorded(value: str) -> str:
    """The label of a value in the record: the value itself in English, translated in other languages."""
    known = str(_KNOWN.get(value, value))
    return value if known.lower() == value else known


def heard(label: str) -> str:
    """Translate the label of a filter that was kept in English."""
    value = label.lower()
    return words(value) if value in _KNOWN else shown(label)
