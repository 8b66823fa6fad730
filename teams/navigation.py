"""A person's own settings in the settings' rail."""

from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from teams.accounts import has_password


def settings_section(request: TeamRequest) -> Section:
    preferences, password = page_url("teams:settings"), page_url("teams:password")
    links = [Link(_("Preferences"), preferences, "sliders", None, request.path == preferences)]
    if has_password(request.user):
        links.append(Link(_("Password"), password, "lock", None, request.path == password))
    return Section(_("You"), tuple(links))
