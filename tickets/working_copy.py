"""How the copy of tickets and of the team's words is filled, and what depends on what."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from customers.models import Customer
from members.models import Member
from sync.columns import instant
from sync.copies import Copy, apply, mark_changed
from sync.refresh import all_rows
from tickets import thread
from tickets.models import PRIORITIES, STATUSES, QuickReply, Status, Ticket, TicketTag


def _fetch_tickets(client, team):
    """Every ticket not closed, and those closed within the working set's days; older ones are found by search."""
    oldest = timezone.now() - timedelta(days=settings.WORKING_SET_DAYS)
    known = list(Status.objects.filter(team=team).values_list("key", flat=True)) or list(STATUSES)
    # No more than list rows have: where export rows have less, lists are read.
    needs, split_by = {"status", "messageCount"}, {"status": known, "priority": list(PRIORITIES)}
    rows = all_rows(client, team, "tickets", needs=needs, split_by=split_by)
    for row in rows:
        ended = row.get("resolvedAt") or row.get("updatedAt") or row.get("createdAt")
        if row.get("status") != "closed" or ended is None or instant(ended) >= oldest:
            yield row


def _write_tags(team, cstar_ids: list[str]) -> None:
    changed = Ticket.objects.filter(team=team, cstar_id__in=cstar_ids).only("id", "tags")
    TicketTag.objects.filter(ticket__in=[ticket.pk for ticket in changed]).delete()
    TicketTag.objects.bulk_create(
        TicketTag(team=team, ticket_id=ticket.pk, name=name[:100]) for ticket in changed for name in set(ticket.tags)
    )


def follow_customers(team, cstar_ids: list[str]) -> None:
    """Tickets carry their customer's name; a deleted customer's tickets stay, without one (seed-customers.txt)."""
    known = set(Customer.objects.filter(team=team, cstar_id__in=cstar_ids).values_list("cstar_id", flat=True))
    orphans = Ticket.objects.filter(team=team, customer__in=set(cstar_ids) - known)
    apply(
        "tickets", team, [{"id": ticket, "customerId": None} for ticket in orphans.values_list("cstar_id", flat=True)]
    )
    for customer in Customer.objects.filter(team=team, cstar_id__in=cstar_ids).only("cstar_id", "name"):
        tickets = Ticket.objects.filter(team=team, customer=customer.cstar_id).exclude(customer_name=customer.name)
        for ticket in tickets.only("id", "title", "cstar_id"):
            text = f"{ticket.title} {customer.name} {ticket.cstar_id}".casefold()
            mark_changed(team, Ticket.objects.filter(pk=ticket.pk), customer_name=customer.name, search_text=text)


def follow_members(team, cstar_ids: list[str]) -> None:
    """A member was renamed: their tickets carry the name."""
    for member in Member.objects.filter(team=team, cstar_id__in=cstar_ids).only("cstar_id", "name"):
        tickets = Ticket.objects.filter(team=team, assigned_to=member.cstar_id)
        mark_changed(team, tickets.exclude(assignee_name=member.name), assignee_name=member.name)


def follow_statuses(team, cstar_ids: list[str]) -> None:
    """A status of the team's own came, went or changed its kind: tickets that have it are done or not done."""
    for key in set(cstar_ids) - set(STATUSES):
        closes = Status.objects.filter(team=team, key=key, closes=True).exists()
        mark_changed(team, Ticket.objects.filter(team=team, status=key).exclude(done=closes), done=closes)


def _fetch_statuses(client, team):
    for position, status in enumerate(client.settings.statuses().items):
        key = status.value[:32]
        yield {**status.raw, "id": key, "key": key, "position": position}


def _fetch_quick_replies(client, team):
    yield from (reply.raw for reply in client.settings.quick_replies().items)


COPIES = (
    Copy(name="statuses", model=Status, fetch=_fetch_statuses, order=1, told_as="settings", optional=True),
    Copy(
        name="quick_replies",
        model=QuickReply,
        fetch=_fetch_quick_replies,
        order=2,
        told_as="settings",
        optional=True,
    ),
    Copy(
        name="tickets",
        model=Ticket,
        fetch=_fetch_tickets,
        order=30,
        after=_write_tags,
        told_as="ticket",
        parts=("message",),
        fetch_one=thread.fetch,
    ),
)
