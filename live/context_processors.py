"""What the heartbeat begins with: `live` in templates."""

from typing import cast
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest

from core.live import OpenPage
from live import frame
from replica import webhooks
from replica.versioned_cache import team_state
from teams.access import TeamRequest

# Seconds.
SOON, USUALLY = 2, 5
_LOOK_AGAIN = 60
_NOWHERE = OpenPage(key="", about=None)


def live(request: HttpRequest) -> dict:
    """`live.told`: what the page says already when it is drawn; `live.number`: the change number that it is at."""
    return {"live": _Live(cast(TeamRequest, request))}


class _Live:
    """Lazy, so that what shows neither pays nothing."""

    def __init__(self, request: TeamRequest):
        self._request = request

    @property
    def told(self) -> str:
        return urlencode({frame.SOURCE.name: frame.SOURCE.signature(self._request, _NOWHERE)})

    @property
    def every(self) -> int:
        """Seconds between heartbeats: fewer where webhooks bring changes as they happen."""
        team = self._request.team
        arrive = cache.get_or_set(f"webhooks-arrive:{team.pk}", lambda: webhooks.is_proven(team), _LOOK_AGAIN)
        return SOON if arrive else USUALLY

    @property
    def number(self) -> str:
        return str(team_state(self._request.team).change_number)
