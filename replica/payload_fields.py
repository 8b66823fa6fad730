"""Reads columns out of what the API gave, whatever it gave: a field of a wrong type counts as not said."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

Payload = dict[str, Any]


# Levels of lists and objects within each other; each takes Python two of the thousand that it can go down.
MAX_DEPTH = 50


def storable(value: Any, levels: int = MAX_DEPTH) -> Any:
    """The same without what no database takes, NUL and halves of surrogate pairs; what is nested too deeply is null."""
    match value:
        case str():
            return value if value.isascii() and "\x00" not in value else _clean(value)
        case dict() | list() if not levels:
            return None
        case dict():
            return {_clean(key): storable(item, levels - 1) for key, item in value.items()}
        case list():
            return [storable(item, levels - 1) for item in value]
    return value


def _clean(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()


def camel(name: str) -> str:
    """A field as the API calls it: sort_order is sortOrder."""
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def text(payload: Payload, field: str, length: int, default: str = "") -> str:
    value = payload.get(field)
    return value[:length] if isinstance(value, str) else default


def whole_text(payload: Payload, field: str) -> str:
    """The text as it is: what people edit is never cut, for they would save the rest away."""
    value = payload.get(field)
    return value if isinstance(value, str) else ""


def number(payload: Payload, field: str) -> int:
    value = payload.get(field)
    return min(value, 2**31 - 1) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def strings(payload: Payload, field: str) -> list[str]:
    value = payload.get(field)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def moment(payload: Payload, field: str) -> datetime | None:
    return instant(payload[field]) if isinstance(payload.get(field), str) else None


def instant(text: Any) -> datetime:
    """A time of the API's; the beginning of time where it cannot be read, or is one that no time zone can show."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or not 1 < moment.year < 9999:
        return datetime(1970, 1, 1, tzinfo=timezone.get_default_timezone())
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
