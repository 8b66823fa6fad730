"""Everything this cStar holds for its one team, in memory, and the changes that can be made to it.

Objects are dicts with the API's own field names; times are aware datetimes. Every change writes an audit entry.
"""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.strict_cstar.printed import KINDS
from tests.strict_cstar.variant import Variant

Object = dict[str, Any]

_LETTERS = string.ascii_letters + string.digits
_PREFIXES = {"tickets": "tkt", "customers": "cus", "articles": "art", "members": "mem"}


class Actor(NamedTuple):
    """Who the audit log says it was."""

    id: str
    name: str


class Store:
    """The team's objects by resource and id, and its audit log, oldest first."""

    def __init__(self, variant: Variant, clock: Callable[[], datetime], seed: int) -> None:
        self.variant, self._clock = variant, clock
        self.random = random.Random(seed)
        self.offset = timedelta()
        self.objects: dict[str, dict[str, Object]] = {name: {} for name in KINDS}
        self.audit_log: list[Object] = []
        self.imports: list[Object] = []
        self.webhooks: dict[str, Object] = {}
        self.tags: set[str] = set()
        self.team_name, self.team_slug = "Strict Support", "strict"

    def now(self) -> datetime:
        """cStar's clock."""
        return self._kept(self._clock().astimezone(UTC) + self.offset + timedelta(minutes=self.variant.clock_minutes))

    def stop_clock(self) -> None:
        stopped = self._clock()
        self._clock = lambda: stopped

    def _kept(self, moment: datetime) -> datetime:
        """A time as exact as cStar keeps it."""
        exact = moment.microsecond // 1000 * 1000 if self.variant.milliseconds else 0
        return moment.replace(microsecond=exact)

    def new_id(self, prefix: str, *, digits: int = 32) -> str:
        if self.variant.short_ids:
            return f"{prefix}_{''.join(self.random.choices(_LETTERS, k=12))}"
        return f"{prefix}_{self.random.getrandbits(4 * digits):0{digits}x}"

    # Reading ------------------------------------------------------------------------------------------------

    def newest_first(self, resource: str) -> list[Object]:
        """All objects of a resource; of those made in the same second the later one stands first."""
        return sorted(self.objects[resource].values(), key=lambda one: one["createdAt"])[::-1]

    def ticket_counts(self) -> Counter[str | None]:
        """How many tickets each customer has, by the customer's id."""
        return Counter(ticket["customerId"] for ticket in self.objects["tickets"].values())

    def customer_with_email(self, email: str) -> Object | None:
        wanted = email.strip().casefold()
        customers = self.objects["customers"].values()
        return next((customer for customer in customers if customer["email"].casefold() == wanted), None)

    def member(self, id_: str | None) -> Object | None:
        """The member with this `mem_` or `usr_` id."""
        members = self.objects["members"].values()
        return next((member for member in members if id_ in {member["id"], member["userId"]}), None)

    # Writing ------------------------------------------------------------------------------------------------

    def add(self, resource: str, fields: Object, actor: Actor, *, at: datetime | None = None) -> Object:
        """A new object from fields that were checked; `at` is when, if not now."""
        now = self._kept(at or self.now())
        made = {"id": self.new_id(_PREFIXES[resource]), **_EMPTY[resource](), "createdAt": now, "updatedAt": now}
        self.objects[resource][made["id"]] = made
        _set(made, fields)
        _note_status(made, now)
        self.log(f"{KINDS[resource]}.created", made["id"], actor, at=now)
        return made

    def change(self, resource: str, held: Object, fields: Object, actor: Actor) -> Object:
        _set(held, fields)
        held["updatedAt"] = self.now()
        _note_status(held, held["updatedAt"])
        self.log(f"{KINDS[resource]}.updated", held["id"], actor)
        return held

    def delete(self, resource: str, held: Object, actor: Actor) -> None:
        """A deleted customer's tickets stay, without a customer."""
        del self.objects[resource][held["id"]]
        if resource == "customers":
            for ticket in self.objects["tickets"].values():
                if ticket["customerId"] == held["id"]:
                    ticket["customerId"] = None
        self.log(f"{KINDS[resource]}.deleted", held["id"], actor)

    def add_message(self, ticket: Object, fields: Object, actor: Actor, *, at: datetime | None = None) -> Object:
        now = self._kept(at or self.now())
        message = {
            "id": self.new_id("msg", digits=12),
            "ticketId": ticket["id"],
            "isInternal": False,
            "senderName": None,
            **fields,
            "createdAt": now,
        }
        ticket["messages"].append(message)
        ticket["messageCount"] += 1
        ticket["updatedAt"] = now
        self.log("ticket.message_added", ticket["id"], actor, at=now, message_id=message["id"])
        return message

    def log(
        self, action: str, id_: str, actor: Actor, *, at: datetime | None = None, message_id: str | None = None
    ) -> None:
        entry = {
            "id": self.new_id("aud", digits=12),
            "action": action,
            "resourceType": action.partition(".")[0],
            "resourceId": id_,
            "messageId": message_id,
            "actorId": actor.id,
            "actorName": actor.name,
            "createdAt": at or self.now(),
        }
        self.audit_log.append(entry)


def _set(held: Object, fields: Object) -> None:
    """Metadata is merged key by key, null removes a key; every other field replaces what was there."""
    metadata = {**held.get("metadata", {}), **fields.get("metadata", {})}
    held |= fields
    held["metadata"] = {name: value for name, value in metadata.items() if value is not None}


def _note_status(held: Object, now: datetime) -> None:
    if "resolvedAt" in held:
        done = held["status"] in {"resolved", "closed"}
        held["resolvedAt"] = (held["resolvedAt"] or now) if done else None


def _empty_ticket() -> Object:
    return {
        "title": "",
        "status": "new",
        "priority": "normal",
        "customerId": None,
        "customerName": None,
        "assignedTo": None,
        "tags": [],
        "notes": None,
        "messageCount": 0,
        "messages": [],
        "resolvedAt": None,
    }


def _empty_customer() -> Object:
    return {"name": "", "email": "", "status": "active", "sentiment": "neutral", "tags": [], "notes": None}


def _empty_article() -> Object:
    return {
        "title": "",
        "content": "",
        "category": "",
        "status": "draft",
        "isPublic": False,
        "tags": [],
        "viewCount": 0,
        "useCount": 0,
    }


def _empty_member() -> Object:
    return {"permissions": [], "avatarUrl": None, "level": 1, "xp": 0}


_EMPTY: dict[str, Callable[[], Object]] = {
    "tickets": _empty_ticket,
    "customers": _empty_customer,
    "articles": _empty_article,
    "members": _empty_member,
}
