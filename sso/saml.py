"""SAML 2.0, started here and answered by POST. The protocol is allauth's and python3-saml's, the decisions ours.

An answer counts if its assertion is signed by the provider's certificate, for us, in time, and for a request that this
browser made and that was not answered before. What a provider sends without being asked is refused.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_auth, get_app_or_404
from allauth.socialaccount.providers.saml.views import ACSView, FinishACSView, MetadataView
from allauth.socialaccount.sessions import SessionStore
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe
from onelogin.saml2.errors import OneLogin_Saml2_Error

from core.throttling import limited
from sso.identity import Identity
from sso.sign_in_options import ANSWERS, FINISHES, STARTS, failed, keep_briefly, safe_next

log = logging.getLogger(__name__)

_LARGEST = 100_000  # bytes of an answer
_KEPT = 5 * 60  # seconds between an answer and the request that finishes the sign-in; the browser takes none
_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
# What goes wrong in libraries with a document of somebody else's, or with the way to it.
_FAULTS = (OneLogin_Saml2_Error, PermissionDenied, ImproperlyConfigured, OSError, ValueError, KeyError, SyntaxError)
# The names under which providers tell things about people: plain ones, OIDs of LDAP, and Microsoft's.
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_ATTRIBUTES = {
    "username": ("username", "uid", "urn:oid:0.9.2342.19200300.100.1.1", f"{_CLAIMS}/name"),
    "email": ("email", "mail", "urn:oid:0.9.2342.19200300.100.1.3", f"{_CLAIMS}/emailaddress"),
    "first_name": ("firstName", "givenName", "urn:oid:2.5.4.42", f"{_CLAIMS}/givenname"),
    "last_name": ("lastName", "sn", "surname", "urn:oid:2.5.4.4", f"{_CLAIMS}/surname"),
}


class Provider(SAMLProvider):
    """allauth's, which keeps the session's name at the provider too: its sign-out asks for it."""

    def extract_uid(self, data) -> str:
        if data.get_nameid_format() == _TRANSIENT:
            raise ValueError("the provider gives people another id each time: it must be a persistent one")
        return super().extract_uid(data)

    def extract_extra_data(self, data) -> dict[str, Any]:
        session = {"name_id": data.get_nameid() or "", "session_index": data.get_session_index() or ""}
        return {"attributes": data.get_attributes(), "session": session}


class Finish(FinishACSView):
    def get_provider(self, organization_slug: str) -> Provider:
        return _provider(self.request, organization_slug)


def _told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whatever goes wrong ends on the sign-in page with a sentence."""

    @wraps(view)
    def checked(request: HttpRequest, organization_slug: str) -> HttpResponse:
        provider = _provider(request, organization_slug)
        try:
            return view(request, organization_slug)
        except _FAULTS as error:
            return failed(request, provider, f"{type(error).__name__}: {error}")

    return checked


@require_GET
@limited(STARTS)
@_told
def start(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Off to the provider."""
    provider = _provider(request, organization_slug)
    keep_briefly(request)
    return provider.redirect(request, AuthProcess.LOGIN, next_url=safe_next(request, request.GET.get("next", "")))


@csrf_exempt
@require_POST
@limited(ANSWERS)
def acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The provider's answer, sent by its page: without our session's cookie, so it is kept for `finish` to look at.

    What proves nothing is not kept, for anybody may send something here; `finish` finds nothing then, and says so.
    """
    provider = _provider(request, organization_slug)
    if not _is_proved(request, provider):
        return redirect("saml_finish_acs", organization_slug=organization_slug)
    # A session of its own, whatever the client's cookie says, that nobody needs after a moment.
    request.saml_acs_session = SessionStore()  # type: ignore[attr-defined]  # where allauth looks for it
    request.saml_acs_session.set_expiry(_KEPT)  # type: ignore[attr-defined]
    response = ACSView.as_view()(request, organization_slug=organization_slug)
    SessionStore.clear_expired()
    for cookie in response.cookies.values():
        cookie["httponly"] = True
    return response


def _is_proved(request: HttpRequest, provider: Provider) -> bool:
    """Whether the answer is the provider's, for us and in time; that it is to this browser's request `finish` sees."""
    length = request.META.get("CONTENT_LENGTH") or ""
    try:
        if not length.isdigit() or int(length) > _LARGEST:
            raise ValueError("the answer is too large")
        auth = build_auth(request, provider)
        auth.process_response()
        reason = auth.get_last_error_reason() or ", ".join(auth.get_errors())
    except _FAULTS as error:
        reason = f"{type(error).__name__}: {error}"
    if reason:
        log.warning("An answer for %s was refused: %r", provider.app.provider_id, reason[:300])
    return not reason


@require_GET
@limited(FINISHES)
@_told
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The answer again, now with the session that asked; what it says ends in `sso.allauth_adapter`."""
    return Finish.as_view()(request, organization_slug=organization_slug)


@require_GET
def signed_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Back from the provider's sign-out. Ours is done already, and nobody else's request ends a session here."""
    return redirect("sso:sign_in")


@require_safe
@_told
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the provider's admin needs to know about the desk."""
    return MetadataView.as_view()(request, organization_slug=organization_slug)


def identity(login: SocialLogin) -> Identity:
    settings, attributes = login.provider.app.settings, login.account.extra_data["attributes"]

    def first(names: tuple[str, ...]) -> str:
        return next((str(attributes[name][0]).strip() for name in names if attributes.get(name)), "")

    return Identity(
        provider=login.provider.app.provider_id,
        subject=login.account.uid,
        groups=frozenset(filter(None, attributes.get(settings["groups_attribute"], []))),
        trust_email=settings["trust_email"],
        **{field: first(names) for field, names in _ATTRIBUTES.items()},
    )


def sign_out_url(request: HttpRequest, provider_id: str, name_id: str, session_index: str) -> str:
    """Where the provider ends its own session too (single logout, asked for by us); empty where it has no such."""
    try:
        auth = build_auth(request, _provider(request, provider_id))
        if not auth.get_slo_url():
            return ""
        back = request.build_absolute_uri(reverse("sso:sign_in"))
        return auth.logout(return_to=back, name_id=name_id, session_index=session_index or None)
    except _FAULTS:
        return ""


def _provider(request: HttpRequest, organization_slug: str) -> Provider:
    app: SocialApp = get_app_or_404(request, organization_slug)
    return Provider(request, app=app)
