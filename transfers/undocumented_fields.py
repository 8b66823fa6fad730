"""Fields of imported records that no table of cStar's prints: left out from the day on which they are refused."""

from __future__ import annotations

from collections.abc import Iterable

import cstar
from replica import capabilities
from teams.models import Team
from transfers import labels
from transfers.field_changes import Fields
from transfers.models import RunBatch, RunRow
from transfers.recovery import AGAIN
from transfers.resources import transfer_of
from transfers.results import Record, Result
from transfers.verification import IN_PART

Outcome = RunRow.Outcome

MESSAGES = "messages"  # which are posted after their tickets instead (message_posting.py)


def prepare(team: Team, batch: RunBatch) -> None:
    """Note with a batch of new records which fields they go without."""
    offered, undocumented = capabilities.offered(team), transfer_of(batch.resource).undocumented
    batch.data["left_out"] = [name for name in undocumented if offered.get(_feature(name)) is False]
    batch.save(update_fields=["data"])


def without(batch: RunBatch, records: Iterable[Fields]) -> list[Fields]:
    """The records as they are sent."""
    left_out = set(batch.data.get("left_out", ()))
    return [{name: value for name, value in record.items() if name not in left_out} for record in records]


def refused(team: Team, batch: RunBatch, answer: cstar.ImportResult | cstar.BadRequest) -> str:
    """Return the undocumented field for which cStar refused new records, and remember it; "" if it was none of them."""
    sent = [name for name in transfer_of(batch.resource).undocumented if name not in batch.data.get("left_out", ())]
    if isinstance(answer, cstar.BadRequest):
        errors = [answer]
    else:
        found = [error if isinstance(error, dict) else {"message": error} for error in answer.errors]
        errors = [cstar.BadRequest(f"{error.get('param') or ''} {error.get('message') or ''}") for error in found]
    field = next((name for error in errors if (name := capabilities.named_field(error, sent))), "")
    if field:
        capabilities.learn(team, _feature(field), False)
    return field


def again(field: str, rows: Iterable[Record], results: dict[int, Result]) -> dict[int, Result]:
    """The results, where records that failed because they had the field are sent again without it."""
    found = dict(results)
    for row in rows if field else ():
        if field in row.after and results[row.pk][0] == Outcome.FAILED:
            found[row.pk] = AGAIN
    return found


def in_words(batch: RunBatch, rows: Iterable[Record], results: dict[int, Result]) -> dict[int, Result]:
    """The results, which say what the records went without."""
    left_out = [name for name in batch.data.get("left_out", ()) if name != MESSAGES]
    found = dict(results)
    for row in rows if left_out else ():
        lost = [labels.field_words(name) for name in left_out if name in row.after]
        if lost and results.get(row.pk) == (Outcome.CREATED, ""):
            found[row.pk] = (Outcome.CREATED, IN_PART.format(fields=", ".join(lost))[: labels.LONGEST_REASON])
    return found


def _feature(name: str) -> str:
    return f"import.{name}"
