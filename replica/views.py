"""Notices about what a team's cStar does not offer."""

from django.http import HttpResponse
from django.shortcuts import redirect

from replica import notices
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW, methods=("POST",))
def notice_read(request: TeamRequest, pk: int) -> HttpResponse:
    """Say no more about something that cStar does not do."""
    notices.mark_read(request, pk)
    return HttpResponse() if request.headers.get("HX-Request") else redirect("/")
