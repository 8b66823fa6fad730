"""Who else is here: viewing a ticket, or writing to it. It costs no API call, and nobody sees themselves."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone

from core.live import OpenPage, Source
from dashboard.models import Presence
from teams.access import TeamRequest
from teams.models import Team
from teams.policy import May

# How long a page counts after its last heartbeat: some come late, and those of a hidden page seldom.
STAYS, STAYS_HIDDEN = timedelta(seconds=20), timedelta(seconds=60)
# A page that counts for longer than this is not written again.
ENOUGH = timedelta(seconds=10)
MOST_PAGES = 50
# All heartbeats of a second are answered from one look at the table.
_SECONDS = 1


class Present(NamedTuple):
    """Somebody at a ticket. `typing` is "reply", "note" or nothing."""

    user_id: int
    name: str
    typing: str

    @property
    def words(self) -> str:
        return Presence.Typing(self.typing).label if self.typing else "is viewing"


def note(request: TeamRequest, page: OpenPage, *, hidden: bool) -> None:
    """Keep that the person has the page open: written when something changed, else every ten seconds or so."""
    if not page.about:
        return
    now = timezone.now()
    typing = page.typing if request.membership.allows(May.EDIT_TICKETS) else ""
    held = Presence.objects.filter(user=request.user, page=page.key).first()
    if held is None and not _has_room(request, now):
        return
    same = held is not None and (held.team_id, held.about, held.typing) == (request.team.pk, page.about, typing)
    if same and not hidden and held and held.until - now > ENOUGH:
        return
    until = now + (STAYS_HIDDEN if hidden else STAYS)
    written = Presence(
        team=request.team, user=request.user, page=page.key, about=page.about, typing=typing, until=until
    )
    Presence.objects.bulk_create(
        [written],
        update_conflicts=True,
        unique_fields=["user", "page"],
        update_fields=["team", "about", "typing", "until"],
    )
    if not same:
        cache.delete(_key(request.team))


def leave(request: TeamRequest, page: OpenPage) -> None:
    """The page was closed."""
    Presence.objects.filter(user=request.user, page=page.key).delete()
    cache.delete(_key(request.team))


def others(request: TeamRequest, about: str) -> tuple[Present, ...]:
    """The colleagues at this ticket."""
    return tuple(one for one in _everybody(request.team).get(about, ()) if one.user_id != request.user.pk)


def _has_room(request: TeamRequest, now: datetime) -> bool:
    """Forgets pages that went without a word; nobody has more than some."""
    Presence.objects.filter(team=request.team, until__lt=now).delete()
    return Presence.objects.filter(user=request.user).count() < MOST_PAGES


def _everybody(team: Team) -> dict[str, tuple[Present, ...]]:
    """By what they have open, each person once; who is writing in one of several windows is writing."""
    held = cache.get(_key(team))
    if held is None:
        found: dict[str, dict[int, Present]] = {}
        here = Presence.objects.filter(team=team, until__gt=timezone.now()).select_related("user")
        for page in here.order_by("about", "typing", "pk"):
            found.setdefault(page.about, {})[page.user_id] = Present(page.user_id, page.user.display_name, page.typing)
        held = {about: tuple(sorted(people.values())) for about, people in found.items()}
        cache.set(_key(team), held, _SECONDS)
    return held


def _key(team: Team) -> str:
    return f"presence:{team.pk}"


def _by_ticket(request: TeamRequest) -> tuple[tuple[str, tuple[Present, ...]], ...]:
    """Every ticket that a colleague has open."""
    found = ((about, others(request, about)) for about in _everybody(request.team))
    return tuple((about, people) for about, people in found if people)


def _signature(request: TeamRequest, page: OpenPage) -> str:
    if page.about is None:
        return ""
    shown = others(request, page.about) if page.about else _by_ticket(request)
    return f"{crc32(repr(shown).encode()):x}" if shown else ""


def _draw(request: TeamRequest, page: OpenPage) -> str:
    if page.about:
        return render_to_string("dashboard/_presence.html", {"people": others(request, page.about)})
    return render_to_string("dashboard/_presence_in_list.html", {"tickets": _by_ticket(request)})


SOURCE = Source("presence", _signature, _draw)
