"""For load balancers and people who look after the machine."""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

PATHS = {"/healthz", "/readyz", "/metrics"}


def by_any_name(get_response):
    """Load balancers and Prometheus ask machines by their address, which is no name of the site (ALLOWED_HOSTS)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost"
        return get_response(request)

    return middleware


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the cache answer; 503 names the one that does not."""
    broken = [name for name, works in (("database", _database_answers()), ("cache", _cache_answers())) if not works]
    text = f"not answering: {', '.join(broken)}\n" if broken else "ok\n"
    return HttpResponse(text, content_type="text/plain", status=503 if broken else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("readyz", "1", 5)
        return cache.get("readyz") == "1"
    except Exception:
        return False
