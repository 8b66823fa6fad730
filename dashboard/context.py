"""What the heartbeat begins with: `live` in templates."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest

from core.live import OpenPage
from dashboard import frame
from sync.derived import team_state
from teams.access import TeamRequest

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
    def number(self) -> str:
        return str(team_state(self._request).change_number)
