"""One batch: its call to cStar, and what the answer means for each of its rows.

A batch is looked at once more before it is sent for the first time. Its answer is noted, brought into the working copy
and recorded in one transaction, by whoever is first. Where an answer was lost, cStar is asked what became of the batch
before anything is created a second time: a cStar need not remember Idempotency-Keys. Changes of objects that are there
are repeated with the same key instead, since doing them twice is the same as once; after a while, they are read too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from activity.models import Activity
from core.folding import fold
from core.stored_texts import pattern
from replica import echo, registry, upsert
from transfers import (
    audit_lookup,
    batching,
    field_changes,
    labels,
    linking,
    lost_answers,
    message_posting,
    recovery,
    remote_objects,
    undocumented_fields,
    undoing,
    verification,
)
from transfers.batching import Groups
from transfers.import_batches import MOST_UNKNOWN
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import RemoteReader
from transfers.resources import transfer_of
from transfers.results import GONE, Record, Result, failures, of_bulk, of_import
from transfers.run_client import Calls, client_of

Outcome, Action, Plan, Kind = RunRow.Outcome, RunBatch.Action, RunRow.Plan, Run.Kind

# cStar remembers keys for 24 hours. Earlier than that others may have changed what the batch would overwrite.
RETRY_BY_KEY = timedelta(minutes=10)
LOST_THEN_REFUSED = pattern(
    gettext_noop("An answer was lost, and the second try refused: look whether it is done. cStar says: {message}")
)
_REFUSED = pattern(gettext_noop("cStar refused this: {message}"))
_REFUSALS = (cstar.BadRequest, cstar.Forbidden, cstar.NotFound, cstar.Conflict)
_REVIEWED = ["plan", "outcome", "reason", "before", "after", "batch"]


def send(run: Run, batch: RunBatch) -> None:
    """Do the batch. `CStarError` where it has to wait; what cStar refuses is noted at its rows."""
    if batch.action == Action.MESSAGE:
        message_posting.post(run, batch)
        return
    if batch.first_sent_at is None:
        _look_again(run, batch)
    elif run.kind == Kind.UNDO:
        _review(run, batch, retried=True)
        return
    elif batch.data.get("plan") == Plan.CREATE or timezone.now() - batch.first_sent_at > RETRY_BY_KEY:
        _recover(run, batch)
        return
    rows = _waiting(batch)
    if not rows:
        _settle(batch, {})
        return
    RunBatch.objects.filter(pk=batch.pk, first_sent_at=None).update(
        first_sent_at=timezone.now(), state=RunBatch.State.SENDING
    )
    calls = Calls()
    try:
        answer = _call(client_of(run, calls), batch, rows)
    except _REFUSALS as error:
        _refuse(run, batch, rows, error)
    except cstar.CStarError as error:
        lost_answers.note(batch, error)
    else:
        _note_moment(batch, calls)
        _land(run, batch, _results(run, batch, rows, answer), answer.request_id, calls)
    finally:
        RunBatch.objects.filter(pk=batch.pk).update(calls=F("calls") + calls.made)


def _refuse(run: Run, batch: RunBatch, rows: list[Any], error: cstar.CStarError) -> None:
    """Note a refusal. That of a second try may be about its key, so the first one is looked for."""
    is_new = batch.data.get("plan") == Plan.CREATE
    if is_new and isinstance(error, cstar.BadRequest) and undocumented_fields.refused(run.team, batch, error):
        _settle(batch, dict.fromkeys([row.pk for row in rows], recovery.AGAIN))
    elif batch.first_sent_at:
        _recover(run, batch, otherwise=LOST_THEN_REFUSED.format(message=error.message)[:500])
    else:
        result = (Outcome.FAILED, _REFUSED.format(message=error.message)[:500])
        _settle(batch, dict.fromkeys([row.pk for row in rows], result), request_id=error.request_id)


def _waiting(batch: RunBatch) -> list[Any]:
    """The rows that are to be sent. Of new records no more is read than is sent: that is what makes it fast."""
    waiting = RunRow.objects.filter(batch=batch.pk, outcome=Outcome.WAITING).order_by("id")
    if batch.data.get("plan") == Plan.CREATE:
        return [Record(*row) for row in waiting.values_list("pk", "plan", "after")]
    return list(waiting)


def _call(api: cstar.Client, batch: RunBatch, rows: list[Any]) -> Any:
    key = str(batch.key)
    match batch.action:
        case Action.UPDATE:
            ids = [row.cstar_id for row in rows]
            return api.bulk.update(resource=batch.resource, ids=ids, data=batch.data, idempotency_key=key)
        case Action.DELETE:
            return api.bulk.delete(resource=batch.resource, ids=[row.cstar_id for row in rows], idempotency_key=key)
    records = undocumented_fields.without(batch, [row.after for row in rows])
    if transfer_of(batch.resource).brings and batch.data.get("plan") == Plan.CREATE:
        records = linking.linked(batch.run, records)
    return api.imports.run(
        resource=batch.resource,
        records=records,
        merge_strategy=batch.data["strategy"],
        idempotency_key=key,
    )


# --- before --------------------------------------------------------------------------------------------------------


def _look_again(run: Run, batch: RunBatch) -> None:
    """What others changed since the batch was made: an undo leaves it alone, an edit keeps their tags."""
    if run.kind == Kind.UNDO:
        _review(run, batch, retried=False)
    elif batch.action == Action.IMPORT:
        _look_at_import(run, batch)
    elif batch.action == Action.UPDATE:
        rows = list(batch.rows.filter(outcome=Outcome.WAITING))
        held = _held(run, batch.resource, rows)
        moved = []
        for row in rows:
            now = held.get(row.cstar_id)
            if now is not None and not field_changes.same(field_changes.of(row.before, now), row.before):
                row.after = field_changes.wanted(run.bulk_options.change, now)
                row.before = field_changes.of(row.after, now)
                row.outcome = Outcome.WAITING if row.after else Outcome.UNCHANGED
                moved.append(row)
        _regroup(run, batch, moved)


def _look_at_import(run: Run, batch: RunBatch) -> None:
    """Note what an update really replaces; what is gone must not come back by it."""
    if "plan" not in batch.data:
        # Made by the version before, which mixed new records and known ones: the rows are planned anew.
        batch.rows.filter(outcome=Outcome.WAITING).update(batch=None)
    if batch.data.get("plan") == Plan.CREATE:
        undocumented_fields.prepare(run.team, batch)
    if batch.data.get("plan") == Plan.CREATE and transfer_of(batch.resource).brings:
        linking.look_up(run, [row.after for row in _waiting(batch)])
    if batch.data.get("plan") != Plan.UPDATE:
        return
    rows = list(batch.rows.filter(outcome=Outcome.WAITING))
    held = _held(run, batch.resource, rows)
    if run.import_options.unknown <= MOST_UNKNOWN:
        held = remote_objects.fill_gaps(run, batch.resource, held, {row.cstar_id: set(row.fields) for row in rows})
    for row in rows:
        if row.cstar_id in held:
            row.before = field_changes.of(row.fields, held[row.cstar_id])
        else:
            row.outcome, row.reason = Outcome.FAILED, GONE
    batching.save(rows, ["before", "outcome", "reason"])


def _review(run: Run, batch: RunBatch, *, retried: bool) -> None:
    """Look at cStar before anything is put back or deleted; after a lost answer, settle what that try did."""
    rows = list(batch.rows.filter(outcome=Outcome.WAITING))
    undoing.review(run, batch, rows, retried=retried)
    if not retried:
        _regroup(run, batch, rows)
        return
    with transaction.atomic():
        results = {row.pk: (row.outcome, row.reason) for row in rows if row.outcome}
        _regroup(run, batch, rows, again=True)
        _land(run, batch, results, None, Calls())


@transaction.atomic
def _regroup(run: Run, batch: RunBatch, rows: list[RunRow], *, again: bool = False) -> None:
    """Save the rows. Those that are to be sent `again`, or with other fields than the batch's, get another batch."""
    groups = Groups()
    for row in rows:
        if not row.outcome and (again or row.after != batch.data):
            row.batch = None
            groups.add(row, row.after)
    batching.save(rows, _REVIEWED)
    groups.make_batches(run, batch.action, batch.resource)


def _held(run: Run, resource: str, rows: list[RunRow]) -> dict[str, dict[str, Any]]:
    """The objects of the rows as the working copy has them, by id."""
    found = registry.get(resource).held(run.team).filter(cstar_id__in=[row.cstar_id for row in rows])
    return dict(found.values_list("cstar_id", "payload"))


# --- after ---------------------------------------------------------------------------------------------------------


def _note_moment(batch: RunBatch, calls: Calls) -> None:
    """When cStar did it, by its own clock: of several tries nobody knows which one it was."""
    if calls.answered_at:
        first = calls.made == 1 and batch.first_sent_at is None
        batch.began_at = calls.began_at if first else calls.answered_at - audit_lookup.LONGEST_CALL
        batch.answered_at = calls.answered_at
        batch.save(update_fields=["began_at", "answered_at"])


def _results(run: Run, batch: RunBatch, rows: list[Any], answer: Any) -> dict[int, Result]:
    if batch.action != Action.IMPORT:
        told, failed = of_bulk(batch, rows, answer), {}
    else:
        told, failed = of_import(rows, answer), failures(rows, answer)
    if told and batch.action == Action.DELETE and batch.first_sent_at:
        # Gone by the first try, whose answer was lost.
        told = {
            pk: (Outcome.DELETED, "") if result == (Outcome.FAILED, GONE) else result for pk, result in told.items()
        }
    if told is None:
        told = failed | _read_back(run, batch, [row.pk for row in rows if row.pk not in failed], answer)
    if batch.data.get("plan") == Plan.CREATE:
        told = undocumented_fields.again(undocumented_fields.refused(run.team, batch, answer), rows, told)
        told = undocumented_fields.in_words(batch, rows, told)
    if batch.action == Action.UPDATE:
        told = verification.corrected(run, batch, rows, told)
    return _results_of_undo(rows, told) if run.kind == Kind.UNDO else told


def _results_of_undo(rows: list[RunRow], told: dict[int, Result]) -> dict[int, Result]:
    """What is gone needs no undo any more; and what was left of an object for others stays said."""
    gone = [pk for pk, result in told.items() if result == (Outcome.FAILED, GONE)]
    reasons = {row.pk: row.reason for row in rows}
    results = {pk: (outcome, reason or reasons[pk]) for pk, (outcome, reason) in told.items()}
    return results | dict.fromkeys(gone, (Outcome.SKIPPED, GONE))


def _read_back(run: Run, batch: RunBatch, keys: list[int], answer: Any = None) -> dict[int, Result]:
    """Ask cStar what became of the rows, and save what was learned about them beside their outcome."""
    rows = list(RunRow.objects.filter(pk__in=keys).select_related("batch"))
    with RemoteReader(run) as reader:
        results = recovery.read_back(run, batch, rows, reader, answer)
        if answer is None:
            recovery.note_span(batch, reader)
    batching.save(rows, ["cstar_id", "plan", "before", "after"])
    return results


def _recover(run: Run, batch: RunBatch, *, otherwise: str = "") -> None:
    """Settle a batch whose answer was lost. What cStar has not done is sent again, or is unsure for a reason."""
    keys = list(batch.rows.filter(outcome=Outcome.WAITING).values_list("pk", flat=True))
    unsure = (Outcome.UNSURE, otherwise or recovery.IN_DOUBT)
    try:
        results = _read_back(run, batch, keys)
    except _REFUSALS:
        results = dict.fromkeys(keys, unsure)
    if otherwise:
        results = {pk: unsure if result == recovery.AGAIN else result for pk, result in results.items()}
    _land(run, batch, results, None, Calls())


def _land(run: Run, batch: RunBatch, results: dict[int, Result], request_id: str | None, calls: Calls) -> None:
    """Note the results, and bring what was done into the working copy and the record."""
    with transaction.atomic():
        if not _settle(batch, results, request_id=request_id):
            return
        if run.kind == Kind.UNDO:
            RunRow.objects.filter(pk__in=results, outcome=Outcome.SKIPPED, reason=GONE).update(plan=Plan.KEEP)
        done = [pk for pk, (outcome, _) in results.items() if outcome in (Outcome.UPDATED, Outcome.DELETED)]
        rows = list(RunRow.objects.filter(pk__in=done))
        if batch.action == Action.DELETE:
            upsert.forget(batch.resource, run.team, [row.cstar_id for row in rows])
        else:
            _bring(run, batch, rows, calls)
        _record(run, batch, rows, request_id)


def _settle(batch: RunBatch, results: dict[int, Result], *, request_id: str | None = None) -> bool:
    """Note what became of the rows; False if another worker did so already.

    Rows that are to be sent again lose their batch, and are planned anew.
    """
    with transaction.atomic():
        open_ = RunBatch.objects.filter(pk=batch.pk).exclude(state=RunBatch.State.DONE)
        if not open_.update(state=RunBatch.State.DONE, request_id=(request_id or "")[:100]):
            return False
        by_result: dict[Result, list[int]] = {}
        for pk, result in results.items():
            by_result.setdefault(result, []).append(pk)
        again = by_result.pop(recovery.AGAIN, [])
        RunRow.objects.filter(pk__in=again).update(batch=None)
        # The commonest last: it is what all have that have no other, and need not be told row by row.
        ordered = sorted(by_result, key=lambda result: len(by_result[result]))
        for outcome, reason in ordered[:-1]:
            RunRow.objects.filter(pk__in=by_result[outcome, reason]).update(outcome=outcome, reason=reason)
        for outcome, reason in ordered[-1:]:
            batch.rows.filter(outcome=Outcome.WAITING).update(outcome=outcome, reason=reason)
    return True


def _bring(run: Run, batch: RunBatch, rows: list[RunRow], calls: Calls) -> None:
    """Into the working copy: what was changed, and since when, so that the feed need not fetch it."""
    moment = {}
    if calls.made == 1 and batch.first_sent_at is None and calls.began_at:
        # The change happened after this moment; a later reading, which knows better, is therefore not older.
        moment["updatedAt"] = calls.began_at.isoformat()
    if calls.answered_at:
        echo.remember_all(run.team, [row.cstar_id for row in rows], calls.answered_at)
    held = _held(run, batch.resource, rows)
    sent = {row.cstar_id: field_changes.applied(row.fields, held[row.cstar_id]) for row in rows if row.cstar_id in held}
    upsert.apply(batch.resource, run.team, [{"id": cstar_id, **fields, **moment} for cstar_id, fields in sent.items()])


def _record(run: Run, batch: RunBatch, rows: list[RunRow], request_id: str | None) -> None:
    one = registry.get(batch.resource).audit_type
    verb = "deleted" if batch.action == Action.DELETE else "updated"
    username = run.user.username if run.user else ""
    Activity.objects.bulk_create(
        Activity(
            team=run.team,
            user=run.user,
            person=run.person,
            username=username,
            action=f"{one}.{verb}",
            target_type=one,
            target_id=row.cstar_id,
            target_label=row.label,
            folded=fold(f"{run.person} {username} {row.label}"),
            changes={labels.field_name(name): [before, after] for name, before, after in row.differences},
            request_id=(request_id or "")[:100],
        )
        for row in rows
    )
