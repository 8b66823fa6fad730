"""Reads columns out of what the API gave, whatever it gave: a field of a wrong type counts as not said."""

from datetime import datetime
from typing import Any

from sync.copies import instant

Payload = dict[str, Any]


def text(payload: Payload, field: str, length: int, default: str = "") -> str:
    value = payload.get(field)
    return value[:length].replace("\x00", "") if isinstance(value, str) else default


def number(payload: Payload, field: str) -> int:
    value = payload.get(field)
    return min(value, 2**31 - 1) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def strings(payload: Payload, field: str) -> list[str]:
    value = payload.get(field)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def moment(payload: Payload, field: str) -> datetime | None:
    return instant(payload[field]) if isinstance(payload.get(field), str) else None
