"""Messages as HTML, drawn once for all who look at them."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import markdown
from core.fragment_cache import Filled, all_filled, drawn
from core.times import Style, age, told
from core.urls import page_url
from tickets.models import Message, Ticket


class Said(NamedTuple):
    """All that tickets/_message.html shows, but for the time and what was said.

    `whole` is where all of a long message is; `opened` one that stands in the place of its beginning.
    """

    place: str
    cstar_id: str
    kind: str
    author: str
    source_url: str
    whole: str
    opened: bool


class Day(NamedTuple):
    """All that tickets/_day.html shows: a date, and the message that it stands above."""

    date: date
    cstar_id: str


def messages(
    ticket: Ticket, thread: Iterable[Message], place: str = "message", *, opened: bool = False, style: Style = "record"
) -> SafeString:
    """The messages of a thread as HTML. `place` begins their ids, where a page shows some twice.

    Their own HTML was made safe when it was made (tickets/message_html.py).
    """
    now, source = timezone.localtime(), page_url("tickets:source", ticket.cstar_id)
    whole = page_url("tickets:messages", ticket.cstar_id)
    return all_filled(
        "tickets/_message.html",
        (
            Filled(
                Said(
                    place=place,
                    cstar_id=one.cstar_id,
                    kind=one.kind,
                    author=one.author,
                    source_url=f"{source}?message={one.pk}",
                    whole=f"{whole}?whole={one.pk}&place={place}" if one.folded else "",
                    opened=opened,
                ),
                {"time": told(age(one.created_at, now, style)), "body": mark_safe(markdown.spoken(one.html))},
            )
            for one in thread
        ),
    )


def by_day(ticket: Ticket, thread: Iterable[Message]) -> SafeString:
    """The messages of a thread as HTML, each day under its date."""
    pieces = []
    for day, group in groupby(thread, key=lambda one: timezone.localdate(one.created_at)):
        said = list(group)
        pieces += [drawn("tickets/_day.html", Day(day, said[0].cstar_id)), messages(ticket, said, style="time")]
    return mark_safe("".join(pieces))
