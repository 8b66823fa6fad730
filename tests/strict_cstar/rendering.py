"""Objects as answers print them: exactly the documented fields, and what the variant adds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.strict_cstar.printed import EMBEDDED_MESSAGE, EXPORTED, KINDS, MESSAGE, OBJECT, ROW, Fields
from tests.strict_cstar.store import Object, Store


def stamp(moment: datetime) -> str:
    """2025-12-10T14:30:00Z; with milliseconds where the moment has any."""
    exact = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")


def rows(store: Store, resource: str, held: Iterable[Object]) -> list[Object]:
    """List rows."""
    return _many(store, resource, held, ROW[resource])


def exported(store: Store, resource: str, held: Iterable[Object]) -> list[Object]:
    """Export rows; the thread is never among them."""
    as_objects = tuple(name for name in OBJECT[resource] if name != "messages")
    fields = {"printed": EXPORTED[resource], "list": ROW[resource], "object": as_objects}
    return _many(store, resource, held, fields[store.variant.export_rows])


def whole(store: Store, resource: str, held: Object) -> Object:
    """A single object; `resolvedAt` is there only once a ticket was resolved."""
    fields = OBJECT[resource]
    if held.get("resolvedAt"):
        fields = (*fields, "resolvedAt")
    return _many(store, resource, [held], fields)[0]


def some(store: Store, resource: str, held: Object, fields: Fields) -> Object:
    """Only these fields, as the answers to POST and PATCH print them."""
    return _extended(store, resource, {name: _value(store, name, held[name]) for name in fields})


def message(store: Store, held: Object) -> Object:
    """As GET /messages prints it."""
    return _message(store, held, MESSAGE)


def embedded_message(store: Store, held: Object) -> Object:
    """As it stands inside a ticket."""
    fields = (*EMBEDDED_MESSAGE, "isInternal") if store.variant.thread_has_is_internal else EMBEDDED_MESSAGE
    return _message(store, held, fields)


def plain(held: Object, fields: Fields) -> Object:
    """The fields as they are, times written out."""
    return {name: stamp(held[name]) if isinstance(held[name], datetime) else held[name] for name in fields}


def _many(store: Store, resource: str, held: Iterable[Object], fields: Fields) -> list[Object]:
    extras = tuple(sorted(store.variant.row_extras - {*fields}))
    counts = store.ticket_counts() if resource == "customers" else {}
    found = []
    for one in held:
        values = {**one, "ticketCount": counts.get(one["id"], 0)}
        row = {name: _value(store, name, values[name]) for name in (*fields, *extras) if name in values}
        found.append(_extended(store, resource, row))
    return found


def _value(store: Store, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if name == "messages":
        return [embedded_message(store, one) for one in value]
    if name == "assignedTo" and value and store.variant.assignee_ids == "user":
        return store.objects["members"][value]["userId"]
    return value


def _message(store: Store, held: Object, fields: Fields) -> Object:
    return _extended(store, "messages", plain(held, fields))


def _extended(store: Store, resource: str, printed: Object) -> Object:
    if not store.variant.extra_fields:
        return printed
    return {**printed, "object": KINDS.get(resource, "message"), "customFields": {"cf_plan": None}, "slaPaused": False}
