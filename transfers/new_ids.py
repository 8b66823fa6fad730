"""The ids that the objects of an import have now, beside those that they had in the tool where they come from.

cStar's answer to an import names no ids. They are known of objects that were there before or were read back
(`RunRow.cstar_id`), and of those that came into the working copy since, where the import's mark tells them.
"""

from __future__ import annotations

from collections.abc import Iterator

from replica import registry
from transfers.created_objects import MARK, mark
from transfers.models import Run, RunRow
from transfers.receipt import Echo
from transfers.resources import transfer_of
from transfers.tables.formulas import neutral
from transfers.tables.writing import csv_rows

HEADS = ("old id", "new id", "type", "known by", "name", "note")
NOT_YET = "The new id is not known yet. Download this file again in some minutes."
_DONE = (RunRow.Outcome.CREATED, RunRow.Outcome.UPDATED, RunRow.Outcome.SKIPPED)
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
        line = (_old(row), new, registry.get(row.resource).audit_type, row.key, row.label, "" if new else NOT_YET)
        yield writer.writerow([neutral(cell) for cell in line])


def _old(row: RunRow) -> str:
    """The id in the other tool; "" where the file had none."""
    external = (row.after.get("metadata") or {}).get("externalId", "")
    key = row.key if transfer_of(row.resource).external_ids else external
    return "" if str(key).startswith(_GENERATED) else str(key)


def _held(run: Run, resource: str) -> dict[str, str]:
    """The ids of what the import created, by the rows' keys, as far as the working copy has them."""
    rows, transfer = registry.get(resource).held(run.team).order_by(), transfer_of(resource)
    if transfer.has_metadata:
        rows = rows.filter(**{f"payload__metadata__{MARK}": mark(run)})
    return transfer.keys(rows)
