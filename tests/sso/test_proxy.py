"""A proxy in front says who comes: what is believed of it, and what is refused."""

import time
from ipaddress import ip_network
from types import SimpleNamespace

import httpx
import jwt
import msgspec
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client, RequestFactory
from django.utils import timezone

from config.sign_in import HeaderProxy, TokenProxy
from sso import embed_tokens
from sso.identity import Identity, admit
from teams.models import GroupRule, Membership, User
from teams.policy import Role

KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
KEYS_URL = "https://proxy.example.com/keys"
FORGED = "could not be verified"


def token(key=KEY, **changed) -> str:
    claims = {"iss": "https://proxy.example.com", "aud": "desk", "sub": "s-1", "email": "ada@corp.example"}
    return jwt.encode({**claims, "exp": time.time() + 300, **changed}, key, "ES256", headers={"kid": "one"})


def member(username: str, acme) -> User:
    user = User.objects.get(username=username)
    Membership.objects.create(user=user, team=acme, role=Role.AGENT)
    return user


@pytest.fixture
def by_token(settings, world):
    settings.PROXY_SIGN_IN = TokenProxy(
        token_header="Cf-Access-Jwt-Assertion", keys=KEYS_URL, issuer="https://proxy.example.com", audience="desk"
    )
    shown = jwt.get_algorithm_by_name("ES256").to_jwk(KEY.public_key(), as_dict=True)
    with respx.mock(assert_all_called=False) as mocked:
        answer = httpx.Response(200, json={"keys": [{**shown, "kid": "one", "alg": "ES256"}]})
        yield mocked.get(KEYS_URL).mock(return_value=answer)


@pytest.fixture
def by_headers(settings, world):
    settings.PROXY_SIGN_IN = HeaderProxy(
        user_header="X-User", email_header="X-Email", name_header="X-Name", groups_header="X-Groups", sign_out="/bye"
    )
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/24"), ip_network("fd00::1")]


def ask(client: Client, path: str = "/tickets/", address: str = "10.0.0.7", **headers: str):
    return client.get(
        path, headers={name.replace("_", "-"): value for name, value in headers.items()}, REMOTE_ADDR=address
    )


def test_a_token_signs_in_and_the_session_lives_as_long_as_it_comes(client, by_token, acme):
    assert "not a member of a team" in ask(client, cf_access_jwt_assertion=token()).content.decode()
    member("ada", acme)
    first = client.cookies["session"].value
    assert ask(client, cf_access_jwt_assertion=token()).status_code == 200
    assert client.cookies["session"].value == first
    assert by_token.call_count == 1
    assert ask(client).status_code == 302
    assert ask(client).status_code == 302


@pytest.mark.parametrize("form", ["Bearer {}", "bearer  {}", "{}"])
def test_the_token_may_come_as_a_bearers(form, client, by_token, settings):
    settings.PROXY_SIGN_IN = TokenProxy(
        token_header="Authorization", keys=KEYS_URL, issuer="https://proxy.example.com", audience="desk"
    )
    assert ask(client, authorization=form.format(token())).status_code == 403
    assert User.objects.filter(username="ada").exists()


@pytest.mark.parametrize(
    "changed",
    [{"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1_000_000_000}, {"key": OTHER}],
    ids=["audience", "issuer", "expired", "key"],
)
def test_a_token_that_proves_nothing_is_refused_even_with_a_session(changed, agent, by_token):
    page = ask(agent, cf_access_jwt_assertion=token(**changed))
    assert page.status_code == 403
    assert FORGED in page.content.decode()
    assert not User.objects.filter(username="ada").exists()


def test_what_was_typed_comes_back_with_the_refusal(agent, by_token):
    page = agent.post("/tickets/new/", {"title": "An hour's work"}, headers={"Cf-Access-Jwt-Assertion": "forged"})
    assert page.status_code == 403
    assert "An hour&#x27;s work" in page.content.decode()


def test_while_the_keys_are_away_nobody_is_called_a_liar(client, by_token):
    by_token.mock(side_effect=httpx.ConnectError("away"))
    page = ask(client, cf_access_jwt_assertion=token())
    assert page.status_code == 503
    assert "cannot be checked right now" in page.content.decode()


def test_headers_are_believed_from_the_proxy(client, by_headers):
    told = {"x_user": "ada", "x_email": "ada@corp.example", "x_name": "Ada King Lovelace"}
    assert ask(client, address="fd00::1", **told).status_code == 403  # in no team yet
    ada = User.objects.get(username="ada")
    assert (ada.email, ada.first_name, ada.last_name) == ("", "Ada", "King Lovelace")


@pytest.mark.parametrize(
    ("trust", "claims", "kept"),
    [
        (True, {"email_verified": True}, "ada@corp.example"),
        ("always", {}, "ada@corp.example"),
        (True, {}, ""),
        (False, {"email_verified": True}, ""),
    ],
)
def test_a_tokens_address_is_kept_where_it_is_trusted(trust, claims, kept, client, by_token, settings):
    settings.PROXY_SIGN_IN = msgspec.structs.replace(settings.PROXY_SIGN_IN, trust_email=trust)
    ask(client, cf_access_jwt_assertion=token(**claims))
    assert User.objects.get(username="ada").email == kept


@pytest.mark.parametrize("address", ["10.0.1.7", "127.0.0.1", "::1", "", "unix:"])
def test_a_header_that_a_client_made_up_is_refused(address, client, by_headers):
    page = ask(client, address=address, x_user="admin", x_forwarded_for="10.0.0.7")
    assert page.status_code == 403
    assert FORGED in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_header_beside_the_proxys_is_refused(client, by_headers):
    assert FORGED in ask(client, x_user="admin,ada").content.decode()


def test_a_token_too_is_believed_from_listed_addresses_alone_where_there_are_any(client, by_token, settings):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/24")]
    settings.PROXIES_LISTED = True
    assert FORGED in ask(client, address="10.9.9.9", cf_access_jwt_assertion=token()).content.decode()


def test_another_person_behind_the_same_browser_gets_a_session_of_their_own(client, by_headers, acme):
    ask(client, x_user="ada")
    ask(client, x_user="grace")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="grace").pk)


def test_who_is_named_is_not_the_account_that_has_the_name(client, by_headers):
    ask(client, x_user="admin")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="admin-2").pk)


def test_a_switched_off_account_is_out_at_once(client, by_headers):
    ask(client, x_user="ada")
    User.objects.filter(username="ada").update(is_active=False)
    assert "deactivated" in ask(client, x_user="ada").content.decode()


def test_machines_are_not_signed_in(client, by_headers):
    assert ask(client, "/healthz", address="192.0.2.1", x_user="admin").status_code == 200


def test_signing_out_leads_to_the_proxys_own(client, by_headers):
    ask(client, x_user="ada")
    page = client.post("/accounts/sign-out/", headers={"X-User": "ada"}, REMOTE_ADDR="10.0.0.7")
    assert 'content="0;url=/bye"' in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_people_without_the_proxy_sign_in_as_ever(client, by_headers):
    client.post("/accounts/demo/", {"username": "agent"})
    assert client.get("/tickets/").status_code == 200


def restarted(client: Client) -> Client:
    """The same browser at a desk that was started with other settings."""
    other = Client()
    other.cookies = client.cookies
    return other


def test_without_the_setting_its_sessions_are_over(client, by_headers, acme, settings):
    ask(client, x_user="ada")
    member("ada", acme)
    assert ask(client, x_user="ada").status_code == 200
    settings.PROXY_SIGN_IN = None
    client = restarted(client)
    assert ask(client).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_session_from_before_this_was_kept_is_over_too(client, by_headers, acme, settings):
    ask(client, x_user="ada")
    member("ada", acme)
    session = client.session
    del session["identity"]["listed"]
    session.save()
    settings.PROXY_SIGN_IN = None
    assert ask(restarted(client)).status_code == 302


def test_when_a_rule_goes_so_does_the_role(client, by_headers, acme):
    rule = GroupRule.objects.create(team=acme, group="staff", role=Role.AGENT)
    through = {"x_user": "ada", "x_groups": "staff, others"}
    assert ask(client, **through).status_code == 200
    rule.delete()
    page = ask(client, **through)
    assert page.status_code == 403
    assert "not a member of a team" in page.content.decode()
    assert not Membership.objects.filter(user__username="ada").exists()


def test_a_rule_that_comes_counts_at_once(client, by_headers, acme):
    through = {"x_user": "ada", "x_groups": "staff"}
    assert ask(client, **through).status_code == 403
    GroupRule.objects.create(team=acme, group="staff", role=Role.AGENT)
    assert ask(client, **through).status_code == 200
    GroupRule.objects.update(role=Role.MANAGER)
    assert ask(client, "/activity/", **through).status_code == 200


def test_a_session_whose_end_was_ordered_is_another_one_with_the_next_request(client, by_headers, acme):
    ask(client, x_user="ada")
    user = member("ada", acme)
    before = client.cookies["session"].value
    User.objects.filter(pk=user.pk).update(sessions_since=timezone.now())
    assert ask(client, x_user="ada").status_code == 200
    assert client.cookies["session"].value != before


def test_nothing_is_written_by_a_request_like_the_one_before(client, by_headers, acme):
    GroupRule.objects.create(team=acme, group="staff", role=Role.AGENT)
    through = {"x_user": "ada", "x_groups": "staff"}
    ask(client, **through)
    before = client.cookies["session"].value
    ask(client, **through)
    assert client.cookies["session"].value == before


def test_a_portals_sessions_end_when_it_is_listed_no_more(world, client, settings):
    settings.EMBED_PORTALS = {"https://portal.example": "s" * 32}
    user = User.objects.get(username="agent")
    token = embed_tokens.token(embed_tokens.Pass(user=user.pk, portal="https://portal.example"))
    handed = {"token": token, "portal": "https://portal.example"}
    assert client.post("/embed/", handed, content_type="application/json").status_code == 200
    assert client.get("/tickets/").status_code == 200
    settings.EMBED_PORTALS = {"https://other.example": "s" * 32}
    assert client.get("/tickets/").status_code == 302


def test_a_providers_sessions_end_when_it_is_listed_no_more(world, client, settings, acme):
    settings.OIDC_PROVIDERS = [SimpleNamespace(id="corp", name="Corp")]
    request = RequestFactory().get("/")
    request.session = client.session
    user = admit(request, Identity(provider="corp", subject="ada"))
    request.session.save()
    client.cookies["session"] = request.session.session_key
    Membership.objects.create(user=user, team=acme, role=Role.AGENT)
    assert client.get("/tickets/").status_code == 200
    settings.OIDC_PROVIDERS = []
    assert client.get("/tickets/").status_code == 302


def test_passwords_sessions_end_when_passwords_are_switched_off(world, client, settings, acme):
    ada = User.objects.create_user("ada", password="between-the-engines")
    Membership.objects.create(user=ada, team=acme, role=Role.AGENT)
    client.post("/accounts/sign-in/", {"username": "ada", "password": "between-the-engines"})
    assert client.get("/tickets/").status_code == 200
    settings.LOCAL_PASSWORDS = settings.SANDBOX = False
    assert client.get("/tickets/").status_code == 302
