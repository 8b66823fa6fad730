"""Whether cStar's audit log tells of everything that happens, which no document promises.

It is believed once it names a ticket for a message that was written there. It is not believed any more, for a day, once
it names messages by their own ids, tells nothing of one that we posted, or of a change that a look at the lists found.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from replica import capabilities, cstar_time, echo, registry
from replica.audit_log import Change, Told
from replica.models import TeamState
from replica.resource import Resource
from teams.models import Team

# An entry may be written a little after the answer.
_LATE = timedelta(seconds=15)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def may_be_complete(team: Team) -> bool:
    """Whether nothing is known to be missing from the log."""
    offered = capabilities.offered(team)
    return offered.get(capabilities.AUDIT_LOG, True) and offered.get(capabilities.COMPLETE, True)


def is_complete(team: Team) -> bool:
    """Whether the log has proved to be complete."""
    offered = capabilities.offered(team)
    return offered.get(capabilities.AUDIT_LOG, True) and offered.get(capabilities.COMPLETE, False)


def changes_of(team: Team, resource: Resource, news: list[Change]) -> tuple[list[Change], bool]:
    """Return the changes of a resource, and whether some of its parts changed without naming their object.

    A part that is told under an id of its own, such as a message, is a change of the object whose id is in the
    details. Without one, only our own are known.
    """
    told = [change for change in news if change.audit_type == resource.audit_type]
    nameless = False
    for change in news:
        if change.audit_type in resource.audit_parts:
            owner = _owner(change, resource.audit_type)
            if owner:
                told.append(change._replace(cstar_id=owner))
            elif echo.is_news(team, change.cstar_id, [change]):
                nameless = True
    return told, nameless


def expect(team: Team, cstar_ids: list[str]) -> None:
    """Something other than the log brought changes of these objects; the log has to tell of them by the next poll."""
    if cstar_ids:
        state = TeamState.objects.get(team=team)
        state.untold = [*(state.untold or ()), *cstar_ids]
        state.save(update_fields=["untold"])


def learn(team: Team, state: TeamState, told: Told, news: list[Change]) -> None:
    """Learn whether the log is complete, from what it told and what it left out."""
    for resource in registry.resources():
        if not resource.audit_parts:
            continue
        parts = [change for change in news if change.audit_type in resource.audit_parts]
        by_own_id = not all(_owner(change, resource.audit_type) for change in parts)
        if by_own_id or (told.complete and _left_out(team, state, resource, told)):
            capabilities.learn(team, capabilities.COMPLETE, False)
        elif capabilities.is_offered(team, capabilities.COMPLETE) is not False and _tells_of_parts(
            team, resource, news
        ):
            capabilities.learn(team, capabilities.COMPLETE, True)
    if told.complete and state.untold is not None:
        state.untold = None
        state.save(update_fields=["untold"])


def _left_out(team: Team, state: TeamState, resource: Resource, told: Told) -> bool:
    """Whether something that happened is missing from the log."""
    named = {change.cstar_id for change in told.changes}
    if not {*(state.untold or ())} <= named:
        return True
    since, until = state.feed_cursor, cstar_time.now(state) - _LATE
    if since is None:
        return False
    posted = {one.cstar_id for one in echo.messages_since(team, since, until)}
    ours = resource.held(team).filter(cstar_id__in=posted).values_list("cstar_id", flat=True)
    return any(cstar_id not in named for cstar_id in ours)


def _tells_of_parts(team: Team, resource: Resource, news: list[Change]) -> bool:
    """Whether an object is named for something that happened to a part of it, by others or by ourselves."""
    told = [change for change in news if change.audit_type == resource.audit_type]
    if not told or any(part in change.action for change in told for part in resource.audit_parts):
        return bool(told)
    since, until = (moment(change.at for change in told) for moment in (min, max))
    posted = {one.cstar_id: one.at for one in echo.messages_since(team, since - echo.TOGETHER, until + echo.TOGETHER)}
    return any(abs(posted.get(change.cstar_id, _LONG_AGO) - change.at) <= echo.TOGETHER for change in told)


def _owner(change: Change, audit_type: str) -> str:
    """The id of the object that a part belongs to, from the entry's details."""
    names = (f"{audit_type}Id", f"{audit_type}_id")
    return next((value for name in names if isinstance(value := change.details.get(name), str)), "")
