"""Caches what is computed from the working copy, until the copy changes."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

from replica import upsert
from replica.models import TeamState
from teams.access import TeamRequest

T = TypeVar("T")

# Some answers depend on the clock too (tickets resolved within a week).
_SECONDS = 300


def team_state(request: TeamRequest) -> TeamState:
    """The state of the request's team, read with the team; read again after the request changed it."""
    if "team_state" not in request.memo:
        if request.memo.get("team_state_moved"):
            state = TeamState.objects.filter(team=request.team).first()
        else:
            state = getattr(request.team, "state", None)
        request.memo["team_state"] = state or TeamState(team=request.team)
    return request.memo["team_state"]


def forget_state(request: TeamRequest) -> None:
    """Compute everything again after the request changed the working copy."""
    request.memo.pop("team_state", None)
    request.memo["team_state_moved"] = True


def complete(request: TeamRequest, name: str) -> None:
    """Fill missing columns that lists are searched and sorted by."""
    remembered(request, f"complete:{name}", lambda: upsert.complete(name, request.team))


def remembered(request: TeamRequest, name: str, compute: Callable[[], T]) -> T:
    """`compute()`, or what it answered before if the team's working copy is still the same."""
    key = f"derived:{request.team.pk}:{team_state(request).change_number}:{name}"
    held: Any = cache.get(key)
    if held is None:
        held = compute()
        cache.set(key, held, _SECONDS)
    return held
