"""The hour's calls: how many are left, who spends them, and when."""

from django.http import HttpResponse
from django.shortcuts import render

from sync import spending
from sync.budget import allowed, budget_of, left_for
from sync.models import Lane
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.MANAGE_TEAM)
def budget_page(request: TeamRequest) -> HttpResponse:
    """Calls left by lane, the last 24 hours as a chart with its table, and who spent them on what."""
    budget = budget_of(request.team)
    lanes = [(lane, left_for(budget, lane), allowed(budget, lane)) for lane in Lane]
    top, hours = spending.by_hour(request.team)
    context = {
        "budget": budget,
        "lanes": lanes,
        "left": left_for(budget, Lane.WRITE),
        "hours": hours,
        "top": top,
        "spenders": spending.by_purpose(request.team),
        "people": spending.by_person(request.team),
        "stops": spending.stops(budget),
    }
    return render(request, "sync/budget.html", context)
