"""An import's way to cStar: what the dry run foresaw goes out in batches of 500, customers before their tickets.

New records and known ones never share a call. New ones are sent with the strategy "skip", which leaves alone what
somebody else made meanwhile, so that only what this run created carries its mark; known ones with "update".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import Max, TextField
from django.db.models.functions import Cast, Length

from cstar import MAX_IMPORT_RECORDS
from transfers import linking, message_posting
from transfers.batching import unplanned
from transfers.models import Run, RunBatch, RunRow
from transfers.resources import transfer_of

Plan, Outcome = RunRow.Plan, RunRow.Outcome

# A call may be 5 MB (docs/sandbox.md), and a character up to four bytes.
MAX_CHARACTERS = 1_200_000
# Updates of objects that are not held whole: so many are read first, so that an undo can put back what they had.
MOST_UNKNOWN = 100
STRATEGIES: dict[str, str] = {Plan.CREATE: "skip", Plan.UPDATE: "update"}


def plan(run: Run, renew: Callable[[], None]) -> None:
    """Make batches for all rows that have none, and say at once what is not going to be sent.

    What broke off is gone on with: each batch comes with its rows or not at all.
    """
    waiting = run.rows.filter(outcome=Outcome.WAITING)
    waiting.filter(plan=Plan.SKIP).update(outcome=Outcome.SKIPPED)
    waiting.filter(plan__in=[Plan.CONFLICT, Plan.WRONG]).update(outcome=Outcome.FAILED)
    for resource, row_plan, part in _parts(run):
        renew()
        with transaction.atomic():
            batch = RunBatch.objects.create(
                run=run,
                number=(run.batches.aggregate(last=Max("number"))["last"] or 0) + 1,
                action=RunBatch.Action.IMPORT,
                resource=resource,
                data={"strategy": STRATEGIES[row_plan], "plan": row_plan},
            )
            RunRow.objects.filter(pk__in=part).update(batch=batch)


def price(run: Run) -> int:
    """How many calls it costs."""
    unknown = run.import_options.unknown
    reads = unknown if unknown <= MOST_UNKNOWN else 0
    return sum(1 for _ in _parts(run)) + reads + linking.price(run) + message_posting.price(run)


def _parts(run: Run) -> Iterator[tuple[str, str, list[int]]]:
    """(resource, plan, keys of rows) for each call. A ticket finds its customer only if they are there."""
    brings = transfer_of(run.resource).brings
    resources = [brings.resource, run.resource] if brings else [run.resource]
    for resource in resources:
        for row_plan in STRATEGIES:
            last = 0
            while part := _part(run, resource, row_plan, last):
                last = part[-1]
                yield resource, row_plan, part


def _part(run: Run, resource: str, row_plan: str, last: int) -> list[int]:
    """The next rows that fit into one call, read before anything is written.

    The database weighs the records, which need not be read for that.
    """
    rows = unplanned(run).filter(resource=resource, plan=row_plan, pk__gt=last).order_by("id")
    weighed = rows.values_list("pk", Length(Cast("after", TextField())))[:MAX_IMPORT_RECORDS]
    part: list[int] = []
    size = 0
    for pk, weight in list(weighed):
        if part and size + weight > MAX_CHARACTERS:
            break
        part.append(pk)
        size += weight
    return part
