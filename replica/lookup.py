"""Finds the object that an address names."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from core.bidi import isolate
from core.throttling import Limit
from cstar import NotFound
from replica.models import WorkingCopy
from replica.resource import Resource
from teams.access import TeamRequest, enter_team, memberships

Held = TypeVar("Held", bound=WorkingCopy)

MISSING_SECONDS = 600
# Ids that are not there, of one person: who opens more asks for made-up ones.
MISSES = Limit("missing", most=20, seconds=600)
# What follows the prefix: a UUID without dashes, a ULID, or up to twelve letters and digits.
_BODY = re.compile(r"[0-9a-f]{32}|[0-9A-Za-z]{26}|[0-9A-Za-z]{1,12}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)


def find_or_404(request: TeamRequest, model: type[Held], cstar_id: str, fetch: Callable[[], Held]) -> Held:
    """The object from the team's working copy, else from cStar by `fetch` (what is old is not held).

    A page that is being opened may also be of another of the person's teams, which is entered then: links work.
    """
    found = next(iter(model._default_manager.filter(team=request.team, cstar_id=cstar_id)), None)  # one at most
    if found is None and request.method in {"GET", "HEAD"}:
        found = _in_another_team(request, model._default_manager.filter(cstar_id=cstar_id))
    if found is None and _may_exist(request, model, cstar_id):
        found = _at_cstar(request, cstar_id, fetch)
    if found is None:
        raise Http404
    found.team = request.team
    return found


def find_small_or_404(request: TeamRequest, resource: Resource, cstar_id: str) -> Any:
    """The object of a small resource, all of which are held; a page of another team of the person's enters that one."""
    found = resource.held(request.team).filter(cstar_id=cstar_id).first()
    if found is None and request.method in {"GET", "HEAD"}:
        rows = resource.model._default_manager.filter(cstar_id=cstar_id, **resource.kind)
        found = _in_another_team(request, rows)
    if found is None:
        raise Http404
    return found


def _may_exist(request: TeamRequest, model: type[Held], cstar_id: str) -> bool:
    """Whether the id looks like one of this kind: as cStar documents them, or like the ids of the team's objects.

    cStar is not asked about any other id, nor for a person who keeps asking for objects that do not exist.
    """
    if MISSES.reached_by(str(request.user.pk)):
        return False
    if _is_documented(model, cstar_id):
        return True
    held = model._default_manager.filter(team=request.team).order_by("-pk").values_list("cstar_id", flat=True)
    prefix, length = cstar_id.rpartition("_")[0], len(cstar_id)
    alike = (one for one in held[:20] if one.rpartition("_")[0] == prefix and len(one) == length)
    # Where the team's ids are all digits, an id with letters is none of them.
    return any((cstar_id.isdigit() or not one.isdigit()) and not _is_documented(model, one) for one in alike)


def _is_documented(model: type[WorkingCopy], cstar_id: str) -> bool:
    bare = cstar_id.removeprefix(model.ID_PREFIX)
    return bool(_UUID.fullmatch(cstar_id) or (bare != cstar_id and _BODY.fullmatch(bare)))


def _at_cstar(request: TeamRequest, cstar_id: str, fetch: Callable[[], Held]) -> Held | None:
    """One call; an id that is not there is not asked for again for a while."""
    missing = f"missing:{request.team.pk}:{cstar_id}"
    if cache.get(missing):
        return None
    try:
        return fetch()
    except NotFound:
        cache.set(missing, True, MISSING_SECONDS)
        MISSES.count_for(str(request.user.pk))
        return None


def _in_another_team(request: TeamRequest, rows: QuerySet[Held]) -> Held | None:
    mine = {m.team_id: m for m in memberships(request)}
    found = rows.filter(team__in=mine).first()
    if found is None:
        return None
    if not mine[found.team_id].allows(request.may):
        raise PermissionDenied
    enter_team(request, mine[found.team_id])
    messages.info(request, _("You now work in {team}.").format(team=isolate(request.team.name)))
    return found
