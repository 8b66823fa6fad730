"""What people of a team are told about its cStar, on every page until they have read it."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404

from core.shortcuts import get_or_none
from replica import capabilities
from replica.models import Capability
from teams.access import TeamRequest


class Notice(NamedTuple):
    """A sentence or two; `level` is warning or error, `address` leads to where it showed."""

    pk: int
    level: str
    text: str
    address: str


def unread(request: TeamRequest) -> list[Notice]:
    """What the person has not read yet. No query where there is nothing to be said."""
    if not capabilities.worth_a_notice(capabilities.offered_here(request)):
        return []
    read = set(Capability.objects.filter(team=request.team, read_by=request.user).values_list("pk", flat=True))
    return [
        Notice(lack.pk, lack.feature.level, f"{lack.feature.lacking} {lack.feature.instead}", lack.address)
        for lack in capabilities.lacking(request.team)
        if lack.feature.level and lack.pk not in read
    ]


def mark_read(request: TeamRequest, pk: int) -> None:
    """Say no more to the person of something that cStar lacks, as long as it lacks it."""
    found = get_or_none(Capability.objects.filter(team=request.team), pk=str(pk))
    if found is None:
        raise Http404
    found.read_by.add(request.user)
