"""What the ticket list shows around its rows: columns, filters that are set, and choices to filter by."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import labels
from core.folding import sort_key
from core.list_headers import Column, Pill, columns, pills
from customers.models import Customer
from members import people
from replica.versioned_cache import remembered
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.models import STATUSES, Status, TicketTag
from tickets.queries import ACTIVE, FINISHED, NOBODY, RECENTLY_RESOLVED, UNKNOWN, rail_counts

Choice = tuple[str, str]

SEVERAL_STATUSES = (
    (ACTIVE, _("All open")),
    (RECENTLY_RESOLVED, _("Recently resolved")),
    (FINISHED, _("Resolved or closed")),
)
ASSIGNEE_WORDS = (("me", _("Me")), (NOBODY, _("Nobody")))
NOT_KNOWN_YET = (UNKNOWN, _("Not known yet"))
COLUMNS = (
    ("status", _("Status")),
    ("subject", _("Subject")),
    ("priority", _("Priority")),
    ("assignee", _("Assignee")),
    ("messages", _("Messages")),
    ("updated", _("Updated")),
)


def filter_form(request: TeamRequest) -> TicketFilterForm:
    """What the address says of the list, read once a request."""
    if "tickets.filter" not in request.memo:
        request.memo["tickets.filter"] = TicketFilterForm(request.GET)
    return request.memo["tickets.filter"]


def ticket_columns(form: TicketFilterForm) -> list[Column]:
    return columns(form, COLUMNS, downward={"messages", "updated"})


def ticket_pills(request: TeamRequest, form: TicketFilterForm) -> list[Pill]:
    return pills(form, lambda name, value: _words(request, name, value))


def status_choices(request: TeamRequest) -> list[Choice]:
    """The team's statuses; cStar's own five until they were fetched."""

    def fetch() -> list[Choice]:
        own = Status.objects.filter(team=request.team).values_list("key", "name")
        return list(own) or [(word, word) for word in STATUSES]

    return [(key, labels.named(key, name)) for key, name in remembered(request, "statuses", fetch)]


def assignee_choices(request: TeamRequest) -> list[Choice]:
    return remembered(
        request, "assignees", lambda: [(member.cstar_id, member.name) for member in people.assignable(request.team)]
    )


def assignee_words(request: TeamRequest, form: TicketFilterForm) -> list[tuple[str, Any]]:
    """Who may be asked for beside people; assignees that are not known yet only where there are any."""
    asked_for = form.value("assigned_to") == UNKNOWN
    return [*ASSIGNEE_WORDS, *([NOT_KNOWN_YET] if asked_for or rail_counts(request)["unknown"] else [])]


def tag_choices(request: TeamRequest) -> list[Choice]:
    def fetch() -> list[Choice]:
        names = TicketTag.objects.filter(team=request.team).values_list("name", flat=True).distinct()
        return [(name, name) for name in sorted(names, key=sort_key)]

    return remembered(request, "tags", fetch)


def _names(request: TeamRequest) -> dict[str, str]:
    """Of all members, those included who may be given no ticket any more."""
    return remembered(request, "names", lambda: {key: one.name for key, one in people.of_team(request.team).items()})


def _words(request: TeamRequest, name: str, value: str) -> str:
    match name:
        case "status":
            return str((dict(status_choices(request)) | dict(SEVERAL_STATUSES)).get(value, value))
        case "priority":
            return labels.words(value)
        case "assigned_to":
            return str((dict([*ASSIGNEE_WORDS, NOT_KNOWN_YET]) | _names(request)).get(value, value))
        case "customer":
            found = Customer.objects.filter(team=request.team, cstar_id=value).values_list("name", flat=True).first()
            return found or value
    return value
