"""Finds out at cStar what became of a batch whose answer was lost, or does not tell what became of each row."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from replica import upsert
from transfers import batching, dry_run, field_changes
from transfers.created_objects import Found, Sent, find, is_proven, looks_as_sent, sent_by, shows_mark, window
from transfers.field_changes import Fields
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import Payload, RemoteReader
from transfers.resources import transfer_of
from transfers.results import GONE, Result, said

Outcome, Action, Plan = RunRow.Outcome, RunBatch.Action, RunRow.Plan

NOT_TAKEN = gettext_noop("cStar did not take it and did not say why.")
MADE_MEANWHILE = gettext_noop("Created meanwhile, and not by this import: it is left as it is.")
CREATED_ANEW = gettext_noop("It had been deleted meanwhile, so the import created it again.")
IN_DOUBT = gettext_noop("cStar's answer does not say what became of it: check it.")
LOST = gettext_noop("cStar's answer was lost, and somebody changed it since: check it.")
AGAIN: Result = (Outcome.WAITING, "")


Answer = cstar.ImportResult | cstar.BulkResult


def read_back(
    run: Run, batch: RunBatch, rows: list[RunRow], reader: RemoteReader, answer: Answer | None = None
) -> dict[int, Result]:
    """What became of the batch's rows; their ids, plans and values are set with it, and not saved.

    Without an `answer` nobody knows whether cStar did any of it. `AGAIN`: it did not, and the row can be sent again.
    """
    if not isinstance(answer, cstar.ImportResult | None) or batch.action != Action.IMPORT:
        results = _changed(batch, rows, reader)
        return _without_second_try(results) if answer else results
    created = [row for row in rows if row.plan == Plan.CREATE]
    updated = [row for row in rows if row.plan == Plan.UPDATE]
    found: dict[int, Result] = {}
    if created:
        found |= _created(run, created, reader, answer)
    if updated:
        found |= _updated(run, batch, updated, reader, answer)
    return found


def note_span(batch: RunBatch, reader: RemoteReader) -> None:
    """When cStar did a batch whose answer was lost: between its first try and now, by cStar's clock."""
    if batch.first_sent_at and reader.answered_at:
        batch.answered_at = reader.answered_at
        batch.began_at = reader.answered_at - (timezone.now() - batch.first_sent_at)
        batch.save(update_fields=["began_at", "answered_at"])


def settle_doubts(run: Run, reader: RemoteReader) -> None:
    """Before a run that is over is undone: what became of rows that nobody knows about."""
    sent = run.batches.filter(state=RunBatch.State.SENDING, rows__outcome=Outcome.WAITING).distinct()
    for batch in sent:
        rows = list(batch.rows.filter(outcome=Outcome.WAITING).select_related("batch"))
        with transaction.atomic():
            _save(rows, read_back(run, batch, rows, reader))
            batch.rows.filter(outcome=Outcome.WAITING).update(batch=None)
            RunBatch.objects.filter(pk=batch.pk).update(state=RunBatch.State.DONE)
            note_span(batch, reader)
    unsure = run.rows.filter(outcome=Outcome.UNSURE, plan=Plan.CREATE).select_related("batch")
    for resource in set(unsure.values_list("resource", flat=True)):
        rows = [row for row in unsure.filter(resource=resource) if is_proven(row)]
        ours = [found for found in _found(run, rows, reader) if found.ours and shows_mark(found.payload)]
        for found in ours:
            found.row.cstar_id = found.payload["id"]
        _save([found.row for found in ours], {found.row.pk: (Outcome.CREATED, "") for found in ours})


def _save(rows: list[RunRow], results: dict[int, Result]) -> None:
    for row in rows:
        row.outcome, row.reason = results[row.pk]
    batching.save(rows, SAVED)


SAVED = ["outcome", "reason", "cstar_id", "plan", "before", "after"]


# --- records that were to be created -------------------------------------------------------------------------------


def _found(run: Run, rows: list[RunRow], reader: RemoteReader, *, certain: bool = False) -> list[Found]:
    if not rows:
        return []
    sent = [sent_by(run, row) for row in rows]
    return list(find(reader, rows[0].resource, sent, thorough=True, certain=certain))


def _created(
    run: Run, rows: list[RunRow], reader: RemoteReader, answer: cstar.ImportResult | None
) -> dict[int, Result]:
    found = {each.row.pk: each for each in _found(run, rows, reader, certain=answer is None)}
    # Without a mark to go by, what was made in the moment of the call is ours only if cStar counts as many or, where
    # its answer was lost, if it looks in every field as the record does.
    ours = [each for each in found.values() if each.ours]
    counted = answer is not None and said(answer)["created"] == len(ours)
    is_all = reader.complete or (counted and answer is not None and isinstance(answer.created, int))
    missing: Result
    if not is_all:
        missing = (Outcome.UNSURE, IN_DOUBT)
    elif answer is None:
        missing = AGAIN
    else:
        # Tickets are found by their metadata, which cStar need not return.
        was_skipped = said(answer)["skipped"] == len(rows) - len(found)
        missing = (Outcome.SKIPPED, MADE_MEANWHILE) if was_skipped else (Outcome.FAILED, NOT_TAKEN)
    results = {row.pk: missing for row in rows}
    certain = counted or all(shows_mark(each.payload) for each in ours)
    for pk, each in found.items():
        each.row.cstar_id = each.payload["id"]
        if each.ours and is_proven(each.row):
            proven = certain or (answer is None and looks_as_sent(each.row, each.payload))
            results[pk] = (Outcome.CREATED, "") if proven else (Outcome.UNSURE, IN_DOUBT)
        else:
            results[pk] = _there_already(run, each)
    return results


def _there_already(run: Run, found: Found) -> Result:
    """An object that somebody else made since the dry run: changed, if that is what was asked for."""
    row = found.row
    if run.import_options.strategy != "update" or row.resource != run.resource:
        return Outcome.SKIPPED, MADE_MEANWHILE
    dry_run.compare(row, found.payload)
    upsert.apply(row.resource, run.team, [found.payload])  # which is looked at again before it is changed
    return AGAIN if row.plan == Plan.UPDATE else (Outcome.SKIPPED, row.reason)


# --- objects that were to be changed or deleted --------------------------------------------------------------------


def _changed(batch: RunBatch, rows: list[RunRow], reader: RemoteReader) -> dict[int, Result]:
    """Of a bulk edit: the API does each id by itself."""
    by_id = {row.cstar_id: row for row in rows}
    results: dict[int, Result] = {}
    for cstar_id, now in reader.objects(batch.resource, by_id, set(batch.data)):
        row = by_id[cstar_id]
        if batch.action == Action.DELETE:
            results[row.pk] = (Outcome.DELETED, "") if now is None else AGAIN
        else:
            results[row.pk] = _state_of(row, row.after, now)
        if now is not None and results[row.pk] == AGAIN:
            upsert.apply(batch.resource, reader.team, [now])
    return results


def _updated(
    run: Run, batch: RunBatch, rows: list[RunRow], reader: RemoteReader, answer: cstar.ImportResult | None
) -> dict[int, Result]:
    """Of an import. What had been deleted meanwhile was made anew where the record sufficed for that."""
    by_id = {row.cstar_id: row for row in rows}
    needs = {name for row in rows for name in row.fields}
    results: dict[int, Result] = {}
    gone = []
    for cstar_id, now in reader.objects(batch.resource, by_id, needs):
        row = by_id[cstar_id]
        if now is None:
            gone.append(row)
        else:
            results[row.pk] = _state_of(row, row.fields, now)
    results = _without_second_try(results) if answer else results
    return results | _gone(run, gone, reader, answer)


def _without_second_try(results: dict[int, Result]) -> dict[int, Result]:
    """What cStar has answered and not done, it would not do the next time either."""
    return {pk: (Outcome.FAILED, NOT_TAKEN) if result == AGAIN else result for pk, result in results.items()}


def _state_of(row: RunRow, wanted: Fields, now: Payload | None) -> Result:
    if now is None:
        return Outcome.FAILED, GONE
    if field_changes.same(field_changes.of(wanted, now), wanted):
        return Outcome.UPDATED, ""
    return AGAIN if field_changes.same(field_changes.of(row.before, now), row.before) else (Outcome.UNSURE, LOST)


def _gone(run: Run, rows: list[RunRow], reader: RemoteReader, answer: cstar.ImportResult | None) -> dict[int, Result]:
    """Whether the import created them anew: proven where as many new objects are found as cStar says it made."""
    results: dict[int, Result] = dict.fromkeys((row.pk for row in rows), (Outcome.FAILED, GONE))
    created = said(answer)["created"] if answer is not None else None
    if not rows or created == 0:
        return results
    anew = _made_anew(run, rows, reader)
    for row in rows:
        if len(anew) != created:
            results[row.pk] = (Outcome.UNSURE, IN_DOUBT)
        elif row.pk in anew:
            row.cstar_id = anew[row.pk]
            results[row.pk] = (Outcome.CREATED, CREATED_ANEW)
    return results


def _made_anew(run: Run, rows: list[RunRow], reader: RemoteReader) -> dict[int, str]:
    """The ids of objects that were made of these updates, as far as one alone can be it."""
    title = transfer_of(rows[0].resource).title
    by_title = {title(row.after): row for row in rows}
    found: dict[int, list[str]] = defaultdict(list)
    for payload in reader.exported(rows[0].resource):
        row = by_title.get(title(payload))
        if row and Sent(row, "", *window(run, row.batch)).was_made_then(payload):
            found[row.pk].append(payload["id"])
    return {pk: ids[0] for pk, ids in found.items() if len(set(ids)) == 1}
