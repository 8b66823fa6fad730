"""A ticket's row and a message as HTML, drawn once for all who look at them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import markdown
from core.drawn import all_drawn, drawn
from core.links import page_url
from core.times import Age, Style, age
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
                assignee=ticket.assignee_name or ticket.assigned_to,
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
    """All that tickets/_message.html shows. `html` was made safe when the message came (tickets/thread.py)."""

    place: str
    cstar_id: str
    kind: str
    author: str
    created: Age | None
    html: str
    source_url: str


class Day(NamedTuple):
    """All that tickets/_day.html shows: a date, and the message that it stands above."""

    date: date
    cstar_id: str


def messages(ticket: Ticket, thread: Iterable[Message], place: str = "message") -> SafeString:
    """The messages of a thread as HTML. `place` begins their ids, where a page shows some twice."""
    now, source = timezone.localtime(), page_url("tickets:source", ticket.cstar_id)
    return all_drawn("tickets/_message.html", (_said(one, place, source, now, "record") for one in thread))


def by_day(ticket: Ticket, thread: Iterable[Message]) -> SafeString:
    """The messages of a thread as HTML, each day under its date."""
    now, source = timezone.localtime(), page_url("tickets:source", ticket.cstar_id)
    days = groupby(thread, key=lambda one: timezone.localdate(one.created_at))
    pieces = []
    for day, group in days:
        said = [_said(one, "message", source, now, "time") for one in group]
        pieces += [drawn("tickets/_day.html", Day(day, said[0].cstar_id)), all_drawn("tickets/_message.html", said)]
    return mark_safe("".join(pieces))


def _said(message: Message, place: str, source: str, now: datetime, style: Style) -> Said:
    return Said(
        place=place,
        cstar_id=message.cstar_id,
        kind=message.kind,
        author=message.author,
        created=age(message.created_at, now, style),
        html=markdown.spoken(message.html),
        source_url=f"{source}#source-{message.cstar_id}",
    )
