"""What an import created: told from what others made, and found again, for /import tells only numbers.

An object counts as created by a run only where that is proven. The run's mark in its metadata proves it, since records
that carry the mark are sent with the strategy "skip", which leaves alone what is there. Where a cStar shows no
metadata (and articles have none), the object must have been made while the run's own call was under way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from cstar import MAX_PAGE_SIZE
from outbox import reconciliation
from replica import cstar_time
from replica.models import TeamState
from replica.payload_fields import instant
from transfers import field_changes
from transfers.field_changes import Fields
from transfers.models import Run, RunBatch, RunRow
from transfers.remote_objects import SEARCHES, Payload, RemoteReader
from transfers.resources import transfer_of

# In the metadata of what an import created.
MARK = "importRun"
MAX_KEY = 254  # characters of what a record is known by
# cStar may write whole seconds, and cut what is less than a millisecond.
SECOND = timedelta(seconds=1)
CLOCK_TICK = timedelta(milliseconds=5)
# By how much clocks may differ, where only ours is known.
CLOCKS = timedelta(minutes=15)

_NOT_COMPARED = {"id", "messages", "customerName", "customerEmail", "createdAt"}


def mark(run: Run) -> str:
    return run.pk.hex[:12]


def is_proven(row: RunRow) -> bool:
    """Whether a row that is said to have created something did so for certain.

    A batch of the version before could mix new and known objects under the strategy "update": an object that somebody
    else had just made then counted as created, and got the mark.
    """
    batch = row.batch
    return batch is not None and (batch.data.get("strategy") == "skip" or "plan" in batch.data)


# --- as it was created ---------------------------------------------------------------------------------------------


def created_state(row: RunRow) -> Fields:
    """How the object looked when it had just been created."""
    left_out = _NOT_COMPARED.union(_left_out(row))
    record = {name: value for name, value in row.after.items() if name not in left_out}
    transfer = transfer_of(row.resource)
    state = {**transfer.defaults, **record}
    if transfer.messages:
        # Messages that were sent after the ticket are counted as they arrived.
        state["messageCount"] = row.before.get("messageCount", len(row.after.get("messages", [])))
    return state


def _left_out(row: RunRow) -> list[str]:
    """The fields of its record that this cStar refuses, so that they were not sent."""
    return row.batch.data.get("left_out", []) if row.batch else []


def changed_since(state: Fields, now: Payload) -> list[str]:
    """The fields (`field_changes.flat`) that no longer look as they were created; a new metadata key is one too."""
    wanted, current = field_changes.flat(state), field_changes.flat({name: now.get(name) for name in state})
    names = {**wanted, **current}
    return [name for name in names if _plain(name, wanted.get(name)) != _plain(name, current.get(name))]


def looks_as_sent(row: RunRow, payload: Payload) -> bool:
    """Whether an object has what its record said, as far as the object tells; messages may come after it."""
    state = {name: value for name, value in created_state(row).items() if name in payload and name != "messageCount"}
    return not changed_since(state, payload)


def _plain(name: str, value: Any) -> Any:
    """cStar takes the white space around a text away, writes addresses as it likes, and keeps tags in any order."""
    match value:
        case str():
            text = value.strip().replace("\r\n", "\n")
            return (text.casefold() if name == "email" else text) or None
        case list():
            return sorted(str(tag).strip() for tag in value) or None
    return value


# --- whose it is ---------------------------------------------------------------------------------------------------


class Sent(NamedTuple):
    """A record that was sent to be created, and when cStar took it, by its clock."""

    row: RunRow
    mark: str
    began_at: datetime
    answered_at: datetime

    def made(self, payload: Payload) -> bool:
        """Whether this record made the object, which has the record's key."""
        if shows_mark(payload):
            return payload["metadata"].get(MARK) == self.mark
        return self.was_made_then(payload)

    def was_made_then(self, payload: Payload) -> bool:
        """Whether the object was made within the call, or at the moment that the record itself names."""
        if not payload.get("createdAt"):
            return False
        moment = instant(payload["createdAt"])
        given = "" if "createdAt" in _left_out(self.row) else self.row.after.get("createdAt")
        if given:
            return abs(moment - instant(given)) < SECOND
        # Whole seconds count until their end.
        whole = SECOND if not moment.microsecond else CLOCK_TICK
        return self.began_at - whole <= moment <= self.answered_at + CLOCK_TICK


def shows_mark(payload: Payload) -> bool:
    """Whether it can be seen in the object which import created it, if any did."""
    return isinstance(payload.get("metadata"), dict)


def sent_by(run: Run, row: RunRow) -> Sent:
    return Sent(row, mark(run), *window(run, row.batch))


def window(run: Run, batch: RunBatch | None) -> tuple[datetime, datetime]:
    """When cStar did the batch; wide where only our own clock is known."""
    began = batch and batch.began_at
    answered = batch and batch.answered_at
    first = (batch and batch.first_sent_at) or run.started_at or run.created_at
    if (began and answered) or run.ended_at:
        return began or first - CLOCKS, answered or (run.ended_at or timezone.now()) + CLOCKS
    state = TeamState.objects.filter(team=run.team, clock_ahead__isnull=False).first()
    if state is None:
        return began or first - CLOCKS, answered or timezone.now() + CLOCKS
    return (
        began or cstar_time.of(state, first) - reconciliation.CLOCKS,
        answered or cstar_time.now(state) + reconciliation.CLOCKS,
    )


# --- found again ---------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """The object that has a record's key, and whether the record made it."""

    row: RunRow
    payload: Payload
    ours: bool


def find(
    reader: RemoteReader, resource: str, sent: Iterable[Sent], *, thorough: bool, certain: bool = False
) -> Iterator[Found]:
    """The objects with the records' keys, as far as they are found; `reader.complete` tells whether that is all.

    Exports are read first. Only a `thorough` search also looks for what they cannot bring: one by one, or, if there
    are many, in the list. A `certain` one reads the list for tickets that a search does not find, too.
    """
    search, transfer = _Search(reader, resource, sent), transfer_of(resource)
    # Without these a row says nothing about which record it may come from.
    yield from search.among(reader.exported(resource, needs={transfer.title_field, "createdAt"}))
    if reader.complete:
        yield from search.by_title(list(search.titles))
    elif thorough:
        few = len(search.left) <= SEARCHES
        if few:
            yield from search.one_by_one()
        # An address or a title that a search does not find is not there; a ticket may be one of several of its title.
        reader.complete = few and not transfer.external_ids
        if search.left and (not few or (certain and transfer.external_ids)):
            yield from search.among(reader.listed(resource))
            yield from search.by_title(list(search.titles))
    yield from search.made_by_others()
    if search.ambiguous:
        reader.complete = False


class _Search:
    """Records by what their objects are known by. `left` are those that were not found yet."""

    def __init__(self, reader: RemoteReader, resource: str, sent: Iterable[Sent]) -> None:
        self.reader, self.resource, self.transfer = reader, resource, transfer_of(resource)
        self.left = {each.row.key: each for each in sent}
        self.titles: dict[str, list[Sent]] = defaultdict(list)
        if self.transfer.external_ids:
            for each in self.left.values():
                self.titles[self.transfer.title(each.row.after)].append(each)
        self.candidates: dict[str, dict[str, Payload]] = defaultdict(dict)
        self.others: dict[str, Payload] = {}
        self.ambiguous = self.sampled = False

    def among(self, rows: Iterable[Payload]) -> Iterator[Found]:
        """Those that are among these rows; a row that does not tell enough is read by itself."""
        for row in rows:
            if not self.left:
                return
            if self._may_be_named(row):
                yield from self._taken(self._whole(row))

    def _whole(self, row: Payload) -> Payload:
        """The object of a row that lacks fields. Where single objects show no metadata either, one is read, not all."""
        if "updatedAt" in row or (self.sampled and not self.reader.shows_metadata):
            return row
        self.sampled = True
        return self.reader.one(self.resource, row["id"]) or row

    def by_title(self, titles: Iterable[str]) -> Iterator[Found]:
        """Tickets whose metadata is not shown, by their titles and times.

        Of several records with a title each gets the ticket that looks like it. Where there are more tickets than
        records and looks do not tell whose they are, none is taken.
        """
        for title in titles:
            found = list(self.candidates.pop(title, {}).values())
            wanted = [each for each in self.titles[title] if each.row.key in self.left]
            if len(found) > len(wanted) > 0:
                found = [payload for payload in found if any(looks_as_sent(each.row, payload) for each in wanted)]
            if len(found) > len(wanted):
                self.ambiguous = self.ambiguous or bool(wanted)
                continue
            for payload in found:
                own = next((each for each in wanted if looks_as_sent(each.row, payload)), wanted[0])
                wanted.remove(own)
                yield self._found(own, payload, ours=True)

    def one_by_one(self) -> Iterator[Found]:
        for each in list(self.left.values())[:SEARCHES]:
            title = self.transfer.title(each.row.after)
            rows = list(self.reader.searched(self.resource, title))
            yield from self.among(rows)
            if len(rows) < MAX_PAGE_SIZE:
                yield from self.by_title([title])

    def made_by_others(self) -> Iterator[Found]:
        """Articles of the same title, where none of them is ours: titles need not be unique."""
        for key in self.left.keys() & self.others.keys():
            yield self._found(self.left[key], self.others[key], ours=False)

    def _may_be_named(self, row: Payload) -> bool:
        key = key_of(self.resource, row)
        if key is not None:
            return key in self.left
        return any(each.was_made_then(row) for each in self.titles.get(self.transfer.title(row), ()))

    def _taken(self, payload: Payload) -> Iterator[Found]:
        key = key_of(self.resource, payload)
        if key is None:
            self.candidates[self.transfer.title(payload)][payload["id"]] = payload
        elif each := self.left.get(key):
            ours = each.made(payload)
            if ours or self.transfer.unique:
                yield self._found(each, payload, ours=ours)
            else:
                self.others[key] = payload

    def _found(self, each: Sent, payload: Payload, *, ours: bool) -> Found:
        self.left.pop(each.row.key, None)
        return Found(each.row, payload, ours)


def key_of(resource: str, payload: Payload) -> str | None:
    """What a record of the object would be known by, as rows keep it; None where the payload does not say."""
    key = transfer_of(resource).key(payload)
    return None if key is None else key[:MAX_KEY]
