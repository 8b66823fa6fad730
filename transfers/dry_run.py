"""The rehearsal of an import: every line is read as the real run will read it, and told what would become of it.

It is checked against the working copy and against the lines before it; nothing is sent. What it writes are the very
rows that are sent afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.stored_texts import pattern
from replica import registry
from replica.transfer import Transfer
from transfers import earlier_imports, field_changes
from transfers.created_objects import MARK, MAX_KEY, mark
from transfers.field_changes import IDENTITY, METADATA
from transfers.mapping import Mapping, Read, Record, generated_id, table, take_title
from transfers.models import Run, RunRow
from transfers.resources import transfer_of
from transfers.sources import first_source
from transfers.tables.writing import cut
from transfers.threads import FIRST_IS_WRONG, Threads

Plan = RunRow.Plan

# What a ticket's metadata calls the address of a customer whom it is not linked to.
ADDRESS = "customerEmail"
THERE_ALREADY = gettext_noop("It is there already.")
TWICE = pattern(gettext_noop("The same as line {line}: it would be imported once."))
SAME = gettext_noop("It is there already, and says the same.")


@dataclass(slots=True)
class Rehearsal:
    """One pass over a run's file."""

    run: Run
    known: dict[str, str]
    seen: dict[str, int] = field(default_factory=dict)
    generated: Counter[str] = field(default_factory=Counter)
    # Keys of objects of the other resource that an import brings along.
    there: set[str] = field(default_factory=set)
    # Keys by cStar's own ids, where the file brings ids and objects are known by something else.
    keys: dict[str, str] = field(default_factory=dict)
    # Keys of objects that were imported too lately to be held.
    fresh: set[str] = field(default_factory=set)
    transfer: Transfer = field(init=False)
    mapping: Mapping = field(init=False)
    threads: Threads = field(init=False)

    def __post_init__(self) -> None:
        self.transfer = transfer_of(self.run.resource)
        self.mapping = Mapping(first_source(self.run))
        self.threads = Threads(self.run)
        if not self.transfer.external_ids and self.run.import_options.columns.get("external_id"):
            self.keys = {cstar_id: key for key, cstar_id in self.known.items()}

    def rows(self) -> Iterator[RunRow | None]:
        """The rows of the file, in its order; those of new customers among them. None for a line without one."""
        for line, cells in table(self.run).lines():
            read = self.mapping.read(cells)
            if self.threads.joins(read):
                yield None
                continue
            row = self._row(line, read)
            if self.run.import_options.customers and not read.problems:
                yield from self._brought(line, read.record)
            yield row

    def _row(self, line: int, read: Read) -> RunRow:
        take_title(read, self.mapping)
        record = {**read.record, **({"messages": read.messages} if read.messages else {})}
        row = RunRow(run=self.run, line=line, resource=self.run.resource, after=record)
        row.label = str(record.get("name") or record.get(self.transfer.title_field) or "")[:200]
        if first := self.threads.broken_at(read):
            read.problems.append(FIRST_IS_WRONG.format(line=f"{first:,}"))
        if read.problems:
            row.plan, row.reason = Plan.WRONG, " ".join(read.problems)[:500]
            self.threads.begin(row, read)
            return row
        if held := self._other_key(record):
            row.plan, row.reason = Plan.WRONG, self.transfer.other_key.format(email=held)
            return row
        key = self._identify(record)
        row.key = key[:MAX_KEY]
        row.cstar_id = self.known.get(key, "")
        # A ticket may be named by its own id in one line, and by that of another helpdesk in the next.
        name = row.cstar_id or key
        if name in self.seen:
            row.plan, row.reason = Plan.CONFLICT, TWICE.format(line=f"{self.seen[name]:,}")
            return row
        self.seen[name] = line
        row.plan = Plan.UPDATE if row.cstar_id else Plan.CREATE
        if row.plan == Plan.CREATE and key in self.fresh:
            row.plan, row.reason = Plan.SKIP, THERE_ALREADY
            return row
        if row.plan == Plan.CREATE:
            row.after = record = self.transfer.completed(record)
        if not self.run.import_options.customers and record.get("customerEmail", "").lower() not in self.there:
            keep_address(record)
        self.threads.begin(row, read)
        return row

    def _identify(self, record: Record) -> str:
        """What cStar knows the record by (docs/sandbox.md, "matching"); gives it an id where that needs one."""
        external = record.pop("externalId", "")
        if not self.transfer.external_ids:
            # Our own exports bring cStar's ids, which are no ids of another system.
            if external and external not in self.keys:
                record.setdefault("metadata", {})["externalId"] = external
            return self.transfer.key(record) or ""
        if external.startswith(registry.get(self.run.resource).model.ID_PREFIX) and external in self.known:
            record["id"] = external
            return external
        if not external:
            same = generated_id(record, 1)
            self.generated[same] += 1
            external = generated_id(record, self.generated[same])
        record.setdefault("metadata", {})["externalId"] = external
        return external

    def _other_key(self, record: Record) -> str:
        """The key at cStar of the object whose id the record has, if it is another than the record's."""
        held = self.keys.get(record.get("externalId", ""), "")
        return held if held != self.transfer.key(record) else ""

    def _brought(self, line: int, record: Record) -> Iterator[RunRow]:
        """An object that comes along and is not there yet, once: the customer of a ticket."""
        brings = self.transfer.brings
        found = brings.record(record) if brings else None
        if brings is None or found is None:
            return
        key = transfer_of(brings.resource).key(found) or ""
        if key in self.there:
            return
        self.there.add(key)
        after = {**found, "metadata": {MARK: mark(self.run)}}
        label = str(found.get("name") or key)[:200]
        yield RunRow(
            run=self.run, line=line, resource=brings.resource, key=key, label=label, plan=Plan.CREATE, after=after
        )


def keep_address(record: Record) -> None:
    """Keep the address of a ticket's customer in its metadata: cStar links only those who are there, to new tickets."""
    if address := record.get("customerEmail"):
        record.setdefault("metadata", {})[ADDRESS] = address


def rehearse(run: Run, renew: Callable[[], None]) -> None:
    """Write a row for each line, with what is planned for it. `renew()` is called now and then. TableError."""
    zone = run.user.time_zone if run.user else "UTC"
    with timezone.override(zone):
        _rehearse(run, renew)


def _rehearse(run: Run, renew: Callable[[], None]) -> None:
    run.rows.all().delete()
    found = Rehearsal(run, known=_known(run))
    if found.transfer.external_ids:
        earlier = earlier_imports.created(run)
        found.known, found.fresh = earlier.known | found.known, earlier.fresh
    if brings := found.transfer.brings:
        found.there = {*transfer_of(brings.resource).keys(registry.get(brings.resource).held(run.team).order_by())}
    total = unknown = 0
    for part in found.threads.parts(found.rows()):
        _compare(run, part)
        unknown += sum(
            not field_changes.flat(row.fields).keys() <= field_changes.flat(row.before).keys() for row in part
        )
        RunRow.objects.bulk_create(part)
        found.threads.saved()
        total += len(part)
        Run.objects.filter(pk=run.pk).update(total=total)
        renew()
    found.threads.finish(renew)
    run.import_options.unknown = unknown


def _known(run: Run) -> dict[str, str]:
    """cStar's ids of what the working copy holds, by what a record is known by."""
    held, transfer = registry.get(run.resource).held(run.team).order_by(), transfer_of(run.resource)
    known = transfer.keys(held)
    if transfer.external_ids and _brings_our_ids(run):
        known |= {cstar_id: cstar_id for cstar_id in held.values_list("cstar_id", flat=True).iterator()}
    return known


def _brings_our_ids(run: Run) -> bool:
    """Whether the file's ids are cStar's own, as in our exports: then every object's is needed."""
    columns = run.import_options.columns.get("external_id", [])
    first = next(iter(table(run).lines()), None)
    prefix = registry.get(run.resource).model.ID_PREFIX
    return bool(first and columns and isinstance(first[1], list) and first[1][columns[0]].startswith(prefix))


def _compare(run: Run, rows: list[RunRow]) -> None:
    """Set what updates would change, and skip rows whose object stays as it is. Mark new objects with their run."""
    there = [row for row in rows if row.plan == Plan.UPDATE]
    held = registry.get(run.resource).held(run.team).filter(cstar_id__in=[row.cstar_id for row in there])
    payloads = dict(held.values_list("cstar_id", "payload")) if there else {}
    for row in there:
        if run.import_options.strategy == "skip":
            row.plan, row.reason = Plan.SKIP, THERE_ALREADY
        else:
            payload = payloads.get(row.cstar_id, {})
            if not payload.get("customerId"):
                keep_address(row.after)
            compare(row, payload)
    for row in rows:
        if row.plan == Plan.CREATE and transfer_of(row.resource).has_metadata:
            row.after.setdefault(METADATA, {})[MARK] = mark(run)


def compare(row: RunRow, payload: dict[str, Any]) -> None:
    """Make a row with a whole record an update of this object, or skip it if the object has these values already."""
    fields = {name: value for name, value in row.after.items() if name not in NEVER_UPDATED | IDENTITY}
    metadata, held = fields.pop(METADATA, {}), payload.get(METADATA) or {}
    fields = {name: value for name, value in fields.items() if not _says(payload, name, value)}
    # cStar merges metadata key by key, so the keys that differ are enough.
    changed = {key: value for key, value in metadata.items() if key != MARK and str(held.get(key)) != str(value)}
    if changed:
        fields[METADATA] = changed
    row.before = field_changes.of(fields, payload)
    identity = transfer_of(row.resource).identity
    row.after = {identity: row.cstar_id if identity == "id" else row.after[identity], **fields}
    row.plan = Plan.UPDATE
    if not fields:
        row.plan, row.reason = Plan.SKIP, SAME


# Of an object that is there, an import changes neither its origin nor its messages.
NEVER_UPDATED = {"id", "messages", "customerName", "customerEmail", "createdAt"}


def _says(payload: dict[str, Any], name: str, value: Any) -> bool:
    """Whether the object has what a cell gave, which is without the white space around it and may be cut by Excel."""
    held = payload.get(name)
    if isinstance(value, str) and isinstance(held, str):
        return _plain(value) in (_plain(held), _plain(cut(held)))
    return field_changes.same({name: value}, {name: held})


def _plain(text: str) -> str:
    return text.strip().replace("\r\n", "\n")
