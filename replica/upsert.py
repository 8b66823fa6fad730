"""Applies what cStar answered to the working copy.

Apps announce their copies when they load (`announce`); this room knows none of them by name. Every row of the working copy
is written here, whether a refresh brought it or the response to a write of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from cstar import Client
from replica.models import TeamState, WorkingCopy
from replica.payload_fields import instant, storable
from teams.models import Team

Row = dict[str, Any]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Copy:
    """A resource that the desk keeps a copy of.

    `fetch` brings all rows that the copy should hold; rows that it no longer brings are dropped. `after` is called in
    the same transaction as each batch of writes. `told_as` is the audit log's `resourceType` for it, and `fetch_one`
    brings one object up to date (one call), raising `NotFound` once it has forgotten one that is gone; where there is
    no such call the whole copy is read again. An `optional` copy is one that the desk can live without: a cStar that
    does not offer it holds up nothing.

    Where the audit log does not suffice: `parts` are `resourceType`s of what belongs to an object (its messages);
    `differs(held, row)` is whether a row tells of something that people did;
    `look(team, client)` reads lists for what changed, as cheaply as can be, and answers the ids of what did;
    `fill_gaps(team, client, most)` reads with at most so many calls what rows leave out, and answers how many it took.
    """

    name: str
    model: type[WorkingCopy]
    fetch: Callable[[Client, Team], Iterable[Row]]
    order: int
    after: Callable[[Team, list[str]], None] | None = None
    told_as: str = ""
    fetch_one: Callable[[Team, str, Client], object] | None = None
    optional: bool = False
    parts: tuple[str, ...] = ()
    differs: Callable[[Row, Row], bool] = lambda held, row: True
    look: Callable[[Team, Client], list[str]] | None = None
    fill_gaps: Callable[[Team, Client, int], int] | None = None

    def held(self, team: Team) -> QuerySet[WorkingCopy]:
        """The team's rows of it."""
        return self.model._default_manager.filter(team=team)


_copies: dict[str, Copy] = {}
_handlers: dict[str, list[Callable[[Team, list[str]], None]]] = {}
_farewells: dict[str, list[Callable[[Team, list[str]], None]]] = {}


def announce(copy: Copy) -> None:
    """Called by an app when it loads."""
    _copies[copy.name] = copy


def announced() -> list[Copy]:
    """All copies in the order in which they are to be filled."""
    return sorted(_copies.values(), key=lambda copy: copy.order)


def on_change(name: str, handler: Callable[[Team, list[str]], None]) -> None:
    """Call `handler(team, cstar_ids)` in the same transaction whenever rows of the copy `name` were written."""
    _handlers.setdefault(name, []).append(handler)


def before_forgetting(name: str, handler: Callable[[Team, list[str]], None]) -> None:
    """Call `handler(team, cstar_ids)` in the same transaction just before rows of the copy `name` are dropped."""
    _farewells.setdefault(name, []).append(handler)


def apply(
    name: str, team: Team, rows: Iterable[Row], *, as_of: datetime | None = None, moved: list[str] | None = None
) -> list[str]:
    """Merge rows as the API gave them into the copy; answers the ids of those that changed.

    A row may be a part of the object (a list row, the answer to a PATCH): what it does not mention stays. `as_of` is
    when the rows were asked for: a row that we wrote since then is newer and is left alone. Into `moved` go the ids of
    those that are new, or that somebody did something to (`Copy.differs`).
    """
    changed: list[str] = []
    moved = [] if moved is None else moved
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            changed += _apply_batch(_copies[name], team, batch, as_of, moved)
            batch = []
    if batch:
        changed += _apply_batch(_copies[name], team, batch, as_of, moved)
    return changed


def forget(name: str, team: Team, cstar_ids: Iterable[str]) -> None:
    """Drop rows that cStar no longer has."""
    ids = list(cstar_ids)
    if not ids:
        return
    with transaction.atomic():
        for start in range(0, len(ids), BATCH):
            chunk = ids[start : start + BATCH]
            for handler in _farewells.get(name, []):
                handler(team, chunk)
            _copies[name].model._default_manager.filter(team=team, cstar_id__in=chunk).delete()
            _tell(name, team, chunk)
        touch(team)


def touch(team: Team) -> int:
    """Say that something in the team's working copy changed; answers the change number from now on."""
    if not TeamState.objects.filter(team=team).update(change_number=F("change_number") + 1):
        TeamState.objects.get_or_create(team=team, defaults={"change_number": 1})
    return TeamState.objects.values_list("change_number", flat=True).get(team=team)


@transaction.atomic
def mark_changed(team: Team, rows: QuerySet[WorkingCopy], **values: Any) -> None:
    """Say that these rows look different from now on, and set what is kept in them of others (`values`)."""
    if rows.exists():
        number = touch(team)
        rows.update(changed=number, columns_at=number, **values)


def complete(name: str, team: Team) -> int:
    """Compute the columns of rows that the version before wrote; answers how many there were.

    It may still be at work while this version is being installed, and does not know the newer columns.
    """
    number = 0
    while written := _complete_batch(_copies[name], team):
        number += written
    return number


@transaction.atomic
def _apply_batch(copy: Copy, team: Team, rows: list[Row], as_of: datetime | None, moved: list[str]) -> list[str]:
    # One writer a team at a time: of two that merge into the same row one would be lost (SQLite sees to it itself).
    TeamState.objects.select_for_update().get_or_create(team=team)
    payloads = _merge(copy, team, rows, as_of, moved)
    if not payloads:
        return []
    _write(copy, team, payloads, touch(team))
    changed = list(payloads)
    if copy.after:
        copy.after(team, changed)
    _tell(copy.name, team, changed)
    return changed


def _merge(copy: Copy, team: Team, rows: list[Row], as_of: datetime | None, moved: list[str]) -> dict[str, Row]:
    """The whole objects that differ from what is held, by their ids."""
    by_id = {row["id"]: storable(row) for row in rows}
    existing = {held.cstar_id: held for held in copy.model._default_manager.filter(team=team, cstar_id__in=by_id)}
    payloads = {}
    for cstar_id, row in by_id.items():
        held = existing.get(cstar_id)
        whole = {**(held.payload if held else {}), **row}
        if not _is_old(held, row, as_of) and (held is None or held.payload != whole):
            payloads[cstar_id] = whole
            if held is None or copy.differs(held.payload, row):
                moved.append(cstar_id)
    return payloads


def _write(copy: Copy, team: Team, payloads: dict[str, Row], number: int) -> None:
    now = timezone.now()
    columns = copy.model.columns(team, list(payloads.values()))
    copy.model._default_manager.bulk_create(
        [
            copy.model(
                team=team,
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
        unique_fields=["team", "cstar_id"],
        update_fields=["payload", "synced_at", "changed", "columns_at", *copy.model.COLUMNS],
    )


@transaction.atomic
def _complete_batch(copy: Copy, team: Team) -> int:
    incomplete = copy.held(team).exclude(columns_at=F("changed"))
    if not incomplete.exists():
        return 0
    TeamState.objects.select_for_update().get_or_create(team=team)
    rows = list(incomplete[:BATCH])
    for row, values in zip(rows, copy.model.columns(team, [row.payload for row in rows]), strict=True):
        for column, value in values.items():
            setattr(row, column, value)
        row.columns_at = row.changed
    copy.model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],  # type: ignore[misc]  # which each model that is not abstract has
        update_fields=["columns_at", *copy.model.COLUMNS],
    )
    if copy.after:
        copy.after(team, [row.cstar_id for row in rows])
    return len(rows)


def _is_old(held: WorkingCopy | None, row: Row, as_of: datetime | None) -> bool:
    """Whether we hold something newer than the row: it overtook a write of ours on its way here."""
    if held is None:
        return False
    if as_of and held.synced_at > as_of:
        return True
    ours, theirs = held.payload.get("updatedAt"), row.get("updatedAt")
    return bool(ours and theirs and instant(theirs) < instant(ours))


def _tell(name: str, team: Team, cstar_ids: list[str]) -> None:
    for handler in _handlers.get(name, []):
        handler(team, cstar_ids)
