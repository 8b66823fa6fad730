"""Finds the object that an address names."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cstar import NotFound
from sync.models import WorkingCopy
from teams.access import TeamRequest, enter_team
from teams.models import Membership

Held = TypeVar("Held", bound=WorkingCopy)


def find_or_404(request: TeamRequest, model: type[Held], cstar_id: str, fetch: Callable[[], Held]) -> Held:
    """The object from the team's working copy; for a page that is being opened also from another of the person's teams
    (which is entered then, so that links work), or from cStar by `fetch` (one call: what is old is not held).
    """
    found = model._default_manager.filter(team=request.team, cstar_id=cstar_id).first()
    if found is None and request.method in {"GET", "HEAD"}:
        found = _in_another_team(request, model, cstar_id)
        if found is None:
            with suppress(NotFound):
                found = fetch()
    if found is None:
        raise Http404
    found.team = request.team
    return found


def _in_another_team(request: TeamRequest, model: type[Held], cstar_id: str) -> Held | None:
    mine = {m.team_id: m for m in Membership.objects.filter(user=request.user).select_related("team")}
    found = model._default_manager.filter(team__in=mine, cstar_id=cstar_id).first()
    if found is None:
        return None
    if not mine[found.team_id].allows(request.may):
        raise PermissionDenied
    enter_team(request, mine[found.team_id])
    messages.info(request, f"You now work in {request.team.name}.")
    return found
