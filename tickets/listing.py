"""What the ticket list shows around its rows: columns, filters that are set, and choices to filter by."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.formats import localize
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, ngettext_lazy

from core import cells, labels
from core.list_headers import Column
from core.templatetags.desk import person
from core.urls import page_url
from customers.models import Customer
from replica import listing, registry
from replica.listing import EmptyList, Filter, Listing, cstar_words
from teams.access import TeamRequest
from teams.models import Team
from teams.policy import May
from tickets import drafts, pending
from tickets.choices import assignee_choices, member_names, status_choices, tag_choices
from tickets.forms import PRIORITY_CHOICES, TicketFilterForm
from tickets.models import Ticket
from tickets.queries import (
    ACTIVE,
    FINISHED,
    NOBODY,
    RECENTLY_RESOLVED,
    SHOWN,
    UNKNOWN,
    matching,
    team_counts,
    ticket_page,
    whose,
)

TAGS_SHOWN = 4
Choice = tuple[str, str]

SEVERAL_STATUSES = (
    (ACTIVE, _lazy("All open")),
    (RECENTLY_RESOLVED, _lazy("Recently resolved")),
    (FINISHED, _lazy("Resolved or closed")),
)
ASSIGNEE_WORDS = (("me", _lazy("Me")), (NOBODY, _lazy("Nobody")))
NOT_KNOWN_YET = (UNKNOWN, _lazy("Not known yet"))


def filter_form(request: TeamRequest) -> TicketFilterForm:
    """What the address says of the list, read once a request."""
    return listing.filter_form(request, registry.get("tickets"))


def assignee_words(team: Team, form: TicketFilterForm) -> list[tuple[str, Any]]:
    """Who may be asked for beside people; assignees that are not known yet only where there are any."""
    asked_for = form.value("assigned_to") == UNKNOWN
    return [*ASSIGNEE_WORDS, *([NOT_KNOWN_YET] if asked_for or team_counts(team).unknown else [])]


def _customer_name(team: Team, value: str) -> str:
    found = Customer.objects.filter(team=team, cstar_id=value).values_list("name", flat=True).first()
    return found or value


def prepare(request: TeamRequest, form: TicketFilterForm, tickets: list[Ticket]) -> list[Ticket]:
    """The tickets as they will be, with what their rows show of this person: the list's address and drafts."""
    drafted, address = drafts.tickets_with_draft(request), carried(request, form)
    shown = [pending.as_wanted(request, ticket) for ticket in tickets]
    for ticket in shown:
        ticket.carried, ticket.has_draft = address, ticket.cstar_id in drafted
    return shown


def carried(request: TeamRequest, form: TicketFilterForm) -> str:
    """The list's address without its page: a ticket that is opened from it carries it along."""
    if "carried" not in request.memo:
        query = form.query
        names = (name for name in query if name not in {"page", "page_size"})
        kept = [(name, value) for name in names for value in query.getlist(name)]
        request.memo["carried"] = f"?{urlencode(kept)}" if kept else ""
    return request.memo["carried"]


def _subject(ticket: Ticket) -> SafeString:
    badges = [
        words for is_so, words in ((ticket.has_draft, _("Draft")), (ticket.waiting, _("Waiting for cStar"))) if is_so
    ]
    customer = "" if ticket.of_customer else format_html("<bdi>{}</bdi>", ticket.customer_name or _("No customer"))
    return format_html(
        '<a class="subject" dir="auto" href="{}{}">{}</a><span class="subject__meta">{}{}{}</span>',
        page_url("tickets:detail", ticket.cstar_id),
        ticket.carried,
        ticket.title,
        format_html_join("", '<span class="badge">{}</span>', ((words,) for words in badges)) if badges else "",
        customer,
        cells.tags(ticket.tags, TAGS_SHOWN),
    )


def _assignee(ticket: Ticket) -> SafeString:
    if ticket.assignee_name or ticket.assigned_to:
        return person(ticket.assignee_name or ticket.assigned_to)
    words = _("Not known yet") if ticket.assigned_to is None else _("Nobody")
    return format_html('<span class="muted">{}</span>', words)


def _no_match_hint() -> str:
    days = settings.WORKING_SET_DAYS
    return ngettext(
        "Nothing in the last day matches all of these filters.",
        "Nothing in the last {days} days matches all of these filters.",
        days,
    ).format(days=localize(days))


LISTING = Listing(
    title=_lazy("Tickets"),
    name="title",
    form=TicketFilterForm,
    matching=matching,
    columns_read=SHOWN,
    columns=(
        Column("status", _lazy("Status"), cells.status, "cell-status"),
        Column("subject", _lazy("Subject"), _subject, "cell-subject"),
        Column(
            "priority",
            _lazy("Priority"),
            lambda row: cells.marked("priority", row.priority_class, labels.words(row.priority)),
            "cell-priority",
        ),
        Column("assignee", _lazy("Assignee"), _assignee, "cell-person"),
        Column("messages", _lazy("Messages"), cells.number("message_count"), "num cell-fit", largest_first=True),
        Column("updated", _lazy("Updated"), cells.when("updated_at"), "cell-time", largest_first=True),
    ),
    filters=(
        Filter(
            name="status",
            every=_lazy("Any status"),
            first=lambda team, form: list(SEVERAL_STATUSES),
            choices=status_choices,
            words=lambda team, key: str(dict([*status_choices(team), *SEVERAL_STATUSES]).get(key, key)),
        ),
        Filter(name="priority", every=_lazy("Any priority"), choices=lambda team: PRIORITY_CHOICES, words=cstar_words),
        Filter(
            name="assigned_to",
            label=_lazy("Assignee"),
            every=_lazy("Anyone"),
            first=assignee_words,
            choices=assignee_choices,
            words=lambda team, key: str((dict([*ASSIGNEE_WORDS, NOT_KNOWN_YET]) | member_names(team)).get(key, key)),
        ),
        Filter(name="tag", every=_lazy("Any tag"), choices=tag_choices),
        Filter(name="customer", words=_customer_name),
    ),
    search_hint=_lazy("Subject, customer or ID"),
    filter_label=_lazy("Filter tickets"),
    pages_label=_lazy("Pages of tickets"),
    counts=ngettext_lazy("{number} ticket", "{number} tickets", "number"),
    new_counts=ngettext_lazy("{number} new ticket", "{number} new tickets", "number"),
    empty=EmptyList(
        icon="inbox",
        loading=_lazy("Your tickets are on their way"),
        no_match=_lazy("No ticket matches"),
        no_match_hint=lazy(_no_match_hint, str)(),
        nothing=_lazy("No tickets yet"),
        nothing_hint=_lazy("When a customer writes, their ticket shows up here."),
    ),
    create=("tickets:create", _lazy("New ticket"), May.EDIT_TICKETS),
    page_of=ticket_page,
    prepare=prepare,
    whose=whose,
    templates={"page": "tickets/list.html", "list": "tickets/_list.html"},
)
