"""The left rail, and the one that the settings have instead: each app announces its sections.

So the page's frame knows no app by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Any

from django.http import HttpRequest


class Rail(Enum):
    MAIN = "main"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str
    count: int | None = None
    current: bool = False
    hotkey: str = ""
    # Whether the count is of what waits for this person: a portal around the desk is told it.
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    links: tuple[Link, ...] = ()


# A provider gets the request of somebody who is in a team: teams.access.TeamRequest, which this floor does not know.
Provider = Callable[[Any], Section | None]
_providers: dict[Rail, list[tuple[int, Provider]]] = {rail: [] for rail in Rail}


def announce(provider: Provider, *, order: int, rail: Rail = Rail.MAIN) -> None:
    """Called by an app when it loads; smaller orders stand higher."""
    _providers[rail].append((order, provider))


def sections(request: HttpRequest, rail: Rail = Rail.MAIN) -> list[Section]:
    """What the rail holds for this person. Neighbours with one title are one section; a single link has no title."""
    found = [provider(request) for _, provider in sorted(_providers[rail], key=lambda entry: entry[0])]
    shown = []
    for title, parts in groupby((section for section in found if section), lambda section: section.title):
        links = tuple(link for part in parts for link in part.links)
        if links:
            shown.append(Section(title if len(links) > 1 else "", links))
    return shown
