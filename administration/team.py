"""`/settings/team/`: the team's name and its secret key."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activity.record import record
from administration.forms import KeyForm, TeamNameForm
from replica.tasks import start_clocks_of
from teams.access import TeamRequest, team_view
from teams.models import Team
from teams.policy import May


@team_view(May.MANAGE_TEAM)
def team(request: TeamRequest) -> HttpResponse:
    return _render(request)


@team_view(May.MANAGE_TEAM, methods=("POST",))
def rename(request: TeamRequest) -> HttpResponse:
    form = TeamNameForm(request.POST)
    if not form.is_valid():
        return _render(request, naming=form)
    before, name = request.team.name, form.cleaned_data["name"]
    Team.objects.filter(pk=request.team.pk).update(name=name)
    record(request, "team.renamed", ("team", str(request.team.pk), name), changes={"name": (before, name)})
    messages.success(request, _("The team is now called %(name)s.") % {"name": name})
    return redirect("administration:team")


@team_view(May.MANAGE_TEAM, methods=("POST",))
def change_key(request: TeamRequest) -> HttpResponse:
    """Save another secret key, which cStar has accepted. The next call uses it; nothing has to be restarted."""
    form = KeyForm(request.POST, team=request.team)
    if not form.is_valid():
        return _render(request, keying=form)
    held = Team.objects.get(pk=request.team.pk)
    before, held.key = held.key_ending, form.cleaned_data["key"]
    held.save(update_fields=["key"])
    target = ("team", str(held.pk), held.name)
    record(request, "team.key_changed", target, changes={"key": (f"…{before}", f"…{held.key_ending}")})
    start_clocks_of(held)
    messages.success(request, _("The new key works and is in use. Delete the old one at cStar in ten minutes."))
    return redirect("administration:team")


def _render(request: TeamRequest, *, naming: TeamNameForm | None = None, keying: KeyForm | None = None) -> HttpResponse:
    context = {
        "naming": naming or TeamNameForm(initial={"name": request.team.name}),
        "keying": keying or KeyForm(team=request.team),
        "api_url": settings.CSTAR_API_URL,
    }
    return render(request, "administration/team.html", context, status=400 if naming or keying else 200)
