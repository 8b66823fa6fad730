"""`/webhooks`: where the team wants to hear of its events (docs/cstar-api.md#webhooks). A secret key is needed.

A webhook can leak everything that happens, so reading takes a secret key too. Deliveries are sent by
`manage.py sandbox`; only `/test` sends within the request, and holds no transaction meanwhile.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from sandbox import addresses, bodies, changes, errors, events, fields, outbound, times
from sandbox.api import Call, Reply
from sandbox.fields import UNSET, Name, UnsetType
from sandbox.ids import canonical, new_id
from sandbox.models import Delivery, Team, Webhook

DEFAULT_TEST = "ticket.created"


class WebhookCreate(msgspec.Struct, rename="camel"):
    name: Name = ""
    url: str = ""
    events: list[str] = []
    is_active: bool = True


class WebhookPatch(msgspec.Struct, rename="camel"):
    name: Name | UnsetType = UNSET
    url: str | UnsetType = UNSET
    events: list[str] | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class TestBody(msgspec.Struct):
    event: str = ""


def webhook_list(call: Call) -> Reply:
    """Oldest first, not paginated. Filter: active. Rows: id, name, url, events, isActive, createdAt."""
    rows = call.team.webhooks.order_by("created_at", "id")
    if (active := call.params.flag("active")) is not None:
        rows = rows.filter(is_active=active)
    return Reply([_row(webhook) for webhook in rows])


def webhook_detail(call: Call, webhook_id: str) -> Reply:
    return Reply(_full(_find(call.team, webhook_id)))


def webhook_create(call: Call) -> Reply:
    """201 with the object and, this once, its secret."""
    body = bodies.shaped(call.body, WebhookCreate)
    if not body.name.strip() or not body.url.strip() or not body.events:
        raise errors.missing("name, url and events are required")
    moment = times.now()
    webhook = Webhook.objects.create(
        id=new_id("whk_"),
        team=call.team,
        name=body.name.strip(),
        url=_clean_url(body.url),
        events=_clean_events(body.events),
        secret="whsec_" + secrets.token_hex(32),
        is_active=body.is_active,
        created_at=moment,
        updated_at=moment,
    )
    changes.record(call, "webhook.created", webhook.id, name=webhook.name)
    # The reference's table calls it `secret`, the newer SDK reads `signingSecret`: a client of either finds it.
    return Reply({**_full(webhook), "secret": webhook.secret, "signingSecret": webhook.secret}, 201)


def webhook_update(call: Call, webhook_id: str) -> Reply:
    """Changes only the fields given; answers the whole webhook."""
    webhook = _find(call.team, webhook_id)
    values = fields.given(bodies.shaped(call.body, WebhookPatch))
    if "name" in values:
        values["name"] = fields.required_text(values["name"], "name")
    if "url" in values:
        values["url"] = _clean_url(values["url"])
    if "events" in values:
        values["events"] = _clean_events(values["events"])
    if changed := changes.assign(webhook, values):
        webhook.updated_at = times.after(webhook.updated_at)
        webhook.save(force_update=True)
        changes.record(call, "webhook.updated", webhook.id, changes=changed)
    return Reply(_full(webhook))


def webhook_delete(call: Call, webhook_id: str) -> Reply:
    """Deletes the webhook, and with it what is still to be delivered to it."""
    webhook = _find(call.team, webhook_id)
    changes.record(call, "webhook.deleted", webhook.id, name=webhook.name)
    webhook.delete()
    return Reply({"deleted": True})


def webhook_test(call: Call, webhook_id: str) -> Reply:
    """Sends a synthetic event to this webhook at once, active or not, and tells how it went. Nothing is kept of it.

    Answers {deliveryId, event, url, success, status, responseTimeMs, error} (SDK page "webhooks").
    """
    webhook = _find(call.team, webhook_id)
    kind = _known_event(bodies.shaped(call.body, TestBody).event or DEFAULT_TEST)
    event = events.build(call.team, call.request_id, _synthetic(kind))
    # In a thread of its own: this one may have an event loop already.
    with ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(asyncio.run, _send(Delivery(event=event, webhook=webhook, attempt=1))).result()
    return Reply(
        {
            "deliveryId": new_id("dlv_"),
            "event": kind,
            "url": webhook.url,
            "success": not outcome.error,
            "status": outcome.status,
            "responseTimeMs": outcome.milliseconds,
            "error": outcome.error or None,
        }
    )


def trigger_test(call: Call) -> Reply:
    """Fires a synthetic event at all active webhooks, whatever they subscribe to. Answers {event, deliveredTo}."""
    kind = bodies.shaped(call.body, TestBody).event
    if not kind:
        raise errors.missing("event is required", "event")
    happening = _synthetic(_known_event(kind))
    active = list(call.team.webhooks.filter(is_active=True))
    events.fire_at(active, call.team, call.request_id, happening)
    return Reply({"event": kind, "deliveredTo": len(active)})


async def _send(delivery: Delivery) -> outbound.Outcome:
    async with outbound.pool() as connections:
        return await outbound.attempt(connections, delivery)


def _synthetic(kind: str) -> events.Happening:
    """Names no object: a receiver that believed it would delete or overwrite a real one."""
    return events.Happening(kind, times.now(), lambda: {"test": True})


def _find(team: Team, webhook_id: str) -> Webhook:
    webhook = Webhook.objects.filter(team=team, id=canonical("whk_", webhook_id)).first()
    if webhook is None:
        raise errors.not_found("Webhook")
    return webhook


def _clean_url(url: str) -> str:
    url = url.strip()
    try:
        addresses.check_url(url)
    except addresses.RefusedError as refusal:
        raise errors.invalid(f"url {refusal}", "url") from None
    return url


def _clean_events(given: list[str]) -> list[str]:
    """Without doubles, in the order given; 400 for what is neither a type of the catalogue nor a wildcard."""
    unknown = next((name for name in given if name not in events.SUBSCRIPTIONS), None)
    if unknown is not None or not given:
        raise errors.invalid("events must be types of the catalogue, or wildcards like ticket.* and *", "events")
    return list(dict.fromkeys(given))


def _known_event(kind: str) -> str:
    if kind not in events.CATALOGUE:
        raise errors.invalid("event must be a type of the catalogue, like ticket.created", "event")
    return kind


def _full(webhook: Webhook) -> dict[str, Any]:
    return {**_row(webhook), "updatedAt": times.wire(webhook.updated_at)}


def _row(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "events": webhook.events,
        "isActive": webhook.is_active,
        "createdAt": times.wire(webhook.created_at),
    }
