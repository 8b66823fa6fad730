"""Remembers what we hold already, so that the feed fetches only what others changed."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cstar import Attempt
from replica import cstar_time, registry
from replica.audit_log import Change
from replica.models import Known
from replica.payload_fields import storable
from teams.models import Team

# An answer and the audit entry of its change are made within the same request.
TOGETHER = timedelta(seconds=2)
CREATED, UPDATED, MESSAGE = "created", "updated", "message"
_OBJECT = re.compile(r"/([a-z-]+)(?:/([^/]+)(/messages)?)?")
# What people change; other fields follow from these or from the time.
_CHANGED_BY_PEOPLE = {
    *("title", "status", "priority", "tags", "notes", "metadata", "assignedTo", "customerId"),
    *("name", "email", "sentiment", "content", "category", "isPublic"),
}


def remember_answer(team: Team, attempt: Attempt) -> None:
    """Remember from an answer what it was about, and how much of the object we now hold."""
    path = _OBJECT.fullmatch(attempt.path)
    if path is None or attempt.answered_at is None or not 200 <= (attempt.status or 0) <= 299:
        return
    name, cstar_id, is_message = path.groups()
    if name.replace("-", "_") not in registry.names():
        return
    if attempt.method == "GET" and cstar_id and not is_message:
        remember(team, cstar_id, attempt.answered_at, whole=True)
    elif attempt.method == "PATCH" and cstar_id:
        remember(team, cstar_id, attempt.answered_at, whole=False, kind=UPDATED, wrote=attempt.wrote)
    elif attempt.method == "POST":
        # Logs name a message by its ticket, or by an id of its own.
        about = {cstar_id, attempt.object_id} - {None}
        for one in about:
            remember(team, str(one), attempt.answered_at, whole=False, kind=MESSAGE if is_message else CREATED)


def remember(team: Team, cstar_id: str, at: datetime, *, whole: bool, kind: str = "", wrote: Any = None) -> None:
    Known.objects.create(team=team, cstar_id=cstar_id[:64], at=at, whole=whole, kind=kind, wrote=storable(wrote))


def remember_all(team: Team, cstar_ids: list[str], at: datetime) -> None:
    """Remember that one call of ours changed all of these objects."""
    Known.objects.bulk_create(Known(team=team, cstar_id=cstar_id[:64], at=at, whole=False) for cstar_id in cstar_ids)


def is_news(team: Team, cstar_id: str, changes: Sequence[Change]) -> bool:
    """Whether these changes of an object tell of anything that we do not hold.

    Each change of ours accounts for one entry of the log. What was read is known up to that moment; an entry of a whole
    second may be from its end, after the reading.
    """
    held = list(Known.objects.filter(team=team, cstar_id=cstar_id))
    read_at = max((known.at for known in held if known.whole), default=None)
    ours = sorted((known for known in held if not known.whole), key=lambda known: known.at)
    for change in sorted(changes, key=lambda change: change.at):
        if read_at and cstar_time.read_by(change.at) <= read_at:
            continue
        echoes = [known for known in ours if _is_echo(known, change)]
        if not echoes:
            return True
        # Of several that it may be, one of the same kind.
        ours.remove(next((known for known in echoes if known.kind and known.kind in change.action), echoes[0]))
    return False


def messages_since(team: Team, since: datetime, until: datetime) -> list[Known]:
    """The messages that were posted through this desk, by moments of cStar's clock."""
    return list(Known.objects.filter(team=team, kind=MESSAGE, at__gte=since, at__lte=until))


def forget_before(team: Team, moment: datetime) -> None:
    """Delete what is older than the feed's cursor."""
    Known.objects.filter(team=team, at__lt=moment).delete()


def _is_echo(known: Known, change: Change) -> bool:
    """Whether the log tells of this change of ours: at that time, of that kind, and of the values that we wrote."""
    if abs(known.at - change.at) > TOGETHER:
        return False
    if known.kind and CREATED in change.action and known.kind != CREATED:
        return False
    if known.kind in {CREATED, UPDATED} and MESSAGE in change.action:
        return False
    if known.wrote is None or change.wrote is None:
        return True
    changed = {name: value for name, value in change.wrote.items() if name in _CHANGED_BY_PEOPLE}
    return all(name in known.wrote and _same(known.wrote[name], value) for name, value in changed.items())


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict | list):
        return isinstance(theirs, type(ours))  # merged or cleaned by cStar
    return (ours or None) == (theirs or None)
