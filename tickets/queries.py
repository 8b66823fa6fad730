"""The questions that the ticket list can be asked, answered from the working copy alone.

The API can neither sort nor filter by assignee, tag or date (DESIGN.md 2.2). Every filter and sort is named here;
nothing of the address reaches a query by its own name.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.filters import turned
from core.pagination import Page, paginate
from members import people
from sync.derived import remembered
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.models import Ticket, TicketTag

# Words for several statuses at once, usable wherever a status is.
ACTIVE, FINISHED, RECENTLY_RESOLVED = "active", "done", "recently-resolved"
RECENT = timedelta(days=7)


def ticket_page(request: TeamRequest, form: TicketFilterForm) -> Page:
    """The page of tickets that the form asks for: one query, and a count that is remembered."""
    found = matching(request, form)
    name = sha256(repr(sorted(form.given().items())).encode()).hexdigest()
    total = remembered(request, f"tickets:{_me(request)}:{name}", found.order_by().count)
    listed = found.order_by(*form.order).defer("payload", "search_text")
    return paginate(listed, number=form.page, size=form.page_size, total=total, query=form.query)


def matching(request: TeamRequest, form: TicketFilterForm) -> QuerySet[Ticket]:
    """The tickets that the form's filters let through, in no order yet."""
    found = Ticket.objects.filter(team=request.team)
    if statuses := form.value("status"):
        found = found.filter(_any_status(statuses))
    if priorities := form.value("priority"):
        found = found.filter(priority__in=priorities)
    if assignee := form.value("assigned_to"):
        found = found.filter(assigned_to=_assignee(request, assignee))
    for tag in form.value("tag") or []:
        found = found.filter(pk__in=_with_tag(request, tag))
    if customer := form.value("customer"):
        found = found.filter(customer=customer)
    for word in (form.value("search") or "").casefold().split():
        found = found.filter(search_text__contains=word)
    return found


def neighbours(request: TeamRequest, form: TicketFilterForm, ticket: Ticket) -> tuple[str | None, str | None]:
    """The cStar ids of the tickets before and after this one in the list that the form asks for."""
    found = matching(request, form)
    forward = form.order
    backward = [turned(field) for field in forward]
    before, after = (
        found.filter(_beyond(ticket, fields)).order_by(*fields).values_list("cstar_id", flat=True).first()
        for fields in (backward, forward)
    )
    return before, after


def rail_counts(request: TeamRequest) -> dict[str, int]:
    """How many tickets each standing view holds."""
    return remembered(request, f"rail:{_me(request)}", lambda: _count_rail(request))


def _count_rail(request: TeamRequest) -> dict[str, int]:
    mine = Ticket.objects.filter(team=request.team)
    active = mine.filter(done=False)
    me = _me(request)
    return {
        "mine": active.filter(assigned_to=me).count() if me else 0,
        "unassigned": active.filter(assigned_to="").count(),
        "active": active.count(),
        "urgent": active.filter(priority_rank=0).count(),
        "recent": mine.filter(_any_status([RECENTLY_RESOLVED])).count(),
    }


def _any_status(statuses: list[str]) -> Q:
    found = Q(status__in=[status for status in statuses if status not in {ACTIVE, FINISHED, RECENTLY_RESOLVED}])
    if ACTIVE in statuses:
        found |= Q(done=False)
    if FINISHED in statuses:
        found |= Q(done=True)
    if RECENTLY_RESOLVED in statuses:
        found |= Q(done=True, resolved_at__gte=timezone.now() - RECENT)
    return found


def _assignee(request: TeamRequest, word: str) -> str:
    """The column's value for `me`, `nobody` or a member's id. Somebody without a cStar account has no tickets."""
    if word == "nobody":
        return ""
    return (_me(request) or "-") if word == "me" else word


def _with_tag(request: TeamRequest, tag: str) -> QuerySet:
    return TicketTag.objects.filter(name=tag, ticket__team=request.team).values("ticket")


def _me(request: TeamRequest) -> str:
    if "me" not in request.memo:
        member = people.me(request.team, request.user)
        request.memo["me"] = member.cstar_id if member else ""
    return request.memo["me"]


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
