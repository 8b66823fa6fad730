"""What earlier imports created, where cStar does not show the metadata that would tell: from their receipts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from replica import registry
from replica.models import TeamState
from transfers import created_objects
from transfers.models import Run, RunRow
from transfers.resources import transfer_of

Outcome = RunRow.Outcome


@dataclass(slots=True)
class Imported:
    """`known` are ids by what the records are known by; `fresh` are the keys of objects too new to be held here."""

    known: dict[str, str] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)


def created(run: Run) -> Imported:
    """Return what earlier imports of the team created. Each object of the working copy stands for one record."""
    found, title_field = Imported(), transfer_of(run.resource).title_field
    # Objects with metadata name the import that they came from.
    silent = registry.get(run.resource).held(run.team).filter(payload__metadata__isnull=True).order_by()
    if not silent.exists():
        return found
    by_id: dict[str, str] = dict(silent.values_list("cstar_id", "payload__createdAt"))
    by_title: dict[str, list[str]] = defaultdict(list)
    for cstar_id, title in silent.values_list("cstar_id", f"payload__{title_field}"):
        by_title[str(title).strip()].append(cstar_id)
    refreshed_at = TeamState.objects.filter(team=run.team).values_list("refreshed_at", flat=True).first()
    for row in _created_before(run):
        if cstar_id := _held(row, by_id, by_title):
            found.known[row.key] = cstar_id
            by_id.pop(cstar_id)
            continue
        sent_at = row.batch and row.batch.first_sent_at
        if sent_at and (refreshed_at is None or sent_at > refreshed_at):
            # The object was created after the last refresh, so the working copy need not hold it yet.
            found.fresh.add(row.key)
    return found


def _created_before(run: Run):
    """The rows of earlier imports that created an object which no undo has deleted."""
    rows = RunRow.objects.filter(
        run__team=run.team, run__kind=Run.Kind.IMPORT, resource=run.resource, outcome=Outcome.CREATED
    )
    deleted = RunRow.objects.filter(run__team=run.team, run__kind=Run.Kind.UNDO, outcome=Outcome.DELETED)
    kept = rows.exclude(run=run).exclude(pk__in=deleted.values("undoes")).select_related("batch", "run__team")
    return kept.order_by("pk").iterator(chunk_size=1000)


def _held(row: RunRow, by_id: dict[str, str], by_title: dict[str, list[str]]) -> str:
    """The object that the row created: by its id, or by title and time; "" where none is held."""
    if row.cstar_id:
        return row.cstar_id if row.cstar_id in by_id else ""
    sent = created_objects.sent_by(row.run, row)
    alike = by_title.get(transfer_of(row.resource).title(row.after), ())
    return next((one for one in alike if one in by_id and sent.was_made_then({"createdAt": by_id[one]})), "")
