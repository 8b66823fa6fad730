"""Times are shown in the person's own time zone."""

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def persons_time_zone(get_response):
    def middleware(request: HttpRequest) -> HttpResponse:
        # The user is read from the session only if a session cookie came along: the API and assets stay free of it.
        name = request.user.time_zone if request.COOKIES and request.user.is_authenticated else "UTC"
        with timezone.override(_zone(name)):
            return get_response(request)

    return middleware


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
