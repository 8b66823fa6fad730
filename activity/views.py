"""The team's audit trail, for those who lead it."""

from django.shortcuts import render

from activity.forms import TYPES, ActivityFilterForm
from activity.models import Activity
from core.pagination import paginate
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW_ACTIVITY)
def activity_list(request: TeamRequest):
    """Who did what, newest first; filtered by text (person, object) and kind of object."""
    form = ActivityFilterForm(request.GET)
    found = form.apply(Activity.objects.filter(team=request.team))
    page = paginate(found, number=form.page, size=50, total=found.count(), query=form.query)
    return render(request, "activity/list.html", {"form": form, "page": page, "types": TYPES})
