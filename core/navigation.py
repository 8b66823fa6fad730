"""The left rail: each app announces its section, so that the page's frame knows no app by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


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
_providers: list[tuple[int, Provider]] = []


def announce(provider: Provider, *, order: int) -> None:
    """Called by an app when it loads; smaller orders stand higher."""
    _providers.append((order, provider))


def sections(request: HttpRequest) -> list[Section]:
    found = [provider(request) for _, provider in sorted(_providers, key=lambda entry: entry[0])]
    return [section for section in found if section and section.links]
