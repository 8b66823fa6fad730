"""What a team's cStar offers beyond the endpoints and fields that its documentation prints.

Answers teach it (`learn`): a 404 for an endpoint, a 400 that names a field, a row that lacks one. What was learned is
relied on for the feature's life, mostly a day; then cStar is asked once more. Another key or address starts anew.
Resources declare their own features; what following cStar's changes takes for granted stands here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cstar import BadRequest, CStarError, Forbidden, NotFound, ServerError, UnexpectedStatus
from replica import registry, upsert
from replica.models import Capability
from replica.versioned_cache import remembered
from teams.access import TeamRequest
from teams.models import Team

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
# The same lesson is written at most this often.
_LEARN_AGAIN = timedelta(hours=1)
# Statuses that say that there is no such endpoint.
_NO_ENDPOINT = {405, 410, 501}


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a cStar may lack: what that means, and what the desk does instead, in a sentence each.

    `life` is how long it is relied on, None until an admin asks again. `level` ("warning", "error") puts a notice on
    every page until the person has read it; `address` makes of the facts where the notice leads to.
    """

    lacking: str | Promise
    instead: str | Promise
    life: timedelta | None = DAY
    level: str = ""
    address: Callable[[dict[str, Any]], str] | None = None


class Lack(NamedTuple):
    """A feature that the team's cStar does not offer. `facts` say where that was learned."""

    pk: int
    name: str
    feature: Feature
    learned_at: datetime
    facts: dict[str, Any]

    @property
    def address(self) -> str:
        return self.feature.address(self.facts) if self.feature.address else ""


#: What following cStar's changes takes for granted. Names of features have at most 64 characters.
AUDIT_LOG, COMPLETE, EXPORT = "audit_log", "audit_log.complete", "export"
_LOOKS = _("The desk checks the lists every few minutes, so changes by others show up later than usual.")

_FEATURES = {
    AUDIT_LOG: Feature(lacking=_("cStar does not provide an audit log."), instead=_LOOKS, level="warning"),
    COMPLETE: Feature(lacking=_("cStar's audit log does not list every change."), instead=_LOOKS, level="warning"),
    EXPORT: Feature(
        lacking=_("cStar's export does not work, or lacks data that lists have."),
        instead=_("Lists are read page by page, 100 rows per request; long lists are read less often."),
    ),
}


def is_offered(team: Team, name: str) -> bool | None:
    """Whether the team's cStar offers it; None where that is not known (any more)."""
    return offered(team).get(name)


def offers(team: Team, name: str) -> bool:
    """Whether to ask for it: true unless cStar is known not to offer it."""
    return is_offered(team, name) is not False


def offered(team: Team) -> dict[str, bool]:
    """All that is known of the team's cStar, by name. One query."""
    return {row.name: row.offered for row in _fresh(team)}


def offered_here(request: TeamRequest) -> dict[str, bool]:
    """`offered` of the request's team, cached until the working copy changes."""
    if "capabilities" not in request.memo:
        request.memo["capabilities"] = remembered(request.team, "capabilities", lambda: offered(request.team))
    return request.memo["capabilities"]


def lacking(team: Team) -> list[Lack]:
    """What the team's cStar is known not to offer, in the order of its names; each feature once."""
    found: dict[Feature, Lack] = {}
    for row in sorted(_fresh(team), key=lambda row: row.name):
        feature = _feature(row.name)
        if feature and not row.offered:
            found.setdefault(feature, Lack(row.pk, row.name, feature, row.learned_at, row.facts))
    return list(found.values())


def worth_a_notice(offered: dict[str, bool]) -> bool:
    """Whether a feature is lacking that every page has to mention."""
    return any(not there and (feature := _feature(name)) and feature.level for name, there in offered.items())


def learn(team: Team, name: str, is_there: bool, **facts: Any) -> None:
    """Remember from an answer whether cStar offers it; `facts` say where that showed."""
    now, address = timezone.now(), address_of(team)
    held = Capability.objects.filter(team=team, name=name).first()
    same = held is not None and held.offered == is_there and held.address == address
    if held and same and now - held.learned_at < _LEARN_AGAIN:
        return
    fields = {"offered": is_there, "address": address, "learned_at": now} | ({"facts": facts} if facts else {})
    row, _ = Capability.objects.update_or_create(team=team, name=name, defaults=fields)
    if not same:
        row.read_by.clear()
        log.info("cStar of %s %s %s", team, "offers" if is_there else "does not offer", name)
        upsert.touch(team)


def forget(team: Team) -> None:
    """Forget what was learned, for another key or address, or because an admin asks for it."""
    if Capability.objects.filter(team=team).delete()[0]:
        upsert.touch(team)


def is_absent(error: CStarError) -> bool:
    """Whether an error says that there is no such endpoint, or none for this key."""
    if isinstance(error, NotFound | Forbidden):
        return True
    return isinstance(error, ServerError | UnexpectedStatus) and error.status in _NO_ENDPOINT


def named_field(error: BadRequest, names: list[str]) -> str | None:
    """The first of these fields (camelCase) that the refusal names, in `param` or in its words."""
    said = _folded(error.param or "") or _folded(error.message)
    return next((name for name in names if _folded(name) in said), None)


def address_of(team: Team) -> str:
    """The base URL of the team's cStar: what was learned there does not hold for another one."""
    return (team.api_url or settings.CSTAR_API_URL)[:200]


def _folded(name: str) -> str:
    """Make senderName, sender_name and sender-name the same."""
    return name.replace("_", "").replace("-", "").lower()


def _fresh(team: Team) -> list[Capability]:
    now = timezone.now()
    rows = Capability.objects.filter(team=team, address=address_of(team))
    fresh = []
    for row in rows:
        feature = _feature(row.name)
        life = feature.life if feature else DAY
        if life is None or now - row.learned_at < life:
            fresh.append(row)
    return fresh


def _feature(name: str) -> Feature | None:
    """The feature of a capability; `export.tickets` belongs to `export`."""
    return _features().get(EXPORT if name.startswith(f"{EXPORT}.") else name)


@cache
def _features() -> dict[str, Feature]:
    """All features by their names. The registry is complete once the apps have loaded."""
    return _FEATURES | {name: one for resource in registry.resources() for name, one in resource.features.items()}
