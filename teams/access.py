"""Every view's first question: who is asking, for which team, and may they?

`@team_view(May.X)` answers it and gives the view `request.membership`, `request.team` and, for queries,
`request.viewer`.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from structlog.contextvars import bind_contextvars

from core import form_owner
from core.embedding import in_frame, is_embedded
from core.errors import problem
from core.folding import sort_key
from teams.models import Membership, Team, User
from teams.policy import May
from teams.viewer import Viewer

SESSION_KEY = "team"
_read_along: list[str] = []
_acting_user: ContextVar[User | None] = ContextVar("acting_user", default=None)


class TeamRequest(HttpRequest):
    """What a view behind `@team_view` is given: a signed-in person in a team."""

    user: User
    membership: Membership
    team: Team
    viewer: Viewer
    may: May
    # Results that are cached for the rest of the request.
    memo: dict[str, Any]


def team_view(may: May, *, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Let in only signed-in members of the session's team whose role allows `may`.

    A form that was made for another team than the session's is refused with what was typed kept: in another tab the
    person has changed teams meanwhile, and a reply must not land in the wrong one. The same holds for a form of
    somebody else's, who was signed in here before.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: TeamRequest, *args, **kwargs) -> HttpResponse:
            if refusal := _nobody(request, methods):
                return refusal
            membership = current_membership(request)
            if membership is None:
                return problem(
                    request, 403, _("No team yet"), _("You are not a member of a team. Ask an admin to add you.")
                )
            request.may = may
            bind_contextvars(user=str(request.user.pk), team=str(membership.team_id))  # for the log
            if not membership.allows(may):
                raise PermissionDenied
            if refusal := _misdirected(request, membership):
                return refusal
            token = _acting_user.set(request.user)
            try:
                return view(request, *args, **kwargs)
            finally:
                _acting_user.reset(token)

        checked.may = may  # type: ignore[attr-defined]  # read by the test that crawls all views
        return checked

    return decorate


def desk_view(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Let in only admins of the desk itself (`manage.py createadmin`), whether they are in a team or not."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: TeamRequest, *args, **kwargs) -> HttpResponse:
            if refusal := _nobody(request, methods):
                return refusal
            if not request.user.is_superuser:
                raise PermissionDenied
            request.may = May.MANAGE_DESK
            bind_contextvars(user=str(request.user.pk))
            return _misdirected(request, current_membership(request)) or view(request, *args, **kwargs)

        checked.may = May.MANAGE_DESK  # type: ignore[attr-defined]
        return checked

    return decorate


def acting_user() -> User | None:
    """The person whose request is being answered, in whose name calls are made. None in the worker."""
    return _acting_user.get()


def _nobody(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    """Return the response to a wrong method or to somebody who is not signed in; None if neither."""
    if ("GET" if request.method == "HEAD" else request.method) not in methods:
        return HttpResponseNotAllowed(methods)
    return None if request.user.is_authenticated else signed_out(request)


def _misdirected(request: TeamRequest, membership: Membership | None) -> HttpResponse | None:
    """The answer to a form that was made for another team or person than the session's."""
    if request.method != "POST":
        return None
    if membership and request.POST.get("team") != str(membership.team_id):
        return _other_team(request, membership.team)
    if not form_owner.is_of(str(request.user.pk), request.POST):
        return _other_person(request)
    return None


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership that the session works in: the chosen team's, else the person's first."""
    asked = cast(TeamRequest, request)
    found = getattr(asked, "membership", None)
    if found is None:
        mine = memberships(request)
        chosen = asked.session.get(SESSION_KEY)
        found = next((m for m in mine if str(m.team_id) == chosen), mine[0] if mine else None)
        if found:
            _work_in(asked, found)
    return found


def memberships(request: HttpRequest) -> list[Membership]:
    """The person's roles in all of their teams, by the teams' names. One query a request."""
    asked = cast(TeamRequest, request)
    if not hasattr(asked, "memo"):
        mine = Membership.objects.filter(user=asked.user).select_related("team", *_read_along)
        asked.memo = {"memberships": sorted(mine, key=lambda one: (sort_key(one.team.name), one.pk))}
    return asked.memo["memberships"]


def read_along(relation: str) -> None:
    """Read a relation of the team together with the membership; apps call this when they load."""
    _read_along.append(relation)


def enter_team(request: HttpRequest, membership: Membership) -> None:
    """Switch the session to this membership's team."""
    request.session[SESSION_KEY] = str(membership.team_id)
    asked = cast(TeamRequest, request)
    asked.memo = {"memberships": memberships(request)}
    _work_in(asked, membership)


def _work_in(request: TeamRequest, membership: Membership) -> None:
    request.membership, request.team = membership, membership.team
    request.viewer = Viewer(membership.team, request.user)


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a form or a fragment keeps the page and what was typed instead."""
    sign_in = resolve_url("sso:embed" if in_frame(request) else "sso:sign_in")
    if request.method == "POST" or request.headers.get("HX-Request"):
        text = _(
            "You are signed out. Sign in again in another tab, then send this again: what you typed is still here."
        )
        if settings.CROSS_SITE_FRAMES and is_embedded(request):
            text = _("You are signed out. The portal signs you in again; then send this again, it is still here.")
        return problem(request, 401, _("Signed out"), text)
    return redirect(f"{sign_in}?{urlencode({'next': request.get_full_path()})}")


def _other_person(request: TeamRequest) -> HttpResponse:
    text = _("You are now signed in as {person}, but this page belongs to someone else. Nothing was sent.")
    text = text.format(person=request.user.display_name)
    return problem(request, 409, _("Another person"), text)


def _other_team(request: HttpRequest, team: Team) -> HttpResponse:
    text = _("This page was made for another team, and you now work in {team}. Nothing was sent; reload the page.")
    text = text.format(team=team.name)
    return problem(request, 409, _("Another team"), text)
