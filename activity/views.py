"""The team's audit trail, for those who lead it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from activity import labels
from activity.forms import ActivityFilterForm
from activity.models import Activity
from activity.record import history
from core.pagination import paginate
from core.partials import render_page
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW_ACTIVITY)
def activity_list(request: TeamRequest):
    """Who did what, newest first; filtered by text (person, object) and kind of object."""
    form = ActivityFilterForm(request.GET)
    found = form.apply(Activity.objects.filter(team=request.team))
    page = paginate(found, number=form.page, size=50, total=found.count(), query=form.query)
    kinds = {
        "name": "type",
        "label": form.fields["type"].label,
        "every": _("Everything"),
        "choices": labels.type_choices()[1:],
        "chosen": form["type"].value(),
    }
    return render(request, "activity/list.html", {"form": form, "page": page, "filter": kinds})


def history_page(request: TeamRequest, target_id: str, back: str) -> HttpResponse:
    """The latest changes of one object: what its page's History holds once it is opened. `back` is that page."""
    context = {"back": back, "history": history(request.team, target_id)}
    return render_page(
        request, "activity/history.html", context, partials={"history-records": "activity/_records.html"}
    )
