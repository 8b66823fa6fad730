"""What every page shows around its content and what changes with the working copy: the rail, the age of the data."""

from zlib import crc32

from django.template.loader import render_to_string

from core.live import OpenPage, Source
from replica.context_processors import Freshness
from replica.versioned_cache import team_state
from teams.access import TeamRequest


def _signature(request: TeamRequest, page: OpenPage) -> str:
    """Begins with the change number: parts of a page that were drawn at a smaller one ask for what changed since."""
    state = team_state(request.team)
    age = Freshness(state)
    times = "".join(f"{moment:%d%H%M}" for moment in (age.since, age.next_try) if moment)
    words = f"{age.problem}{times}{age.tries_again}"
    return f"{state.change_number}.{crc32(words.encode()):x}"


SOURCE = Source("copy", _signature, lambda request, page: render_to_string("live/_frame.html", request=request))
