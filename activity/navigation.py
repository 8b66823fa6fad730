from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from teams.policy import May


def settings_section(request: TeamRequest) -> Section | None:
    """For those alone who may see it."""
    if not request.membership.allows(May.VIEW_ACTIVITY):
        return None
    path = page_url("activity:list")
    return Section(_("Data"), (Link(_("Activity"), path, "activity", None, request.path == path, "g l"),))
