"""The customers of imported tickets: records name them by their ids, which is the field that cStar documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Lower

from cstar import MAX_PAGE_SIZE
from replica import registry, upsert
from replica.refresh import exports
from transfers.batching import CHUNK, chunks
from transfers.field_changes import Fields
from transfers.models import Run, RunRow
from transfers.remote_objects import Payload, RemoteReader
from transfers.resources import transfer_of

Outcome, Plan = RunRow.Outcome, RunRow.Plan


def look_up(run: Run, records: Iterable[Fields]) -> None:
    """Bring the customers whom the records name and this run created into the working copy. `CStarError`."""
    addresses = {_address(record) for record in records} - {""}
    missing = addresses - _ids(run, addresses).keys()
    rows = run.rows.filter(resource=_brought(run), outcome__in=[Outcome.CREATED, Outcome.SKIPPED, Outcome.UNSURE])
    if not missing or not rows.filter(key__in=missing).exists():
        return
    keys = rows.values_list("key", flat=True)
    wanted = {key for part in chunks(sorted(missing), CHUNK) for key in keys.filter(key__in=part)}
    with RemoteReader(run) as reader:
        found = list(_read(run, reader, wanted))
    upsert.apply(_brought(run), run.team, found)


def linked(run: Run, records: list[Fields]) -> list[Fields]:
    """The records as they are sent: with the id of a customer who is there, in place of name and address."""
    ids = _ids(run, {_address(record) for record in records} - {""})
    return [_linked(record, ids.get(_address(record), "")) for record in records]


def price(run: Run) -> int:
    """How many calls it costs to learn the ids of the customers whom the run creates."""
    if not transfer_of(run.resource).brings:
        return 0
    new = run.rows.filter(resource=_brought(run), plan=Plan.CREATE).count()
    if new and exports(run.team, _brought(run)):
        return 1
    return min(new, _pages(run, new))


def _brought(run: Run) -> str:
    """The resource of the objects that come along."""
    brings = transfer_of(run.resource).brings
    return brings.resource if brings else ""


def _linked(record: Fields, cstar_id: str) -> Fields:
    left_out = {"customerEmail", "customerName"} if cstar_id else {"customerEmail"}
    kept: dict[str, Any] = {name: value for name, value in record.items() if name not in left_out}
    return {**kept, "customerId": cstar_id} if cstar_id else kept


def _address(record: Fields) -> str:
    return str(record.get("customerEmail") or "").strip().lower()


def _ids(run: Run, addresses: set[str]) -> dict[str, str]:
    """cStar's ids of customers in the working copy, by their addresses in small letters."""
    found: dict[str, str] = {}
    for part in chunks(sorted(addresses), CHUNK):
        customers = registry.get(_brought(run)).held(run.team).annotate(address=Lower("email")).order_by()
        found |= dict(customers.filter(address__in=part).values_list("address", "cstar_id"))
    return found


def _pages(run: Run, more: int) -> int:
    return -(-(registry.get(_brought(run)).held(run.team).count() + more) // MAX_PAGE_SIZE)


def _read(run: Run, reader: RemoteReader, addresses: set[str]) -> Iterable[Payload]:
    """The customers with these addresses, by the export, a search for each, or the list: whatever costs least."""
    resource, left = _brought(run), set(addresses)

    def among(rows: Iterable[Payload]) -> Iterable[Payload]:
        for row in rows:
            if (address := str(row.get("email", "")).strip().lower()) in left:
                left.discard(address)
                yield row
            if not left:
                return

    if exports(run.team, resource):
        yield from among(reader.exported(resource, needs={"email"}))
    if len(left) <= _pages(run, len(left)):
        for address in sorted(left):
            yield from among(reader.searched(resource, address))
    elif left:
        yield from among(reader.listed(resource))
