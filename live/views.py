"""The heartbeat of open pages."""

import re
from urllib.parse import urlencode

from django.http import HttpResponse

from core import live
from core.live import OpenPage
from live import presence
from live.models import Presence
from teams.access import TeamRequest, team_view
from teams.policy import May

_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@team_view(May.VIEW)
def heartbeat(request: TeamRequest) -> HttpResponse:
    """Record who is here, and return what is new on the page; 204 if nothing is.

    Parameters, all optional: `team` the page's team, `page` a key that the page made up, `about` (see OpenPage),
    `typing`, `hidden`, `gone` as the page is left; and for each source the signature that the last answer's header
    `X-Live` named. 409 if the session has gone on to another team: nothing of that one belongs into the page.
    """
    if request.GET.get("team", str(request.team.pk)) != str(request.team.pk):
        return HttpResponse(status=409)
    page, hidden = _open_page(request), "hidden" in request.GET
    if "gone" in request.GET:
        presence.leave(request, page)
        return HttpResponse(status=204)
    presence.record_page(request, page, hidden=hidden)
    if hidden:  # nobody looks; it asks again as soon as somebody does
        return HttpResponse(status=204)
    now = {source.name: source.signature(request, page) for source in live.sources()}
    moved = [source for source in live.sources() if request.GET.get(source.name, "") != now[source.name]]
    if not moved:
        return HttpResponse(status=204)
    return HttpResponse("".join(source.draw(request, page) for source in moved), headers={"X-Live": urlencode(now)})


def _open_page(request: TeamRequest) -> OpenPage:
    """The page that asks, from the parameters; one that makes no sense counts as missing."""
    key, about, typing = (request.GET.get(name) for name in ("page", "about", "typing"))
    known = bool(key and _WORD.fullmatch(key))
    return OpenPage(
        key=key if key and known else "",
        about=about if known and about is not None and (not about or _WORD.fullmatch(about)) else None,
        typing=typing if typing in Presence.Typing.values else "",
    )
