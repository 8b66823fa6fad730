"""The team's and the desk's administration in the settings' rail."""

from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from teams.policy import May


def team_section(request: TeamRequest) -> Section | None:
    if not request.membership.allows(May.MANAGE_TEAM):
        return None
    return Section(
        _("Team"),
        (
            _link(request, _("Name and key"), "administration:team", "key"),
            _link(request, _("Members"), "administration:people", "users"),
            _link(request, _("Sign-in groups"), "administration:group_rules", "user-check"),
            _link(request, _("cStar requests"), "administration:budget", "gauge"),
            _link(request, _("Webhook"), "administration:webhook", "webhook"),
        ),
    )


def desk_section(request: TeamRequest) -> Section | None:
    if not request.user.is_superuser:
        return None
    return Section(
        _("Desk"),
        (
            _link(request, _("Teams"), "administration:teams", "building"),
            _link(request, _("Accounts"), "administration:accounts", "user"),
        ),
    )


def _link(request: TeamRequest, label: str, page: str, icon: str) -> Link:
    """A page and what lies below it."""
    path = page_url(page)
    return Link(label, path, icon, None, request.path.startswith(path))
