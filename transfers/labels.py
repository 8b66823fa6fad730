"""Names of the API's fields, and sentences about them, as receipts keep them: in English."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from core.templatetags.desk import shown
from transfers import field_changes
from transfers.field_changes import METADATA, Fields

CHANGED_SINCE = "Changed since:"
_CHANGED = pattern(gettext_noop("Changed since: {changes}."))
_IS_NOW = pattern(gettext_noop("{field} is now {value}"))
# Kept by earlier versions.
pattern(gettext_noop("customer id"))
_METADATA_KEY = pattern(gettext_noop("{key} (metadata)"))
LONGEST_REASON = 500  # characters
_LONGEST_VALUE = 80


def field_name(wire: str) -> str:
    """The API's name of a field as ours: assignedTo -> assigned_to. A metadata key keeps its spelling."""
    if wire.startswith(f"{METADATA}."):
        return wire
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", wire).lower()


def field_words(wire: str) -> str:
    if wire.startswith(f"{METADATA}."):
        return _METADATA_KEY.format(key=wire.removeprefix(f"{METADATA}."))
    return re.sub(r"\bid\b", "ID", field_name(wire).replace("_", " "))


def changed_since(names: Iterable[str], now: Fields) -> str:
    """Return the sentence that says which fields of an object somebody changed since, and what they are now."""
    values = field_changes.flat(now)
    changes = []
    for name in names:
        value = shown(values.get(name))
        short = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
        changes.append(_IS_NOW.format(field=field_words(name), value=short))
    return _CHANGED.format(changes="; ".join(changes))[:LONGEST_REASON]
