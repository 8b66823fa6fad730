"""What changed in a list since it was drawn, for every resource. Pages that are open ask (static/js/live-page.js).

`since` in the address is the change number that the part of the page is at; the answer's header `X-Live` names the one
it is at then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.filters import FilterForm
from replica.models import WorkingCopy
from teams.access import TeamRequest

# The rows on the page. A header, since a hundred ids are too long for an address.
SHOWN_HEADER = "X-Shown"
MOST_ROWS = 100
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

MOVED_ON, DELETED = _("Moved on"), _("Deleted")

Held = TypeVar("Held", bound=WorkingCopy)


class Changes(NamedTuple, Generic[Held]):
    """Changed rows of the page, (cStar id, word) for rows that no longer belong there, and how many are new."""

    changed: list[Held]
    marks: list[tuple[str, str]]
    new: int


def changes(
    request: TeamRequest,
    form: FilterForm,
    *,
    rows: QuerySet[Held],
    matching: QuerySet[Held],
    first_page: Callable[[], list[tuple[str, int]]],
) -> Changes[Held]:
    """What changed in the list that the form asks for; all empty if nothing did.

    `rows` are the team's, with what a row shows, `matching` those that the form's filters let through, and `first_page`
    answers the cStar id and change number of each row on page one. `drawn` in the address is the change number at which
    the page was drawn: what is new is counted from there, and on page one alone.
    """
    since, drawn = number_in(request, "since"), number_in(request, "drawn")
    named = request.headers.get(SHOWN_HEADER, "").split(",")[:MOST_ROWS]
    shown = [cstar_id for cstar_id in named if _ID.fullmatch(cstar_id)]
    held = {row.cstar_id: row for row in rows.filter(cstar_id__in=shown)}
    changed = [row for row in held.values() if row.changed > since]
    stay = set(matching.filter(pk__in=[row.pk for row in changed]).values_list("pk", flat=True))
    marks = [(row.cstar_id, str(MOVED_ON)) for row in changed if row.pk not in stay]
    marks += [(cstar_id, str(DELETED)) for cstar_id in shown if cstar_id not in held]
    new = 0
    if form.page == 1 and rows.filter(changed__gt=drawn).exclude(cstar_id__in=shown).exists():
        # Rows that come onto page one because they changed; those that only moved up do not count.
        new = sum(number > drawn and cstar_id not in shown for cstar_id, number in first_page())
    return Changes(changed, marks, new)


def number_in(request: TeamRequest, name: str) -> int:
    """Return a change number from the query string; 0 if it is missing or invalid."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def at(number: int, response: HttpResponse) -> HttpResponse:
    """Set the change number that the page is at after this response."""
    response["X-Live"] = str(number)
    return response
