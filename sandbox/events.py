"""Events: what webhooks are told of (docs/cstar-api.md#webhook-events).

A change names the events that it fires; what each tells is worked out only when a webhook wants to hear it. Data comes
in the names of the API and goes out in snake_case, as the documents print every event.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec

from sandbox import times
from sandbox.models import Delivery, Event, Team, Webhook

# Every type that the catalogue lists. Those about games, groups, community and surveys never happen here.
CATALOGUE = (
    *("ticket.created", "ticket.updated", "ticket.closed"),
    *("ticket.message_added", "ticket.deleted", "ticket.assigned"),
    *("customer.created", "customer.updated", "customer.deleted"),
    *("customer_group.created", "customer_group.updated", "customer_group.deleted"),
    *("article.created", "article.published", "article.updated", "article.deleted"),
    *("team.preferences_updated", "agent.preferences_updated"),
    *("boss.spawned", "boss.damaged", "boss.defeated"),
    *("player.level_up", "player.achievement_unlocked", "player.xp_gained"),
    *("player.quest_completed", "player.streak_milestone"),
    *("social.one_up_sent", "social.high_five_sent"),
    *("community_post.created", "community_post.updated", "community_post.status_changed"),
    *("community_post.commented", "community_post.deleted", "community_post.voted"),
    "survey.submitted",
)
# What a subscription may say: a type, all of a kind (`ticket.*`), or everything.
SUBSCRIPTIONS = frozenset({*CATALOGUE, *(f"{kind.partition('.')[0]}.*" for kind in CATALOGUE), "*"})

Data = Callable[[], dict[str, Any]]


class Happening(NamedTuple):
    """An event that has not been written yet."""

    kind: str
    at: datetime
    data: Data


def fire(team: Team, request_id: str, happenings: Iterable[Happening]) -> None:
    """Writes each event that an active webhook subscribes to, with a delivery for each such webhook."""
    if not happenings:
        return
    webhooks = list(team.webhooks.filter(is_active=True))
    wanted = []
    for happening in happenings:
        subscriptions = {happening.kind, f"{happening.kind.partition('.')[0]}.*", "*"}
        if hooks := [hook for hook in webhooks if not subscriptions.isdisjoint(hook.events)]:
            wanted.append((happening, hooks))
    _save(team, request_id, wanted)


def fire_at(webhooks: list[Webhook], team: Team, request_id: str, happening: Happening) -> None:
    """Writes an event for these webhooks, whatever they subscribe to."""
    _save(team, request_id, [(happening, webhooks)] if webhooks else [])


def build(team: Team, request_id: str, happening: Happening) -> Event:
    """The event with its envelope, not saved yet: {id, type, created_at, team_id, data}, all in snake_case."""
    kind, at, data = happening
    milliseconds = round(at.timestamp() * 1000)
    event_id = f"evt_{kind.replace('.', '_')}_{milliseconds}_{secrets.token_hex(4)}"
    told = {}
    for name, value in data().items():
        # An object's own keys; those within it (metadata, say) are the team's and stay.
        told[name] = {_snake(key): item for key, item in value.items()} if isinstance(value, dict) else value
    envelope = {
        "id": event_id,
        "type": kind,
        "created_at": times.wire(at),
        "team_id": str(team.uuid),
        "data": told,
    }
    body = msgspec.json.encode(envelope)
    return Event(id=event_id, team=team, type=kind, body=body, request_id=request_id, created_at=at)


def _save(team: Team, request_id: str, wanted: list[tuple[Happening, list[Webhook]]]) -> None:
    events, deliveries = [], []
    for happening, webhooks in wanted:
        event = build(team, request_id, happening)
        events.append(event)
        deliveries += [Delivery(event=event, webhook=webhook, due_at=happening.at) for webhook in webhooks]
    if events:
        Event.objects.bulk_create(events)
        Delivery.objects.bulk_create(deliveries)


@cache
def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
