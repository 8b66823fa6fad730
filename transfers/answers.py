"""What cStar's answer to a batch says about each of its rows (seed-bulk.txt, seed-import.txt).

Neither page shows what an item of `errors` looks like: what is read here is what the sandbox sends, and whatever cannot
be told of a single row is said to be not known.
"""

from collections import Counter
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

import cstar
from core.stored import pattern
from transfers.models import RunBatch, RunRow

Outcome = RunRow.Outcome
# What became of a row, and why.
Result = tuple[str, str]

_SAID = pattern(gettext_noop("Of this batch cStar says: {numbers}."))
GONE = gettext_noop("It no longer exists.")
WHICH_UNKNOWN = gettext_noop("cStar says that some of this batch failed, and not which. Look at it.")


class Record(NamedTuple):
    """A row of an import (transfers.models.RunRow), as far as it is sent."""

    pk: int
    plan: str
    after: dict[str, Any]


def of_bulk(batch: RunBatch, rows: list[RunRow], answer: cstar.BulkResult) -> dict[int, Result]:
    good = Outcome.DELETED if batch.action == RunBatch.Action.DELETE else Outcome.UPDATED
    failures = _failures(answer, by="id")
    failed: dict[int, Result] = {
        row.pk: (Outcome.FAILED, failures[row.cstar_id]) for row in rows if row.cstar_id in failures
    }
    rest: Result = (good, "") if _number(answer.failed) <= len(failed) else (Outcome.UNSURE, WHICH_UNKNOWN)
    return {row.pk: failed.get(row.pk, rest) for row in rows}


def of_import(rows: list[Record], answer: cstar.ImportResult) -> dict[int, Result]:
    """What was foreseen for each row, if the numbers of the answer bear it out."""
    failures = _failures(answer, by="index")
    outcomes: dict[int, Result] = {
        row.pk: (Outcome.FAILED, failures[at]) for at, row in enumerate(rows) if at in failures
    }
    rest = [row for row in rows if row.pk not in outcomes]
    said = Counter({name: _number(getattr(answer, name)) for name in ("created", "updated", "skipped")})
    only = [name for name, number in said.items() if number]
    foreseen = Counter(_foreseen(row) for row in rest)
    for row in rest:
        if len(only) == 1 and said[only[0]] == len(rest):
            outcomes[row.pk] = (Outcome(only[0]), "")
        elif +said == +foreseen:
            outcomes[row.pk] = (_foreseen(row), "")
        else:
            outcomes[row.pk] = (Outcome.UNSURE, _SAID.format(numbers=_counted(said)))
    return outcomes


def _foreseen(row: Record) -> Outcome:
    match row.plan:
        case RunRow.Plan.UPDATE:
            return Outcome.UPDATED
        case RunRow.Plan.SKIP:
            return Outcome.SKIPPED
    return Outcome.CREATED


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _counted(said: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in said.items())


def _failures(answer: Any, *, by: str) -> dict[Any, str]:
    """Reasons by id or index. The shape of `errors` is not documented: whatever names no row is left out."""
    errors = answer.errors if isinstance(answer.errors, list) else []
    found = {}
    for error in errors:
        if isinstance(error, dict) and isinstance(error.get(by), str | int):
            words = (
                error.get("message") or error.get("error") or error.get("code") or gettext_noop("cStar did not say why")
            )
            found[error[by]] = GONE if error.get("code") == "RESOURCE_MISSING" else str(words)[:500]
    return found
