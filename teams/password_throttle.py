"""Wrong passwords of one name, from however many addresses they come.

Who would lock a name that way locks out none who sign in where they did before: their browser has a cookie that says so
and proves nothing else.
"""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from core.throttling import Limit
from teams.models import User

# Wrong ones only; axes counts them by name as well (AXES_FAILURE_LIMIT), and this is for many names.
PASSWORDS = Limit("password", most=60, seconds=600)
NAMES = Limit("password-name", most=50, seconds=3600)
_COOKIE = "__Host-browser" if settings.HTTPS else "browser"
_SALT = "teams.guessing"  # of cookies that browsers have had for a while
_KEPT = 90 * 24 * 3600  # seconds


def seconds_to_wait(request: HttpRequest, username: str) -> int:
    """How long nobody may try the name from a browser in which its person never signed in; 0 if they may."""
    name = _cache_key(username)
    if request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_KEPT) == name:
        return 0
    return NAMES.reached_by(name)


def count_failure(username: str) -> None:
    NAMES.count_for(_cache_key(username))


def remember(response: HttpResponseBase, username: str) -> None:
    """Remember in a cookie that the person signed in with this browser."""
    response.set_signed_cookie(
        _COOKIE,
        _cache_key(username),
        salt=_SALT,
        max_age=_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cache_key(username: str) -> str:
    """A short digest that is the same for all spellings of one account's name."""
    return sha256(User.normalize_username(username).casefold().encode("utf-8", "replace")).hexdigest()
