from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from teams.policy import May


def section(request: TeamRequest) -> Section | None:
    """For those who may see it alone."""
    if not request.membership.allows(May.VIEW_ACTIVITY):
        return None
    path = page_url("activity:list")
    return Section(_("Team"), (Link(_("Activity"), path, "activity", None, request.path.startswith(path), "g l"),))
