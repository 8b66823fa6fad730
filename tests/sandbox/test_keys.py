"""Who may do what: keys, teams, methods, unknown paths."""

from datetime import timedelta

import pytest

from sandbox.factory import create_key
from sandbox.models import ApiKey
from sandbox.times import now
from tests.sandbox.conftest import OTHER_TEAM, PUBLISHABLE, SECRET, TEAM, client, got, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

READABLE = ["tickets", "customers", "articles", "categories", "tags", "search?q=a"]
SECRET_ONLY = ["settings", "settings/statuses", "settings/quick-replies", "members", "audit-log", "import"]
WRITES = [
    *[("POST", path) for path in ("tickets", "customers", "articles", "tags", "bulk", "import", "export")],
    *[("PATCH", path) for path in ("tickets/x", "customers/x", "articles/x", "members/x", "settings")],
    *[("DELETE", path) for path in ("tickets/x", "customers/x", "articles/x")],
    ("POST", "tickets/x/messages"),
]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        SECRET,
        f"Basic {SECRET}",
        "Bearer sk_test_short",
        f"Bearer {SECRET}x",
        f"Bearer {SECRET.replace('sk_test', 'sk_prod')}",
        f"Bearer {SECRET} {SECRET}",
    ],
)
def test_wrong_headers(team, header):
    response = client(None).get("tickets", headers={"Authorization": header})
    assert refused(response, 401)["message"] == "Invalid or expired API key"
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "X-RateLimit-Limit" not in response.headers


def test_no_header_and_any_case_of_the_scheme(team):
    refused(client(None).get("tickets"), 401)
    got(client(None).get("tickets", headers={"Authorization": f"bearer {SECRET}"}))


def test_revoked_and_expired_keys(team):
    key = create_key(team, "sk_live_" + "e" * 32, expires_at=now() + timedelta(hours=1))
    assert got(client("sk_live_" + "e" * 32).get("https://sandbox/api/v1/auth/whoami"))["environment"] == "live"
    ApiKey.objects.filter(id=key.id).update(expires_at=now())
    refused(client("sk_live_" + "e" * 32).get("tickets"), 401)
    ApiKey.objects.update(revoked_at=now())
    refused(client().get("tickets"), 401)


def test_keys_are_not_kept_in_the_clear(team):
    assert SECRET not in str(list(ApiKey.objects.values()))


@pytest.mark.parametrize("path", READABLE)
def test_publishable_keys_read(public, path):
    got(public.get(path))


@pytest.mark.parametrize("path", SECRET_ONLY)
def test_publishable_keys_do_not_read_what_is_secret(public, path):
    assert refused(public.get(path), 403)["message"] == "Secret key required for this endpoint"


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_publishable_keys_do_not_write(public, method, path):
    assert refused(public.request(method, path), 403)["message"] == "Secret key required for this endpoint"


@pytest.mark.parametrize("team_id", [OTHER_TEAM, "55555555-5555-4555-8555-555555555555", "nonsense", TEAM + "0"])
@pytest.mark.parametrize(("method", "path"), [("GET", path) for path in READABLE + SECRET_ONLY] + WRITES)
def test_a_key_opens_its_own_team_alone(team, team_id, method, path):
    error = refused(client(team=team_id).request(method, path), 403)
    assert error["message"] == "API key does not have access to this team"


def test_the_case_of_the_team_does_not_matter(team):
    got(client(team=TEAM.upper()).get("tickets"))


@pytest.mark.parametrize(
    "path",
    ["boats", "tickets/", "tickets/x/y", "", "https://sandbox/api/v1/", "https://sandbox/api/v1/teams", "settings/x"],
)
def test_unknown_paths(api, path):
    error = refused(api.get(path), 404)
    assert (error["type"], error["code"]) == ("not_found_error", "RESOURCE_MISSING")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "tickets", "GET, POST"),
        ("POST", "tickets/x", "GET, PATCH, DELETE"),
        ("GET", "bulk", "POST"),
        ("OPTIONS", "search", "GET"),
        ("HEAD", "tickets", "GET, POST"),
    ],
)
def test_unknown_methods(api, method, path, allowed):
    response = api.request(method, path)
    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert response.json()["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_publishable_and_secret_key_have_their_own_hours(team):
    client(PUBLISHABLE).get("tickets")
    assert client().get("tickets").headers["X-RateLimit-Remaining"] == "999"
