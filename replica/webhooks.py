"""Applies what cStar's webhooks deliver to the working copy (docs/cstar-api.md#webhook-events).

A resource says how its events are applied (`Resource.apply_event`). Where a payload does not hold enough, the object is
read by a task: nobody waits for cStar while cStar waits for us. What fails there is found by the change feed
(replica/feed.py), which goes on beside the webhook, only slower.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task
from msgspec import DecodeError, Meta, Struct
from msgspec import json as msgspec_json

from budget.client import client
from budget.models import Lane
from cstar import CStarError
from replica import echo, registry, upsert
from replica.audit_log import Change
from replica.models import WebhookEndpoint, WebhookEvent
from replica.payload_fields import camel
from replica.refresh import read_one, refresh_resource
from replica.resource import Resource, Row
from teams.models import Team

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
# Deliveries count as arriving for this long after the last one; teams are quiet at night.
PROOF = timedelta(hours=1)
# The proof is written at most this often: a busy team has many deliveries.
_PROVE_AGAIN = timedelta(minutes=1)
# A change that is younger than this may still be delivered.
GRACE = timedelta(seconds=30)

Outcome = WebhookEvent.Outcome
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Where the audit log's word for an object is another than the event's.
_TOLD_AS = {"team": "settings"}
# The audit log has one entry where these come beside a `.created` or `.updated`.
_SAME_CHANGE = {"assigned", "closed", "published"}


class Event(Struct, frozen=True):
    """What a delivery holds. `data` is in snake_case; `object` gives its parts as the API itself would."""

    id: Annotated[str, Meta(pattern=r"^[!-~]{1,200}\Z")]
    type: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z")]
    created_at: Annotated[datetime, Meta(tz=True)]
    team_id: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """What it is about: ticket, customer, team ..."""
        return self.type.partition(".")[0]

    @property
    def happened(self) -> str:
        """created, updated, deleted, message_added ..."""
        return self.type.partition(".")[2]

    @property
    def is_test(self) -> bool:
        return self.data.get("test") is True

    def object(self, name: str, **prefixes: str) -> Row | None:
        """Return a part of the data in the API's names; None if it has no id.

        `prefixes` says which fields hold ids and how those begin (`id="tkt_"`): events may carry bare UUIDs, where the
        API itself has prefixed ones (docs/cstar-api.md#ids). Keys within metadata are the team's own and stay.
        """
        part = self.data.get(name)
        if not isinstance(part, dict):
            return None
        row = {camel(key): value for key, value in part.items()}
        for field, prefix in prefixes.items():
            bare = part.get(field)
            if isinstance(bare, str) and _UUID.fullmatch(bare):
                row[camel(field)] = prefix + bare.replace("-", "").lower()
        cstar_id = row.get("id")
        return row if isinstance(cstar_id, str) and _ID.fullmatch(cstar_id) else None


def subscriptions() -> tuple[str, ...]:
    """What the desk's own webhook subscribes to."""
    return (*(f"{one.audit_type}.*" for one in registry.resources() if one.apply_event), "team.*")


def page_of(event: WebhookEvent) -> str:
    """The URL name of the page of the event's object; "" if there is no page."""
    kind, _, happened = event.type.partition(".")
    resource = _resource(kind)
    return resource.page if resource and event.object_id and happened != "deleted" else ""


def read_event(body: bytes, team: Team) -> Event:
    """Parse a delivery's event. `ValueError`, with a sentence, if it is none or another team's."""
    try:
        event = msgspec_json.decode(body, type=Event)
    except (DecodeError, RecursionError):
        event = None
    if event is None:
        raise ValueError(gettext_noop("It holds no event."))
    with suppress(ValueError):
        if UUID(event.team_id) == team.cstar_team_id:
            return event
    raise ValueError(gettext_noop("It is about another team."))


@transaction.atomic
def receive(endpoint: WebhookEndpoint, event: Event) -> WebhookEvent:
    """Apply the event once, however often it is delivered. An error rolls everything back."""
    team, now = endpoint.team, timezone.now()
    resource = _resource(event.kind)
    row = event.object(event.kind, id=resource.model.ID_PREFIX) if resource else None
    cstar_id = row["id"] if row else ""
    defaults = {"type": event.type, "object_id": cstar_id, "outcome": Outcome.IGNORED, "received_at": now}
    noted, is_new = WebhookEvent.objects.get_or_create(team=team, event_id=event.id, defaults=defaults)
    if not is_new:
        WebhookEvent.objects.filter(pk=noted.pk).update(replays=F("replays") + 1)
        return noted
    outcome = Outcome.TEST if event.is_test else _apply_event(team, event, cstar_id)
    if outcome != noted.outcome:
        noted.outcome = outcome
        noted.save(update_fields=["outcome"])
    if endpoint.proved_at is None or endpoint.proved_at < now - _PROVE_AGAIN:
        WebhookEndpoint.objects.filter(pk=endpoint.pk, cstar_id=endpoint.cstar_id).update(proved_at=now)
    return noted


def is_proven(team: Team) -> bool:
    """Whether deliveries arrive: then the feed polls less often."""
    return WebhookEndpoint.objects.filter(team=team, proved_at__gte=timezone.now() - PROOF).exists()


def missed(team: Team, audit_type: str, at: datetime) -> None:
    """Take note of a change that only the feed found: unless its delivery may still come, webhooks do not arrive."""
    subscribed = {kind.partition(".")[0] for kind in subscriptions()}
    told = audit_type in subscribed | {_TOLD_AS.get(kind, kind) for kind in subscribed}
    if told and at < timezone.now() - GRACE:
        WebhookEndpoint.objects.filter(team=team).update(proved_at=None)


def drop_old_events() -> None:
    """Delete events that cStar no longer delivers again."""
    WebhookEvent.objects.filter(received_at__lt=timezone.now() - KEPT).delete()


@task()
def read_object(team_id: str, audit_type: str, cstar_id: str, at: str) -> None:
    """Read what an event of the moment `at` was about; not again if it was read since then."""
    team = Team.objects.filter(pk=team_id).first()
    change = Change("", "", audit_type, cstar_id, datetime.fromisoformat(at), {})
    if team is None or (cstar_id and not echo.is_news(team, cstar_id, [change])):
        return
    try:
        paid = client(team, Lane.FEED, "webhook")
        for resource in registry.of_audit_type(audit_type):
            if resource.read_one is None:
                refresh_resource(resource, team, paid)
            else:
                read_one(resource, team, cstar_id, paid)
    except CStarError as error:
        log.warning("%s %s of %s could not be read, the feed will: %s", audit_type, cstar_id, team, error)


def _apply_event(team: Team, event: Event, cstar_id: str) -> Outcome:
    audit_type = _TOLD_AS.get(event.kind, event.kind)
    resource, told_of = _resource(event.kind), registry.of_audit_type(audit_type)
    if not told_of or (resource and not cstar_id):
        return Outcome.IGNORED
    # Deliveries overtake each other, and nothing that is told of an object counts after its end.
    ended = WebhookEvent.objects.filter(team=team, object_id=cstar_id, type=f"{event.kind}.deleted")
    if cstar_id and event.happened != "deleted" and ended.exists():
        return Outcome.IGNORED
    if event.happened == "deleted":
        for one in told_of:
            upsert.forget(one.name, team, [cstar_id])
        return Outcome.APPLIED
    if resource and resource.apply_event and resource.apply_event(team, event):
        if event.happened not in _SAME_CHANGE:
            echo.remember(team, cstar_id, event.created_at, whole=False)
        return Outcome.APPLIED
    read_object.enqueue(str(team.pk), audit_type, cstar_id, event.created_at.isoformat())
    return Outcome.READ


def _resource(kind: str) -> Resource | None:
    """The resource that has events of this kind of its own."""
    return next((one for one in registry.of_audit_type(kind) if one.apply_event), None)
