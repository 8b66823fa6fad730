"""Whether cStar kept what a bulk update set: its answer tells numbers alone, so one object is read in case of doubt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from members import people
from outbox import verification
from replica import capabilities, upsert
from teams.models import Team
from transfers import batching, labels, recovery
from transfers.field_changes import of, same
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import Payload, RemoteReader
from transfers.resources import transfer_of
from transfers.results import Result

Outcome = RunRow.Outcome

IN_PART = pattern(gettext_noop("cStar did not take: {fields}."))
_MOST_SAMPLES = 3


def corrected(run: Run, batch: RunBatch, rows: list[RunRow], results: dict[int, Result]) -> dict[int, Result]:
    """The results, where cStar said yes and kept a field as it was; such a field goes from the row's `after`, too."""
    done = [row for row in rows if results.get(row.pk, ("", ""))[0] == Outcome.UPDATED]
    ignored = set(_not_taken(run, batch, done))
    if not ignored:
        return results
    words = IN_PART.format(fields=", ".join(map(labels.field_words, sorted(ignored))))[: labels.LONGEST_REASON]
    found = dict(results)
    for row in done:
        kept = {name: value for name, value in row.after.items() if name not in ignored}
        if kept:
            row.after = kept
            found[row.pk] = (Outcome.UPDATED, words)
        else:
            found[row.pk] = (Outcome.FAILED, recovery.NOT_TAKEN)
    batching.save(done, ["after"])
    return found


def unproven(team: Team, resource: str, fields: Iterable[str]) -> set[str]:
    """The fields that this cStar was not seen to take lately."""
    offered = capabilities.offered(team)
    names = transfer_of(resource).unprinted & {*fields}
    return {name for name in names if offered.get(f"{resource}.{name}") is not True}


def _not_taken(run: Run, batch: RunBatch, rows: list[RunRow]) -> list[str]:
    sent = {name: batch.data[name] for name in unproven(run.team, batch.resource, batch.data)}
    now = _sample(run, batch, rows, sent) if sent and rows else {}
    return verification.not_taken(run.team, batch.resource, sent, {}, read=lambda: now) if now else []


def _sample(run: Run, batch: RunBatch, rows: list[RunRow], sent: dict[str, Any]) -> Payload:
    """One of the objects as it is now, if there is any that was different before; what is read is kept."""
    rows = sorted(rows, key=lambda row: same(of(sent, {**sent, **row.before}), sent))
    with RemoteReader(run) as reader:
        for row in rows[:_MOST_SAMPLES]:
            if now := reader.one(batch.resource, row.cstar_id):
                upsert.apply(batch.resource, run.team, [now])
                return {**now, "assignedTo": people.own_id(run.team, now.get("assignedTo"))}
    return {}
