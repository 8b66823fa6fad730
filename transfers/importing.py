"""An import's way to cStar: what was rehearsed goes out in batches of 500, customers before the tickets they wrote."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast, Length

from cstar import MAX_IMPORT_RECORDS
from transfers.models import Run, RunBatch, RunRow

Plan, Outcome = RunRow.Plan, RunRow.Outcome

# A call may be 5 MB (docs/sandbox.md), and a character up to four bytes.
MAX_CHARACTERS = 1_200_000


def plan(run: Run) -> None:
    """Make the batches, and say at once what is not going to be sent."""
    run.batches.all().delete()  # of a try that was killed
    run.rows.filter(plan=Plan.SKIP).update(outcome=Outcome.SKIPPED)
    run.rows.filter(plan__in=[Plan.CONFLICT, Plan.WRONG]).update(outcome=Outcome.FAILED)
    number = 1
    for resource, strategy in _order(run):
        for part in _parts(run, resource):
            with transaction.atomic():
                batch = RunBatch.objects.create(
                    run=run,
                    number=number,
                    action=RunBatch.Action.IMPORT,
                    resource=resource,
                    data={"strategy": strategy},
                )
                RunRow.objects.filter(pk__in=part).update(batch=batch)
            number += 1


def price(run: Run) -> int:
    """How many calls it costs."""
    return sum(1 for resource, _ in _order(run) for _ in _parts(run, resource))


def _order(run: Run) -> Iterator[tuple[str, str]]:
    """(resource, strategy): a ticket finds its customer only if they are there."""
    if run.resource == "tickets":
        yield "customers", "skip"
    yield run.resource, run.options["strategy"]


def _parts(run: Run, resource: str) -> Iterator[list[int]]:
    """Keys of rows that fit into one call. The database weighs the records, which need not be read for that."""
    sent = run.rows.filter(resource=resource, plan__in=[Plan.CREATE, Plan.UPDATE]).order_by("id")
    part: list[int] = []
    size = 0
    for pk, weight in sent.values_list("pk", Length(Cast("after", TextField()))).iterator():
        if part and (len(part) == MAX_IMPORT_RECORDS or size + weight > MAX_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(pk)
        size += weight
    if part:
        yield part
