"""Finds the object that an address names."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from core.bidi import isolate
from cstar import NotFound
from sync.models import WorkingCopy
from teams.access import TeamRequest, enter_team, memberships

Held = TypeVar("Held", bound=WorkingCopy)

MISSING_SECONDS = 60


def find_or_404(request: TeamRequest, model: type[Held], cstar_id: str, fetch: Callable[[], Held]) -> Held:
    """The object from the team's working copy, else from cStar by `fetch` (what is old is not held).

    A page that is being opened may also be of another of the person's teams, which is entered then: links work.
    """
    found = next(iter(model._default_manager.filter(team=request.team, cstar_id=cstar_id)), None)  # one at most
    if found is None and request.method in {"GET", "HEAD"}:
        found = _in_another_team(request, model, cstar_id)
    if found is None:
        found = _at_cstar(request, cstar_id, fetch)
    if found is None:
        raise Http404
    found.team = request.team
    return found


def _at_cstar(request: TeamRequest, cstar_id: str, fetch: Callable[[], Held]) -> Held | None:
    """One call; an id that is not there is not asked for again for a while."""
    missing = f"missing:{request.team.pk}:{cstar_id}"
    if cache.get(missing):
        return None
    try:
        return fetch()
    except NotFound:
        cache.set(missing, True, MISSING_SECONDS)
        return None


def _in_another_team(request: TeamRequest, model: type[Held], cstar_id: str) -> Held | None:
    mine = {m.team_id: m for m in memberships(request)}
    found = model._default_manager.filter(team__in=mine, cstar_id=cstar_id).first()
    if found is None:
        return None
    if not mine[found.team_id].allows(request.may):
        raise PermissionDenied
    enter_team(request, mine[found.team_id])
    messages.info(request, _("You now work in {team}.").format(team=isolate(request.team.name)))
    return found
