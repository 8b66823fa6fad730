from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest


def section(request: TeamRequest) -> Section:
    path = page_url("dashboard:home")
    return Section("", (Link(_("Home"), path, "house", None, request.path == path, "g h"),))
