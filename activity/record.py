"""Writes and reads the audit trail."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from activity.models import Activity
from core.folding import fold
from teams.access import TeamRequest
from teams.models import Team, User

Changes = dict[str, tuple[Any, Any]]
Author = tuple[Team | None, User | None, str]


def record(
    request: TeamRequest,
    action: str,
    target: tuple[str, str, str],
    *,
    changes: Changes | None = None,
    request_id: str | None = None,
) -> Activity:
    """Note what the request's person did; see `record_for`."""
    author = (request.team, request.user, request.user.display_name)
    return record_for(author, action, target, changes=changes, request_id=request_id)


def record_for(
    author: Author,
    action: str,
    target: tuple[str, str, str],
    *,
    changes: Changes | None = None,
    request_id: str | None = None,
) -> Activity:
    """Record what somebody did, once for each of cStar's answers. The account may be gone by now.

    `author` is (team, account if there still is one, name), `target` (type, cStar id, label); `changes` maps a field
    to (before, after). A second try is answered with the first one's request id and is no second deed
    (docs/cstar-api.md#idempotency).
    """
    team, user, person = author
    if request_id:
        known = Activity.objects.filter(team=team, target_id=target[1], action=action, request_id=request_id)
        if held := known.first():
            return held
    target_type, target_id, label = target
    username = user.username if user else ""
    return Activity.objects.create(
        team=team,
        user=user,
        person=person,
        username=username,
        action=action,
        target_type=target_type,
        target_id=target_id,
        target_label=label[:200],
        folded=fold(f"{person} {username} {label[:200]}"),
        changes={field: list(values) for field, values in (changes or {}).items()},
        request_id=request_id or "",
    )


def drop_old_records(now: datetime) -> None:
    """Delete records that are older than `ACTIVITY_DAYS`."""
    Activity.objects.filter(created_at__lt=now - timedelta(days=settings.ACTIVITY_DAYS)).delete()


def history(team: Team, target_id: str, *, limit: int = 30) -> QuerySet[Activity]:
    """The latest records of one object, newest first."""
    return Activity.objects.filter(team=team, target_id=target_id)[:limit]


def role_changed(sender, *, user: User, team: Team | None, before: str, after: str, **kwargs) -> None:
    """A rule gave or took a role at a sign-in: noted as the person's own deed, since nobody else was there."""
    changes = {"role": (before, after)}
    record_for((team, user, user.display_name), "member.ruled", person(user), changes=changes)


def renamed(sender, *, user: User, before: str, after: str, **kwargs) -> None:
    """Somebody chose another name: noted in each of their teams, under the name that was known there."""
    for membership in user.memberships.select_related("team"):
        record_for((membership.team, user, before), "account.renamed", person(user), changes={"name": (before, after)})


def person(user: User) -> tuple[str, str, str]:
    """An account as the target of a deed."""
    return "member", str(user.pk), user.display_name
