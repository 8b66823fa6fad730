"""What every page's frame shows: `desk` in templates. Lazy, so that a fragment without a frame pays nothing."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from core import navigation
from core.embedding import is_embedded
from teams.access import current_membership, memberships
from teams.models import Membership


class Desk:
    def __init__(self, request: HttpRequest):
        self._request = request
        # An error page may be drawn before anybody knows who asks.
        self._user = getattr(request, "user", None) or AnonymousUser()

    @cached_property
    def membership(self) -> Membership | None:
        return current_membership(self._request) if self._user.is_authenticated else None

    @cached_property
    def team(self):
        return self.membership.team if self.membership else None

    @cached_property
    def teams(self) -> list[dict]:
        mine = memberships(self._request) if self.membership else []
        return [{"id": str(m.team_id), "name": m.team.name, "current": m.team == self.team} for m in mine]

    @cached_property
    def settings_sections(self) -> list[navigation.Section]:
        return navigation.sections(self._request, navigation.Rail.SETTINGS) if self.membership else []

    @cached_property
    def settings_rail(self) -> list[navigation.Section]:
        """The settings' rail, where it holds the page; else nothing."""
        found = self.settings_sections
        return found if any(link.current for section in found for link in section.links) else []

    @cached_property
    def rail(self) -> list[navigation.Section]:
        return navigation.sections(self._request) if self.membership else []

    @property
    def narrow_rail(self) -> bool:
        """What static/js/narrow-rail.js remembers for this browser."""
        return self._request.COOKIES.get("rail") == "narrow"

    @property
    def frame_class(self) -> str:
        """How much room the frame takes: a slim bar in a portal, a narrow rail, or all of the rail."""
        return "embedded" if self.embedded else "rail-narrow" if self.narrow_rail else ""

    @cached_property
    def embedded(self) -> bool:
        return is_embedded(self._request)

    @property
    def portals(self) -> list[str]:
        return settings.FRAME_ANCESTORS

    @property
    def portal_signs_in(self) -> bool:
        return self.embedded and bool(settings.EMBED_PORTALS)

    @property
    def window_signs_in(self) -> bool:
        """Whether signing in in a window of its own helps: a frame on another site has other cookies."""
        return not (self.embedded and settings.CROSS_SITE_FRAMES)

    @property
    def theme(self) -> str:
        return getattr(self._user, "theme", "auto")

    @property
    def hotkeys(self) -> bool:
        return getattr(self._user, "hotkeys", True)

    @property
    def sandbox(self) -> bool:
        return settings.SANDBOX


def desk(request: HttpRequest) -> dict:
    frame = Desk(request)
    return {"desk": frame, "may": SimpleLazyObject(lambda: frame.membership.permissions if frame.membership else {})}
