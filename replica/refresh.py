"""Fills the working copy and sweeps it: everything is read anew, what vanished is dropped.

One export brings 10,000 rows, so a sweep of a usual team costs about six calls. Where there is no export the lists are
paged through, 100 rows a call.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from budget.account import SWEEP
from budget.client import client
from budget.models import Lane
from cstar import (
    MAX_EXPORT_ROWS,
    MAX_PAGE_SIZE,
    NOT_GIVEN,
    Attempt,
    BadRequest,
    Client,
    Conflict,
    CStarError,
    Forbidden,
    InvalidResponse,
    NotFound,
    ServerError,
    UnexpectedStatus,
)
from replica import capabilities, cstar_time, log_trust, registry, upsert
from replica.models import TeamState
from replica.payload_fields import instant
from replica.resource import Resource
from replica.sync_status import mark_failed, mark_ok
from teams.models import Team

log = logging.getLogger(__name__)

# The feed tells of every change (replica/feed.py); a sweep finds what it missed.
INTERVAL = timedelta(hours=1)
SMALL_INTERVAL = timedelta(hours=6)
CALLS_AN_HOUR = 20
# After a sweep that could not read everything, after a second one in a row, and so on.
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800))
FEW = 20

_OF_ONE_COPY = (BadRequest, Conflict, Forbidden, InvalidResponse, NotFound)


class PartialError(Exception):
    """Raised after the last row of an incomplete read: rows that it lacks must not be deleted."""


def refresh(team: Team) -> bool:
    """Bring the team's working copy up to date; what could not be read anew stays in use as it is.

    After a sweep that could not read everything, only what is missing is read.
    """
    state, _ = TeamState.objects.get_or_create(team=team)
    unread_before = state.unread_copies
    wanted = [one for one in registry.resources() if _is_wanted(one, team, state)]
    began_at = timezone.now()
    calls: list[Attempt] = []
    moved: list[str] = []
    unread, error = sweep(team, wanted, observer=calls.append, moved=moved)
    if state.filled_at:
        log_trust.expect(team, moved)
    if error:
        mark_failed(team, error)
    else:
        mark_ok(team)
    if not unread_before:
        TeamState.objects.filter(team=team).update(sweep_calls=len(calls))
    _record_sweep(team, wanted, unread, began_at)
    if not (unread or error or unread_before):
        for resource in registry.resources():
            if resource.after_sweep:
                resource.after_sweep(team)
    return not error


def interval(state: TeamState) -> timedelta:
    """How long until the next sweep: a large team's costs more calls, and all sweeps of an hour may cost 20."""
    if 0 < state.failed_sweeps <= len(RETRIES):
        return RETRIES[state.failed_sweeps - 1]
    return max(INTERVAL, timedelta(hours=1) * state.sweep_calls / CALLS_AN_HOUR)


def sweep(
    team: Team,
    wanted: list[Resource],
    *,
    observer: Callable[[Attempt], None] | None = None,
    moved: list[str] | None = None,
) -> tuple[list[str], CStarError | None]:
    """Read these resources anew; answers the names of those that could not be read, and the first error.

    An error of one resource skips that resource, any other error stops the sweep. An optional one counts as read
    whatever becomes of it. Into `moved` go the objects of which the audit log has to tell, too.
    """
    unread: list[str] = []
    first: CStarError | None = None
    waiting = list(wanted)
    try:
        paid = client(team, Lane.FEED, SWEEP, observer=observer)
        while waiting:
            error = refresh_if_offered(waiting[0], team, paid, moved)
            if error and not waiting[0].optional:
                unread.append(waiting[0].name)
                first = first or error
            waiting.pop(0)
    except CStarError as error:
        first = first or error
    return [*unread, *(resource.name for resource in waiting)], first


def concerns_one(error: CStarError) -> bool:
    """Whether an error is about one resource or object. Any other error would fail the next calls as well."""
    if isinstance(error, UnexpectedStatus):
        return error.status is not None and 400 <= error.status <= 499
    return isinstance(error, _OF_ONE_COPY) or (isinstance(error, ServerError) and error.status in {500, 501})


def refresh_if_offered(
    resource: Resource, team: Team, paid: Client, moved: list[str] | None = None
) -> CStarError | None:
    """Read a resource anew unless cStar is known not to offer it; returns an error that is about this one alone."""
    if resource.optional and not capabilities.offers(team, resource.name):
        return None
    try:
        found = refresh_resource(resource, team, paid)
        if moved is not None and resource.audit_parts:
            moved += found
    except CStarError as error:
        if not concerns_one(error):
            raise
        log.warning("%s of %s could not be read: %s", resource.name, team, error)
        if resource.optional and capabilities.is_absent(error):
            capabilities.learn(team, resource.name, False)
        return error
    return None


def read_one(resource: Resource, team: Team, cstar_id: str, paid: Client) -> None:
    """Read one object anew. An error that is about this one alone is left to the next sweep."""
    if resource.read_one is None:
        return
    try:
        resource.read_one(team, cstar_id, paid)
    except NotFound:
        upsert.forget(resource.name, team, [cstar_id])
    except CStarError as error:
        if not concerns_one(error):
            raise
        log.warning("%s %s of %s could not be read: %s", resource.audit_type, cstar_id, team, error)


def _is_wanted(resource: Resource, team: Team, state: TeamState) -> bool:
    """Whether a sweep reads the resource: after one that could not read everything, only what is missing.

    A small resource, of whose changes the audit log tells, is read again every six hours.
    """
    if state.unread_copies:
        return resource.name in state.unread_copies
    read_at = (state.small_read_at or {}).get(resource.name)
    if not (resource.small and read_at and log_trust.may_be_complete(team)):
        return True
    return timezone.now() - instant(read_at) >= SMALL_INTERVAL


def _record_sweep(team: Team, wanted: list[Resource], unread: list[str], began_at: datetime) -> None:
    """Record what the sweep could and could not read; the first one also sets where the feed begins."""
    state = TeamState.objects.get(team=team)
    read = {one.name: began_at.isoformat() for one in wanted if one.small and one.name not in unread}
    state.small_read_at = (state.small_read_at or {}) | read
    state.unread_copies = unread or None
    state.failed_sweeps = state.failed_sweeps + 1 if unread else 0
    if not unread:
        state.filled_at = state.filled_at or timezone.now()
    if state.feed_cursor is None and len(unread) < len(registry.resources()):
        state.feed_cursor = cstar_time.of(state, began_at)
    state.save(update_fields=["unread_copies", "failed_sweeps", "filled_at", "feed_cursor", "small_read_at"])


def refresh_resource(resource: Resource, team: Team, client: Client) -> list[str]:
    """Read one resource anew, whole; answers the ids of objects that moved."""
    asked_at = timezone.now()
    brought, moved = Brought(resource.read_all(client, team)), list[str]()
    upsert.apply(resource.name, team, brought, as_of=asked_at, moved=moved)
    if not brought.all:
        return moved
    held = resource.held(team)
    older = held.filter(synced_at__lt=asked_at).values_list("cstar_id", flat=True)
    gone = [cstar_id for cstar_id in older.iterator() if cstar_id not in brought.ids]
    if len(gone) > FEW and len(gone) > held.count() / 2:
        # A fault is likelier than half of a team's work deleted, and deleting would forget which messages are notes.
        log.warning("%s of %s: %s rows are missing from cStar's answer and are kept", resource.name, team, len(gone))
        return moved
    upsert.forget(resource.name, team, gone)
    return moved


class Brought:
    """Iterates over rows; afterwards `ids` are theirs, and `all` is whether they were complete."""

    def __init__(self, rows: Iterable[dict[str, Any]]):
        self.rows, self.ids, self.all = rows, set[str](), True

    def __iter__(self) -> Iterator[dict[str, Any]]:
        try:
            for row in self.rows:
                self.ids.add(row["id"])
                yield row
        except PartialError as partial:
            log.warning("%s", partial)
            self.all = False


def all_rows(
    client: Client,
    team: Team,
    resource: str,
    *,
    needs: set[str],
    split_by: dict[str, list[str]],
    filters: dict[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Every row of a resource, or those that `filters` let through, as cheaply as the API allows.

    The export is one call for 10,000 rows. Where its answer is full, the question is split by the values of the
    filters in `split_by`; where it is missing, or its rows lack a field in `needs`, the list is paged through instead.
    """
    filters = filters or {}
    rows = _exported(client, team, resource, needs, filters)
    if rows is None:
        yield from pages(getattr(client, resource), **filters)
    elif len(rows) < MAX_EXPORT_ROWS:
        yield from rows
    else:
        yield from _split_export(client, resource, split_by, filters)


def exports(team: Team, resource: str) -> bool:
    """Whether to ask for an export: unless cStar is known to have none, or one that lacks what lists have."""
    offered = capabilities.offered(team)
    return offered.get(capabilities.EXPORT, True) and offered.get(f"{capabilities.EXPORT}.{resource}", True)


def _exported(
    client: Client, team: Team, resource: str, needs: set[str], filters: dict[str, str]
) -> list[dict[str, Any]] | None:
    """The rows of an export; None where the list has to be read instead, which is remembered."""
    if not exports(team, resource):
        return None
    name = f"{capabilities.EXPORT}.{resource}"
    try:
        export = client.export(resource, filters=filters or NOT_GIVEN)
    except CStarError as error:
        if not (capabilities.is_absent(error) or isinstance(error, BadRequest | InvalidResponse)):
            raise
        capabilities.learn(team, capabilities.EXPORT if capabilities.is_absent(error) else name, False)
        return None
    rows = [row.raw for row in export.resources[resource]]
    if rows:
        useful = needs <= rows[0].keys() and len(rows) >= min(export.total_rows, MAX_EXPORT_ROWS)
    else:
        useful = not getattr(client, resource).list(page_size=1, **filters).items
    if not useful:
        capabilities.learn(team, name, False)
    return rows if useful else None


def pages(resource: Any, **filters: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, 100 a call. `PartialError` after the last one if the list changed meanwhile."""
    number, before, total = 1, None, None
    while True:
        page = resource.list(page=number, page_size=MAX_PAGE_SIZE, **filters)
        ids = [item.raw.get("id") for item in page.items]
        if not ids or ids == before:
            break  # it says that there is more and there is not
        yield from (item.raw for item in page.items)
        if number > 1 and page.total != total:
            # A deleted row moves those after it up: one of them may have been missed between two pages.
            raise PartialError(f"The list changed from {total} to {page.total} rows while it was read")
        if not page.has_more:
            break
        number, before, total = number + 1, ids, page.total


def _split_export(
    client: Client, resource: str, split_by: dict[str, list[str]], filters: dict[str, str]
) -> Iterator[dict[str, Any]]:
    brought = 0
    for values in product(*split_by.values()):
        part = dict(zip(split_by, values, strict=True))
        rows = client.export(resource, filters=filters | part).resources[resource]
        brought += len(rows)
        yield from (row.raw for row in rows)
    # A part may be full itself, and no filter was asked for values that we do not know.
    there = getattr(client, resource).list(page_size=1, **filters).total
    if there is None or there > brought:
        raise PartialError(f"{resource}: {brought} of {there} fetched; the others are found by search")
