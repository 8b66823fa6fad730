from datetime import timedelta

import pytest
import time_machine

from sandbox.models import StoredAnswer
from sandbox.resources import tickets
from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

KEY = {"Idempotency-Key": "unique-request-id-123"}


def test_a_retried_patch_runs_once(api, ticket):
    first = api.patch(f"tickets/{ticket}", json={"status": "open"}, headers=KEY)
    api.patch(f"tickets/{ticket}", json={"status": "closed"})
    again = api.patch(f"tickets/{ticket}", json={"status": "open"}, headers=KEY)
    assert again.content == first.content
    assert again.headers["X-RateLimit-Remaining"] < first.headers["X-RateLimit-Remaining"]
    assert got(api.get(f"tickets/{ticket}"))["status"] == "closed"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "tickets", {"title": "b"}), ("POST", "customers", {"title": "a"}), ("PATCH", "settings", {"title": "a"})],
)
def test_a_key_is_for_one_request_only(api, method, path, body):
    made(api.post("tickets", json={"title": "a"}, headers=KEY))
    error = refused(api.request(method, path, json=body, headers=KEY), 409)
    assert (error["type"], error["code"]) == ("conflict_error", "CONFLICT")
    assert error["message"] == "Idempotency-Key was already used for a different request"


def test_teams_do_not_share_keys(api, stranger):
    made(api.post("tickets", json={"title": "a"}, headers=KEY))
    assert "Idempotent-Replayed" not in stranger.post("tickets", json={"title": "b"}, headers=KEY).headers


def test_refusals_are_not_remembered(api):
    refused(api.post("tickets", json={}, headers=KEY), 400)
    made(api.post("tickets", json={"title": "now with one"}, headers=KEY))


def test_faults_are_not_remembered_and_leave_nothing(api, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tickets, "_row", lambda ticket: 1 / 0)
        error = refused(api.post("tickets", json={"title": "a"}, headers=KEY), 500)
    assert (error["type"], error["code"]) == ("api_error", "internal_error")
    assert got(api.get("tickets")) == audited(api) == []
    made(api.post("tickets", json={"title": "a"}, headers=KEY))


def test_keys_are_forgotten_after_a_day(api, team):
    made(api.post("tickets", json={"title": "a"}, headers=KEY))
    with time_machine.travel(StoredAnswer.objects.get(team=team).created_at + timedelta(hours=24)):
        assert "Idempotent-Replayed" not in api.post("tickets", json={"title": "a"}, headers=KEY).headers
    assert StoredAnswer.objects.filter(team=team).count() == 1


def test_reads_deletes_and_exports_take_no_key(api, ticket):
    for _ in range(2):
        assert "Idempotent-Replayed" not in api.get("tickets", headers=KEY).headers
        export = api.post("export", json={"resources": [{"type": "tickets"}]}, headers=KEY)
        assert "Idempotent-Replayed" not in export.headers
    got(api.delete(f"tickets/{ticket}", headers=KEY))
    refused(api.delete(f"tickets/{ticket}", headers=KEY), 404)


def test_overlong_keys_are_refused(api):
    refused(api.post("tickets", json={"title": "a"}, headers={"Idempotency-Key": "x" * 256}), 400)
