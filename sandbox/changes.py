"""The one place where a change becomes known: its audit entry, its events, and the use of tags that it alters.

Resources call `record` for each object they change; the request's end writes everything at once, in the transaction of
the changes themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import F, Model

from sandbox import events, times
from sandbox.ids import new_id
from sandbox.models import AuditEntry, Tag

WIRE_NAMES = {
    "assigned_to_id": "assignedTo",
    "customer_id": "customerId",
    "is_public": "isPublic",
    "is_active": "isActive",
    "sort_order": "sortOrder",
}


class Actor(NamedTuple):
    """Who changes something, as the audit log names them: a key, or in the live demo a customer or a member."""

    id: str
    name: str


@dataclass(slots=True)
class Pending:
    """What a request has changed so far. `source` (`bulk`, `import`) goes into every entry's details."""

    entries: list[AuditEntry] = field(default_factory=list)
    happenings: list[events.Happening] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    source: dict[str, str] = field(default_factory=dict)


def record(call, action: str, resource_id: str, fires: Mapping[str, events.Data] | None = None, **details: Any) -> None:
    """Notes one change. `action` is `<resource type>.<what happened>`, e.g. `ticket.updated`.

    `fires` holds the events that go with it, by type, each with a function that gives the event's data.
    """
    moment = times.now()
    entry = AuditEntry(
        public_id=new_id("aud_"),
        team=call.team,
        action=action,
        resource_type=action.partition(".")[0],
        resource_id=resource_id,
        actor_id=call.actor.id,
        actor_name=call.actor.name,
        details={**details, **call.pending.source},
        created_at=moment,
    )
    call.pending.entries.append(entry)
    call.pending.happenings += [events.Happening(kind, moment, data) for kind, data in (fires or {}).items()]


def retag(call, before: Iterable[str], after: Iterable[str]) -> None:
    """Notes that a ticket's tags went from `before` to `after`."""
    call.pending.tags.subtract(before)
    call.pending.tags.update(after)


def assign(target: Model, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sets attributes and gives what really changed, by wire name: `{"status": {"from": "new", "to": "open"}}`."""
    changed = {}
    for name, value in values.items():
        before = getattr(target, name)
        if before != value:
            changed[WIRE_NAMES.get(name, name)] = {"from": before, "to": value}
            setattr(target, name, value)
    return changed


def flush(call) -> None:
    """Writes the request's audit entries, events and tag counts."""
    AuditEntry.objects.bulk_create(call.pending.entries)
    events.fire(call.team, call.request_id, call.pending.happenings)
    moved = {name: by for name, by in call.pending.tags.items() if by}
    if not moved:
        return
    Tag.objects.bulk_create([Tag(team=call.team, name=name) for name in moved], ignore_conflicts=True)
    for name, by in moved.items():
        Tag.objects.filter(team=call.team, name=name).update(count=F("count") + by)
