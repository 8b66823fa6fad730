"""Cookies that live in the frame of a portal on another site (`EMBED=cross-site`).

Browsers keep those of third parties only if they are partitioned: each portal's frame has a jar of its own, and so has
the desk in a tab. Of no other mode are cookies `SameSite=None`.
"""

from http.cookies import Morsel

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

# Python learns the attribute in 3.14, Django 5.2 never.
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]


def partitioned(get_response):
    """Stands outside of everything that sets cookies, and makes all of them such, whoever set or deleted them."""
    if not settings.CROSS_SITE_FRAMES:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for cookie in response.cookies.values():
            cookie["secure"] = cookie["partitioned"] = True
            cookie["samesite"] = "None"
        return response

    return middleware
