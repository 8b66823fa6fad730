"""Fills the working copy and sweeps it: everything is read anew, what vanished is dropped.

One export brings 10,000 rows, so a sweep of a usual team costs about six calls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from cstar import (
    MAX_EXPORT_ROWS,
    NOT_GIVEN,
    Attempt,
    BadRequest,
    Client,
    CStarError,
    Forbidden,
    InvalidResponse,
    NotFound,
)
from sync import copies
from sync.calls import client
from sync.models import Lane, TeamState
from sync.truth import confirm, doubt
from teams.models import Team

log = logging.getLogger(__name__)

# The feed tells of every change (sync/feed.py); a sweep finds what it missed.
INTERVAL = timedelta(hours=1)
CALLS_AN_HOUR = 20
FEW = 20

# What concerns one resource or object alone; any other error would meet each next call too.
OF_ONE_COPY = (BadRequest, Forbidden, InvalidResponse, NotFound)


_after_sweep: list[Callable[[Team], None]] = []


class PartialError(Exception):
    """Raised by a fetch after its last row: there are more that it could not bring, so nothing may be dropped."""


def after_sweep(handler: Callable[[Team], None]) -> None:
    """Call `handler(team)` when all copies were read anew."""
    _after_sweep.append(handler)


def refresh(team: Team) -> bool:
    """Bring the team's whole working copy up to date; what could not be read anew stays in use as it is."""
    state, _ = TeamState.objects.get_or_create(team=team)
    calls: list[Attempt] = []
    error = _refresh_copies(team, calls)
    if error:
        doubt(team, error)
    else:
        confirm(team)
        for handler in _after_sweep:
            handler(team)
    done = {} if error or state.filled_at else {"filled_at": timezone.now()}
    TeamState.objects.filter(team=team).update(sweep_calls=len(calls), **done)
    return not error


def interval(state: TeamState) -> timedelta:
    """How long until the next sweep: a large team's costs more calls, and all sweeps of an hour may cost 20."""
    return max(INTERVAL, timedelta(hours=1) * state.sweep_calls / CALLS_AN_HOUR)


def _refresh_copies(team: Team, calls: list[Attempt]) -> CStarError | None:
    """The first error. What concerns one copy alone keeps no other waiting; what would meet each next call ends it."""
    first: CStarError | None = None
    try:
        paid = client(team, Lane.FEED, "sweep", observer=calls.append)
        for copy in copies.announced():
            try:
                refresh_copy(copy, team, paid)
            except OF_ONE_COPY as error:
                first = first or error
    except CStarError as error:
        first = first or error
    return first


def refresh_copy(copy: copies.Copy, team: Team, client: Client) -> None:
    """Read one resource anew, whole."""
    asked_at = timezone.now()
    brought = Brought(copy.fetch(client, team))
    copies.apply(copy.name, team, brought, as_of=asked_at)
    if not brought.all:
        return
    held = copy.held(team)
    older = held.filter(synced_at__lt=asked_at).values_list("cstar_id", flat=True)
    gone = [cstar_id for cstar_id in older.iterator() if cstar_id not in brought.ids]
    if len(gone) > FEW and len(gone) > held.count() / 2:
        # More likely a fault than half a team's work deleted; with it would go which messages were notes.
        log.warning("%s of %s: %s rows are missing from cStar's answer and are kept", copy.name, team, len(gone))
        return
    copies.forget(copy.name, team, gone)


class Brought:
    """Rows on their way, with a note of which they were and whether they were all."""

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
    resource: str,
    *,
    needs: set[str],
    split_by: dict[str, list[str]],
    filters: dict[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Every row of a resource, or those that `filters` let through, as cheaply as the API allows.

    The export is one call for 10,000 rows. Where its answer is full, the question is split by the values of the
    filters in `split_by`; where its rows lack a field in `needs`, the list is paged through instead.
    """
    filters = filters or {}
    first = client.export(resource, filters=filters or NOT_GIVEN)
    rows = first.resources[resource]
    if rows and not needs <= rows[0].raw.keys():
        yield from pages(getattr(client, resource), **filters)
    elif len(rows) < MAX_EXPORT_ROWS:
        yield from (row.raw for row in rows)
    else:
        yield from _split_export(client, resource, split_by, filters)


def pages(resource: Any, **filters: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, 100 a call."""
    number, before = 1, None
    while True:
        page = resource.list(page=number, page_size=100, **filters)
        ids = [item.raw.get("id") for item in page.items]
        if not ids or ids == before:
            return  # it says that there is more and there is not
        yield from (item.raw for item in page.items)
        if not page.has_more:
            return
        number, before = number + 1, ids


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
