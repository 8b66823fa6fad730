"""What an undo does to one object: put values back, delete it, or keep it, and why."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from transfers import created_objects, field_changes, labels
from transfers.field_changes import METADATA, Fields
from transfers.models import Run, RunRow
from transfers.remote_objects import Payload
from transfers.resources import transfer_of
from transfers.results import GONE

Outcome, Plan = RunRow.Outcome, RunRow.Plan

NOT_PROVEN = gettext_noop("It is not certain that this run created it, so it is not deleted.")
OLD_VERSION = gettext_noop("An older version of the desk began this undo: undo the run again.")
BEFORE_UNKNOWN = pattern(gettext_noop("What it was before is not known: {fields}."))
STILL_NEEDED = gettext_noop("Tickets still need it.")
ANSWERED = gettext_noop("Answered since: its number of messages has changed.")


def undoing_row(undo: Run, row: RunRow, before: Fields | None) -> RunRow:
    """The row that undoes this one. `before`: what cStar's log says that its fields were, if it does."""
    made = RunRow(
        run=undo,
        undoes=row,
        line=row.line,
        resource=row.resource,
        cstar_id=row.cstar_id,
        key=row.key,
        label=row.label,
    )
    if row.outcome == Outcome.UPDATED and row.plan != Plan.CREATE:
        _restore(made, row, before)
    elif row.outcome == Outcome.CREATED and created_objects.is_proven(row):
        made.plan, made.before = Plan.DELETE, created_objects.created_state(row)
    else:
        keep(made, NOT_PROVEN)
    return made


def _restore(made: RunRow, row: RunRow, before: Fields | None) -> None:
    after = field_changes.flat(row.fields)
    old = field_changes.flat(row.before) if before is None else before
    if before is None and (unknown := [name for name in after if name not in old]):
        words = ", ".join(map(labels.field_words, unknown))
        made.reason = BEFORE_UNKNOWN.format(fields=words)[: labels.LONGEST_REASON]
    made.plan = Plan.RESTORE
    made.before = field_changes.nested({name: value for name, value in after.items() if name in old})
    made.after = field_changes.nested({name: value for name, value in old.items() if name in after})
    if not made.after:
        keep(made, made.reason, Outcome.SKIPPED if made.reason else Outcome.UNCHANGED)


def keep(row: RunRow, reason: str, outcome: str = Outcome.SKIPPED) -> None:
    """Leave the object alone for good."""
    row.plan, row.outcome, row.reason, row.after = Plan.KEEP, outcome, reason, {}


def needs(rows: list[RunRow]) -> set[str]:
    """The fields of the objects that `decide` compares."""
    found = {name for row in rows for name in row.before}
    deleted = {row.resource for row in rows if row.plan == Plan.DELETE}
    return found | {needing.number_field for name in deleted if (needing := transfer_of(name).dependents)}


def decide(row: RunRow, now: Payload | None, *, shows_metadata: bool, dependents: int = 0) -> None:
    """Settle what is done to the row's object, which is `now` at cStar; None: it is gone.

    `dependents` is how many objects need it, such as a customer's tickets, apart from those that go before it does.
    """
    if now is None:
        keep(row, GONE)
    elif row.plan == Plan.RESTORE:
        _decide_restoring(row, now)
    else:
        _decide_deleting(row, now, shows_metadata=shows_metadata, dependents=dependents)


def _decide_restoring(row: RunRow, now: Payload) -> None:
    restored, left = field_changes.taken_back(row.after, row.before, now)
    if left:
        row.reason = f"{row.reason} {labels.changed_since(left, now)}".strip()[: labels.LONGEST_REASON]
    if restored:
        row.before, row.after = field_changes.of(restored, now), restored
    else:
        keep(row, row.reason, Outcome.SKIPPED if row.reason else Outcome.UNCHANGED)


def _decide_deleting(row: RunRow, now: Payload, *, shows_metadata: bool, dependents: int) -> None:
    state = row.before
    if METADATA in state and METADATA not in now and not shows_metadata:
        state = {name: value for name, value in state.items() if name != METADATA}
    changed = created_objects.changed_since(state, now)
    if "messageCount" in changed:
        keep(row, ANSWERED)
    elif changed:
        keep(row, labels.changed_since(changed, now))
    elif dependents:
        # Not for good: once these are gone, it can be undone.
        row.outcome, row.reason = Outcome.SKIPPED, STILL_NEEDED
