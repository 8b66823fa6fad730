"""The standing views in the left rail. Each is an address that could as well be typed."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.listing import filter_form
from tickets.queries import ACTIVE, RECENTLY_RESOLVED, rail_counts

# key, words, icon, the query that it stands for, its keys
VIEWS = (
    ("mine", _("My tickets"), "inbox", f"status={ACTIVE}&assigned_to=me", "g m"),
    ("unassigned", _("Unassigned"), "user-x", f"status={ACTIVE}&assigned_to=nobody", "g u"),
    ("active", _("All open"), "list", f"status={ACTIVE}", "g a"),
    ("urgent", _("Urgent"), "flame", f"status={ACTIVE}&priority=urgent", "g p"),
    ("recent", _("Recently resolved"), "check-circle", f"status={RECENTLY_RESOLVED}", "g r"),
)


def heading(form: TicketFilterForm) -> str:
    """What the list on screen is called: a standing view's name if it is one."""
    here = form.query.urlencode()
    return next((str(label) for _key, label, _icon, query, _keys in VIEWS if query == here), gettext("Tickets"))


def section(request: TeamRequest) -> Section:
    counts = rail_counts(request.viewer)
    path = page_url("tickets:list")
    here = filter_form(request).query.urlencode() if request.path == path else None
    return Section(
        gettext("Inbox"),
        tuple(
            Link(str(label), f"{path}?{query}", icon, counts[key], here == query, hotkey, unread=key == "mine")
            for key, label, icon, query, hotkey in VIEWS
        ),
    )
