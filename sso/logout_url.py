"""Where to sign out of the provider that a session came from."""

from django.conf import settings
from django.http import HttpRequest

from sso import openid, saml
from teams.sessions import PROXY, SESSION_KEY


def provider_url(request: HttpRequest) -> str:
    """The URL at which the provider of the session's person ends its own session; "" if there is none."""
    kept = request.session.get(SESSION_KEY, {})
    if any(entry.id == kept.get("provider") for entry in settings.OIDC_PROVIDERS):
        return openid.sign_out_url(request, kept["provider"], kept["id_token"])
    if any(entry.id == kept.get("provider") for entry in settings.SAML_PROVIDERS):
        return saml.sign_out_url(request, kept["provider"], kept["name_id"], kept["session_index"])
    if settings.PROXY_SIGN_IN and kept.get("provider") == PROXY:
        return settings.PROXY_SIGN_IN.sign_out
    return ""
