"""The way from a team to the cStar API."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from cstar import Attempt, Client, Unauthorized
from cstar.http import BaseTransport
from teams.models import Team

# In process there is no address; the path is what the sandbox's URL configuration resolves.
_IN_PROCESS = "http://sandbox.invalid/api/v1"


def client_for(
    team: Team,
    *,
    gate: Callable[[], None] | None = None,
    observer: Callable[[Attempt], None] | None = None,
    repeat_posts: bool = True,
) -> Client:
    """A client that acts for the team. Cheap: connections are pooled by the transport, one a process.

    `gate` is asked before and `observer` hears after every HTTP request; `repeat_posts` as in cstar.Client.
    """
    with suppress(ValueError):
        return Client(
            key=team.key,
            team_id=str(team.cstar_team_id),
            base_url=team.api_url or settings.CSTAR_API_URL or _IN_PROCESS,
            transport=_transport(settings.CSTAR_TRANSPORT),
            gate=gate,
            observer=observer,
            repeat_posts=repeat_posts,
        )
    raise Unauthorized("The team's key or address is none that cStar could have.")


@cache
def _transport(path: str) -> BaseTransport:
    return import_string(path)()
