"""Writes and reads the audit trail."""

from typing import Any

from django.db.models import QuerySet

from activity.models import Activity
from teams.access import TeamRequest
from teams.models import Team


def record(
    request: TeamRequest,
    action: str,
    target: tuple[str, str, str],
    *,
    changes: dict[str, tuple[Any, Any]] | None = None,
    request_id: str | None = None,
) -> Activity:
    """Note what the request's person did, once for each of cStar's answers.

    `target` is (type, cStar id, label); `changes` maps a field to (before, after). A second try is answered with the
    first one's request id (core.md A7), and is no second deed.
    """
    if request_id:
        known = Activity.objects.filter(team=request.team, target_id=target[1], action=action, request_id=request_id)
        if held := known.first():
            return held
    target_type, target_id, label = target
    return Activity.objects.create(
        team=request.team,
        user=request.user,
        person=request.user.display_name,
        action=action,
        target_type=target_type,
        target_id=target_id,
        target_label=label[:200],
        changes={field: list(values) for field, values in (changes or {}).items()},
        request_id=request_id or "",
    )


def history(team: Team, target_id: str, *, limit: int = 30) -> QuerySet[Activity]:
    """The latest records of one object, newest first."""
    return Activity.objects.filter(team=team, target_id=target_id)[:limit]
