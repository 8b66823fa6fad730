"""Reads of tickets what the rows of lists leave out: who has them above all. Unfinished ones, the latest first.

Where the list can be asked for one member's tickets that is done, a member after the other; else each ticket is read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

import cstar
from cstar import MAX_PAGE_SIZE, Client, CStarError, Page
from members import people
from members.models import Member
from replica import capabilities, log_trust, upsert
from replica.refresh import concerns_one
from teams.models import Team
from tickets import thread
from tickets.features import ASSIGNEE_FILTER, NOTES_IN_TICKET
from tickets.models import Ticket

# Seconds until the same list is asked for again.
_AGAIN = 6 * 3600


def fill(team: Team, paid: Client, most: int) -> int:
    """Read what is missing with at most `most` calls; return how many it took."""
    left = most
    for step in (_learn_where_notes_are, _name_accounts, _ask_by_member, _read_each):
        if left > 0:
            left -= step(team, paid, left)
    return most - left


def _unknown(team: Team):
    return Ticket.objects.filter(team=team, done__in=[False], assigned_to=None)


def _learn_where_notes_are(team: Team, paid: Client, most: int) -> int:
    """Whether a thread inside a ticket tells notes from replies; without a sign of it, it is taken not to."""
    if capabilities.is_offered(team, NOTES_IN_TICKET) is not None:
        return 0
    longest = Ticket.objects.filter(team=team).order_by("-message_count").first()
    if longest is None:
        return 0
    calls = _read_ticket(team, paid, longest.cstar_id)
    if capabilities.is_offered(team, NOTES_IN_TICKET) is None:
        capabilities.learn(team, NOTES_IN_TICKET, False)
    return calls


def _name_accounts(team: Team, paid: Client, most: int) -> int:
    """Where tickets name accounts, read each member once: lists of members leave out whose account is whose."""
    members = Member.objects.filter(team=team)
    assigned = Ticket.objects.filter(team=team).exclude(assigned_to=None).exclude(assigned_to="")
    if not assigned.exclude(assigned_to__in=members.values("cstar_id")).exists():
        return 0
    spent = 0
    for cstar_id in members.filter(user_id=None).values_list("cstar_id", flat=True):
        if spent < most and cache.add(f"member-read:{team.pk}:{cstar_id}", True, _AGAIN):
            spent += _tried(partial(people.fetch, team, cstar_id, paid))
    return spent


def _ask_by_member(team: Team, paid: Client, most: int) -> int:
    """Ask for the tickets of one member after the other, status by status; each ticket that comes is theirs."""
    if not capabilities.offers(team, ASSIGNEE_FILTER):
        return 0
    by_status = dict(_unknown(team).values_list("status").annotate(Count("pk")).order_by())
    questions = list(product(people.assignable(team), by_status))
    if sum(by_status.values()) <= len(questions):
        return 0  # reading each ticket costs less
    spent = 0
    for member, status in questions:
        if spent < most and cache.add(f"asked:{team.pk}:{member.cstar_id}:{status}", True, _AGAIN):
            spent += _ask(team, paid, member, status)
            if not capabilities.offers(team, ASSIGNEE_FILTER):
                break
    return spent


def _ask(team: Team, paid: Client, member: Member, status: str) -> int:
    """Read all tickets of the member with the status; return how many calls that took."""
    wanted, number = people.wire_id(team, member), 1
    while True:
        asked_at = timezone.now()
        try:
            page = paid.tickets.list(assigned_to=wanted, status=status, page=number, page_size=MAX_PAGE_SIZE)
        except CStarError as error:
            if not concerns_one(error):
                raise
            capabilities.learn(team, ASSIGNEE_FILTER, False)
            return number
        checked = capabilities.is_offered(team, ASSIGNEE_FILTER)
        if checked is None and page.items:
            checked = _is_filtered(team, paid, member, status, page)
            capabilities.learn(team, ASSIGNEE_FILTER, checked)
            number += 1
        if checked:
            rows = [{**ticket.raw, "assignedTo": member.cstar_id} for ticket in page.items]
            upsert.apply("tickets", team, rows, as_of=asked_at)
        if not (checked and page.has_more and page.items):
            return number
        number += 1


def _is_filtered(team: Team, paid: Client, member: Member, status: str, page: Page[cstar.Ticket]) -> bool:
    """Whether an answer holds the member's tickets alone and not, the parameter being ignored, those of everybody."""
    held = Ticket.objects.filter(team=team, status=status).count()
    if page.total is None or page.total >= held:
        return False
    sample = paid.tickets.get(page.items[0].id)
    return sample.assigned_to in {member.cstar_id, member.user_id}


def _read_each(team: Team, paid: Client, most: int) -> int:
    ids = _unknown(team).order_by("-updated_at", "-pk").values_list("cstar_id", flat=True)[:most]
    return sum(_read_ticket(team, paid, cstar_id) for cstar_id in ids)


def _read_ticket(team: Team, paid: Client, cstar_id: str) -> int:
    """Read a ticket. Where it has moved meanwhile, the log should tell of it."""
    before = _looks(team, cstar_id)
    calls = _tried(partial(thread.fetch_ticket, team, cstar_id, paid))
    if _looks(team, cstar_id) != before:
        log_trust.expect(team, [cstar_id])
    return calls


def _looks(team: Team, cstar_id: str) -> tuple | None:
    ticket = Ticket.objects.filter(team=team, cstar_id=cstar_id)
    return ticket.values_list("title", "status", "priority", "message_count").first()


def _tried(read: Callable[[], object]) -> int:
    """Make one call; an error that is about this object alone is ignored."""
    try:
        read()
    except CStarError as error:
        if not concerns_one(error):
            raise
    return 1
