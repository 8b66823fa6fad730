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
        language = _chosen(request) or translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _chosen(request: HttpRequest) -> str:
    """The person's language if it is still one of ours; "" stands for their browser's."""
    # As with the time zone below, nobody is looked up without a cookie.
    language = request.user.language if request.COOKIES and request.user.is_authenticated else ""
    return language if language in dict(settings.LANGUAGES) else ""


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
