"""What open pages are told of: each app registers its source, so that the heartbeat knows no app by name.

A page sends back what it was told last, a short signature for each source; a source whose signature is another by now
draws what is new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# A source gets the request of somebody who is in a team: teams.access.TeamRequest, which this floor does not know.


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page in somebody's browser.

    `about` is the cStar id of the object that it shows, "" for a list of such, None for a page of neither. `typing` is
    what is being written there ("reply", "note" or nothing).
    """

    key: str
    about: str | None
    typing: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """`signature` must be cheap: it is asked for with every heartbeat. `draw` answers elements that have an id each.

    They take the place of those with the same id (static/js/live-page.js); one that names another in `data-into` is
    put in there.
    """

    name: str
    signature: Callable[[Any, OpenPage], str]
    draw: Callable[[Any, OpenPage], str]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Register a source; apps call this when they load."""
    _sources.append(source)


def sources() -> list[Source]:
    return _sources
