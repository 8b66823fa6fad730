"""A ticket's row and a message as HTML.

Fifty rows are most of what the inbox costs to draw, twenty messages much of a ticket's page, and nearly all of them
were drawn a moment ago, for this person or a colleague. Each is drawn from a tuple of all that its template shows, so
that equal ones share their HTML and none can be out of date.
"""

from functools import lru_cache
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.desk import ago
from tickets.models import Message, Ticket

TAGS_SHOWN = 4


class Row(NamedTuple):
    """All that tickets/_row.html shows."""

    cstar_id: str
    title: str
    status_class: str
    status_words: str
    priority_class: str
    priority: str
    tags: tuple[str, ...]
    customer: str
    assignee: str
    message_count: int
    updated: str
    carried: str
    in_list: bool


def row(ticket: Ticket, carried: str, *, in_list: bool = True) -> SafeString:
    """The row as HTML. `carried` is the list's address; outside a list there is nothing to choose, and no customer."""
    return _draw(
        "tickets/_row.html",
        Row(
            cstar_id=ticket.cstar_id,
            title=ticket.title,
            status_class=ticket.status_class,
            status_words=ticket.status_words,
            priority_class=ticket.priority_class,
            priority=ticket.priority,
            tags=tuple(ticket.tags[:TAGS_SHOWN]),
            customer=(ticket.customer_name or "No customer") if in_list else "",
            assignee=ticket.assignee_name or ticket.assigned_to,
            message_count=ticket.message_count,
            updated=ago(ticket.updated_at),
            carried=carried,
            in_list=in_list,
        ),
    )


class Said(NamedTuple):
    """All that tickets/_message.html shows. `html` was made safe when the message came (core/markdown.py)."""

    cstar_id: str
    kind: str
    author: str
    created: str
    html: str


def message(one: Message) -> SafeString:
    """A message of a thread as HTML."""
    said = Said(one.cstar_id, one.kind, one.author, ago(one.created_at), one.html)
    return _draw("tickets/_message.html", said)


@lru_cache(maxsize=5000)
def _draw(template: str, shown: Row | Said) -> SafeString:
    return mark_safe(get_template(template).render({"shown": shown}))
