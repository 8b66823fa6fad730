"""When a session ends: idle timeout, absolute timeout, revocation, or a provider that settings no longer name."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

# Signing in through Django's own backend, which then finds the session's account.
BACKEND = "django.contrib.auth.backends.ModelBackend"
# The session key of what the provider told about the person.
SESSION_KEY = "identity"
PROXY = "proxy"  # the provider's id where a proxy in front vouches for people
BEGAN, SEEN = "began", "seen"
# Seconds between two notes of when the person was here: each one is a write.
_NOTED = 60
# What a page sends along with a request that the person caused (static/js/connection.js).
_CAUSED = "X-Person-Active"


def limited_sessions(get_response):
    """Ends sessions that are over before a view sees them.

    A page that is open keeps what was typed: it is answered like everybody who is signed out (teams/access.py).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if is_over(request):
                logout(request)
            elif time.time() - request.session.get(SEEN, 0) > _NOTED and _is_caused_by_person(request):
                request.session[SEEN] = time.time()
        return get_response(request)

    return middleware


@receiver(user_logged_in, dispatch_uid="teams.sessions")
def begin(sender, request: HttpRequest, **kwargs) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session.set_expiry(None)  # on the way to a provider it was shorter


def is_over(request: HttpRequest) -> bool:
    """Whether the session of a signed-in person has ended."""
    session, now = request.session, time.time()
    vouched = session.get(SESSION_KEY, {})
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    since = request.user.sessions_since  # type: ignore[union-attr]  # somebody who is signed in
    if not is_configured(vouched) or (since is not None and began < since.timestamp()):
        return True
    if vouched.get("provider") == PROXY:
        return False  # it lives as long as the proxy names the person, with every request
    return now - began > settings.SESSION_HOURS * 3600 or now - seen > settings.SESSION_IDLE_MINUTES * 60


def is_configured(vouched: dict[str, Any]) -> bool:
    """Whether the settings still name whoever vouched for a session's person; `vouched` is from the session."""
    provider = vouched.get("provider")
    if provider is None:
        return settings.LOCAL_PASSWORDS or settings.SANDBOX
    return provider in listed_providers() or not vouched.get("listed", provider == PROXY)


def listed_providers() -> set[str]:
    """The ids of all providers, portals and the proxy that settings name."""
    entries: list[Any] = [*settings.OIDC_PROVIDERS, *settings.SAML_PROVIDERS]  # this floor does not know their types
    providers = {entry.id for entry in entries}
    return providers | set(settings.EMBED_PORTALS) | ({PROXY} if settings.PROXY_SIGN_IN else set())


def _is_caused_by_person(request: HttpRequest) -> bool:
    """Whether a person caused the request, and not a script of an open page.

    Pages that are opened and forms that are sent are people's. What a script asks for counts only if it says that the
    person was active just now, so that a script that knows nothing of this keeps nobody signed in.
    """
    if request.headers.get(_CAUSED) == "1" or request.method not in {"GET", "HEAD"}:
        return True
    by_script = request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not by_script and not request.path.endswith("/live/")
