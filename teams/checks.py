"""Settings that work and should not be used in production."""

from urllib.parse import urlsplit

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


@checks.register(checks.Tags.security, deploy=True)
def the_site_has_a_name(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """With any name allowed, whoever asks says what the site is called, also in the addresses that providers get."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [checks.Warning("ALLOWED_HOSTS holds *: name the hosts of the site instead.", id="teams.W003")]


@checks.register(checks.Tags.security, deploy=True)
def demo_stays_out_of_the_network(app_configs, **kwargs) -> list[checks.CheckMessage]:
    if not (settings.SANDBOX_WEBHOOKS_PRIVATE and settings.HTTPS):
        return []
    text = (
        "SANDBOX_WEBHOOKS_PRIVATE is 1: whoever signs in to the demo can send requests into your network. Set it to 0."
    )
    return [checks.Warning(text, id="teams.W004")]


@checks.register(checks.Tags.security, deploy=True)
def cstar_is_somebody_else(app_configs, **kwargs) -> list[checks.CheckMessage]:
    host = urlsplit(settings.CSTAR_API_URL).hostname
    if not (settings.HTTPS and host in settings.ALLOWED_HOSTS):
        return []
    text = "CSTAR_API_URL leads to the desk itself: set it to cStar's address, or leave it empty for the demo."
    return [checks.Warning(text, id="teams.W005")]
