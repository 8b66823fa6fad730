"""Words are in the person's own language, times in their own time zone."""

import zoneinfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def persons_language(get_response):
    """The person's choice, else what the browser asks for, else LANGUAGE_CODE.

    No `Vary`: pages are kept by nobody (core/middleware.py).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # As with the time zone below, nobody is looked up without a cookie.
        language = request.user.language if request.COOKIES and request.user.is_authenticated else ""
        if language not in dict(settings.LANGUAGES):  # "" stands for the browser's
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def persons_time_zone(get_response):
    def middleware(request: HttpRequest) -> HttpResponse:
        # The user is read from the session only if a session cookie came along: the API and assets stay free of it.
        name = request.user.time_zone if request.COOKIES and request.user.is_authenticated else "UTC"
        try:
            zone = zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone):
            return get_response(request)

    return middleware
