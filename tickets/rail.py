"""The standing views in the left rail. Each is an address that could as well be typed."""

from django.urls import reverse

from core.rail import Link, Section
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.queries import ACTIVE, RECENTLY_RESOLVED, rail_counts

# key, words, icon, the query that it stands for, its keys
VIEWS = (
    ("mine", "My tickets", "inbox", f"status={ACTIVE}&assigned_to=me", "g m"),
    ("unassigned", "Unassigned", "user-x", f"status={ACTIVE}&assigned_to=nobody", "g u"),
    ("active", "All open", "list", f"status={ACTIVE}", "g a"),
    ("urgent", "Urgent", "flame", f"status={ACTIVE}&priority=urgent", "g p"),
    ("recent", "Recently resolved", "check-circle", f"status={RECENTLY_RESOLVED}", "g r"),
)


def heading(form: TicketFilterForm) -> str:
    """What the list on screen is called: a standing view's name if it is one."""
    here = form.query.urlencode()
    return next((label for _, label, _, query, _ in VIEWS if query == here), "Tickets")


def section(request: TeamRequest) -> Section:
    counts = rail_counts(request)
    path = reverse("tickets:list")
    here = TicketFilterForm(request.GET).query.urlencode() if request.path == path else None
    return Section(
        "Tickets",
        tuple(
            Link(label, f"{path}?{query}", icon, counts[key], here == query, hotkey, unread=key == "mine")
            for key, label, icon, query, hotkey in VIEWS
        ),
    )
