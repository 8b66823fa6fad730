"""For load balancers and people who look after the machine."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

PATHS = {"/healthz", "/readyz", "/metrics"}


def by_any_name(get_response):
    """Let health checks use a machine's IP address as host name, although ALLOWED_HOSTS does not list it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost"
        return get_response(request)

    return middleware


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database and the cache work; 503 names those that do not."""
    broken = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        broken.append("database")
    kept = None
    with suppress(Exception):  # each cache backend raises errors of its own
        cache.set("readyz", "1", 5)
        kept = cache.get("readyz")
    if kept != "1":
        broken.append("cache")
    text = f"not answering: {', '.join(broken)}\n" if broken else "ok\n"
    return HttpResponse(text, content_type="text/plain", status=503 if broken else 200)
