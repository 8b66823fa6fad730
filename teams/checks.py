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
