"""Transfers in the settings' rail, for those who may."""

from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from teams.policy import May


def settings_section(request: TeamRequest) -> Section | None:
    """A run has the main rail: most begin and end at a list."""
    if not request.membership.allows(May.TRANSFER):
        return None
    path = page_url("transfers:list")
    return Section(_("Data"), (Link(_("Transfers"), path, "upload", None, request.path == path, "g x"),))
