"""What cStar's answer to a batch says about each of its rows.

What an item of `errors` looks like is not documented: read here is what the sandbox sends. Where the numbers of an
answer do not tell what became of each row, the rows are read back (`recovery`).
"""

from collections import Counter
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

import cstar
from transfers.models import RunBatch, RunRow

Outcome = RunRow.Outcome
# What became of a row, and why.
Result = tuple[str, str]

GONE = gettext_noop("It no longer exists.")
NO_REASON = gettext_noop("cStar did not say why")


class Record(NamedTuple):
    """A row of an import (transfers.models.RunRow), as far as it is sent."""

    pk: int
    plan: str
    after: dict[str, Any]


def of_bulk(batch: RunBatch, rows: list[RunRow], answer: cstar.BulkResult) -> dict[int, Result] | None:
    """The rows' results; None where the answer does not tell which rows failed."""
    good = Outcome.DELETED if batch.action == RunBatch.Action.DELETE else Outcome.UPDATED
    reasons = _reasons(answer, by="id")
    failed: dict[int, Result] = {
        row.pk: (Outcome.FAILED, reasons[row.cstar_id]) for row in rows if row.cstar_id in reasons
    }
    if _number(answer.failed) > len(failed):
        return None
    return {row.pk: failed.get(row.pk, (good, "")) for row in rows}


def of_import(rows: list[Record], answer: cstar.ImportResult) -> dict[int, Result] | None:
    """Return the planned outcome of each row if the answer's numbers agree with the plan; else None."""
    failed = failures(rows, answer)
    rest = {
        row.pk: Outcome.UPDATED if row.plan == RunRow.Plan.UPDATE else Outcome.CREATED
        for row in rows
        if row.pk not in failed
    }
    if said(answer) != Counter(rest.values()):
        return None
    return failed | {pk: (outcome, "") for pk, outcome in rest.items()}


def said(answer: cstar.ImportResult) -> Counter[str]:
    """The answer's numbers by outcome."""
    return +Counter({name: _number(getattr(answer, name)) for name in ("created", "updated", "skipped")})


def failures(rows: list[Record], answer: cstar.ImportResult) -> dict[int, Result]:
    """The rows that an import's answer names as failed."""
    reasons = _reasons(answer, by="index")
    return {row.pk: (Outcome.FAILED, reasons[at]) for at, row in enumerate(rows) if at in reasons}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _reasons(answer: Any, *, by: str) -> dict[Any, str]:
    """Reasons by id or index; whatever names no row is left out."""
    errors = answer.errors if isinstance(answer.errors, list) else []
    found = {}
    for error in errors:
        if isinstance(error, dict) and isinstance(error.get(by), str | int):
            words = error.get("message") or error.get("error") or error.get("code") or NO_REASON
            found[error[by]] = GONE if error.get("code") == "RESOURCE_MISSING" else str(words)[:500]
    return found
