"""Fills the peer's empty database: `bench/peer/.venv/bin/python -m bench.peer.seed 10000`.

The people, tickets and threads are those of the desk's own demo data, so that both sides show the same texts.
"""

import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peer.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402

from bench.peer.settings import VAR  # noqa: E402
from bench.threads import MESSAGES, filler  # noqa: E402
from sandbox.demo import story  # noqa: E402

STATUS = {"new": 1, "open": 1, "pending": 1, "resolved": 3, "closed": 4}
PRIORITY = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
CHUNK = 1_000


def main(size: int) -> None:
    VAR.mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    data = story.build("Acme Support", size, datetime.now(UTC))
    with transaction.atomic():
        staff = {member.id: create_staff(member) for member in data.members}
        by_name = {user.get_full_name(): user for user in staff.values()}
        customers = {customer.id: customer.email for customer in data.customers}
        queues: dict[str, Queue] = {}
        rows = list(data.tickets)
        for start in range(0, size, CHUNK):
            chunk = rows[start : start + CHUNK]
            tickets = [build_ticket(row, queues, staff, customers) for row in chunk]
            Ticket.objects.bulk_create(tickets)
            FollowUp.objects.bulk_create(
                build_followup(ticket, message, by_name)
                for ticket, row in zip(tickets, chunk, strict=True)
                for message in row.messages
            )
        lengthen_a_thread(staff)


def create_staff(member) -> User:
    first, last = member.name.split(maxsplit=1)
    return User.objects.create_user(
        member.email.partition("@")[0], member.email, is_staff=True, first_name=first, last_name=last
    )


def queue_named(name: str, queues: dict[str, Queue]) -> Queue:
    if name not in queues:
        queues[name] = Queue.objects.create(title=name.capitalize(), slug=name)
    return queues[name]


def build_ticket(row, queues: dict[str, Queue], staff: dict[str, User], customers: dict[str, str]) -> Ticket:
    """A ticket in the queue of its first tag, since django-helpdesk has no tags."""
    return Ticket(
        queue=queue_named(row.tags[0] if row.tags else "general", queues),
        title=row.title[:200],
        description=row.messages[0].content,
        status=STATUS[row.status],
        on_hold=row.status == "pending",
        priority=PRIORITY[row.priority],
        submitter_email=customers[row.customer_id],
        assigned_to=staff.get(row.assigned_to),
        created=row.created_at,
        modified=row.updated_at,
    )


def build_followup(ticket: Ticket, message, staff: dict[str, User]) -> FollowUp:
    """A message. A customer's carries an e-mail's id, by which django-helpdesk tells who wrote it."""
    from_customer = message.sender == "customer"
    return FollowUp(
        ticket=ticket,
        title="E-mail received" if from_customer else "Comment",
        comment=message.content,
        date=message.created_at,
        public=not message.is_internal,
        user=None if from_customer else staff.get(message.sender_name),
        message_id=f"<{message.id}@example.com>" if from_customer else None,
    )


def lengthen_a_thread(staff: dict[str, User]) -> None:
    """Bring the longest thread up to the length that is measured."""
    counted = Ticket.objects.annotate(length=Count("followup")).filter(length__lte=MESSAGES)
    ticket = counted.order_by("-length", "id").first()
    for number in range(ticket.length, MESSAGES):
        from_customer = bool(number % 2)
        FollowUp.objects.create(
            ticket=ticket,
            title="E-mail received" if from_customer else "Comment",
            comment=filler(number),
            public=True,
            user=None if from_customer else next(iter(staff.values())),
            message_id=f"<{number}@example.com>" if from_customer else None,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
