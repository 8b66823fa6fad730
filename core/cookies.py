"""Cookies for frames of portals on another site (`EMBED=cross-site`).

Browsers keep third-party cookies only if they are partitioned: each portal's frame has a jar of its own, and so has
the desk in a tab. In every other mode this module changes nothing.
"""

from http.cookies import Morsel

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


def partitioned(get_response):
    """Outermost middleware: marks every cookie Secure, SameSite=None and Partitioned."""
    if not settings.CROSS_SITE_FRAMES:
        raise MiddlewareNotUsed
    # Python learns the attribute in 3.14, Django 5.2 never.
    Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
    Morsel._flags.add("partitioned")  # type: ignore[attr-defined]

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for cookie in response.cookies.values():
            cookie["secure"] = cookie["partitioned"] = True
            cookie["samesite"] = "None"
        return response

    return middleware
