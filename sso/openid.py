"""OpenID Connect: the authorization code flow with PKCE, by discovery. The protocol is allauth's, the decisions ours.

What allauth leaves to the transport is checked here: the ID token's signature, for whom it is and who asked for it, its
nonce, and that the user's details are the same person's (OpenID Connect Core 3.1.3.7, 5.3.2).
"""

import secrets
from typing import Any, Literal
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.throttling import limited
from sso import json_web_tokens
from sso.identity import Identity, is_storable
from sso.sign_in_options import ANSWERS, STARTS, failed, keep_briefly, safe_next

_DISCOVERY_KEPT = 60 * 60  # seconds


class Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's adapter, with discovery cached and every token verified."""

    @property
    def openid_config(self) -> dict[str, Any]:
        return discovered(self.get_provider().server_url)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("sso:oidc_callback", args=[self.provider_id]))

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The ID token takes the refresh token's place, which we do not ask for: the sign-out needs it."""
        return SocialToken(token=data["access_token"], token_secret=data.get("id_token", ""))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs) -> SocialLogin:
        config = self.openid_config
        claims = json_web_tokens.verified(
            token.token_secret, keys_url=config["jwks_uri"], issuer=config["issuer"], audience=app.client_id
        )
        if claims["aud"] not in (app.client_id, [app.client_id]) and "azp" not in claims:
            raise json_web_tokens.TokenError("it is for several, and does not name the one that asked for it")
        told = {"id_token": claims}
        if "userinfo_endpoint" in config:
            told["userinfo"] = self._fetch_user_info(token.token)
            if told["userinfo"].get("sub") != claims["sub"]:
                raise json_web_tokens.TokenError("the user's details are somebody else's")
        return self.get_provider().sociallogin_from_response(request, told)


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter


class Callback(OAuth2CallbackView):
    """allauth's; a token that proves nothing, and a document that lacks what allauth reads, are a failed sign-in."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (
            json_web_tokens.TokenError,
            json_web_tokens.KeysError,
            KeyError,
            ValueError,
            ImproperlyConfigured,
        ) as error:
            # The last is allauth's word for a person's id that is too long.
            return failed(request, self.adapter.get_provider(), f"{type(error).__name__}: {error}")


@require_GET
@limited(STARTS)
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider. A link and no form: the content policy forbids forms to lead to another site."""
    adapter = _adapter(request, provider_id)
    provider = Provider(request, app=adapter.get_provider().app)
    nonce = secrets.token_urlsafe(16)
    keep_briefly(request)
    try:
        return provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=safe_next(request, request.GET.get("next", "")),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except (json_web_tokens.KeysError, KeyError) as error:
        return failed(request, provider, type(error).__name__)


@require_GET
@limited(ANSWERS)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider; what it says ends in `sso.allauth_adapter`."""
    return Callback.adapter_view(_adapter(request, provider_id))(request)


def identity(login: SocialLogin) -> Identity | None:
    """What the provider told; None if that is no answer to what this browser was sent there with."""
    told = login.account.extra_data
    if not secrets.compare_digest(str(told["id_token"].get("nonce")).encode(), login.state["nonce"].encode()):
        return None
    settings = login.provider.app.settings
    return from_claims(
        _merged(told["id_token"], told.get("userinfo", {})),
        provider=login.provider.app.provider_id,
        groups_claim=settings["groups_claim"],
        trust_email=settings["trust_email"],
    )


def _merged(token: dict[str, Any], details: dict[str, Any]) -> dict[str, Any]:
    """The ID token's claims, and of the user's details those that the token lacks.

    Whether an address was checked is said beside it: the other document may be about another address.
    """
    claims = details | token
    claims.pop("email_verified", None)
    beside = token if "email" in token else details
    return claims | {name: beside[name] for name in ("email_verified",) if name in beside}


def from_claims(
    claims: dict[str, Any], *, provider: str, groups_claim: str, trust_email: bool | Literal["always"]
) -> Identity:
    """The standard claims (OpenID Connect Core 5.1) and the groups, one name or a list of them.

    An address counts if the provider says that it checked it; with `trust_email` "always" also if it says nothing.
    """

    def text_claim(name: str) -> str:
        value = claims.get(name)
        return value.strip() if is_storable(value) else ""

    first, _, last = text_claim("name").partition(" ")
    groups = claims.get(groups_claim)
    named = groups if isinstance(groups, list) else [groups]
    checked = claims.get("email_verified", trust_email == "always")
    return Identity(
        provider=provider,
        subject=str(claims["sub"]),
        # Only the beginning of a name, so that an address which nobody checked will do.
        username=text_claim("preferred_username") or text_claim("email").partition("@")[0],
        email=text_claim("email") if checked is True or checked == "true" else "",
        first_name=text_claim("given_name") or first,
        last_name=text_claim("family_name") or last,
        groups=frozenset(name for name in named if is_storable(name) and name),
        trust_email=bool(trust_email),
    )


def sign_out_url(request: HttpRequest, provider_id: str, id_token: str) -> str:
    """Where the provider ends its own session too and sends people back (RP-Initiated Logout 1.0); empty without."""
    provider = _adapter(request, provider_id).get_provider()
    try:
        end = discovered(provider.server_url).get("end_session_endpoint", "")
    except json_web_tokens.KeysError:
        return ""
    back = request.build_absolute_uri(reverse("sso:sign_in"))
    asked = {"id_token_hint": id_token, "client_id": provider.app.client_id, "post_logout_redirect_uri": back}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}" if end else ""


def discovered(url: str) -> dict[str, Any]:
    """The provider's discovery document, an hour old at most. KeysError if it cannot be had."""
    name = f"discovery.{url}"
    held = cache.get(name)
    if held is None:
        held = json_web_tokens.fetched(url)
        cache.set(name, held, _DISCOVERY_KEPT)
    return held


def _adapter(request: HttpRequest, provider_id: str) -> Adapter:
    adapter = Adapter(request, provider_id)
    try:
        known = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if known.id != OpenIDConnectProvider.id:
        raise Http404
    return adapter
