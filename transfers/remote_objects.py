"""Reads objects as they are at cStar now; the working copy is some seconds behind.

A few objects are read one by one. Many come with an export, which brings 10,000 rows in a call; what it cannot bring
is looked up by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db.models import F

from cstar import MAX_EXPORT_ROWS, MAX_PAGE_SIZE, NOT_GIVEN, CStarError, NotFound
from replica import registry, upsert
from replica.refresh import PartialError, concerns_one, pages
from replica.transfer import Dependents
from teams.models import Team
from transfers.lease import renew
from transfers.models import Run
from transfers.resources import export_filters, transfer_of
from transfers.run_client import Calls, client_of

Payload = dict[str, Any]

FEW = 5  # objects that cost fewer calls, or hardly more, if they are read one by one
SEARCHES = 100  # objects that are searched for one by one


class RemoteReader:
    """Reads in a run's name; its calls are added to the run's when it is left.

    `complete` tells whether the last export brought every object there is. `shows_metadata` tells whether anything
    that was read so far had metadata: an object without it then has none.
    """

    def __init__(self, run: Run) -> None:
        self.team, self._run, self._calls = run.team, run, Calls()
        self._api = client_of(run, self._calls, heard=lambda: renew(run))
        self.complete = self.shows_metadata = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None):
        Run.objects.filter(pk=self._run.pk).update(calls=F("calls") + self._calls.made)
        self._calls.made = 0

    @property
    def answered_at(self) -> datetime | None:
        """When cStar answered last, by its own clock."""
        return self._calls.answered_at

    def objects(
        self, resource: str, ids: Iterable[str], needs: set[str], *, singly: int | None = None
    ) -> Iterator[tuple[str, Payload | None]]:
        """Each object by its id, in no order; None for one that is gone.

        An exported row that lacks a field in `needs` is read by itself, since cStar tells more of a single object:
        at most `singly` of them, and the others are left out.
        """
        left: dict[str, None] = dict.fromkeys(ids)
        partial: dict[str, None] = {}
        if len(left) > FEW:
            for row in self.exported(resource):
                cstar_id = row["id"]
                if cstar_id in left and needs <= row.keys():
                    del left[cstar_id]
                    yield cstar_id, row
                elif cstar_id in left:
                    partial[cstar_id] = None
                if not left:
                    return
            if self.complete:
                yield from ((cstar_id, None) for cstar_id in left if cstar_id not in partial)
                left = partial
        for cstar_id in list(left)[:singly]:
            yield cstar_id, self.one(resource, cstar_id)

    def one(self, resource: str, cstar_id: str) -> Payload | None:
        """The whole object; None if it is gone."""
        try:
            raw = dict(getattr(self._api, resource).get(cstar_id).raw)
        except NotFound:
            return None
        messages = raw.pop("messages", None)
        transfer = transfer_of(resource)
        if self.shows_metadata and transfer.has_metadata:
            raw.setdefault("metadata", {})  # left out where it is empty
        if transfer.messages and isinstance(messages, list):
            raw.setdefault("messageCount", len(messages))
        return self._seen(raw)

    def exported(self, resource: str, needs: AbstractSet[str] = frozenset()) -> Iterator[Payload]:
        """What exports bring, some of it perhaps twice. Stop when enough was found: each further part is a call.

        Nothing where the rows lack a field in `needs`.
        """
        self.complete = False
        try:
            rows = self._export(resource)
            if rows and not needs <= rows[0].keys():
                return
            yield from rows
            if len(rows) < MAX_EXPORT_ROWS:
                self.complete = True
                return
            brought = 0
            for filters in export_filters(registry.get(resource), self.team):
                rows = self._export(resource, filters)
                brought += len(rows)
                yield from rows
            there = getattr(self._api, resource).list(page_size=1).total
        except CStarError as error:
            if not concerns_one(error):
                raise
            return  # this cStar exports nothing
        # A part may have been cut off itself, and nobody asked for the values that we do not know.
        self.complete = there is not None and brought >= there

    def searched(self, resource: str, text: str) -> Iterator[Payload]:
        """The rows that cStar's search finds, 100 at most; they may lack fields."""
        found = getattr(self._api, resource).list(search=text, page_size=MAX_PAGE_SIZE).items
        return (self._seen(dict(item.raw)) for item in found)

    def listed(self, resource: str) -> Iterator[Payload]:
        """Every row of the list, 100 a call; rows may lack fields. `complete` is set once all were read."""
        self.complete = False
        try:
            yield from map(self._seen, pages(getattr(self._api, resource)))
        except PartialError:
            return  # the list changed meanwhile: a row may have slipped through
        self.complete = True

    def audit_entries(self, **filters: Any) -> Iterator[Any]:
        """The audit log's entries that the filters let through, 100 a call."""
        number = 1
        while True:
            page = self._api.audit_log.list(page=number, page_size=MAX_PAGE_SIZE, **filters)
            yield from page.items
            if not (page.items and page.has_more):
                return
            number += 1

    def has_any(self, dependents: Dependents, cstar_id: str) -> bool:
        """Whether any of these objects needs the one with this id."""
        api = getattr(self._api, dependents.resource)
        return bool(api.list(**{dependents.filter: cstar_id}, page_size=1).items)

    def _export(self, resource: str, filters: dict[str, str] | None = None) -> list[Payload]:
        rows = self._api.export(resource, filters=filters or NOT_GIVEN).resources[resource]
        return [self._seen(dict(row.raw)) for row in rows]

    def _seen(self, row: Payload) -> Payload:
        self.shows_metadata = self.shows_metadata or isinstance(row.get("metadata"), dict)
        return row


def fill_gaps(run: Run, resource: str, held: dict[str, Payload], needs: dict[str, set[str]]) -> dict[str, Payload]:
    """The objects of the working copy by id, with the fields that each needs and lacks read at cStar.

    Rows of lists and exports need not carry all fields. What is read goes into the working copy too.
    """
    lacking = {cstar_id: needs[cstar_id] for cstar_id, payload in held.items() if not needs[cstar_id] <= payload.keys()}
    if not lacking:
        return held
    with RemoteReader(run) as reader:
        read = dict(reader.objects(resource, lacking, set().union(*lacking.values())))
    there = {cstar_id: now for cstar_id, now in read.items() if now is not None}
    upsert.apply(resource, run.team, there.values())
    return {cstar_id: {**payload, **there.get(cstar_id, {})} for cstar_id, payload in held.items()}


def price(team: Team, resource: str, number: int) -> int:
    """How many calls it costs to read so many objects, as far as the working copy can tell."""
    if number <= FEW:
        return number
    held = registry.get(resource).held(team).count()
    return 1 if held < MAX_EXPORT_ROWS else 2 + len(export_filters(registry.get(resource), team))
