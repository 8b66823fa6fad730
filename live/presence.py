"""Who else is here: viewing a ticket, or writing to it. It costs no API call, and nobody sees themselves."""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.bidi import isolate
from core.live import OpenPage, Source
from live.models import Presence
from teams.access import TeamRequest
from teams.models import Team
from teams.policy import May

# How long a page counts after its last heartbeat: some come late, and those of a hidden page seldom.
STAYS, STAYS_HIDDEN = timedelta(seconds=20), timedelta(seconds=60)
# A page that still counts for longer than this is not written again.
ENOUGH = timedelta(seconds=10)
MOST_PAGES = 50
_SECONDS = 1
_READ = ("user", "page", "about", "typing", "until", "user__username", "user__first_name", "user__last_name")


_DOES = {
    "": gettext_noop("{name} is viewing"),
    Presence.Typing.REPLY: gettext_noop("{name} is writing a reply"),
    Presence.Typing.NOTE: gettext_noop("{name} is writing a note"),
}


class Present(NamedTuple):
    """Somebody at a ticket. `typing` is "reply", "note" or nothing."""

    user_id: int
    name: str
    typing: str

    @property
    def words(self) -> str:
        return _(_DOES[self.typing]).format(name=isolate(self.name))


class Page(NamedTuple):
    """A page as it was written last."""

    about: str
    typing: str
    until: datetime


class Look(NamedTuple):
    """The pages by person and key; the people by what they have open, each once; a signature of all the people."""

    pages: dict[tuple[int, str], Page]
    people: dict[str, tuple[Present, ...]]
    signature: str


# By team, with the time. In memory and not in the cache, which would pickle each look.
_looks: dict[UUID, tuple[float, Look]] = {}


def record_page(request: TeamRequest, page: OpenPage, *, hidden: bool) -> None:
    """Record that the person has the page open: a write when something changed, else every ten seconds or so."""
    if not page.about:
        return
    now = timezone.now()
    typing = page.typing if request.membership.allows(May.EDIT_TICKETS) else ""
    held = _look(request.team).pages.get((request.user.pk, page.key))
    same = held is not None and (held.about, held.typing) == (page.about, typing)
    if held and same and not hidden and held.until - now > ENOUGH:
        return
    if held is None:
        # Pages that were closed without a word are forgotten, and nobody has more than some.
        Presence.objects.filter(team=request.team, until__lt=now).delete()
        if Presence.objects.filter(user=request.user).count() >= MOST_PAGES:
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
        _looks.pop(request.team.pk, None)


def leave(request: TeamRequest, page: OpenPage) -> None:
    """Forget a page that was closed."""
    Presence.objects.filter(user=request.user, page=page.key).delete()
    _looks.pop(request.team.pk, None)


def others(request: TeamRequest, about: str) -> tuple[Present, ...]:
    """The colleagues at this ticket."""
    return tuple(one for one in _look(request.team).people.get(about, ()) if one.user_id != request.user.pk)


def _look(team: Team) -> Look:
    """Who has what open. One query answers all heartbeats that a process gets within a second."""
    looked, held = _looks.get(team.pk, (0.0, None))
    if held is None or time.monotonic() - looked > _SECONDS:
        here = Presence.objects.filter(team=team, until__gt=timezone.now()).select_related("user").only(*_READ)
        pages = list(here.order_by("about", "typing", "pk"))
        people: dict[str, dict[int, Present]] = {}
        for page in pages:  # who is writing in one of several windows is writing
            people.setdefault(page.about, {})[page.user_id] = Present(page.user_id, page.user.display_name, page.typing)
        held = Look(
            pages={(page.user_id, page.page): Page(page.about, page.typing, page.until) for page in pages},
            people={about: tuple(sorted(found.values())) for about, found in people.items()},
            signature=_sign(people),
        )
        _looks[team.pk] = time.monotonic(), held
    return held


def _signature(request: TeamRequest, page: OpenPage) -> str:
    if page.about is None:
        return ""
    return _sign(others(request, page.about)) if page.about else _look(request.team).signature


def _sign(people: Collection) -> str:
    return f"{crc32(repr(people).encode()):x}" if people else ""


def _draw(request: TeamRequest, page: OpenPage) -> str:
    if page.about:
        return render_to_string("live/_presence.html", {"people": others(request, page.about)})
    # Every ticket that a colleague has open.
    found = ((about, others(request, about)) for about in _look(request.team).people)
    present = tuple((about, people) for about, people in found if people)
    return render_to_string("live/_presence_in_list.html", {"present": present})


SOURCE = Source("presence", _signature, _draw)
