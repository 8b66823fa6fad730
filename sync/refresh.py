"""Fills the working copy and sweeps it: everything is read anew, what vanished is dropped.

One export brings 10,000 rows, so a sweep of a usual team costs about five calls.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from core.errors import sentence
from cstar import MAX_EXPORT_ROWS, BadRequest, Client, CStarError, Forbidden, InvalidResponse, NotFound
from sync import copies
from sync.models import TeamState
from teams.clients import client_for
from teams.models import Team

log = logging.getLogger(__name__)

INTERVAL = timedelta(minutes=2)

_OF_ONE_COPY = (BadRequest, Forbidden, InvalidResponse, NotFound)


def refresh(team: Team) -> bool:
    """Bring the team's whole working copy up to date; what could not be read anew stays in use as it is."""
    state, _ = TeamState.objects.get_or_create(team=team)
    if error := _refresh_copies(team):
        log.warning("The working copy of %s could not be refreshed: %s", team, error)
        TeamState.objects.filter(team=team).update(
            problem=sentence(error)[:300], problem_since=state.problem_since or timezone.now()
        )
        return False
    now = timezone.now()
    TeamState.objects.filter(team=team).update(
        filled_at=state.filled_at or now, refreshed_at=now, problem="", problem_since=None
    )
    return True


def _refresh_copies(team: Team) -> CStarError | None:
    """The first error. What concerns one copy alone keeps no other waiting; what would meet each next call ends it."""
    first: CStarError | None = None
    try:
        client = client_for(team)
        for copy in copies.announced():
            try:
                _refresh_copy(copy, team, client)
            except _OF_ONE_COPY as error:
                first = first or error
    except CStarError as error:
        first = first or error
    return first


def _refresh_copy(copy: copies.Copy, team: Team, client: Client) -> None:
    asked_at = timezone.now()
    seen: set[str] = set()
    copies.apply(copy.name, team, _noting(copy.fetch(client, team), seen), as_of=asked_at)
    held = copy.model._default_manager.filter(team=team, synced_at__lt=asked_at)
    copies.forget(copy.name, team, [i for i in held.values_list("cstar_id", flat=True).iterator() if i not in seen])


def _noting(rows: Iterable[dict[str, Any]], seen: set[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        seen.add(row["id"])
        yield row


def all_rows(
    client: Client, resource: str, *, needs: set[str], split_by: dict[str, list[str]]
) -> Iterator[dict[str, Any]]:
    """Every row of a resource as cheaply as the API allows.

    The export is one call for 10,000 rows. Where its answer is full, the question is split by the values of the
    filters in `split_by`; where its rows lack a field in `needs`, the list is paged through instead.
    """
    first = client.export(resource)
    rows = first.resources[resource]
    if rows and not needs <= rows[0].raw.keys():
        yield from pages(getattr(client, resource))
    elif len(rows) < MAX_EXPORT_ROWS:
        yield from (row.raw for row in rows)
    else:
        yield from _split_export(client, resource, split_by)


def pages(resource: Any) -> Iterator[dict[str, Any]]:
    """Every row of a list, 100 a call."""
    number, before = 1, None
    while True:
        page = resource.list(page=number, page_size=100)
        ids = [item.raw.get("id") for item in page.items]
        if not ids or ids == before:
            return  # it says that there is more and there is not
        yield from (item.raw for item in page.items)
        if not page.has_more:
            return
        number, before = number + 1, ids


def _split_export(client: Client, resource: str, split_by: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    for values in product(*split_by.values()):
        filters = dict(zip(split_by, values, strict=True))
        rows = client.export(resource, filters=filters).resources[resource]
        yield from (row.raw for row in rows)
        if len(rows) == MAX_EXPORT_ROWS:
            log.warning("%s: %s rows or more for %s; others are found by search", resource, MAX_EXPORT_ROWS, filters)
