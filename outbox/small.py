"""Creates, edits and deletes objects of small resources (`replica.resource.Small`) through the outbox.

Kinds and payloads, where `category` is a resource's `audit_type`: `category.create` {fields}, `category.edit`
{changes}, `category.delete` {name}. Fields have the client's names (`sort_order`), those of cStar's objects are the
API's (`sortOrder`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import cstar
from core import cells, labels
from core.bidi import isolate
from core.cells import Cell
from core.filters import FilterForm
from core.folding import caseless
from core.templatetags.desk import icon
from core.urls import page_url
from cstar import MAX_PAGE_SIZE, Client, CStarError, NotFound
from outbox import queue, reconciliation, verification
from outbox.handlers import Handler, NotOfferedError, Sent, Step, idempotency_key, record_sent
from outbox.models import Outgoing
from replica import capabilities, registry, upsert
from replica.models import SmallObject
from replica.payload_fields import camel
from replica.refresh import pages
from replica.resource import Resource
from teams.access import TeamRequest
from teams.policy import May

# The sort of a list in the team's own order.
BY_PLACE = "order"
_MOVE = (
    '<button class="button button--small button--quiet" form="move" name="{}" value="{}" aria-label="{}">{}</button>'
)
_NOT_OFFERED = gettext_noop("This cStar does not allow it here. Do it in cStar itself.")
_NOT_KEPT = gettext_noop("cStar accepted the change but did not keep it. Check it in cStar.")


def writes(name: str, audit_type: str, right: May) -> dict[str, Handler]:
    """How entries of the resource `name` are sent."""
    return {
        f"{audit_type}.create": Handler(
            purpose=gettext_noop("new object"),
            steps=(
                Step(
                    "object",
                    partial(_create, name),
                    partial(_land_created, name),
                    find=partial(_find_created, name),
                    creates=True,
                ),
            ),
            title=partial(_title, name, gettext_noop("New {what} {name}")),
            url=partial(_list_url, name),
            text=lambda entry: labels.field_lines(entry.payload["fields"]),
            right=right,
        ),
        f"{audit_type}.edit": Handler(
            purpose=gettext_noop("edit"),
            steps=(Step("object", partial(_edit, name), partial(_land_edited, name)),),
            title=partial(_title, name, gettext_noop("Changes to {what} {name}")),
            url=partial(_list_url, name),
            text=lambda entry: labels.field_lines(entry.payload["changes"]),
            right=right,
        ),
        f"{audit_type}.delete": Handler(
            purpose=gettext_noop("delete"),
            steps=(Step("object", partial(_delete, name), partial(_land_deleted, name)),),
            title=partial(_title, name, gettext_noop("Delete {what} {name}")),
            url=partial(_list_url, name),
            text=lambda entry: "",
            right=right,
        ),
    }


def prepare(name: str) -> Callable[[TeamRequest, FilterForm, list[SmallObject]], list[SmallObject]]:
    """Return a `Listing.prepare` that marks on the rows what the person may do with them."""

    def mark(request: TeamRequest, form: FilterForm, rows: list[SmallObject]) -> list[SmallObject]:
        editable = request.membership.allows(_small(name).right)
        moves: dict[str, Any] = {}
        if editable and form.sort == BY_PLACE and not form.given():
            places = registry.get(name).held(request.team).order_by("position", "name_key", "pk").values_list("pk")
            moves = {"up": places.first(), "down": places.last()}
        for row in rows:
            row.editable, row.moves = editable, tuple(way for way, end in moves.items() if end != (row.pk,))
        return rows

    return mark


def name_cell(name: str) -> Cell:
    """The object's name, which leads to its form for those who may change it."""
    link = cells.link("name", f"{name}:edit")
    return lambda row: (
        link(row) if row.editable else format_html('<span class="subject" dir="auto">{}</span>', row.name)
    )


def move_cell(row: SmallObject) -> SafeString:
    """Buttons that move the row up or down; they belong to the form in `small/_list.html`."""
    words = {"up": _("Move {name} up"), "down": _("Move {name} down")}
    buttons = ((way, row.cstar_id, words[way].format(name=row.name), icon(f"arrow-{way}")) for way in row.moves)
    return format_html_join("", _MOVE, buttons)


def create(request: TeamRequest, resource: Resource, fields: dict[str, Any], *, key: str) -> Outgoing:
    """Make an object. Raises cStar's refusal."""
    kind = resource.audit_type
    return queue.do(request, f"{kind}.create", {"fields": fields}, line=f"{kind}:new:{key}", key=key)


def edit(request: TeamRequest, resource: Resource, held: SmallObject, changes: dict[str, Any]) -> Outgoing:
    """Change fields of an object. Raises cStar's refusal."""
    return _do(request, resource, held, "edit", {"changes": changes})


def delete(request: TeamRequest, resource: Resource, held: SmallObject) -> Outgoing:
    """Delete an object for good; one that is gone already counts as deleted. Raises cStar's refusal."""
    return _do(request, resource, held, "delete", {})


def snake(name: str) -> str:
    """Turn sortOrder into sort_order."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _do(request: TeamRequest, resource: Resource, held: SmallObject, what: str, payload: dict[str, Any]) -> Outgoing:
    kind = f"{resource.audit_type}.{what}"
    line = f"{resource.audit_type}:{held.cstar_id}"
    return queue.do(request, kind, payload | {"name": held.name}, line=line, target_id=held.cstar_id)


def _api(name: str, client: Client) -> Any:
    return getattr(client, _small(name).client)


def _small(name: str) -> Any:
    return registry.get(name).small


def _create(name: str, entry: Outgoing, client: Client) -> Sent:
    fields = entry.payload["fields"]
    try:
        return Sent(_api(name, client).create(**fields, idempotency_key=idempotency_key(entry, "object", fields)))
    except CStarError as error:
        if not capabilities.is_absent(error):
            raise
        raise NotOfferedError(_(_NOT_OFFERED)) from error


def _find_created(name: str, entry: Outgoing, client: Client) -> Sent | None:
    """Find the object that an earlier try created although its answer was lost: by its name, and made since then."""
    field, since = _small(name).name, reconciliation.tried_since(entry)
    wanted = caseless(str(entry.payload["fields"][snake(field)]))
    for one in _api(name, client).list(page_size=MAX_PAGE_SIZE).items:
        same = caseless(str(one.raw.get(field, ""))) == wanted
        if same and reconciliation.is_from(one.created_at, since):
            return Sent(one)
    return None


def _land_created(name: str, entry: Outgoing, sent: Sent) -> None:
    fields = {camel(field): value for field, value in entry.payload["fields"].items()}
    upsert.apply(name, entry.team, [{**fields, **sent.answer.raw}])
    action = f"{registry.get(name).audit_type}.created"
    record_sent(entry, action, sent.answer.raw["id"], fields[_small(name).name], sent)


def _edit(name: str, entry: Outgoing, client: Client) -> Sent | None:
    """Send what differs from the working copy; None where nothing does."""
    held = registry.get(name).held(entry.team).filter(cstar_id=entry.target_id).first()
    payload = held.payload if held else {}
    fields = {field: new for field, new in entry.payload["changes"].items() if payload.get(camel(field)) != new}
    if not fields:
        return None
    api = _api(name, client)
    answer = api.update(entry.target_id, **fields, idempotency_key=idempotency_key(entry, "object", fields))
    sent = {camel(field): new for field, new in fields.items()}
    refused = verification.not_taken(
        entry.team,
        name,
        sent,
        answer.raw,
        # From the list: cStar need not have a call that reads one object.
        read=lambda: next((row for row in pages(api) if row["id"] == entry.target_id), {}),
    )
    if len(refused) == len(sent):
        raise NotOfferedError(_(_NOT_KEPT))
    changes = {field: (payload.get(camel(field)), new) for field, new in fields.items() if camel(field) not in refused}
    return Sent(answer, changes, warning=verification.NOT_ALL_KEPT if refused else "")


def _land_edited(name: str, entry: Outgoing, sent: Sent) -> None:
    fields = {camel(field): after for field, (_before, after) in sent.changes.items()}
    upsert.apply(name, entry.team, [{"id": entry.target_id, **fields, **sent.answer.raw}])
    action, own = f"{registry.get(name).audit_type}.updated", fields.get(_small(name).name, entry.payload["name"])
    record_sent(entry, action, entry.target_id, own, sent)


def _delete(name: str, entry: Outgoing, client: Client) -> Sent:
    try:
        request_id = _api(name, client).delete(entry.target_id).request_id
    except NotFound as error:  # a colleague was faster, or an earlier try whose answer was lost
        request_id = error.request_id
    return Sent(reconciliation.answer_of(cstar.Deleted, {"id": entry.target_id}, request_id))


def _land_deleted(name: str, entry: Outgoing, sent: Sent) -> None:
    upsert.forget(name, entry.team, [entry.target_id])
    action = f"{registry.get(name).audit_type}.deleted"
    record_sent(entry, action, entry.target_id, entry.payload["name"], sent)


def _title(name: str, text: str, entry: Outgoing) -> str:
    own = entry.payload.get("name") or entry.payload["fields"][snake(_small(name).name)]
    return _(text).format(what=registry.get(name).words.one, name=isolate(own))


def _list_url(name: str, entry: Outgoing) -> str:
    return page_url(f"{name}:list")
