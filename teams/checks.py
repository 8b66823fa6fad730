"""Settings that work and should not be used in production."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def demo_is_not_public(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """On the sandbox anybody signs in as an admin with one click, which is meant for one's own machine."""
    if not (settings.SANDBOX and settings.HTTPS):
        return []
    hosts = ", ".join(settings.ALLOWED_HOSTS)
    text = (
        f"The demo is open to everybody who reaches {hosts}: set CSTAR_API_URL, or keep ALLOWED_HOSTS to this machine."
    )
    return [checks.Warning(text, id="teams.W001")]


@checks.register(checks.Tags.security, deploy=True)
def processes_share_a_cache(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """A database that several machines share, and a cache that not even two processes do: they would disagree."""
    database, cache = settings.DATABASES["default"]["ENGINE"], settings.CACHES["default"]["BACKEND"]
    if not (database.endswith("postgresql") and cache.endswith("LocMemCache")):
        return []
    text = "CACHE_URL is empty while DATABASE_URL is a server: set CACHE_URL, so that all processes share one cache."
    return [checks.Warning(text, id="teams.W002")]
