"""Reads how people sign in: providers, a proxy in front, passwords. A mistake is a sentence that names it."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from django.core.exceptions import ImproperlyConfigured

from config.env import env
from core.addresses import parts_of

ProviderId = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
# Servers drop names with an underscore, since a client's X_User would look like the proxy's X-User.
Header = Annotated[str, msgspec.Meta(pattern="^[A-Za-z][A-Za-z0-9-]{0,99}$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=191)]
# These are the names of allauth's own providers, and of the trusted proxy.
_TAKEN = {"openid_connect", "saml", "proxy"}


class OpenIDProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of OIDC_PROVIDERS.

    `id` stands in the callback's address, `discovery` is the issuer's address or that of its discovery document.
    """

    id: ProviderId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    discovery: str
    client_id: Text
    client_secret: str = ""
    scope: Text = "openid email profile"
    groups_claim: Text = "groups"
    # Whether the provider's e-mail addresses are good enough to be kept, and to find accounts that are there already;
    # "always" for one that never says whether it checked them.
    trust_email: bool | Literal["always"] = False


class SAMLProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of SAML_PROVIDERS: by `metadata`, an address, or by `sso`, `certificate` and perhaps `slo`."""

    id: ProviderId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    entity_id: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    metadata: str = ""
    sso: str = ""
    slo: str = ""
    certificate: str = ""
    groups_attribute: Text = "groups"
    trust_email: bool = False


class TokenProxy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PROXY_SIGN_IN of a proxy that proves who comes with a signed token in a header; `keys` is its JWKS address."""

    token_header: Header
    keys: str
    issuer: Text
    audience: Text
    groups_claim: Text = "groups"
    trust_email: bool | Literal["always"] = False
    sign_out: str = ""


class HeaderProxy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PROXY_SIGN_IN of a proxy that names who comes in plain headers, and is believed by its address alone."""

    user_header: Header
    email_header: Header | None = None
    name_header: Header | None = None
    groups_header: Header | None = None
    trust_email: bool = False
    sign_out: str = ""


def oidc_providers() -> list[OpenIDProvider]:
    found = read_json("OIDC_PROVIDERS", env.str("OIDC_PROVIDERS", default=""), list[OpenIDProvider], [])
    for provider in found:
        _check_address("OIDC_PROVIDERS", provider.discovery)
        if "openid" not in provider.scope.split():
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: the scope of {provider.id} must contain openid.")
    return found


def saml_providers() -> list[SAMLProvider]:
    found = read_json("SAML_PROVIDERS", env.str("SAML_PROVIDERS", default=""), list[SAMLProvider], [])
    for provider in found:
        if bool(provider.metadata) == bool(provider.sso and provider.certificate):
            raise ImproperlyConfigured(f"SAML_PROVIDERS: give {provider.id} either metadata, or sso and certificate.")
        for url in filter(None, (provider.metadata, provider.sso, provider.slo)):
            _check_address("SAML_PROVIDERS", url)
    return found


def proxy_sign_in() -> TokenProxy | HeaderProxy | None:
    found = read_json("PROXY_SIGN_IN", env.str("PROXY_SIGN_IN", default=""), dict[str, Any], {})
    if not found:
        return None
    proxy = _shaped("PROXY_SIGN_IN", found, TokenProxy if "token_header" in found else HeaderProxy)
    if isinstance(proxy, TokenProxy):
        _check_address("PROXY_SIGN_IN", proxy.keys)
    if proxy.sign_out and not re.fullmatch(r"/(?!/)[!-~]*", proxy.sign_out):
        _check_address("PROXY_SIGN_IN", proxy.sign_out)
    return proxy


def local_passwords() -> bool:
    text = env.str("LOCAL_PASSWORDS", default="").strip() or "1"
    if text not in {"0", "1"}:
        raise ImproperlyConfigured("LOCAL_PASSWORDS must be 1 (on) or 0 (off).")
    return text == "1"


def check_ways_in(*, passwords: bool, sandbox: bool, providers: list, proxy, proxies_listed: bool) -> None:
    """Refuse what contradicts itself: two providers of one name, headers from anybody, no way in at all."""
    names = [entry.id for entry in providers]
    if wrong := [name for name in names if names.count(name) > 1 or name in _TAKEN]:
        text = f"the id {wrong[0]!r} is taken, give the provider another one."
        raise ImproperlyConfigured(f"OIDC_PROVIDERS and SAML_PROVIDERS: {text}")
    if isinstance(proxy, HeaderProxy) and not proxies_listed:
        raise ImproperlyConfigured(
            "PROXY_SIGN_IN believes a plain header: list the proxy's address in TRUSTED_PROXIES."
        )
    if not (passwords or sandbox or providers or proxy):
        raise ImproperlyConfigured(
            "LOCAL_PASSWORDS is 0 and there is no other way in: set OIDC_PROVIDERS, for example."
        )


def openid_apps(providers: list[OpenIDProvider]) -> list[dict]:
    """The providers as allauth's settings want them."""
    return [
        {
            "provider_id": entry.id,
            "name": entry.name,
            "client_id": entry.client_id,
            "secret": entry.client_secret,
            "settings": {
                "server_url": entry.discovery.rstrip("/"),
                "scope": entry.scope.split(),
                "groups_claim": entry.groups_claim,
                "trust_email": entry.trust_email,
            },
        }
        for entry in providers
    ]


def saml_apps(providers: list[SAMLProvider]) -> list[dict]:
    return [
        {
            "provider_id": entry.id,
            "name": entry.name,
            "client_id": entry.id,  # what allauth puts into addresses
            "settings": {
                "idp": {
                    "entity_id": entry.entity_id,
                    "metadata_url": entry.metadata,
                    "sso_url": entry.sso,
                    "slo_url": entry.slo,
                    "x509cert": entry.certificate,
                },
                "advanced": {"want_assertion_signed": True, "want_attribute_statement": False},
                "groups_attribute": entry.groups_attribute,
                "trust_email": entry.trust_email,
            },
        }
        for entry in providers
    ]


def read_json(name: str, text: str, shape, default):
    """The variable's JSON in this shape; a value that begins with a slash names a file which holds it."""
    if text.strip().startswith("/"):
        try:
            text = Path(text.strip()).read_text()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{name}: the file that it names cannot be read.") from None
    if not text.strip():
        return default
    try:
        return _shaped(name, msgspec.json.decode(text), shape)
    except msgspec.DecodeError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def _shaped(name: str, value: Any, shape):
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def _check_address(name: str, url: str) -> None:
    parts = parts_of(url)
    if parts is None or not re.fullmatch(r"[!-~]+", url) or "@" in parts.netloc or parts.fragment:
        raise ImproperlyConfigured(
            f"{name} holds an invalid URL; expected something like https://login.example.com, without user or fragment."
        )
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured(f"{name}: {parts.hostname} must be reached by https, since secrets travel there.")
