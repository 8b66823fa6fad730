"""Home: what is mine, what waits longest, and for leads who has how much. From the working copy alone (no API call)."""

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.home import Home
from replica import list_delta
from replica.versioned_cache import team_state
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW)
def home(request: TeamRequest) -> HttpResponse:
    return render(request, "dashboard/home.html", {"home": Home(request)})


@team_view(May.VIEW)
def home_changes(request: TeamRequest) -> HttpResponse:
    """All of Home as it is now, for an open one that was drawn at a smaller change number."""
    number = team_state(request.team).change_number
    if list_delta.number_in(request, "since") >= number:
        return list_delta.at(number, HttpResponse(status=204))
    return list_delta.at(number, render(request, "dashboard/_home.html", {"home": Home(request)}))
