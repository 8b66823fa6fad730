"""Checks and normalises the values of body fields. A wrong value is a 400 that names its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.strict_cstar import errors
from tests.strict_cstar.printed import (
    ARTICLE_STATUSES,
    CUSTOMER_STATUSES,
    PRIORITIES,
    ROLES,
    SENDERS,
    SENTIMENTS,
    STATUSES,
)
from tests.strict_cstar.store import Object, Store

MAX_METADATA_KEYS = 50

_STATUSES = {"tickets": STATUSES, "customers": CUSTOMER_STATUSES, "articles": ARTICLE_STATUSES}
_CHOICES = {"priority": PRIORITIES, "sentiment": SENTIMENTS, "sender": SENDERS, "role": ROLES}
_REQUIRED_TEXTS = ("title", "name", "email", "content", "category")
_TEXTS = ("notes", "customerName", "senderName", "metaDescription")
_BOOLEANS = ("isInternal", "isPublic")


def checked(store: Store, resource: str, fields: Object) -> Object:
    """The fields as they are kept."""
    return {name: _check(store, resource, name, value) for name, value in fields.items()}


def _check(store: Store, resource: str, name: str, value: Any) -> Any:
    if name == "status":
        return _one_of(_STATUSES[resource], name, value)
    if name in _CHOICES:
        return _one_of(_CHOICES[name], name, value)
    if name in _BOOLEANS:
        return _require(isinstance(value, bool), name, "true or false", value)
    if name in _REQUIRED_TEXTS:
        return _require(isinstance(value, str) and value.strip(), name, "a text", value)
    if name in _TEXTS:
        return _require(value is None or isinstance(value, str), name, "a text", value)
    return _OTHERS[name](store, value)


def _one_of(choices: tuple[str, ...], name: str, value: Any) -> str:
    return _require(value in choices, name, f"one of {', '.join(choices)}", value)


def _require(good: object, name: str, what: str, value: Any) -> Any:
    if not good:
        raise errors.invalid(f"{name} must be {what}", name)
    return value


def _tags(_store: Store, value: Any) -> list[str]:
    """An array of strings, or one string with commas."""
    if isinstance(value, str):
        value = [tag.strip() for tag in value.split(",") if tag.strip()]
    good = isinstance(value, list) and all(isinstance(tag, str) and tag.strip() for tag in value)
    return list(dict.fromkeys(_require(good, "tags", "an array of strings", value)))


def _metadata(_store: Store, value: Any) -> Object:
    good = isinstance(value, dict) and len(value) <= MAX_METADATA_KEYS
    return _require(good, "metadata", f"an object with at most {MAX_METADATA_KEYS} keys", value)


def _customer_id(store: Store, value: Any) -> str | None:
    if value is not None and value not in store.objects["customers"]:
        raise errors.not_found("Customer")
    return value


def _assigned_to(store: Store, value: Any) -> str | None:
    """A member's `mem_` or `usr_` id; kept as the former."""
    if value is None:
        return None
    member = store.member(value) if isinstance(value, str) else None
    return _require(member, "assignedTo", "the id of a team member", member)["id"]


_OTHERS: dict[str, Callable[[Store, Any], Any]] = {
    "tags": _tags,
    "metadata": _metadata,
    "customerId": _customer_id,
    "assignedTo": _assigned_to,
}
