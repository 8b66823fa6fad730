"""Whether a write took: cStar's answer says so, or the object is read once, and what that shows is remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from replica import capabilities
from teams.models import Team

Fields = Mapping[str, Any]

NOT_ALL_KEPT = gettext_noop("cStar said yes and did not keep everything. What you see is what it has.")


def not_taken(
    team: Team,
    resource: str,
    sent: Fields,
    answer: Fields,
    *,
    read: Callable[[], Fields],
    believed: Collection[str] = (),
) -> list[str]:
    """The fields (camelCase) that cStar does not have as they were sent.

    Answers to updates are partial. A field that is missing there is believed once it was seen to be taken today, or is
    one of `believed`; before that the object is read with `read()`.
    """
    missing = [name for name in sent if name not in answer and name not in believed]
    offered = capabilities.offered(team)
    unproven = [name for name in missing if offered.get(_feature(resource, name)) is not True]
    now = {**answer, **(read() if unproven else {})}
    for name in unproven:
        capabilities.learn(team, _feature(resource, name), _same(sent[name], now.get(name)))
    return [name for name in sent if name in now and not _same(sent[name], now[name])]


def _feature(resource: str, name: str) -> str:
    return f"{resource}.{name}"


def _same(sent: Any, found: Any) -> bool:
    """cStar may trim texts, and put tags in another order; metadata is merged."""
    if isinstance(sent, Mapping):
        return True
    if isinstance(sent, list | tuple) and isinstance(found, list):
        return sorted(str(item).strip().casefold() for item in sent) == sorted(
            str(item).strip().casefold() for item in found
        )
    if isinstance(sent, str) and isinstance(found, str):
        return sent.split() == found.split()
    return (sent or None) == (found or None)
