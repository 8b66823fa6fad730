"""`/settings/teams/`: the teams of the desk, for its admins (`manage.py createadmin`), who need not be in one."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.models import Activity
from activity.record import record_for
from administration import removal
from administration.forms import HERE_ALREADY, TeamForm
from core.folding import sorted_by
from core.shortcuts import get_or_none
from replica.models import TeamState
from replica.tasks import start_clocks_of
from teams import key_rotation
from teams.access import TeamRequest, desk_view, enter_team
from teams.models import Membership, Team
from teams.policy import Role

_RECORDS = 30


@desk_view()
def teams(request: TeamRequest) -> HttpResponse:
    context = {
        "teams": sorted_by("name", Team.objects.select_related("state").annotate(people=Count("memberships"))),
        "outdated": key_rotation.outdated(),
        "records": Activity.objects.filter(team=None)[:_RECORDS],
    }
    return render(request, "administration/teams.html", context)


@desk_view(methods=("GET", "POST"))
def add(request: TeamRequest) -> HttpResponse:
    """A team that cStar has and whose key it accepts. Whoever adds it is its first admin."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = _added(request, form.team)
        except IntegrityError:  # of two that come at the same moment the first
            form.add_error("cstar_team_id", HERE_ALREADY)
        else:
            start_clocks_of(membership.team)
            enter_team(request, membership)
            text = _("%(team)s was added. Its tickets arrive within a minute. Next, add its members.")
            messages.success(request, text % {"team": membership.team.name})
            return redirect("administration:people")
    return render(request, "administration/team_add.html", {"form": form}, status=400 if form.errors else 200)


@desk_view(methods=("GET", "POST"))
def remove(request: TeamRequest) -> HttpResponse:
    """Remove the team that `which` names, after its name was typed once more."""
    which = request.POST.get("which") or request.GET.get("which", "")
    team = get_or_none(Team.objects.all(), pk=which)
    if team is None:
        messages.error(request, _("This team no longer exists."))
        return redirect("administration:teams")
    wrong = request.method == "POST" and request.POST.get("name", "").strip() != team.name
    if request.method == "POST" and not wrong:
        removal.remove(team, request.user)
        messages.success(request, _("%(team)s was removed. Its data here is being erased.") % {"team": team})
        return redirect("administration:teams")
    context = {"team": team, "wrong": wrong, "typed": request.POST.get("name", ""), "unsent": removal.unsent(team)}
    return render(request, "administration/team_remove.html", context, status=400 if wrong else 200)


@desk_view(methods=("POST",))
def renew_encryption(request: TeamRequest) -> HttpResponse:
    """Encrypt all stored secrets with the first of `ENCRYPTION_KEYS`."""
    count = key_rotation.renew()
    record_for((None, request.user, request.user.display_name), "encryption.rotated", ("team", "", ""))
    text = ngettext("One secret was re-encrypted.", "%(count)s secrets were re-encrypted.", count)
    messages.success(request, text % {"count": count})
    return redirect("administration:teams")


@transaction.atomic
def _added(request: TeamRequest, team: Team) -> Membership:
    team.save()
    TeamState.objects.get_or_create(team=team)
    author, target = (request.user, request.user.display_name), ("team", str(team.pk), team.name)
    for whose in (team, None):
        record_for((whose, *author), "team.added", target)
    return Membership.objects.create(user=request.user, team=team, role=Role.ADMIN)
