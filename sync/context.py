"""What every page says about the age of its data: `freshness` in templates."""

from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sync.derived import team_state
from sync.models import TeamState
from teams.access import TeamRequest

# Younger data needs no word (DESIGN.md 4).
SILENT = timedelta(minutes=1)


class Freshness:
    """`since`: when the data was last known to be true, if that is worth saying; `problem`: why it is not newer."""

    def __init__(self, state: TeamState | None):
        age = timezone.now() - state.refreshed_at if state and state.refreshed_at else None
        self.since = state.refreshed_at if state and age and age > SILENT else None
        self.problem = state.problem if state else ""


def freshness(request: HttpRequest) -> dict:
    """Lazy, so that a fragment without a frame pays nothing."""
    asked = cast(TeamRequest, request)
    return {"freshness": SimpleLazyObject(lambda: Freshness(team_state(asked) if hasattr(asked, "team") else None))}
