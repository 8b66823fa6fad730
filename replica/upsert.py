"""Applies what cStar answered to the working copy.

Every row of the working copy is written here, whether a refresh brought it or the response to a write of our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from replica import registry
from replica.models import TeamState, WorkingCopy
from replica.payload_fields import instant, storable
from replica.resource import Resource, Row
from teams.models import Team

BATCH = 500


def apply(
    name: str, team: Team, rows: Iterable[Row], *, as_of: datetime | None = None, moved: list[str] | None = None
) -> list[str]:
    """Merge rows of the API into the working copy; return the ids of those that changed.

    A row may be a part of the object (a list row, the answer to a PATCH): what it does not mention stays. `as_of` is
    when the rows were asked for: a row that we wrote since then is newer and is left alone. Into `moved` go the ids of
    those that are new, or that somebody did something to (`Resource.differs`).
    """
    changed: list[str] = []
    moved = [] if moved is None else moved
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            changed += _apply_batch(registry.get(name), team, batch, as_of, moved)
            batch = []
    if batch:
        changed += _apply_batch(registry.get(name), team, batch, as_of, moved)
    return changed


def forget(name: str, team: Team, cstar_ids: Iterable[str]) -> None:
    """Drop rows that cStar no longer has."""
    ids = list(cstar_ids)
    if not ids:
        return
    resource = registry.get(name)
    with transaction.atomic():
        for start in range(0, len(ids), BATCH):
            chunk = ids[start : start + BATCH]
            if resource.before_forgetting:
                resource.before_forgetting(team, chunk)
            resource.held(team).filter(cstar_id__in=chunk).delete()
            _tell(name, team, chunk)
        touch(team)


def touch(team: Team) -> int:
    """Increment and return the change number of the team's working copy."""
    if not TeamState.objects.filter(team=team).update(change_number=F("change_number") + 1):
        TeamState.objects.get_or_create(team=team, defaults={"change_number": 1})
    return TeamState.objects.values_list("change_number", flat=True).get(team=team)


@transaction.atomic
def mark_changed(team: Team, rows: QuerySet[WorkingCopy], **values: Any) -> None:
    """Mark these rows as changed, and set columns (`values`) that they copy from other objects."""
    if rows.exists():
        number = touch(team)
        rows.update(changed=number, columns_at=number, **values)


def complete(name: str, team: Team) -> int:
    """Compute the columns of rows that the version before wrote; answers how many there were.

    It may still be at work while this version is being installed, and does not know the newer columns.
    """
    number = 0
    while written := _complete_batch(registry.get(name), team):
        number += written
    return number


@transaction.atomic
def _apply_batch(
    resource: Resource, team: Team, rows: list[Row], as_of: datetime | None, moved: list[str]
) -> list[str]:
    # One writer a team at a time: of two that merge into the same row one would be lost (SQLite sees to it itself).
    TeamState.objects.select_for_update().get_or_create(team=team)
    payloads = _merge(resource, team, rows, as_of, moved)
    if not payloads:
        return []
    _upsert_rows(resource, team, payloads, touch(team))
    changed = list(payloads)
    if resource.after_write:
        resource.after_write(team, changed)
    _tell(resource.name, team, changed)
    return changed


def _merge(resource: Resource, team: Team, rows: list[Row], as_of: datetime | None, moved: list[str]) -> dict[str, Row]:
    """The whole objects that differ from what is held, by their ids."""
    by_id = {row["id"]: storable(row) for row in rows}
    existing = {held.cstar_id: held for held in resource.held(team).filter(cstar_id__in=by_id)}
    payloads = {}
    for cstar_id, row in by_id.items():
        held = existing.get(cstar_id)
        whole = {**(held.payload if held else {}), **row}
        if not _is_old(held, row, as_of) and (held is None or held.payload != whole):
            payloads[cstar_id] = whole
            if held is None or resource.differs(held.payload, row):
                moved.append(cstar_id)
    return payloads


def _upsert_rows(resource: Resource, team: Team, payloads: dict[str, Row], number: int) -> None:
    now = timezone.now()
    columns = resource.columns(team, list(payloads.values()))
    resource.model._default_manager.bulk_create(
        [
            resource.model(
                team=team,
                **resource.kind,
                cstar_id=cstar_id,
                payload=payload,
                synced_at=now,
                changed=number,
                columns_at=number,
                **values,
            )
            for (cstar_id, payload), values in zip(payloads.items(), columns, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["team", *resource.kind, "cstar_id"],
        update_fields=["payload", "synced_at", "changed", "columns_at", *resource.model.COLUMNS],
    )


@transaction.atomic
def _complete_batch(resource: Resource, team: Team) -> int:
    incomplete = resource.held(team).exclude(columns_at=F("changed"))
    if not incomplete.exists():
        return 0
    TeamState.objects.select_for_update().get_or_create(team=team)
    rows = list(incomplete[:BATCH])
    for row, values in zip(rows, resource.columns(team, [row.payload for row in rows]), strict=True):
        for column, value in values.items():
            setattr(row, column, value)
        row.columns_at = row.changed
    resource.model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],  # type: ignore[misc]  # which each model that is not abstract has
        update_fields=["columns_at", *resource.model.COLUMNS],
    )
    if resource.after_write:
        resource.after_write(team, [row.cstar_id for row in rows])
    return len(rows)


def _is_old(held: WorkingCopy | None, row: Row, as_of: datetime | None) -> bool:
    """Whether the working copy has a newer version, because a write of ours overtook the row."""
    if held is None:
        return False
    if as_of and held.synced_at > as_of:
        return True
    ours, theirs = held.payload.get("updatedAt"), row.get("updatedAt")
    return bool(ours and theirs and instant(theirs) < instant(ours))


def _tell(name: str, team: Team, cstar_ids: list[str]) -> None:
    for follower in registry.followers(name):
        follower(team, cstar_ids)
