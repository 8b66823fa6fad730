"""What every page's frame shows: `desk` in templates. Lazy, so that a fragment without a frame pays nothing."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from core import rail
from teams.access import current_membership
from teams.models import Membership


class Desk:
    def __init__(self, request: HttpRequest):
        self._request = request

    @cached_property
    def membership(self) -> Membership | None:
        user = getattr(self._request, "user", None)
        return current_membership(self._request) if user and user.is_authenticated else None

    @cached_property
    def team(self):
        return self.membership.team if self.membership else None

    @cached_property
    def teams(self) -> list[dict]:
        mine = Membership.objects.filter(user=self._request.user).select_related("team").order_by("team__name")
        return [{"id": str(m.team_id), "name": m.team.name, "current": m.team == self.team} for m in mine]

    @cached_property
    def rail(self) -> list[rail.Section]:
        return rail.sections(self._request) if self.membership else []

    @property
    def theme(self) -> str:
        return getattr(self._request.user, "theme", "auto") if hasattr(self._request, "user") else "auto"

    @property
    def hotkeys(self) -> bool:
        return getattr(self._request.user, "hotkeys", True) if hasattr(self._request, "user") else True

    @property
    def sandbox(self) -> bool:
        return settings.SANDBOX


def desk(request: HttpRequest) -> dict:
    return {
        "desk": Desk(request),
        "may": SimpleLazyObject(
            lambda: request._membership.permissions if getattr(request, "_membership", None) else {}
        ),
    }
