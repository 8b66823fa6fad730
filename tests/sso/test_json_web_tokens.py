"""Signed tokens: what counts as proof and what does not, and how the keys are come by."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from types import SimpleNamespace

import httpx
import jwt
import pytest
import respx
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.utils import timezone

from sso import json_web_tokens, openid

KEYS_URL = "https://login.example.com/keys"
ISSUER = "https://login.example.com"
RSA, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
EC = ec.generate_private_key(ec.SECP256R1())


def published(key, kid: str, algorithm: str) -> dict:
    return jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True) | {
        "kid": kid,
        "alg": algorithm,
        "use": "sig",
    }


def token(key=RSA, kid: str | None = "one", algorithm: str = "RS256", **changed) -> str:
    claims = {"iss": ISSUER, "aud": "desk", "sub": "ada", "exp": time.time() + 300, **changed}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid else None)


@pytest.fixture(autouse=True)
def _movable_clock(settings):
    """A cache that forgets by the clock which these tests move; Redis has its own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tokens"}}
    cache.clear()


@pytest.fixture
def keys():
    with respx.mock(assert_all_called=False) as mocked:
        shown = [published(RSA, "one", "RS256"), published(EC, "two", "ES256")]
        yield mocked.get(KEYS_URL).mock(return_value=httpx.Response(200, json={"keys": shown}))


def verified(text: str) -> dict:
    return json_web_tokens.verified(text, keys_url=KEYS_URL, issuer=ISSUER, audience="desk")


def test_a_good_token_gives_its_claims_and_the_keys_are_fetched_once(keys):
    assert verified(token())["sub"] == "ada"
    assert verified(token(EC, "two", "ES256", aud=["other", "desk"]))["sub"] == "ada"
    assert keys.call_count == 1


WRONG = {
    "another audience": {"aud": "another"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": time.time() - 60},
    "without end": {"exp": None},
    "nonsense as end": {"exp": "soon"},
    "not yet": {"nbf": time.time() + 86_400},
    "nobody": {"sub": None},
    "a number": {"sub": 7},
    "asked for by another": {"azp": "another"},
    "asked for by another of several": {"aud": ["another", "desk"], "azp": "another"},
    "asked for by nobody": {"azp": ""},
    "asked for by a list": {"azp": ["desk"]},
    "another key": {"key": OTHER},
    "an unnamed key": {"key": OTHER, "kid": None},
    "not the algorithm that the key is published for": {"algorithm": "RS512"},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=list(WRONG))
def test_a_token_that_is_not_right_in_everything_proves_nothing(changed, keys):
    with pytest.raises(json_web_tokens.TokenError) as caught:
        verified(token(**changed))
    assert "eyJ" not in str(caught.value)


@pytest.mark.parametrize("aud", ["desk", ["desk"], ["other", "desk"]], ids=str)
def test_a_token_that_we_asked_for_is_ours(aud, keys):
    assert verified(token(aud=aud, azp="desk"))["sub"] == "ada"


@pytest.mark.parametrize(
    ("claims", "good"),
    [
        ({"aud": "desk"}, True),
        ({"aud": ["desk"]}, True),
        ({"aud": ["desk", "other"]}, False),
        ({"aud": ["desk", "other"], "azp": "desk"}, True),
    ],
)
def test_of_an_id_token_for_several_the_one_that_asked_has_to_be_named(claims, good, keys, rf, monkeypatch):
    config = {"jwks_uri": KEYS_URL, "issuer": ISSUER}
    monkeypatch.setattr(openid.Adapter, "openid_config", config)
    monkeypatch.setattr(
        openid.Adapter,
        "get_provider",
        lambda self: SimpleNamespace(sociallogin_from_response=lambda request, said: said),
    )
    adapter = openid.Adapter(rf.get("/"), "corp")
    answer = SimpleNamespace(token="x", token_secret=token(**claims))
    app = SimpleNamespace(client_id="desk")
    if good:
        assert adapter.complete_login(rf.get("/"), app, answer)["id_token"]["sub"] == "ada"
    else:
        with pytest.raises(json_web_tokens.TokenError):
            adapter.complete_login(rf.get("/"), app, answer)


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize("levels", [600, 990, 5_000, 50_000])
def test_what_is_nested_without_end_proves_nothing(levels, keys):
    head, body, signature = token().split(".")
    deep = urlsafe_b64encode(nested(levels)).rstrip(b"=").decode()
    for text in (f"{deep}.{body}.{signature}", f"{head}.{deep}.{signature}"):
        with pytest.raises(json_web_tokens.TokenError):
            verified(text)
    try:
        signed = jwt.api_jws.encode(nested(levels), RSA, "RS256", headers={"kid": "one"})
    except RecursionError:
        return
    with pytest.raises(json_web_tokens.TokenError):
        verified(signed)


@pytest.mark.parametrize("levels", [600, 990, 5_000])
def test_a_document_that_is_nested_without_end_is_none(levels, keys):
    keys.mock(return_value=httpx.Response(200, content=nested(levels)))
    with pytest.raises(json_web_tokens.KeysError):
        json_web_tokens.fetched(KEYS_URL)


def test_clocks_may_differ_a_little(keys):
    assert verified(token(exp=time.time() - 10))


def part(value: dict) -> bytes:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def by_hand(header: dict, secret: bytes = b"") -> str:
    body = part(header) + b"." + part({"iss": ISSUER, "aud": "desk", "sub": "admin", "exp": time.time() + 300})
    signature = hmac.digest(secret, body, hashlib.sha256) if secret else b""
    return (body + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def test_a_token_without_signature_or_signed_with_the_public_key_proves_nothing(keys):
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = [
        by_hand({"alg": "none", "kid": "one"}),
        by_hand({"alg": "None", "kid": "one"}),
        by_hand({"alg": "HS256", "kid": "one"}, pem),
        by_hand({"alg": "HS256", "kid": "one"}, json.dumps(published(RSA, "one", "RS256")).encode()),
        by_hand({"alg": ["RS256"], "kid": "one"}),
        by_hand({"kid": "one"}),
    ]
    for text in forged:
        with pytest.raises(json_web_tokens.TokenError):
            verified(text)


def test_a_tampered_token_proves_nothing(keys):
    head, body, signature = token().split(".")
    other = part({"iss": ISSUER, "aud": "desk", "sub": "admin", "exp": time.time() + 300}).decode()
    for text in (f"{head}.{other}.{signature}", f"{head}.{body}.", f"{head}.{body}", "", "a.b.c", "ä" * 40, "." * 9):
        with pytest.raises(json_web_tokens.TokenError):
            verified(text)


def test_a_shared_secret_among_the_keys_is_not_used(keys):
    secret = urlsafe_b64encode(b"s" * 32).decode()
    keys.mock(return_value=httpx.Response(200, json={"keys": [{"kty": "oct", "kid": "one", "k": secret}]}))
    with pytest.raises(json_web_tokens.TokenError):
        verified(token(b"s" * 32, algorithm="HS256"))
    with pytest.raises(json_web_tokens.TokenError):
        verified(token())


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def test_an_unknown_key_is_looked_for_once_a_minute(keys):
    verified(token())
    keys.mock(return_value=httpx.Response(200, json={"keys": [published(OTHER, "new", "RS256")]}))
    for _ in range(3):
        with pytest.raises(json_web_tokens.TokenError):
            verified(token(OTHER, "new"))
    assert keys.call_count == 1
    with later(61):
        assert verified(token(OTHER, "new"))["sub"] == "ada"
        assert keys.call_count == 2
        with pytest.raises(json_web_tokens.TokenError):
            verified(token())  # withdrawn


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(302, headers={"Location": "https://evil.example/keys"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": "none"}),
        httpx.Response(200, content=b" " * 300_000),
    ],
    ids=lambda answer: f"{answer.status_code}-{len(answer.content)}",
)
def test_without_keys_nobody_is_believed_and_nobody_is_called_a_liar(answer, keys):
    keys.mock(return_value=answer)
    with pytest.raises(json_web_tokens.KeysError):
        verified(token())


def test_keys_outlive_an_outage(keys):
    verified(token())
    keys.mock(side_effect=httpx.ConnectError("away"))
    with later(2 * json_web_tokens.FRESH):
        assert verified(token())["sub"] == "ada"
    assert keys.call_count == 2
