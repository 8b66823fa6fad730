"""The questions that the ticket list can be asked, answered from the working copy alone.

The API can neither sort nor filter by assignee, tag or date (docs/cstar-api.md#tickets). Every filter and sort is
named here; nothing of the address reaches a query by its own name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.filters import turned
from core.folding import nfc, search, words
from core.pagination import Page, paginate
from members import people
from replica.versioned_cache import complete, remembered
from teams.models import Team
from teams.viewer import Viewer
from tickets.forms import TicketFilterForm
from tickets.models import Ticket, TicketTag

# Words for several statuses at once, usable wherever a status is.
ACTIVE, FINISHED, RECENTLY_RESOLVED = "active", "done", "recently-resolved"
RECENT = timedelta(days=7)
# Words for assignees that are no person.
NOBODY, UNKNOWN = "nobody", "unknown"
_NOT_A_PERSON = {NOBODY: "", UNKNOWN: None}

# Django writes `done=False` as `NOT done`, which SQLite cannot look up in an index; it can `done IN (0)`.
ACTIVE_ONLY, DONE_ONLY = Q(done__in=[False]), Q(done__in=[True])

# What a row of the list shows; the rest of a ticket is far larger and stays where it is.
SHOWN = (
    *("cstar_id", "title", "status", "priority", "customer_name", "assigned_to", "assignee_name"),
    *("tags", "message_count", "updated_at", "changed"),
)
# So few matches are remembered by their ids: a rare word is then looked for once and not on every page and sort.
FEW = 200


def ticket_page(viewer: Viewer, form: TicketFilterForm) -> Page:
    """The page of tickets that the form asks for.

    Which rows they are is found first, from an index alone where there is one; only those rows are read then.
    """
    found = matching(viewer, form)
    name = f"tickets:{whose(viewer, form)}:{form.fingerprint}"
    total, few = remembered(viewer.team, name, lambda: _size(found))
    if few is not None:
        found = Ticket.objects.filter(pk__in=few)
    ids = found.order_by(*form.order).values_list("pk", flat=True)
    page = paginate(ids, number=form.page, size=form.page_size, total=total, query=form.query)
    rows = Ticket.objects.only(*SHOWN).in_bulk(page.items)
    return replace(page, items=[rows[pk] for pk in page.items if pk in rows])


def matching(viewer: Viewer, form: TicketFilterForm) -> QuerySet[Ticket]:
    """The tickets that the form's filters let through, in no order yet."""
    if form.compares_text:
        complete(viewer.team, "tickets")
    found = form.only_if_usable(Ticket.objects.filter(team=viewer.team))
    if statuses := form.value("status"):
        found = found.filter(_any_status(statuses))
    if priorities := form.value("priority"):
        found = found.filter(priority__in=priorities)
    if assignee := form.value("assigned_to"):
        found = found.filter(assigned_to=_assignee(viewer, assignee))
    for tag in form.value("tag") or []:
        found = found.filter(pk__in=TicketTag.objects.filter(name=nfc(tag)).values("ticket"))
    if customer := form.value("customer"):
        found = found.filter(customer=customer)
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


def admitting(viewer: Viewer, form: TicketFilterForm) -> Callable[[Ticket], bool]:
    """What `matching` asks, as a question to one ticket: for those that the working copy does not hold."""
    statuses, priorities, tags = (form.value(name) or [] for name in ("status", "priority", "tag"))
    tags = {nfc(tag) for tag in tags}
    word, customer = form.value("assigned_to"), form.value("customer")
    assignee = _assignee(viewer, word) if word else None
    searched = words(form.value("search") or "")

    def admits(ticket: Ticket) -> bool:
        return (
            not form.errors
            and (not statuses or _has_any_status(ticket, statuses))
            and (not priorities or ticket.priority in priorities)
            and (not word or assignee == ticket.assigned_to)
            and tags <= {name[:100] for name in ticket.tags}
            and customer in {None, ticket.customer}
            and all(folded in (ticket.folded or "") or word == ticket.cstar_id for word, folded in searched)
        )

    return admits


def neighbours(viewer: Viewer, form: TicketFilterForm, ticket: Ticket) -> tuple[str | None, str | None]:
    """The cStar ids of the tickets before and after this one in the list that the form asks for."""
    found = matching(viewer, form)
    forward = form.order
    backward = [turned(field) for field in forward]
    before, after = (
        found.filter(_beyond(ticket, fields)).order_by(*fields).values_list("cstar_id", flat=True).first()
        for fields in (backward, forward)
    )
    return before, after


def whose(viewer: Viewer, form: TicketFilterForm) -> object:
    """The person whose list it is, if the form asks for "me"; else the same list is everybody's."""
    return viewer.user.pk if form.value("assigned_to") == "me" else ""


class TeamCounts(NamedTuple):
    """How many tickets the standing views of a team hold. `by_person`: the open ones by their assignee."""

    by_person: dict[str | None, int]
    active: int
    urgent: int
    recent: int

    @property
    def unknown(self) -> int:
        """Open ones of which cStar has not said who has them."""
        return self.by_person.get(None, 0)


def team_counts(team: Team) -> TeamCounts:
    """Counted once for the whole team: after a change everybody's rail is drawn anew within seconds."""
    return remembered(team, "ticket-counts", lambda: _count(team))


def rail_counts(viewer: Viewer) -> dict[str, int]:
    """How many tickets each standing view in the rail holds, by its key."""
    counts, me = team_counts(viewer.team), _me(viewer)
    return {
        "mine": counts.by_person.get(me, 0) if me else 0,
        "unassigned": counts.by_person.get("", 0),
        "active": counts.active,
        "urgent": counts.urgent,
        "recent": counts.recent,
    }


def _size(found: QuerySet[Ticket]) -> tuple[int, list[int] | None]:
    """How many were found, and which they are if they are few."""
    some = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return (len(some), some) if len(some) <= FEW else (found.order_by().count(), None)


def _count(team: Team) -> TeamCounts:
    tickets = Ticket.objects.filter(team=team)
    active = tickets.filter(ACTIVE_ONLY)
    by_person = dict(active.order_by().values_list("assigned_to").annotate(Count("pk")))
    return TeamCounts(
        by_person=by_person,
        active=sum(by_person.values()),
        urgent=active.filter(priority_rank=0).count(),
        recent=tickets.filter(_any_status([RECENTLY_RESOLVED])).count(),
    )


def _any_status(statuses: list[str]) -> Q:
    found = Q()
    if named := [status for status in statuses if status not in {ACTIVE, FINISHED, RECENTLY_RESOLVED}]:
        found |= Q(status__in=named)
    if ACTIVE in statuses:
        found |= ACTIVE_ONLY
    if FINISHED in statuses:
        found |= DONE_ONLY
    if RECENTLY_RESOLVED in statuses:
        found |= DONE_ONLY & Q(resolved_at__gte=timezone.now() - RECENT)
    return found


def _has_any_status(ticket: Ticket, statuses: list[str]) -> bool:
    """What `_any_status` asks, of one ticket."""
    if ticket.status in {*statuses} - {ACTIVE, FINISHED, RECENTLY_RESOLVED}:
        return True
    if not ticket.done:
        return ACTIVE in statuses
    resolved_lately = ticket.resolved_at is not None and ticket.resolved_at >= timezone.now() - RECENT
    return FINISHED in statuses or (RECENTLY_RESOLVED in statuses and resolved_lately)


def _assignee(viewer: Viewer, word: str) -> str | None:
    """The column's value for `me`, `nobody`, `unknown` or a member's id.

    Somebody without a cStar account has no tickets.
    """
    if word in _NOT_A_PERSON:
        return _NOT_A_PERSON[word]
    return (_me(viewer) or "-") if word == "me" else word


def _me(viewer: Viewer) -> str:
    def load() -> str:
        member = people.me(viewer.team, viewer.user)
        return member.cstar_id if member else ""

    return remembered(viewer.team, f"me:{viewer.user.pk}", load)


def _beyond(ticket: Ticket, fields: list[str]) -> Q:
    """What stands after the ticket in this order: greater in a column, all columns before it being equal."""
    beyond, equal = Q(), Q()
    for field in fields:
        name = field.removeprefix("-")
        value = getattr(ticket, name)
        if value is None:
            continue
        beyond |= equal & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond
