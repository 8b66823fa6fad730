"""What ways to sign in share: how one that failed is told, and where people go on."""

import logging
from typing import Any

from allauth.socialaccount.providers.base import Provider
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.throttling import Limit

log = logging.getLogger(__name__)

# Of one address, behind which a whole company may begin its day. Each start and each answer makes a row.
STARTS = Limit("sign-in", most=100, seconds=60)
ANSWERS = Limit("sign-in-answer", most=100, seconds=60)
FINISHES = Limit("sign-in-finish", most=100, seconds=60)
# Seconds that somebody has at the provider; what is kept of those who do not come back goes then.
_AWAY = 30 * 60
# Secrets and tokens of portals that are wrong.
PORTALS = Limit("portal", most=60, seconds=600)


def providers() -> list[dict[str, str]]:
    """The buttons of the sign-in page: `name` and `start`, the address that leads to the provider."""
    found: list[tuple[Any, str]] = [(entry, "sso:oidc_start") for entry in settings.OIDC_PROVIDERS]
    found += [(entry, "saml_start") for entry in settings.SAML_PROVIDERS]
    return [{"name": entry.name, "start": reverse(view, args=[entry.id])} for entry, view in found]


def keep_briefly(request: HttpRequest) -> None:
    """Of a session in which nobody signed in yet: it is there for the way to the provider and back."""
    if not request.user.is_authenticated:
        request.session.set_expiry(_AWAY)
    request.session.clear_expired()


def failed(request: HttpRequest, provider: Provider, reason: str) -> HttpResponse:
    """To the sign-in page with a sentence. The reason is for the log alone: it may help who is trying things out."""
    log.warning("Sign-in with %s failed: %r", provider.app.provider_id, reason[:300])
    text = _("Sign-in with {provider} did not work. Try again, or ask an admin.")
    return back(request, text.format(provider=provider.name))


def back(request: HttpRequest, sentence: str) -> HttpResponse:
    """To the sign-in page, which says the sentence."""
    messages.error(request, sentence)
    return redirect("sso:sign_in")


def safe_next(request: HttpRequest, target: str) -> str:
    """Where to go after signing in: an address of this site, else its front page."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"
