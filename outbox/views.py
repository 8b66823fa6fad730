"""The team's outbox: what waits for cStar, what it refused, and whose it is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from outbox import authorization, queue
from outbox.models import Outgoing
from teams.access import TeamRequest, team_view
from teams.policy import May

State = Outgoing.State


@team_view(May.VIEW)
def outbox_list(request: TeamRequest) -> HttpResponse:
    """All that is not done with, in the order in which it leaves."""
    return render(request, "outbox/list.html", {"entries": [_shown(request, e) for e in queue.open_entries(request)]})


@team_view(May.VIEW)
def outbox_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One entry; once it is sent, the way to what it made."""
    entry = get_object_or_404(Outgoing, pk=pk, team=request.team)
    asked_by_htmx = bool(request.headers.get("HX-Request"))
    if entry.state == State.SENT:
        address = queue.handler_of(entry).address(entry)
        return HttpResponse(headers={"HX-Redirect": address}) if asked_by_htmx else redirect(address)
    if asked_by_htmx and request.GET.get("was") == entry.state:
        return HttpResponse(status=204)
    if asked_by_htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "outbox/detail.html", {"shown": _shown(request, entry)})


@team_view(May.VIEW, methods=("POST",))
def outbox_decide(request: TeamRequest, pk: int) -> HttpResponse:
    """Send a stuck entry again (`do=again`) or give it up (`do=discard`)."""
    entry = get_object_or_404(Outgoing, pk=pk, team=request.team)
    if not queue.may_decide(request, entry):
        raise PermissionDenied
    if request.POST.get("do") == "again" and queue.again(entry, request.user):
        authorization.record_release(request, entry)
        queue.send_now(entry)
    elif request.POST.get("do") == "discard" and queue.discard(entry):
        messages.success(request, _("Discarded."))
        return redirect("outbox:list")
    return redirect("outbox:detail", entry.pk)


def _shown(request: TeamRequest, entry: Outgoing) -> dict:
    handler = queue.handler_of(entry)
    return {
        "entry": entry,
        "title": handler.title(entry),
        "text": handler.text(entry),
        "address": handler.address(entry) if entry.target_id else "",
        "edit": handler.edit(entry) if handler.edit and entry.state in (State.FAILED, State.HELD) else "",
        "mine": queue.may_decide(request, entry),
    }
