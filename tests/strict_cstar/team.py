"""What concerns the team as a whole: settings, audit log, search, tags, webhooks, and who the key belongs to."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from tests.strict_cstar import errors, rendering, resources
from tests.strict_cstar.printed import AUDIT_ENTRY, KINDS, STATUSES, WEBHOOK, WEBHOOK_ROW
from tests.strict_cstar.routing import Call, Reply, route
from tests.strict_cstar.store import Object

SNIPPET = 40  # characters on each side of a match


@route("GET", "/settings")
def get_settings(call: Call) -> Reply:
    return Reply(_settings(call), meta=False)


@route("PATCH", "/settings")
def update_settings(call: Call) -> Reply:
    name = call.take(call.body, ("teamName",)).get("teamName", call.store.team_name)
    if not isinstance(name, str) or not name.strip():
        raise errors.invalid("teamName must be a text", "teamName")
    call.store.team_name = name
    return Reply(_settings(call), meta=False)


def _settings(call: Call) -> Object:
    return {"object": "settings", "teamName": call.store.team_name, "teamSlug": call.store.team_slug}


@route("GET", "/settings/statuses")
def list_statuses(call: Call) -> Reply:
    """No document prints a row: a name is all that can be taken for granted."""
    key = {"names": (), "keys": ("key",), "ids": ("id",)}[call.variant.statuses]
    return Reply([{**dict.fromkeys(key, status), "name": status.capitalize()} for status in STATUSES], meta=False)


@route("GET", "/settings/quick-replies")
def list_quick_replies(call: Call) -> Reply:
    """No document prints the path."""
    if not call.variant.quick_replies:
        raise errors.not_found("Endpoint")
    reply = {"id": "qr_greeting", "title": "Greeting", "content": "Hello, thank you for writing to us."}
    return Reply([reply], meta=False)


@route("GET", "/audit-log")
def list_audit_log(call: Call) -> Reply:
    """Newest first; no pagination is printed, although page and pageSize are parameters."""
    entries = [_as_logged(call, entry) for entry in reversed(call.store.audit_log) if _is_logged(call, entry)]
    number, size = resources.page_asked_for(call)
    part = entries[(number - 1) * size : number * size]
    return Reply([rendering.plain(entry, AUDIT_ENTRY) for entry in part], meta=False)


def _as_logged(call: Call, entry: Object) -> Object:
    if entry["messageId"] and call.variant.messages_logged_as == "message":
        return {**entry, "resourceType": "message", "resourceId": entry["messageId"]}
    return entry


def _is_logged(call: Call, entry: Object) -> bool:
    if call.variant.audit_log == "members" and entry["resourceType"] != "member":
        return False
    query = call.query
    wanted = {name: query[name] for name in ("action", "resourceType", "actorId") if name in query}
    since, until = _moment(call, "startDate"), _moment(call, "endDate")
    return (
        all(_as_logged(call, entry)[name] == value for name, value in wanted.items())
        and (since is None or entry["createdAt"] >= since)
        and (until is None or entry["createdAt"] <= until)
    )


def _moment(call: Call, name: str) -> datetime | None:
    if name not in call.query:
        return None
    try:
        moment = datetime.fromisoformat(call.query[name])
    except ValueError:
        raise errors.invalid(f"{name} must be an ISO 8601 date", name) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@route("GET", "/search")
def search(call: Call) -> Reply:
    text = call.query.get("q", "")
    if not text:
        raise errors.missing("q is required", "q")
    types = call.query.get("types", "tickets,customers,articles").split(",")
    limit = resources.whole_number(call, "limit", 10)
    found = [
        {"object": "search_result", "type": KINDS[name], "id": one["id"], **_hit(call, name, one, text)}
        for name in types
        if name in ("tickets", "customers", "articles")
        for one in resources.matching(call, name, {"search": text})
    ]
    return Reply(found[:limit], meta=False)


def _hit(call: Call, resource: str, held: Object, text: str) -> Object:
    words = resources.searched_text(call, resource, held)
    at = words.casefold().find(text.casefold())
    snippet = words[max(0, at - SNIPPET) : at + len(text) + SNIPPET]
    return {"title": held.get("title") or held["name"], "snippet": f"...{snippet}..."}


@route("GET", "/tags")
def list_tags(call: Call) -> Reply:
    """The tags of tickets, the most used first."""
    tickets = call.store.objects["tickets"].values()
    counts = Counter(dict.fromkeys(sorted(call.store.tags), 0))
    counts.update(tag for ticket in tickets for tag in ticket["tags"])
    return Reply([{"object": "tag", "name": name, "count": count} for name, count in counts.most_common()], meta=False)


@route("POST", "/tags")
def create_tag(call: Call) -> Reply:
    name = call.body.get("name")
    if not name or not isinstance(name, str):
        raise errors.missing("name is required", "name")
    call.store.tags.add(name)
    return Reply({"object": "tag", "name": name, "count": 0}, status=201, meta=False)


@route("GET", "/webhooks")
def list_webhooks(call: Call) -> Reply:
    """Webhooks are kept; nothing is ever delivered, as where cStar cannot reach the desk."""
    return Reply([rendering.plain(webhook, WEBHOOK_ROW) for webhook in call.store.webhooks.values()])


@route("GET", "/webhooks/{webhookId}")
def get_webhook(call: Call, id_: str) -> Reply:
    return Reply(rendering.plain(_webhook(call, id_), WEBHOOK))


@route("POST", "/webhooks")
def create_webhook(call: Call) -> Reply:
    fields = call.take(call.body, ("name", "url", "events"))
    if lacking := next((name for name in ("name", "url", "events") if not fields.get(name)), None):
        raise errors.missing(f"{lacking} is required", lacking)
    store, now = call.store, call.store.now()
    made = {"id": store.new_id("whk", digits=12), **fields, "isActive": True, "createdAt": now, "updatedAt": now}
    store.webhooks[made["id"]] = made
    secret = f"whsec_{store.random.getrandbits(128):032x}"
    return Reply({**rendering.plain(made, WEBHOOK_ROW), "signingSecret": secret}, status=201)


@route("PATCH", "/webhooks/{webhookId}")
def update_webhook(call: Call, id_: str) -> Reply:
    webhook = _webhook(call, id_)
    webhook |= call.take(call.body, ("name", "url", "events", "isActive")) | {"updatedAt": call.store.now()}
    return Reply(rendering.plain(webhook, WEBHOOK))


@route("DELETE", "/webhooks/{webhookId}")
def delete_webhook(call: Call, id_: str) -> Reply:
    del call.store.webhooks[_webhook(call, id_)["id"]]
    return Reply({"deleted": True})


def _webhook(call: Call, id_: str) -> Object:
    if id_ not in call.store.webhooks:
        raise errors.not_found("Webhook")
    return call.store.webhooks[id_]
