"""How long a session lives: so long without its person, so long in all, and not beyond the loss of a team."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from teams import proxy
from teams.identity import SESSION_KEY

BEGAN, SEEN = "began", "seen"
# Seconds between two notes of when the person was here: each one is a write.
_NOTED = 60


def limited_sessions(get_response):
    """Ends sessions that are over before a view sees them.

    A page that is open keeps what was typed: it is answered like everybody who is signed out (teams/access.py).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if _is_over(request):
                logout(request)
            else:
                _note(request)
        return get_response(request)

    return middleware


@receiver(user_logged_in, dispatch_uid="teams.sessions")
def begin(sender, request: HttpRequest, **kwargs) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()


def _is_over(request: HttpRequest) -> bool:
    session, now = request.session, time.time()
    if session.get(SESSION_KEY, {}).get("provider") == proxy.PROVIDER:
        return False  # it lives as long as the proxy names the person, with every request
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    since = request.user.sessions_since  # type: ignore[union-attr]  # somebody who is signed in
    return (
        now - began > settings.SESSION_HOURS * 3600
        or now - seen > settings.SESSION_IDLE_MINUTES * 60
        or (since is not None and began < since.timestamp())
    )


def _note(request: HttpRequest) -> None:
    """The person did something. What an open page asks by itself, at addresses that end in live/, is not them."""
    now = time.time()
    if now - request.session.get(SEEN, 0) > _NOTED and not request.path.endswith("/live/"):
        request.session[SEEN] = now
