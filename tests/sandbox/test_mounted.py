"""The sandbox over HTTP, below the site's own middleware."""

import pytest

from tests.sandbox.conftest import SECRET, TEAM

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

BASE = "/api/v1/teams/" + TEAM
KEY = {"Authorization": f"Bearer {SECRET}"}


def test_it_reads_and_writes_without_a_csrf_token(team, client):
    client.handler.enforce_csrf_checks = True
    answer = client.post(f"{BASE}/tickets", '{"title": "t"}', content_type="application/json", headers=KEY)
    assert answer.status_code == 201
    assert client.get(f"{BASE}/tickets", headers=KEY).json()["data"][0]["title"] == "t"


def test_curl_without_a_content_type_is_understood(team, client):
    answer = client.post(
        f"{BASE}/tickets", '{"title": "My ticket"}', content_type="application/x-www-form-urlencoded", headers=KEY
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["tickets/", "boats", "boats/", ""])
def test_unknown_paths_are_json_and_never_redirect(team, client, path):
    answer = client.get(f"{BASE}/{path}", headers=KEY)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "RESOURCE_MISSING"


def test_big_bodies_are_refused(team, client):
    answer = client.post(f"{BASE}/tickets", b"x" * (5 * 1024 * 1024 + 1), content_type="application/json", headers=KEY)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "BODY_TOO_LARGE"


def test_anonymous_requests_get_json(client, team):
    answer = client.get(f"{BASE}/tickets")
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "Invalid or expired API key"
