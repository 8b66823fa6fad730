import httpx
import pytest
from django.db import connections
from django.urls import get_script_prefix, set_script_prefix

from sandbox import times
from sandbox.resources import whoami
from tests.sandbox.conftest import SECRET, client, got, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_it_answers_like_a_server(api):
    response = api.post("tickets", json={"title": "Grüße"})
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert api.get("tickets", params={"search": "GRÜSSE".replace("SS", "ß").lower()}).json()["data"]


def test_it_leaves_the_callers_connections_and_prefix_alone(api):
    connection = connections["sandbox"].connection
    set_script_prefix("/desk/")
    try:
        got(api.get("tickets"))
        assert get_script_prefix() == "/desk/"
    finally:
        set_script_prefix("/")
    assert connections["sandbox"].connection is connection


def test_any_mount_point_will_do(team):
    url = f"https://portal.example.com/desk/api/v1/teams/{team.uuid}/tickets"
    got(client(None).get(url, headers={"Authorization": f"Bearer {SECRET}"}))
    refused(client(None).get("https://portal.example.com/elsewhere"), 404)


def test_a_fault_is_a_500_as_over_http(team, monkeypatch, caplog):
    monkeypatch.setattr(whoami, "Reply", lambda data: 1 / 0)
    error = refused(client().get("https://sandbox/api/v1/auth/whoami"), 500)
    assert error["message"] == "Something went wrong on our end"
    assert error["request_id"] in caplog.text
    assert SECRET not in caplog.text


def test_streamed_bodies_are_read(api):
    response = api.post("tickets", content=iter([b'{"title":', b' "in parts"}']))
    assert response.json()["data"]["title"] == "in parts"


def test_it_is_an_httpx_transport(api):
    assert isinstance(api._transport, httpx.BaseTransport)


def test_times_print_and_parse():
    assert times.wire(None) is None
    for text in ("2025-12-10T14:30:00Z", "2025-12-10T14:30:00.120Z"):
        assert times.wire(times.parse(text)) == text
    assert times.wire(times.parse("2025-12-10T14:30:00+02:00")) == "2025-12-10T12:30:00Z"
