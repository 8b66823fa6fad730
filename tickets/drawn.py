"""A ticket's row and a message as HTML, drawn once for all who look at them."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from core import markdown
from core.drawn import all_drawn
from core.times import Age, age
from tickets.models import Message, Ticket

TAGS_SHOWN = 4


class Row(NamedTuple):
    """All that tickets/_row.html shows."""

    cstar_id: str
    title: str
    status_class: str
    status: str
    priority_class: str
    priority: str
    tags: tuple[str, ...]
    customer: str
    assignee: str
    assignee_known: bool
    message_count: int
    updated: Age | None
    carried: str
    in_list: bool
    draft: bool
    waiting: bool


def rows(tickets: Iterable[Ticket], carried: str, *, in_list: bool, drafts: Collection[str]) -> SafeString:
    """The rows as HTML. `carried` is the list's address; outside a list there is nothing to choose, and no customer.

    `drafts` are the ids of those on which the person left something unsent.
    """
    now = timezone.localtime()
    return all_drawn(
        "tickets/_row.html",
        (
            Row(
                cstar_id=ticket.cstar_id,
                title=ticket.title,
                status_class=ticket.status_class,
                status=ticket.status,
                priority_class=ticket.priority_class,
                priority=ticket.priority,
                tags=tuple(ticket.tags[:TAGS_SHOWN]),
                customer=ticket.customer_name if in_list else "",
                assignee=ticket.assignee_name or ticket.assigned_to or "",
                assignee_known=ticket.assigned_to is not None,
                message_count=ticket.message_count,
                updated=age(ticket.updated_at, now),
                carried=carried,
                in_list=in_list,
                draft=ticket.cstar_id in drafts,
                waiting=bool(ticket.waiting),
            )
            for ticket in tickets
        ),
    )


class Said(NamedTuple):
    """All that tickets/_message.html shows. `html` was made safe when the message came (core/markdown.py)."""

    place: str
    cstar_id: str
    kind: str
    author: str
    created: Age | None
    html: str


def messages(thread: Iterable[Message], place: str = "message") -> SafeString:
    """The messages of a thread as HTML. `place` begins their ids, where a page shows some twice."""
    now = timezone.localtime()
    return all_drawn(
        "tickets/_message.html",
        (
            Said(
                place=place,
                cstar_id=one.cstar_id,
                kind=one.kind,
                author=one.author,
                created=age(one.created_at, now),
                html=markdown.spoken(one.html),
            )
            for one in thread
        ),
    )
