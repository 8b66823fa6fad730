"""SAML's door stands open to everybody: what comes in there without proof leaves nothing behind."""

import base64
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from sso.sign_in_options import ANSWERS, FINISHES, STARTS

ACS = "/accounts/saml/corp/acs/"
IDP = "https://idp.example.com"
NS = "urn:oasis:names:tc:SAML:2.0:assertion"
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r1" Version="2.0"
 IssueInstant="{now}" Destination="{acs}"><saml:Issuer xmlns:saml="{ns}">{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
{assertion}</samlp:Response>"""
ASSERTION = """<saml:Assertion xmlns:saml="{ns}" ID="a1" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{until}" Recipient="{acs}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{now}"
 NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext>
<saml:AuthnContextClassRef>x</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>"""


def certificate(key) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def idp() -> SimpleNamespace:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return SimpleNamespace(key=pem.decode(), certificate=certificate(key))


@pytest.fixture
def corp(settings, idp, world):
    app = {
        "provider_id": "corp",
        "name": "Corp",
        "client_id": "corp",
        "settings": {
            "idp": {"entity_id": IDP, "sso_url": f"{IDP}/sso", "x509cert": idp.certificate},
            "advanced": {"want_assertion_signed": True, "want_attribute_statement": False},
            "groups_attribute": "groups",
            "trust_email": False,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"saml": {"APPS": [app]}}
    Session.objects.all().delete()


def answer(idp, **changed: str) -> str:
    """What the provider sends: signed, for us, in time."""
    now = datetime.now(UTC)
    said = {
        "ns": NS,
        "issuer": IDP,
        "acs": f"http://localhost{ACS}",
        "audience": "http://localhost/accounts/saml/corp/metadata/",
        "now": f"{now - timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{now + timedelta(minutes=4):%Y-%m-%dT%H:%M:%SZ}",
    } | changed
    signed = OneLogin_Saml2_Utils.add_sign(ASSERTION.format(**said), idp.key, idp.certificate)
    return RESPONSE.format(assertion=signed.decode() if isinstance(signed, bytes) else signed, **said)


def send(client: Client, text: str):
    said = {"SAMLResponse": base64.b64encode(text.encode()).decode()}
    return client.post(ACS, said, headers={"Host": "localhost"})


def test_what_the_provider_signed_is_kept_for_a_moment(corp, client, idp):
    response = send(client, answer(idp))
    assert response["Location"] == f"{ACS}finish/"
    kept = Session.objects.get()
    assert kept.expire_date - timezone.now() < timedelta(minutes=6)
    # It was not asked for by this browser, so that it lets nobody in, and is gone now.
    assert client.get(f"{ACS}finish/", headers={"Host": "localhost"})["Location"] == "/accounts/sign-in/"
    assert not Session.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("text", ["", "nonsense", "<a/>", "<samlp:Response/>", "x" * 60_000])
def test_nonsense_leaves_nothing_behind(text, corp, client):
    for _ in range(20):
        assert send(client, text)["Location"] == f"{ACS}finish/"
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"audience": "https://other.example"},
        {"acs": "https://other.example/acs/"},
        {"until": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_answer_that_is_not_for_us_leaves_nothing_behind(changed, corp, client, idp):
    send(client, answer(idp, **changed))
    assert not Session.objects.exists()


def test_neither_does_one_that_was_tampered_with(corp, client, idp):
    send(client, answer(idp).replace(">ada<", ">admin<"))
    assert not Session.objects.exists()


def test_a_large_one_is_not_looked_at(corp, client, idp):
    padded = answer(idp).replace("<samlp:Status>", f"<!--{'x' * 100_000}--><samlp:Status>")
    send(client, padded)
    assert not Session.objects.exists()


def test_a_cookie_names_no_session_to_write_into(corp, client, idp):
    other = Client()
    other.post("/accounts/demo/", {"username": "agent"})
    client.cookies["saml-acs-session"] = other.session.session_key
    send(client, answer(idp))
    assert "request" not in other.session
    assert client.cookies["saml-acs-session"].value != other.session.session_key


def test_what_was_kept_and_never_asked_for_goes_with_the_next_one(corp, client, idp):
    for _ in range(3):
        send(Client(), answer(idp))
    assert Session.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        send(client, answer(idp))
    assert Session.objects.count() == 1


def test_who_does_not_come_back_from_the_provider_is_forgotten(corp, client):
    for _ in range(3):
        assert Client().get("/accounts/saml/corp/").status_code == 302
    assert Session.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        client.get("/accounts/saml/corp/")
    assert Session.objects.count() == 1


def test_a_session_is_as_long_as_any_once_somebody_signed_in(corp, client):
    client.get("/accounts/saml/corp/")
    client.post("/accounts/demo/", {"username": "agent"})
    assert client.session.get_expiry_age() > 11 * 3600


@pytest.mark.parametrize(("path", "limit"), [("acs/", ANSWERS), ("acs/finish/", FINISHES), ("", STARTS)])
def test_each_step_has_its_limit(path, limit, corp, client):
    ask = client.post if path == "acs/" else client.get
    answers = [ask(f"/accounts/saml/corp/{path}").status_code for _ in range(limit.most + 1)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
