"""The team's outbox: what waits for cStar, what it refused, and whose it is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from outbox import authorization, queue
from outbox.handlers import handler_of
from outbox.models import Outgoing
from teams.access import TeamRequest, team_view
from teams.policy import May

State = Outgoing.State


@team_view(May.VIEW)
def outbox_list(request: TeamRequest) -> HttpResponse:
    """List the open entries in the order in which they are sent."""
    entries = [_entry_context(request, entry) for entry in queue.open_entries(request)]
    return render(request, "outbox/list.html", {"entries": entries})


@team_view(May.VIEW)
def outbox_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """Show an entry; once it is sent, redirect to its object."""
    entry = get_object_or_404(Outgoing, pk=pk, team=request.team)
    asked_by_htmx = bool(request.headers.get("HX-Request"))
    if entry.state == State.SENT:
        url = handler_of(entry).url(entry)
        return HttpResponse(headers={"HX-Redirect": url}) if asked_by_htmx else redirect(url)
    if asked_by_htmx and request.GET.get("was") == entry.state:
        return HttpResponse(status=204)
    if asked_by_htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "outbox/detail.html", {"shown": _entry_context(request, entry)})


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


def _entry_context(request: TeamRequest, entry: Outgoing) -> dict:
    handler = handler_of(entry)
    return {
        "entry": entry,
        "title": handler.title(entry),
        "text": handler.text(entry),
        "address": handler.url(entry) if entry.target_id else "",
        "edit": handler.edit_url(entry) if handler.edit_url and entry.state in (State.FAILED, State.HELD) else "",
        "mine": queue.may_decide(request, entry),
    }
