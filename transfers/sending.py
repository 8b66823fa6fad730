"""One batch: its call to cStar, and what the answer means for each of its rows.

A batch is looked at once more before it is sent for the first time, and sent with the same Idempotency-Key in every
try. Its answer is noted, brought into the working copy and recorded in one transaction, by whoever is first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from activity.models import Activity
from core.folding import fold
from core.stored import pattern
from core.templatetags.desk import shown
from cstar import Attempt
from sync import copies, known
from sync.calls import client
from sync.models import Lane
from transfers import changes
from transfers.answers import Record, Result, of_bulk, of_import
from transfers.models import Run, RunBatch, RunRow
from transfers.planning import Groups
from transfers.resources import RESOURCES

Outcome, Action = RunRow.Outcome, RunBatch.Action

# cStar forgets keys after 24 hours (core.md A7); from then on a second try might do it twice.
KEY_LIFE = timedelta(hours=23)
FATE_UNKNOWN = gettext_noop("cStar's answer was lost for a day: look at it, and repeat what is missing.")
LOST_THEN_REFUSED = pattern(
    gettext_noop("An answer was lost, and the second try refused: look whether it is done. cStar says: {message}")
)
_REFUSED = pattern(gettext_noop("cStar refused this: {message}"))
_CHANGED = pattern(gettext_noop("Changed since: {changes}."))
_IS_NOW = pattern(gettext_noop("{field} is now {value}"))
_PURPOSES: dict[str, str] = {
    Run.Kind.BULK: gettext_noop("bulk edit"),
    Run.Kind.IMPORT: gettext_noop("import"),
    Run.Kind.UNDO: gettext_noop("undo"),
}


class Calls:
    """Counts what a batch's call really cost, and hears by cStar's clock when it was answered."""

    def __init__(self) -> None:
        self.made = 0
        self.began_at: datetime | None = None
        self.answered_at: datetime | None = None

    def hear(self, attempt: Attempt) -> None:
        self.made += attempt.sent
        if attempt.answered_at:
            self.began_at = attempt.answered_at - timedelta(seconds=attempt.elapsed)
            self.answered_at = attempt.answered_at


def send(run: Run, batch: RunBatch) -> None:
    """Do the batch. `CStarError` where it has to wait; what cStar refuses is noted at its rows."""
    if batch.first_sent_at is None:
        _look_again(run, batch)
    elif timezone.now() - batch.first_sent_at > KEY_LIFE:
        _settle(batch, dict.fromkeys(_ids(batch), (Outcome.UNSURE, FATE_UNKNOWN)))
        return
    rows = _waiting(batch)
    if not rows:
        _settle(batch, {})
        return
    RunBatch.objects.filter(pk=batch.pk, first_sent_at=None).update(
        first_sent_at=timezone.now(), state=RunBatch.State.SENDING
    )
    calls = Calls()
    api = client(run.team, Lane.BULK, _PURPOSES[run.kind], run.person, observer=calls.hear)
    try:
        answer = _call(api, batch, rows)
    except (cstar.BadRequest, cstar.Forbidden, cstar.NotFound, cstar.Conflict) as error:
        _settle(batch, dict.fromkeys([row.pk for row in rows], _refusal(batch, error)), request_id=error.request_id)
    else:
        _land(run, batch, rows, answer, calls)
    finally:
        RunBatch.objects.filter(pk=batch.pk).update(calls=F("calls") + calls.made)


def _refusal(batch: RunBatch, error: cstar.CStarError) -> Result:
    """A refusal of the first try. Of a later one it may be the key that clashes with the first (core.md A7)."""
    if batch.first_sent_at or error.may_have_applied:
        return Outcome.UNSURE, LOST_THEN_REFUSED.format(message=error.message)[:500]
    return Outcome.FAILED, _REFUSED.format(message=error.message)[:500]


def _waiting(batch: RunBatch) -> list[Any]:
    """The rows that are to be sent. Of an import's the records are enough: reading less is what makes it fast."""
    waiting = RunRow.objects.filter(batch=batch.pk, outcome=Outcome.WAITING).order_by("id")
    if batch.action == Action.IMPORT:
        return [Record(*row) for row in waiting.values_list("pk", "plan", "after")]
    return list(waiting.only("cstar_id", "label", "before", "after"))


def _ids(batch: RunBatch) -> list[int]:
    return list(batch.rows.filter(outcome=Outcome.WAITING).values_list("pk", flat=True))


def _call(api: cstar.Client, batch: RunBatch, rows: list[Any]) -> Any:
    key = str(batch.key)
    match batch.action:
        case Action.UPDATE:
            ids = [row.cstar_id for row in rows]
            return api.bulk.update(resource=batch.resource, ids=ids, data=batch.data, idempotency_key=key)
        case Action.DELETE:
            return api.bulk.delete(resource=batch.resource, ids=[row.cstar_id for row in rows], idempotency_key=key)
    return api.imports.run(
        resource=batch.resource,
        records=[row.after for row in rows],
        merge_strategy=batch.data["strategy"],
        idempotency_key=key,
    )


# --- before --------------------------------------------------------------------------------------------------------


@transaction.atomic
def _look_again(run: Run, batch: RunBatch) -> None:
    """What others changed since the batch was made: an undo leaves it alone, an edit keeps their tags."""
    if batch.action == Action.IMPORT or (batch.action == Action.DELETE and run.kind != Run.Kind.UNDO):
        return
    rows = list(batch.rows.filter(outcome=Outcome.WAITING))
    held = _held(run, batch.resource, rows)
    moved = []
    for row in rows:
        now = held.get(row.cstar_id)
        if now is None or changes.same(changes.of(row.before, now), row.before):
            continue
        if run.kind == Run.Kind.UNDO:
            row.outcome, row.reason = Outcome.SKIPPED, _CHANGED.format(changes=_words(row.before, now))[:500]
        else:
            row.after = changes.wanted(run.options["change"], now)
            row.before = changes.of(row.after, now)
            row.outcome = Outcome.WAITING if row.after else Outcome.UNCHANGED
        row.batch = batch if row.after == batch.data or row.outcome else None
        moved.append(row)
    RunRow.objects.bulk_update(moved, ["outcome", "reason", "before", "after", "batch"])
    groups = Groups()
    for row in moved:
        if row.batch is None:
            groups.add(row, row.after)
    groups.make_batches(run, batch.action, batch.resource)


def _held(run: Run, resource: str, rows: list[RunRow]) -> dict[str, dict[str, Any]]:
    """The objects of the rows as the working copy has them, by id."""
    found = RESOURCES[resource].model._default_manager.filter(
        team=run.team, cstar_id__in=[row.cstar_id for row in rows]
    )
    return dict(found.values_list("cstar_id", "payload"))


def _words(expected: dict[str, Any], now: dict[str, Any]) -> str:
    moved = [name for name in expected if not changes.same({name: expected[name]}, {name: now.get(name)})]
    return "; ".join(_IS_NOW.format(field=field_words(name), value=shown(now.get(name))) for name in moved)


# --- after ---------------------------------------------------------------------------------------------------------


def _land(run: Run, batch: RunBatch, rows: list[Any], answer: Any, calls: Calls) -> None:
    outcomes = of_import(rows, answer) if batch.action == Action.IMPORT else of_bulk(batch, rows, answer)
    with transaction.atomic():
        if not _settle(batch, outcomes, request_id=answer.request_id):
            return
        done = [row for row in rows if outcomes[row.pk][0] in (Outcome.UPDATED, Outcome.DELETED)]
        if batch.action == Action.UPDATE:
            _bring(run, batch, done, calls)
        elif batch.action == Action.DELETE:
            copies.forget(batch.resource, run.team, [row.cstar_id for row in done])
        if batch.action != Action.IMPORT:
            _record(run, batch, done, answer.request_id)


def _settle(batch: RunBatch, outcomes: dict[int, Result], *, request_id: str | None = None) -> bool:
    """Note what became of the rows; False if another worker did so already."""
    with transaction.atomic():
        open_ = RunBatch.objects.filter(pk=batch.pk).exclude(state=RunBatch.State.DONE)
        if not open_.update(state=RunBatch.State.DONE, request_id=(request_id or "")[:100]):
            return False
        by_outcome: dict[Result, list[int]] = {}
        for pk, result in outcomes.items():
            by_outcome.setdefault(result, []).append(pk)
        # The commonest last: it is what all have that have no other, and need not be told row by row.
        results = sorted(by_outcome, key=lambda result: len(by_outcome[result]))
        for outcome, reason in results[:-1]:
            RunRow.objects.filter(pk__in=by_outcome[outcome, reason]).update(outcome=outcome, reason=reason)
        for outcome, reason in results[-1:]:
            batch.rows.filter(outcome=Outcome.WAITING).update(outcome=outcome, reason=reason)
    return True


def _bring(run: Run, batch: RunBatch, rows: list[RunRow], calls: Calls) -> None:
    """Into the working copy: what was changed, and since when, so that the feed need not fetch it."""
    changed: dict[str, Any] = dict(batch.data)
    if calls.made == 1 and batch.first_sent_at is None and calls.began_at:
        # The change happened after this moment; a later reading, which knows better, is therefore not older.
        changed["updatedAt"] = calls.began_at.isoformat()
    if calls.answered_at:
        known.remember_all(run.team, [row.cstar_id for row in rows], calls.answered_at)
    held = RESOURCES[batch.resource].model._default_manager.filter(team=run.team)
    there = set(held.filter(cstar_id__in=[row.cstar_id for row in rows]).values_list("cstar_id", flat=True))
    copies.apply(batch.resource, run.team, [{"id": row.cstar_id, **changed} for row in rows if row.cstar_id in there])


def _record(run: Run, batch: RunBatch, rows: list[RunRow], request_id: str | None) -> None:
    one = RESOURCES[batch.resource].one
    verb = "deleted" if batch.action == Action.DELETE else "updated"
    Activity.objects.bulk_create(
        Activity(
            team=run.team,
            user=run.user,
            person=run.person,
            action=f"{one}.{verb}",
            target_type=one,
            target_id=row.cstar_id,
            target_label=row.label,
            folded=fold(f"{run.person} {row.label}"),
            changes={field_name(name): [before, after] for name, before, after in row.differences},
            request_id=(request_id or "")[:100],
        )
        for row in rows
    )


def field_name(wire: str) -> str:
    """The API's name of a field as ours: assignedTo -> assigned_to."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", wire).lower()


def field_words(wire: str) -> str:
    return field_name(wire).replace("_", " ")
