"""What fields really were before a run changed them, by cStar's own audit log.

A row's `before` comes from the working copy, which may have lagged when the run was sent. The log says of each change
from replica import registry
from what to what it went. Its details are not documented: where it does not say, the row's `before` counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from cstar import MAX_PAGE_SIZE, AuditEntry, CStarError
from replica import registry
from replica.refresh import concerns_one
from transfers import field_changes
from transfers.created_objects import CLOCK_TICK, SECOND
from transfers.field_changes import Fields
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import RemoteReader

# The working copy lags by less.
LOOK_BACK = timedelta(minutes=2)
# No call takes longer, and the first of several tries may have been the one that counted.
LONGEST_CALL = timedelta(minutes=1)
# Entries of others among those of the run: so many times as many are read.
NOISE = 3


class Change(NamedTuple):
    """An entry of the log: the values before and after, in fields as `field_changes.flat` names them."""

    at: datetime
    source: str
    before: Fields
    after: Fields


def corrected(run: Run, rows: Iterable[RunRow], reader: RemoteReader) -> dict[int, Fields]:
    """What the rows' objects really were before, by row, where the log tells it; flat. The rows are of one resource.

    A field that is missing there was not changed by the run: it had the value already.
    """
    rows = [row for row in rows if row.batch and row.batch.answered_at]
    if not rows:
        return {}
    log = _log(reader, rows[0].resource, rows)
    tells_source = any(change.source == run.kind for changes_ in log.values() for change in changes_)
    found = {row.pk: _before(row, log.get(row.cstar_id, []), run.kind if tells_source else "") for row in rows}
    return {pk: before for pk, before in found.items() if before is not None}


def price(run: Run) -> int:
    """How many calls it costs to read the log, if nobody else changed much meanwhile."""
    rows = run.rows.filter(outcome=RunRow.Outcome.UPDATED, batch__answered_at__isnull=False)
    return -(-rows.count() // MAX_PAGE_SIZE)


def _log(reader: RemoteReader, resource: str, rows: list[RunRow]) -> dict[str, list[Change]]:
    """Return the changes of the rows' objects around the run by object id, oldest first, as far as the log is shown."""
    answered = [row.batch.answered_at for row in rows if row.batch and row.batch.answered_at]
    began = [row.batch.began_at or row.batch.answered_at for row in rows if row.batch and row.batch.answered_at]
    one = registry.get(resource).audit_type
    entries = reader.audit_entries(
        resource_type=one,
        action=f"{one}.updated",
        start_date=min(began) - LOOK_BACK,
        end_date=max(answered) + SECOND,
    )
    ids = {row.cstar_id for row in rows}
    found: dict[str, list[Change]] = defaultdict(list)
    try:
        for entry in islice(entries, NOISE * len(rows) + MAX_PAGE_SIZE):
            if entry.resource_id in ids and (change := _change(entry)):
                found[entry.resource_id].append(change)
    except CStarError as error:
        if not concerns_one(error):
            raise
        # This cStar keeps no log, or does not show it to the team.
    return {cstar_id: sorted(changes_, key=lambda change: change.at) for cstar_id, changes_ in found.items()}


def _change(entry: AuditEntry) -> Change | None:
    details = entry.details if isinstance(entry.details, dict) else {}
    told = details.get("changes")
    if not isinstance(told, dict) or not isinstance(entry.created_at, datetime):
        return None
    pairs = {name: pair for name, pair in told.items() if isinstance(pair, dict) and {"from", "to"} <= pair.keys()}
    before, after = ({name: pair[side] for name, pair in pairs.items()} for side in ("from", "to"))
    return Change(entry.created_at, str(details.get("source", "")), *_flat_both(before, after))


def _flat_both(before: Fields, after: Fields) -> tuple[Fields, Fields]:
    """Both with the same keys: one that is missing in the metadata was, or is, not there."""
    one, other = field_changes.flat(before), field_changes.flat(after)
    names = {**one, **other}
    return {name: one.get(name) for name in names}, {name: other.get(name) for name in names}


def _before(row: RunRow, log: list[Change], source: str) -> Fields | None:
    """Return what the row's fields were before; None if the log does not say.

    `source` is the log's name for the run; "" if the log does not tell runs from other changes.
    """
    assert row.batch  # noqa: S101 - `corrected` asks for no others
    began, answered = _moment(row.batch)
    wanted = field_changes.flat(row.after)
    done = [change for change in log if change.at <= answered]
    made = (
        change
        for change in reversed(done)
        if change.at >= began
        and (shared := change.after.keys() & wanted.keys())
        and all(_equal(change.after[name], wanted[name]) for name in shared)
    )
    ours = next((change for change in made if change.source == source or not source), None)
    if ours:
        return {name: value for name, value in ours.before.items() if name in wanted}
    last = {name: value for change in done for name, value in change.after.items()}
    # Somebody else had just made the same change: there was nothing left to do for the run.
    theirs = {name for name, value in wanted.items() if name in last and _equal(last[name], value)}
    before = field_changes.flat(row.before)
    return {name: value for name, value in before.items() if name not in theirs} if theirs else None


def _moment(batch: RunBatch) -> tuple[datetime, datetime]:
    """From when until when the run's own entries may be, by cStar's clock, which may count in whole seconds."""
    assert batch.answered_at  # noqa: S101
    began = batch.began_at or batch.answered_at - LONGEST_CALL
    whole = not batch.answered_at.microsecond
    return (
        (began - SECOND, batch.answered_at + SECOND) if whole else (began - CLOCK_TICK, batch.answered_at + CLOCK_TICK)
    )


def _equal(one: Any, other: Any) -> bool:
    return field_changes.same({"value": one}, {"value": other})
