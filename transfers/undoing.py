"""Undoing a run: the values from before are put back, what it created is deleted; what others changed since stays.

Undoing is a run with rows and a receipt of its own. It looks at cStar before it is started (`check`), so that people
read in numbers what it will do; again before each batch (`review`), so that nothing is overwritten that somebody
changed meanwhile; and after an answer that was lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from cstar import MAX_BULK_IDS
from teams.viewer import Viewer
from transfers import audit_lookup, batching, created_objects, field_changes, recovery, remote_objects, undo_rows
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import SEARCHES, Payload, RemoteReader
from transfers.resources import transfer_of, transferable
from transfers.results import GONE

Outcome, Action, Plan = RunRow.Outcome, RunBatch.Action, RunRow.Plan

NOT_FOUND = gettext_noop("It was not found. cStar cannot list so many objects at once: check whether it is there.")
# What looking at an object settles.
DECIDED = ["cstar_id", "plan", "before", "after", "outcome", "reason", "batch"]
# So many are searched for one by one before an undo starts, where exports do not bring them.
FEW_TO_SEARCH = 20
# Rows and calls up to which people need not wait for a worker to look.
ROWS_AT_ONCE, CALLS_AT_ONCE = 500, 12


def may_be_undone(run: Run) -> bool:
    """Whether there is something to put back: what was deleted is gone for good."""
    if not run.has_ended or run.kind not in (Run.Kind.BULK, Run.Kind.IMPORT):
        return False
    return not run.undone_by.filter(state__in=[*Run.AT_WORK, Run.State.PAUSED]).exists() and unsettled(run).exists()


@transaction.atomic
def make(viewer: Viewer, run: Run) -> Run:
    """The run that undoes it, not started and not checked yet; one that nobody started is made anew."""
    run.undone_by.filter(state=Run.State.DRAFT).delete()
    undo = Run.asked_by(viewer, kind=Run.Kind.UNDO, resource=run.resource, undoes=run, total=unsettled(run).count())
    undo.save()
    return undo


def may_be_checked_at_once(undo: Run) -> bool:
    """Whether looking at cStar takes little enough for a person to wait for it."""
    return undo.total <= ROWS_AT_ONCE and check_price(undo) <= CALLS_AT_ONCE


def unsettled(run: Run) -> QuerySet[RunRow]:
    """The run's rows that changed something, or may have, and that no undo has settled yet."""
    settled = RunRow.objects.filter(undoes=OuterRef("pk"), run__state__in=Run.ENDED).exclude(outcome="")
    for_good = settled.filter(plan=Plan.KEEP) | settled.filter(outcome__in=[Outcome.UPDATED, Outcome.DELETED])
    changed = run.rows.filter(outcome__in=[Outcome.UPDATED, Outcome.CREATED])
    in_doubt = run.rows.filter(outcome=Outcome.UNSURE, plan=Plan.CREATE)
    in_doubt |= run.rows.filter(outcome=Outcome.WAITING, batch__first_sent_at__isnull=False)
    return (changed | in_doubt).exclude(Exists(for_good))


# --- what it will do -----------------------------------------------------------------------------------------------


def check(undo: Run, renew: Callable[[], None]) -> None:
    """Make the undo's rows, and look at cStar what is there now and what becomes of it. `CStarError`."""
    run = _undone(undo)
    undo.rows.all().delete()  # of a try that was killed
    with RemoteReader(undo) as reader:
        recovery.settle_doubts(run, reader)
        going: Counter[str] = Counter()
        for resource in _order(undo):
            renew()
            _make_rows(undo, resource, reader)
            few = undo.rows.filter(resource=resource, cstar_id="").count() <= FEW_TO_SEARCH
            found = _find(undo, resource, reader, thorough=few)
            _look(undo, resource, reader, going, found)
        _follow_successors(undo, reader)
    undo.total = undo.rows.count()
    undo.undo_options.checked = True
    undo.save_options(total=undo.total)


def _undone(undo: Run) -> Run:
    assert undo.undoes  # noqa: S101 - an undo is made of a run
    return undo.undoes


def _order(undo: Run) -> list[str]:
    """The resources, the tickets before the customers who wrote them."""
    return sorted(transferable(), key=lambda name: name != undo.resource)


def _make_rows(undo: Run, resource: str, reader: RemoteReader) -> None:
    run = _undone(undo)
    changed = unsettled(run).filter(resource=resource, outcome__in=[Outcome.UPDATED, Outcome.CREATED])
    updated = changed.filter(outcome=Outcome.UPDATED).select_related("batch")
    before = audit_lookup.corrected(run, updated, reader)
    for part in batching.in_chunks(changed, "batch"):
        RunRow.objects.bulk_create(undo_rows.undoing_row(undo, row, before.get(row.pk)) for row in part)


def _follow_successors(undo: Run, reader: RemoteReader) -> None:
    """Objects that were deleted and made anew just before an import changed them, which does not know them by their id.

    Customers are: an import knows them by their address. cStar's log alone can tell that it changed the new one.
    """
    by_key = [name for name in transferable() if transfer_of(name).identity != "id"]
    gone = undo.rows.filter(plan=Plan.KEEP, reason=GONE, resource__in=by_key, undoes__outcome=Outcome.UPDATED)
    if _undone(undo).kind != Run.Kind.IMPORT:
        return
    for row in gone.select_related("undoes__batch")[:SEARCHES]:
        found = reader.searched(row.resource, row.key)
        same = next((each["id"] for each in found if created_objects.key_of(row.resource, each) == row.key), None)
        source, now = row.undoes, reader.one(row.resource, same) if same else None
        if source is None or now is None:
            continue
        source.cstar_id, source.before = now["id"], {}
        if before := audit_lookup.corrected(_undone(undo), [source], reader).get(source.pk):
            made = undo_rows.undoing_row(undo, source, before)
            undo_rows.decide(made, now, shows_metadata=reader.shows_metadata)
            with transaction.atomic():
                source.save(update_fields=["cstar_id"])
                row.delete()
                made.save()


def _find(undo: Run, resource: str, reader: RemoteReader, *, thorough: bool) -> dict[str, Payload]:
    """Look for objects that the run created, for an import does not tell their ids; answers those that are found."""
    run = _undone(undo)
    rows = undo.rows.filter(resource=resource, cstar_id="", outcome=Outcome.WAITING).select_related("undoes__batch")
    by_source = {row.undoes_id: row for row in rows}
    if not by_source:
        return {}
    sent = [created_objects.sent_by(run, row.undoes) for row in by_source.values() if row.undoes]
    found = [each for each in created_objects.find(reader, resource, sent, thorough=thorough) if each.ours]
    for each in found:
        each.row.cstar_id = by_source[each.row.pk].cstar_id = each.payload["id"]
    for row in by_source.values():
        if not row.cstar_id and reader.complete:
            undo_rows.keep(row, GONE)
        elif not row.cstar_id and thorough:
            row.outcome, row.reason = Outcome.FAILED, NOT_FOUND
    with transaction.atomic():
        batching.save([each.row for each in found], ["cstar_id"])
        batching.save(by_source.values(), DECIDED)
    return {each.payload["id"]: each.payload for each in found}


def _look(undo: Run, resource: str, reader: RemoteReader, going: Counter[str], found: dict[str, Payload]) -> None:
    """What becomes of the objects whose ids are known. `going` counts by an object what needs it and will be deleted.

    Where cStar tells too little of too many, a row stays as it is and is looked at when its turn has come.
    """
    rows = list(undo.rows.filter(resource=resource, outcome=Outcome.WAITING).exclude(cstar_id=""))
    by_id = _by_id(rows)
    needs = undo_rows.needs(rows)
    others = [needing for name in transferable() if (needing := transfer_of(name).dependents)]
    names = [needing.field for needing in others if needing.resource == resource]
    whole = {cstar_id: payload for cstar_id, payload in found.items() if needs <= payload.keys()}
    unread = [cstar_id for cstar_id in by_id if cstar_id not in whole]
    read = reader.objects(resource, unread, needs, singly=SEARCHES)
    for cstar_id, now in chain(whole.items(), read):
        for row in by_id[cstar_id]:
            dependents = max(0, _dependents_of(row, now, reader) - going[cstar_id])
            undo_rows.decide(row, now, shows_metadata=reader.shows_metadata, dependents=dependents)
            if now and row.plan == Plan.DELETE and row.outcome == Outcome.WAITING:
                going.update(str(now.get(name)) for name in names)
    batching.save(chain.from_iterable(by_id.values()), DECIDED)


def _by_id(rows: Iterable[RunRow]) -> dict[str, list[RunRow]]:
    """An object has one row nearly always; a run of the version before may have named it twice."""
    found: dict[str, list[RunRow]] = defaultdict(list)
    for row in rows:
        found[row.cstar_id].append(row)
    return found


def _dependents_of(row: RunRow, now: Payload | None, reader: RemoteReader) -> int:
    """How many others need an object that is to be deleted, such as the tickets of a customer; at least one counts."""
    needing = transfer_of(row.resource).dependents
    if now is None or needing is None or row.plan != Plan.DELETE:
        return 0
    count = now.get(needing.number_field)
    return count if isinstance(count, int) else int(reader.has_any(needing, row.cstar_id))


def check_price(undo: Run) -> int:
    """How many calls it costs to look at cStar."""
    numbers = Counter(unsettled(_undone(undo)).order_by().values_list("resource", flat=True))
    reads = sum(remote_objects.price(undo.team, resource, number) for resource, number in numbers.items())
    return reads + audit_lookup.price(_undone(undo))


def price(undo: Run) -> int:
    """How many calls it costs, those that look at each batch before it is sent included; roughly before the check."""
    if not undo.undo_options.checked:
        return check_price(undo) + 2 * -(-unsettled(_undone(undo)).count() // MAX_BULK_IDS)
    calls = 0
    for resource in _order(undo):
        sizes = [size for _, groups in _grouped(undo, resource) for size in groups.sizes()]
        # Those that are still to be found: as many calls, and one to find them.
        lost = batching.unplanned(undo).filter(resource=resource, cstar_id="").count()
        sizes += [MAX_BULK_IDS] * -(-lost // MAX_BULK_IDS)
        calls += sum(1 + remote_objects.price(undo.team, resource, size) for size in sizes) + bool(lost)
    return calls


# --- doing it ------------------------------------------------------------------------------------------------------


def plan(undo: Run, renew: Callable[[], None]) -> None:
    """Make the batches of one resource: customers come when the tickets are done, which may still need them."""
    if not undo.undo_options.checked:
        check(undo, renew)
    for resource in _order(undo):
        if not batching.unplanned(undo).filter(resource=resource).exists():
            continue
        if not batching.unplanned(undo).filter(resource=resource).exclude(cstar_id="").exists():
            # What an export could not bring as long as it was full of what is deleted by now.
            with RemoteReader(undo) as reader:
                if not _find(undo, resource, reader, thorough=False):
                    _find(undo, resource, reader, thorough=True)
        for action, groups in _grouped(undo, resource):
            groups.make_batches(undo, action, resource)
        return


def _grouped(undo: Run, resource: str) -> Iterator[tuple[str, batching.Groups]]:
    """(action, rows that get the same values back, or are deleted) of those that have no batch."""
    for row_plan, action in ((Plan.RESTORE, Action.UPDATE), (Plan.DELETE, Action.DELETE)):
        groups = batching.Groups()
        for row in batching.unplanned(undo).filter(resource=resource, plan=row_plan).exclude(cstar_id="").iterator():
            groups.add(row, row.after)
        yield action, groups


def review(undo: Run, batch: RunBatch, rows: list[RunRow], *, retried: bool) -> None:
    """Read from cStar the objects that the batch is about to overwrite or delete, and decide what is done to each row.

    If `retried`, the answer to an earlier try was lost. An object that is as its row wants it was done by that try.
    """
    planned = Plan.DELETE if batch.action == Action.DELETE else Plan.RESTORE
    with RemoteReader(undo) as reader:
        by_id = _by_id(rows)
        for cstar_id, now in reader.objects(batch.resource, by_id, undo_rows.needs(rows)):
            for row in by_id[cstar_id]:
                if planned == Plan.DELETE:
                    is_done = now is None
                else:
                    is_done = now is not None and field_changes.same(field_changes.of(row.after, now), row.after)
                if row.plan != planned:  # rows of the version before did not say what was to be done to them
                    undo_rows.keep(row, undo_rows.OLD_VERSION)
                elif retried and is_done:
                    row.outcome = Outcome.DELETED if now is None else Outcome.UPDATED
                else:
                    dependents = _dependents_of(row, now, reader)
                    undo_rows.decide(row, now, shows_metadata=reader.shows_metadata, dependents=dependents)
