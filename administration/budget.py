"""`/settings/budget/`: how many of the hour's calls are left, who spends them, and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activity.record import record
from budget import usage
from budget.account import allowed, budget_of, left_for
from budget.models import Lane
from replica import capabilities
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.MANAGE_TEAM)
def budget_page(request: TeamRequest) -> HttpResponse:
    """Calls left by lane, the last 24 hours as a chart with its table, and who spent them on what."""
    budget = budget_of(request.team)
    lanes = [(lane, left_for(budget, lane), allowed(budget, lane)) for lane in Lane]
    top, hours = usage.by_hour(request.team)
    context = {
        "budget": budget,
        "lanes": lanes,
        "left": left_for(budget, Lane.WRITE),
        "hours": hours,
        "top": top,
        "spenders": usage.by_purpose(request.team),
        "people": usage.by_person(request.team),
        "stops": usage.stops(budget),
        "lacking": capabilities.lacking(request.team),
    }
    return render(request, "administration/budget.html", context)


@team_view(May.MANAGE_TEAM, methods=("POST",))
def ask_again(request: TeamRequest) -> HttpResponse:
    """Forget what this cStar does not offer; the next calls find out."""
    capabilities.forget(request.team)
    target = ("team", str(request.team.pk), request.team.name)
    record(request, "cstar.asked_again", target)
    messages.success(request, _("The desk is checking again what cStar offers."))
    return redirect("administration:budget")
