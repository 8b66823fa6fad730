"""The outbox: in the settings' rail, and in the main one as long as something is stuck in it."""

from django.utils.translation import gettext as _

from core.navigation import Link, Section
from core.urls import page_url
from outbox.queue import open_entries
from teams.access import TeamRequest


def stuck_section(request: TeamRequest) -> Section | None:
    stuck = [entry for entry in open_entries(request) if entry.is_stuck]
    path = page_url("outbox:list")
    if not stuck and request.path != path:
        return None
    return Section("", (Link(_("Outbox"), path, "send", len(stuck), request.path == path),))


def settings_section(request: TeamRequest) -> Section:
    return Section(_("Data"), (Link(_("Outbox"), page_url("outbox:list"), "send"),))
