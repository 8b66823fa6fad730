"""Closed tickets that are too old for the working copy (`working_copy`), read from cStar by those who need them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from cstar import Client
from replica.payload_fields import storable
from replica.refresh import Brought, PartialError, all_rows
from teams.viewer import Viewer
from tickets.forms import TicketFilterForm
from tickets.models import PRIORITIES, Ticket
from tickets.queries import FINISHED, RECENT, RECENTLY_RESOLVED, admitting

BATCH = 500
# The first call brings all of them up to 10,000; else one a priority follows, and one that counts them.
MOST_CALLS = 1 + len(PRIORITIES) + 1


def may_match(form: TicketFilterForm) -> bool:
    """Whether the list's filters let such tickets through. Without them the working copy answers the list whole."""
    if form.errors:
        return False
    statuses = form.value("status")
    words = {"closed", FINISHED}
    if RECENT.days > settings.WORKING_SET_DAYS:
        words.add(RECENTLY_RESOLVED)
    return not statuses or not words.isdisjoint(statuses)


def fetch(client: Client, viewer: Viewer, form: TicketFilterForm) -> Iterator[list[Ticket]]:
    """Yield the tickets that match the list's filters in batches, each ticket once, as unsaved `Ticket` objects.

    Raise `PartialError` after the last batch if cStar's export left some out.
    """
    admits = admitting(viewer, form)
    filters, split_by = {"status": "closed"}, {"priority": list(PRIORITIES)}
    rows = Brought(all_rows(client, viewer.team, "tickets", needs={"status"}, split_by=split_by, filters=filters))
    brought, seen = iter(rows), set[str]()
    while batch := {row["id"]: storable(row) for row in islice(brought, BATCH)}:
        held = Ticket.objects.filter(team=viewer.team, cstar_id__in=batch).values_list("cstar_id", flat=True)
        new = batch.keys() - seen - set(held)
        seen |= new
        payloads = [payload for pk, payload in batch.items() if pk in new]
        columns = zip(payloads, Ticket.columns(viewer.team, payloads), strict=True)
        tickets = (Ticket(team=viewer.team, cstar_id=row["id"], payload=row, **values) for row, values in columns)
        yield [ticket for ticket in tickets if admits(ticket)]
    if not rows.all:
        raise PartialError("cStar's export could not bring all closed tickets.")
