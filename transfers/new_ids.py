"""The ids that the objects of an import have now, beside those that they had in the tool where they come from.

cStar's answer to an import names no ids. They are known of objects that were there before or were read back
(`RunRow.cstar_id`), and of those that came into the working copy since, where the import's mark tells them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from articles.models import Article
from customers.models import Customer
from tickets.models import Ticket
from transfers.created_objects import MARK, mark
from transfers.models import Run, RunRow
from transfers.receipt import Echo
from transfers.tables.formulas import neutral
from transfers.tables.writing import csv_rows

HEADS = ("old id", "new id", "type", "known by", "name", "note")
NOT_YET = "The new id is not known yet. Download this file again in some minutes."
_DONE = (RunRow.Outcome.CREATED, RunRow.Outcome.UPDATED, RunRow.Outcome.SKIPPED)
_TYPES = {"tickets": "ticket", "customers": "customer", "articles": "article"}
_GENERATED = "row-"


def as_csv(run: Run) -> Iterator[str]:
    """A line for each object that is there after the import."""
    writer = csv_rows(Echo())
    yield writer.writerow(HEADS)
    rows = run.rows.filter(outcome__in=_DONE)
    held = {
        resource: _held(run, resource)
        for resource in rows.filter(cstar_id="").values_list("resource", flat=True).distinct().order_by()
    }
    for row in rows.iterator(chunk_size=1000):
        new = row.cstar_id or held.get(row.resource, {}).get(row.key, "")
        line = (_old(row), new, _TYPES[row.resource], row.key, row.label, "" if new else NOT_YET)
        yield writer.writerow([neutral(cell) for cell in line])


def _old(row: RunRow) -> str:
    """The id in the other tool; "" where the file had none."""
    external = (row.after.get("metadata") or {}).get("externalId", "")
    key = row.key if row.resource == "tickets" else external
    return "" if str(key).startswith(_GENERATED) else str(key)


def _held(run: Run, resource: str) -> dict[str, str]:
    """The ids of what the import created, by the rows' keys, as far as the working copy has them."""
    marked: dict[str, Any] = {"team": run.team, f"payload__metadata__{MARK}": mark(run)}
    if resource == "tickets":
        pairs = Ticket.objects.filter(**marked).order_by().values_list("payload__metadata__externalId", "cstar_id")
        return {str(key): cstar_id for key, cstar_id in pairs.iterator()}
    if resource == "customers":
        people = Customer.objects.filter(**marked).order_by().values_list("email", "cstar_id")
        return {email.strip().lower(): cstar_id for email, cstar_id in people.iterator()}
    # Articles have no metadata to be marked in.
    return dict(Article.objects.filter(team=run.team).order_by().values_list("title", "cstar_id").iterator())
