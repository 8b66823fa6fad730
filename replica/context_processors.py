"""What every page says about the age of its data: `freshness` in templates."""

from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_noop

from replica import notices
from replica.models import TeamState
from replica.versioned_cache import team_state
from teams.access import TeamRequest

# Pages say how old their data is once it is older than this.
SILENT = timedelta(minutes=1)


NOT_ALL_READ = gettext_noop("Not everything could be read from cStar.")


class Freshness:
    """`since`: when the data was last known to be true, if that is worth saying; `problem`: why it is not newer.

    `next_try`: when everything is read anew after a sweep that could not, if that is not about to happen.
    """

    def __init__(self, state: TeamState | None):
        age = timezone.now() - state.refreshed_at if state and state.refreshed_at else None
        self.since = state.refreshed_at if state and age and age > SILENT else None
        self.tries_again = bool(state and state.failed_sweeps)
        self.problem = state.problem or (NOT_ALL_READ if self.tries_again else "") if state else ""
        due = state.next_refresh_at if state and self.tries_again else None
        self.next_try = due if due and due > timezone.now() + SILENT else None


def freshness(request: HttpRequest) -> dict:
    """Lazy, so that a fragment without a frame pays nothing."""
    asked = cast(TeamRequest, request)
    has_team = hasattr(asked, "team")
    return {
        "freshness": SimpleLazyObject(lambda: Freshness(team_state(asked.team) if has_team else None)),
        "notices": SimpleLazyObject(lambda: notices.unread(asked) if has_team else []),
    }
