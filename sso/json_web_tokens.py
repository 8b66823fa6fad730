"""Signed tokens of providers and proxies: a JWT counts only if its signature, issuer, audience and time are right."""

import pickle
import time
from typing import Any

import httpx
import jwt
from django.core.cache import cache

# Signatures by key pairs alone: with a shared-secret algorithm the published key would be the secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 30  # seconds that clocks may differ
FRESH = 60 * 60  # seconds until keys are fetched again
KEPT = 60 * 60 * 24  # seconds that keys outlive an outage of the address that they come from
PAUSE = 60  # seconds between two fetches, whatever keys are asked for
TIMEOUT = 5.0
_LARGEST = 256 * 1024  # bytes


class TokenError(Exception):
    """The token proves nothing. The text says why, for our log; it holds nothing of the token."""


class KeysError(Exception):
    """The keys cannot be had, so that nobody knows whether the token is good."""


def verified(token: str, *, keys_url: str, issuer: str, audience: str) -> dict[str, Any]:
    """The token's claims. TokenError for one that is not to be believed, KeysError where that cannot be found out."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, RecursionError):
        raise TokenError("it is no signed token") from None
    if header.get("alg") not in ALGORITHMS:
        raise TokenError("its algorithm is not allowed")
    key = _signing_key(keys_url, header)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise TokenError(type(error).__name__) from None
    if claims.get("azp", audience) != audience:
        raise TokenError("another party asked for it")
    return claims


def fetched(url: str) -> dict[str, Any]:
    """A JSON document of a provider. KeysError if it cannot be had."""
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT, headers={"Accept": "application/json"}) as response:
            response.raise_for_status()
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise KeysError("the document is too large")
        document = httpx.Response(200, content=body).json()
        pickle.dumps(document)  # as the cache does, which goes no further down than Python
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise KeysError(type(error).__name__) from None
    if not isinstance(document, dict):
        raise KeysError("the document is no JSON object")
    return document


def _signing_key(url: str, header: dict[str, Any]) -> jwt.PyJWK:
    """The published key that the token names; fetched anew for one that is unknown, since providers change theirs."""
    held = cache.get(_name(url), {"keys": [], "at": 0.0})
    found = _named(held["keys"], header)
    if found is None or time.time() - held["at"] > FRESH:
        held = _refetched(url, held)
        found = _named(held["keys"], header)
    if found is None:
        raise KeysError("no keys yet") if not held["keys"] else TokenError("nobody published its key")
    return found


def _refetched(url: str, held: dict[str, Any]) -> dict[str, Any]:
    """The keys of now, or those that are held where the address was asked a moment ago or does not answer."""
    if not cache.add(f"{_name(url)}.asked", 1, PAUSE):
        return held
    try:
        keys = fetched(url).get("keys")
    except KeysError:
        return held
    if isinstance(keys, list) and keys:
        held = {"keys": [key for key in keys if isinstance(key, dict)], "at": time.time()}
        cache.set(_name(url), held, KEPT)
    return held


def _named(keys: list[dict[str, Any]], header: dict[str, Any]) -> jwt.PyJWK | None:
    """The one public key for signatures that has this id."""
    named = [key for key in keys if key.get("kid") == header.get("kid") and key.get("use", "sig") == "sig"]
    if len(named) != 1 or named[0].get("kty") == "oct":
        return None
    try:
        return jwt.PyJWK(named[0], algorithm=named[0].get("alg") or header["alg"])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def _name(url: str) -> str:
    return f"keys.{url}"
