"""The pages of small resources: list, form, delete, order and history, the same for each of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from activity.views import history_page
from core.errors import sentence, status_for
from core.urls import page_url
from cstar import CStarError
from outbox import small
from outbox.models import Outgoing
from replica import registry
from replica.listing import list_changes, list_page
from replica.lookup import find_small_or_404
from replica.models import SmallObject
from replica.payload_fields import camel
from replica.resource import Resource
from teams.access import TeamRequest, team_view
from teams.policy import May


def small_urls(resource: str, right: May) -> list[URLPattern]:
    """The addresses of a small resource, for its `urls.py`; `right` is what it takes to change it."""
    kind = {"resource": resource}
    see, change, order = (
        team_view(May.VIEW),
        team_view(right, methods=("GET", "POST")),
        team_view(right, methods=("POST",)),
    )
    return [
        path("", see(small_list), kind, name="list"),
        path("live/", see(small_list_changes), kind, name="live"),
        path("new/", change(small_create), kind, name="create"),
        path("move/", order(small_move), kind, name="move"),
        path("<cstar_id:cstar_id>/", change(small_edit), kind, name="edit"),
        path("<cstar_id:cstar_id>/delete/", change(small_delete), kind, name="delete"),
        path("<cstar_id:cstar_id>/history/", see(small_history), kind, name="history"),
    ]


def small_list(request: TeamRequest, resource: str) -> HttpResponse:
    """All objects, filtered and sorted by the address, from the working copy alone (no API call)."""
    return list_page(request, registry.get(resource))


def small_list_changes(request: TeamRequest, resource: str) -> HttpResponse:
    """What changed in the list since it was drawn. Pages that are open ask."""
    return list_changes(request, registry.get(resource))


def small_create(request: TeamRequest, resource: str) -> HttpResponse:
    """A form for a new object."""
    kind = registry.get(resource)
    form = kind.small.form(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            fields = {name: value for name, value in _fields(form).items() if value not in ("", None)}
            try:
                entry = small.create(request, kind, fields, key=form.key_of(resource, *fields.values()))
            except CStarError as error:
                status = _explain(form, error)
            else:
                return _done(request, kind, entry, _("Created."))
    return _form_page(request, kind, form, None, status)


def small_edit(request: TeamRequest, resource: str, cstar_id: str) -> HttpResponse:
    """A form for what an object has now; only what the person changed is sent."""
    kind = registry.get(resource)
    held = find_small_or_404(request, kind, cstar_id)
    initial = {name: held.payload.get(camel(name)) for name in kind.small.form.base_fields if name != "nonce"}
    form = kind.small.form(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            changes = {name: value for name, value in _fields(form).items() if name in form.changed_data}
            if not changes:
                return redirect(kind.list_url)
            try:
                entry = small.edit(request, kind, held, changes)
            except CStarError as error:
                status = _explain(form, error)
            else:
                return _done(request, kind, entry, _("Saved."))
    return _form_page(request, kind, form, held, status)


def small_delete(request: TeamRequest, resource: str, cstar_id: str) -> HttpResponse:
    """Ask, saying what happens to what the object holds, then delete it for good."""
    kind = registry.get(resource)
    held = find_small_or_404(request, kind, cstar_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            entry = small.delete(request, kind, held)
        except CStarError as error:
            problem, status = sentence(error), status_for(error)
        else:
            return _done(request, kind, entry, _("Deleted."))
    context = {"resource": kind, "object": held, "problem": problem}
    return render(request, "small/delete.html", context, status=status)


def small_move(request: TeamRequest, resource: str) -> HttpResponse:
    """Move an object one place up (`up=<id>`) or down (`down=<id>`) in the team's own order."""
    kind = registry.get(resource)
    if not (kind.small and kind.small.position):
        raise BadRequest
    rows = list(kind.held(request.team).order_by("position", "name_key", "pk"))
    moved = next((row for row in rows if row.cstar_id in {request.POST.get("up"), request.POST.get("down")}), None)
    if moved is None:
        messages.warning(request, _("It is no longer there. The list shows what there is now."))
        return redirect(kind.list_url)
    at = rows.index(moved)
    to = max(0, at - 1) if "up" in request.POST else min(len(rows) - 1, at + 1)
    rows.insert(to, rows.pop(at))
    field = small.snake(kind.small.position)
    try:
        for place, row in enumerate(rows):
            if row.position != place:
                small.edit(request, kind, row, {field: place})
    except CStarError as error:
        messages.error(request, sentence(error))
    return redirect(kind.list_url)


def small_history(request: TeamRequest, resource: str, cstar_id: str) -> HttpResponse:
    """What was done to an object through this desk."""
    kind = registry.get(resource)
    held = find_small_or_404(request, kind, cstar_id)
    return history_page(request, held.cstar_id, page_url(f"{resource}:edit", held.cstar_id))


def _fields(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "nonce"}


def _form_page(request: TeamRequest, kind: Resource, form: Any, held: SmallObject | None, status: int) -> HttpResponse:
    context = {"resource": kind, "form": form, "object": held}
    if held:
        context["history_url"] = page_url(f"{kind.name}:history", held.cstar_id)
        context["delete_url"] = page_url(f"{kind.name}:delete", held.cstar_id)
    return render(request, "small/form.html", context, status=status)


def _done(request: TeamRequest, resource: Resource, entry: Outgoing, words: str) -> HttpResponse:
    """To the list, or to what the outbox says as long as cStar did not take it."""
    if entry.state != Outgoing.State.SENT:
        return redirect("outbox:detail", entry.pk)
    messages.success(request, words)
    return redirect(resource.list_url)


def _explain(form: Any, error: CStarError) -> int:
    """Put cStar's refusal beside the field that it is about; return the page's status."""
    field = small.snake(error.param or "")
    form.add_error(field if field in form.fields else None, sentence(error))
    return status_for(error)
