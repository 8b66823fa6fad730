"""What Home shows to a person. Each number is a link to the list that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.urls import page_url
from members import people
from outbox.handlers import handler_of
from outbox.queue import open_entries
from replica import registry
from replica.listing import filters_of
from replica.versioned_cache import remembered, team_state
from teams.access import TeamRequest
from teams.policy import May
from tickets import drafts, pending
from tickets.choices import member_names
from tickets.models import Status, Ticket, status_kind
from tickets.queries import ACTIVE, RECENTLY_RESOLVED, SHOWN, matching, rail_counts, team_counts

# Tickets of a panel, people of the table.
MOST = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the list that it counts; `strong` where somebody should look."""

    label: str
    count: int
    url: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The first tickets of a list, and how many there are in all."""

    title: str
    tickets: list[Ticket]
    count: int
    url: str


class Home:
    """Read as its parts are drawn."""

    def __init__(self, request: TeamRequest):
        self._request = request
        self._counts = rail_counts(request.viewer)
        self.filled = team_state(request.team).holds("tickets")

    @cached_property
    def is_member(self) -> bool:
        """Whether a member of the team at cStar has the person's address."""
        return people.me(self._request.team, self._request.user) is not None

    @property
    def works(self) -> bool:
        return self._request.membership.allows(May.EDIT_TICKETS)

    @property
    def has_tickets(self) -> bool:
        """Whether tickets can be assigned to the person."""
        return self.works and self.is_member

    @property
    def leads(self) -> bool:
        return self._request.membership.allows(May.VIEW_ACTIVITY)

    @property
    def figures(self) -> list[Figure]:
        counts = self._counts
        team = [
            Figure(_("Unassigned"), counts["unassigned"], _list(f"status={ACTIVE}&assigned_to=nobody")),
            Figure(_("All open"), counts["active"], _list(f"status={ACTIVE}")),
            Figure(_("Urgent"), counts["urgent"], _list(f"status={ACTIVE}&priority=urgent"), counts["urgent"] > 0),
            Figure(_("Resolved in 7 days"), counts["recent"], _list(f"status={RECENTLY_RESOLVED}")),
        ]
        if not self.has_tickets:
            return team
        return [Figure(_("Assigned to me"), counts["mine"], _list(f"status={ACTIVE}&assigned_to=me")), *team]

    @property
    def panels(self) -> list[Panel]:
        """The tickets that have waited longest for an answer of ours: the person's, and those that nobody has."""
        statuses = urlencode([("status", key) for key in self._answered_next])
        if not self.has_tickets:
            return [self._panel(_("Open, longest wait first"), f"{statuses}&sort=updated")]
        return [
            self._panel(_("Mine, longest wait first"), f"{statuses}&assigned_to=me&sort=updated"),
            self._panel(_("Unassigned, longest wait first"), f"{statuses}&assigned_to=nobody&sort=updated"),
        ]

    @cached_property
    def load(self) -> list[Figure]:
        """How many open tickets each person has, most first."""
        names = member_names(self._request.team)
        figures = [
            Figure(names.get(key, key), count, _list(f"status={ACTIVE}&assigned_to={key}"))
            for key, count in team_counts(self._request.team).by_person.items()
            if key
        ]
        return sorted(figures, key=lambda one: (-one.count, one.label))

    @property
    def unsent(self) -> list[tuple[str, str, str]]:
        """(title, address, what it is) of what the person wrote and cStar does not have: drafts, then the outbox."""
        ids = drafts.tickets_with_draft(self._request)
        written = Ticket.objects.filter(team=self._request.team, cstar_id__in=ids).order_by("-updated_at")
        begun = [
            (title, page_url("tickets:detail", cstar_id), _("Draft"))
            for cstar_id, title in written.values_list("cstar_id", "title")
        ]
        stuck = [
            (handler_of(entry).title(entry), page_url("outbox:detail", entry.pk), _("Waiting for cStar"))
            for entry in open_entries(self._request)
            if entry.is_stuck and entry.user_id == self._request.user.pk
        ]
        return begun + stuck

    def _panel(self, title: str, query: str) -> Panel:
        request = self._request
        resource = registry.get("tickets")
        found = matching(request.viewer, form := filters_of(resource, query))
        key = f"home:{form.fingerprint}:{resource.listing.whose(request.viewer, form)}"
        count, ids = remembered(
            request.team,
            key,
            lambda: (found.count(), list(found.order_by(*form.order).values_list("pk", flat=True)[:MOST])),
        )
        rows = Ticket.objects.only(*SHOWN).in_bulk(ids)
        tickets = [pending.as_wanted(request, rows[pk]) for pk in ids if pk in rows]
        for ticket in tickets:
            ticket.carried = f"?{query}"
        return Panel(title, tickets, count, _list(query))

    @property
    def _answered_next(self) -> list[str]:
        """The statuses of tickets that wait for us: open ones, but for those that wait for the customer."""

        def find() -> list[str]:
            own: Any = Status.objects.filter(team=self._request.team, closes=False).values_list("key", "payload")
            waiting = [key for key, payload in own if "pending" not in {key, status_kind(payload)}]
            return waiting or ["new", "open"]

        return remembered(self._request.team, "home:statuses", find)


def _list(query: str) -> str:
    return f"{page_url('tickets:list')}?{query}"
