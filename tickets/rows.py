"""A ticket as a row of a table.

Fifty rows are most of what the inbox costs to draw, and nearly all of them were drawn a moment ago, for this person or
a colleague. A row is drawn from a `Row` alone, so that equal ones can share their HTML and none can be out of date.
"""

from functools import lru_cache
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.desk import ago
from tickets.models import Ticket

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


def draw(ticket: Ticket, carried: str, *, in_list: bool = True) -> SafeString:
    """The row as HTML. `carried` is the list's address; outside a list there is nothing to choose, and no customer."""
    return _draw(
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
        )
    )


@lru_cache(maxsize=5000)
def _draw(row: Row) -> SafeString:
    return mark_safe(get_template("tickets/_row.html").render({"row": row}))
