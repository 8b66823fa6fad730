"""How many tickets each customer has.

cStar counts them when a customer is read, and reads of customers are rare. In between the count follows the tickets
that are held here; those that are too old to be held are the difference that a sweep finds (`Customer.older_tickets`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from customers.models import Customer
from replica.upsert import mark_changed
from teams.models import Team
from tickets.models import Ticket


def follow_customers(team: Team, cstar_ids: list[str]) -> None:
    """Customers were written, with cStar's count of an earlier moment."""
    held = _count_held(team, cstar_ids)
    wanted: dict[int, list[str]] = defaultdict(list)
    customers = Customer.objects.filter(team=team, cstar_id__in=cstar_ids)
    for cstar_id, older, shown in customers.values_list("cstar_id", "older_tickets", "ticket_count"):
        if (number := held[cstar_id] + older) != shown:
            wanted[number].append(cstar_id)
    for number, ids in wanted.items():
        mark_changed(team, customers.filter(cstar_id__in=ids), ticket_count=number)


def follow_tickets(team: Team, cstar_ids: list[str]) -> None:
    """Tickets were written: some may be new."""
    tickets = Ticket.objects.filter(team=team, cstar_id__in=cstar_ids).exclude(customer="")
    if customers := list(tickets.order_by().values_list("customer", flat=True).distinct()):
        follow_customers(team, customers)


def leave(team: Team, cstar_ids: list[str]) -> None:
    """Tickets are about to be dropped from the working copy."""
    going = _in_working_set(team).filter(cstar_id__in=cstar_ids).exclude(customer="").order_by()
    for cstar_id, number in going.values_list("customer").annotate(Count("pk")):
        customer = Customer.objects.filter(team=team, cstar_id=cstar_id)
        mark_changed(team, customer, ticket_count=Greatest(F("ticket_count") - number, 0))


def settle(team: Team) -> None:
    """A sweep has read customers and tickets: what cStar counts beyond those held is too old to be held."""
    customers = Customer.objects.filter(team=team)
    held = _count_held(team)
    wanted: dict[tuple[int, int], list[int]] = defaultdict(list)
    fields = ("pk", "cstar_id", "payload__ticketCount", "older_tickets", "ticket_count")
    for pk, cstar_id, told, older, shown in list(customers.values_list(*fields)):
        known = told if isinstance(told, int) else 0
        found = (max(0, known - held[cstar_id]), max(known, held[cstar_id]))
        if found != (older, shown):
            wanted[found].append(pk)
    for (older, number), keys in wanted.items():
        mark_changed(team, customers.filter(pk__in=keys), older_tickets=older, ticket_count=number)


def _count_held(team: Team, customers: Iterable[str] | None = None) -> Counter[str]:
    """The number of tickets that are held, by customer: of these, or of all."""
    tickets = _in_working_set(team).exclude(customer="").order_by()
    if customers is not None:
        tickets = tickets.filter(customer__in=customers)
    return Counter(dict(tickets.values_list("customer").annotate(Count("pk"))))


def _in_working_set(team: Team) -> QuerySet[Ticket]:
    """Without older ones that somebody opened, which the next sweep drops."""
    oldest = timezone.now() - timedelta(days=settings.WORKING_SET_DAYS)
    tickets = Ticket.objects.filter(team=team).alias(ended_at=Coalesce("resolved_at", "updated_at"))
    return tickets.exclude(Q(status="closed", ended_at__lt=oldest))
