"""Caches what is computed from the working copy, until the copy changes."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

from replica import upsert
from replica.models import TeamState
from teams.models import Team

T = TypeVar("T")

# Some answers depend on the clock too (tickets resolved within a week).
_SECONDS = 300


def team_state(team: Team) -> TeamState:
    """The team's state as it was read with the team, or read anew after `forget_state`."""
    return getattr(team, "state", None) or TeamState(team=team)


def forget_state(team: Team) -> None:
    """Compute everything again after the request changed the working copy."""
    team._state.fields_cache.pop("state", None)


def complete(team: Team, name: str) -> None:
    """Fill missing columns that lists are searched and sorted by."""
    remembered(team, f"complete:{name}", lambda: upsert.complete(name, team))


def remembered(team: Team, name: str, compute: Callable[[], T]) -> T:
    """`compute()`, or what it answered before if the team's working copy is still the same."""
    key = f"derived:{team.pk}:{team_state(team).change_number}:{name}"
    held: Any = cache.get(key)
    if held is None:
        held = compute()
        cache.set(key, held, _SECONDS)
    return held
