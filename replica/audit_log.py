"""Reads cStar's audit log: what anybody changed since a moment of cStar's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cstar import MAX_PAGE_SIZE, AuditEntry, Client

MOST_PAGES = 10


class Change(NamedTuple):
    """An entry of the log, as far as it can be followed.

    `audit_type` is its `resourceType`; `wrote` holds the new values where the entry tells them.
    """

    id: str
    action: str
    audit_type: str
    cstar_id: str
    at: datetime
    details: dict[str, Any]

    @property
    def deleted(self) -> bool:
        return self.action.endswith(".deleted")

    @property
    def wrote(self) -> dict[str, Any] | None:
        """The fields that changed, with their new values; None where the entry does not say."""
        changes = self.details.get("changes")
        if not isinstance(changes, dict):
            return None
        return {name: value.get("to") for name, value in changes.items() if isinstance(value, dict)}


class Told(NamedTuple):
    """What the log tells, each entry once, and whether that was all."""

    changes: list[Change]
    complete: bool


def read_entries(paid: Client, since: datetime, *, most_pages: int = MOST_PAGES, seen: set[str] | None = None) -> Told:
    """Read the entries since a moment, or give up where they are more than `most_pages` hold.

    `seen` are entries behind which, in a log that has the newest first, nothing is left to be read.
    """
    found: dict[str, Change] = {}
    for number in range(1, most_pages + 1):
        page = paid.audit_log.list(start_date=since, page=number, page_size=MAX_PAGE_SIZE)
        changes = [change for entry in page.items if (change := _change(entry))]
        found |= {change.id: change for change in changes if change.at >= since}
        if not page.has_more or _is_last(changes, since, seen or set()):
            return Told(list(found.values()), True)
        if page.total is not None and page.total > most_pages * MAX_PAGE_SIZE:
            break
    return Told(list(found.values()), False)


def whole_second(moment: datetime) -> datetime:
    """Cut a moment to its second; some servers accept and print no finer times."""
    return moment - timedelta(microseconds=moment.microsecond)


def _is_last(changes: list[Change], since: datetime, seen: set[str]) -> bool:
    """Whether the newest come first and the page reaches back to entries that were read already."""
    times = [change.at for change in changes]
    if not changes or times != sorted(times, reverse=True):
        return False
    return times[-1] < since or changes[-1].id in seen


def _change(entry: AuditEntry) -> Change | None:
    """Return the change; None if the entry does not say what changed or when: the sweep finds it then."""
    if not (isinstance(entry.created_at, datetime) and entry.resource_type and entry.resource_id):
        return None
    details = entry.details if isinstance(entry.details, dict) else {}
    return Change(
        entry.id, str(entry.action), str(entry.resource_type), str(entry.resource_id), entry.created_at, details
    )
