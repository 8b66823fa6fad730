"""How the copy of tickets and of the team's words is filled, and what depends on what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from customers.models import Customer
from members.models import Member
from replica import registry
from replica.payload_fields import instant
from replica.refresh import Brought, all_rows, exports, pages, read_one
from replica.upsert import apply, mark_changed
from teams.models import Team
from tickets.models import (
    DONE,
    PRIORITIES,
    STATUSES,
    Status,
    Ticket,
    TicketTag,
    assignee_columns,
    text_columns,
)

# What a row tells of a change. Tags are compared apart, for their order says nothing, and so are times.
WATCHED = {"title", "status", "priority", "customerId", "assignedTo", "messageCount"}
# A look reads so many tickets, and as many customers; what is left over is read when it is opened, or by a sweep.
READ_AT_MOST = 12


def status_keys(team: Team) -> list[str]:
    """The team's own statuses; cStar's where they are not known."""
    return list(Status.objects.filter(team=team).values_list("key", flat=True)) or list(STATUSES)


def read_tickets(client, team):
    """Every ticket not closed, and those closed within the working set's days; older ones are found by search."""
    oldest = timezone.now() - timedelta(days=settings.WORKING_SET_DAYS)
    # No more than list rows have: where export rows have less, lists are read.
    needs, split_by = {"status", "messageCount"}, {"status": status_keys(team), "priority": list(PRIORITIES)}
    rows = all_rows(client, team, "tickets", needs=needs, split_by=split_by)
    for row in rows:
        ended = row.get("resolvedAt") or row.get("updatedAt") or row.get("createdAt")
        if row.get("status") != "closed" or ended is None or instant(ended) >= oldest:
            yield row


def write_tags(team, cstar_ids: list[str]) -> None:
    changed = Ticket.objects.filter(team=team, cstar_id__in=cstar_ids).only("id", "tags")
    TicketTag.objects.filter(ticket__in=[ticket.pk for ticket in changed]).delete()
    TicketTag.objects.bulk_create(
        TicketTag(team=team, ticket_id=ticket.pk, name=name[:100]) for ticket in changed for name in set(ticket.tags)
    )


def follow_customers(team, cstar_ids: list[str]) -> None:
    """Tickets carry their customer's name; a deleted customer's tickets stay, without one."""
    known = set(Customer.objects.filter(team=team, cstar_id__in=cstar_ids).values_list("cstar_id", flat=True))
    orphans = Ticket.objects.filter(team=team, customer__in=set(cstar_ids) - known)
    apply(
        "tickets", team, [{"id": ticket, "customerId": None} for ticket in orphans.values_list("cstar_id", flat=True)]
    )
    for customer in Customer.objects.filter(team=team, cstar_id__in=cstar_ids).only("cstar_id", "name"):
        tickets = Ticket.objects.filter(team=team, customer=customer.cstar_id).exclude(customer_name=customer.name)
        for ticket in tickets.only("id", "title", "cstar_id"):
            named = text_columns(ticket.title, customer.name, ticket.cstar_id)
            mark_changed(team, Ticket.objects.filter(pk=ticket.pk), **named)


def follow_members(team, cstar_ids: list[str]) -> None:
    """A member was renamed, or their account became known: their tickets carry id and name."""
    for member in Member.objects.filter(team=team, cstar_id__in=cstar_ids).only("cstar_id", "name", "user_id"):
        ids = [member.cstar_id, *([member.user_id] if member.user_id else [])]
        tickets = Ticket.objects.filter(team=team, assigned_to__in=ids)
        current = {"assigned_to": member.cstar_id, "assignee_name": member.name}
        mark_changed(team, tickets.exclude(**current), **current | assignee_columns(member.name))


def follow_statuses(team, cstar_ids: list[str]) -> None:
    """A status of the team's own came, went or changed its kind: tickets that have it are done or not done."""
    for key in set(cstar_ids) - set(STATUSES):
        closes = Status.objects.filter(team=team, key=key, closes=True).exists()
        mark_changed(team, Ticket.objects.filter(team=team, status=key).exclude(done=closes), done=closes)


def read_statuses(client, team):
    for position, status in enumerate(client.settings.statuses().items):
        key = status.value[:32]
        yield {**status.raw, "id": key, "key": key, "position": position}


def read_quick_replies(client, team):
    yield from (reply.raw for reply in client.settings.quick_replies().items)


def poll(team, paid) -> list[str]:
    """Find tickets that others changed from the rows of those that are not done, and read them; answers their ids.

    A row tells that something happened; who has the ticket now, and what was written, the ticket itself has to say.
    """
    asked_at = timezone.now()
    rows, moved = Brought(_unfinished(paid, team)), list[str]()
    listed = {row["id"]: row for row in rows}
    apply("tickets", team, listed.values(), as_of=asked_at, moved=moved)
    left = Ticket.objects.filter(team=team, done__in=[False], synced_at__lt=asked_at).exclude(cstar_id__in=listed)
    # Those that are not listed any more were finished or deleted.
    moved += list(left.values_list("cstar_id", flat=True)) if rows.all else []
    for cstar_id in moved[:READ_AT_MOST]:
        if "updatedAt" not in listed.get(cstar_id, ()):
            read_one(registry.get("tickets"), team, cstar_id, paid)
    _fetch_customers(team, moved, paid)
    return moved


def _unfinished(client, team) -> Iterator[dict[str, Any]]:
    """Rows of all tickets that are not done, and from an export of the others too."""
    if exports(team, "tickets"):
        yield from read_tickets(client, team)
        return
    own = Status.objects.filter(team=team, closes=False).values_list("key", flat=True)
    for status in [*own] or [status for status in STATUSES if status not in DONE]:
        yield from pages(client.tickets, status=status)


def differs(held: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a row tells of anything that people do to a ticket and that we do not hold."""
    both = row.keys() & held.keys()
    if any(row[name] != held[name] for name in both & WATCHED):
        return True
    if "tags" in both and sorted(map(str, row["tags"] or ())) != sorted(map(str, held["tags"] or ())):
        return True
    return "updatedAt" in both and instant(row["updatedAt"]) > instant(held["updatedAt"])


def _fetch_customers(team, tickets: list[str], paid) -> None:
    """Customers of these tickets who are not held: new ones, mostly."""
    named = (
        Ticket.objects.filter(team=team, cstar_id__in=tickets).exclude(customer="").values_list("customer", flat=True)
    )
    known = Customer.objects.filter(team=team, cstar_id__in=list(named)).values_list("cstar_id", flat=True)
    for cstar_id in list({*named} - {*known})[:READ_AT_MOST]:
        read_one(registry.get("customers"), team, cstar_id, paid)
