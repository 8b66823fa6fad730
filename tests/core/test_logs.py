"""The log: what finds a request again is there, what people wrote and what is secret is not."""

from __future__ import annotations

import json
import logging
import re
from uuid import uuid4

import pytest
from django.utils import timezone

from core import logs
from cstar.http import Response
from teams.models import User
from tests.conftest import Person
from tickets.models import Ticket

SECRET = "sk_test_acme0000000000000000000000000000"


@pytest.fixture
def lines(caplog):
    """What a production log holds of the test, as its lines."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "core.logs")
    caplog.handler.setFormatter(logs.formatter(as_json=True))

    def read() -> list[dict]:
        return [json.loads(line) for line in caplog.text.splitlines() if line.startswith("{")]

    return read


def requests(lines) -> list[dict]:
    return [line for line in lines() if line["event"] == "request"]


def test_a_line_tells_who_asked_for_what_and_how_it_ended(agent, lines):
    answer = agent.get("/tickets/?search=invoice")
    [line] = requests(lines)
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["route"], line["status"]) == ("GET", "/tickets/", "tickets/", 200)
    assert (line["user"], line["team"]) == (str(agent.person.pk), agent.team_id)
    assert line["ms"] > 0
    assert line["level"] == "info"
    assert re.match(r"20\d\d-\d\d-\d\dT", line["timestamp"])
    assert "invoice" not in json.dumps(line)


def test_the_line_names_the_calls_that_were_made_of_cstar(agent, wire, lines):
    ticket = Ticket.objects.filter(team=agent.team_id).first()
    form = {"kind": "reply", "reply": "Salutations from the suite", "nonce": "1" * 32}
    agent.post(f"/tickets/{ticket.cstar_id}/reply/", form)
    line = requests(lines)[-1]
    assert line["route"] == "tickets/<cstar_id:cstar_id>/reply/"
    assert line["cstar_request_ids"]
    assert len(line["cstar_request_ids"]) == len(wire.calls)


def test_the_next_request_of_a_thread_has_a_clean_line(agent, client, lines):
    agent.get("/tickets/")
    client.get("/tickets/")
    first, second = requests(lines)
    assert "user" not in second
    assert second["request_id"] != first["request_id"]


@pytest.mark.parametrize("given", ["7b1c2d3e-proxy.id_01", "a" * 64])
def test_the_proxys_request_id_is_taken(client, given):
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, 'x" onload="', "line\nbreak\n", "ünïcödé1", "{{7*7}}{{7*7}}"])
def test_a_request_id_that_could_do_harm_is_not_taken(client, given):
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


def test_a_request_id_of_the_client_itself_is_not_taken(client):
    answer = client.get("/healthz", headers={"X-Request-ID": "forged-request-id"}, REMOTE_ADDR="203.0.113.9")
    assert answer["X-Request-ID"] != "forged-request-id"


def test_what_comes_every_second_does_not_bury_the_rest(client, lines):
    for path in ("/healthz", "/static/css/base.css"):
        client.get(path)
    assert {line["level"] for line in requests(lines)} <= {"debug", "warning"}


def test_a_path_cannot_forge_a_line(client, lines):
    client.get("/no%0Asuch%0A" + "page" * 500)
    [line] = requests(lines)
    assert line["path"].startswith("/no%0Asuch%0Apagepage")
    assert len(line["path"]) == 200
    assert line["route"] == "none"


def test_an_exception_tells_its_place_and_not_its_words(lines):
    try:
        try:
            raise ValueError(f"Failing row contains ({SECRET}, Dear Sir)")
        except ValueError as cause:
            raise RuntimeError("Dear Sir") from cause
    except RuntimeError:
        logging.getLogger("desk").exception("It broke.")
    [line] = lines()
    assert line["event"] == "It broke."
    assert re.match(r"builtins.RuntimeError\n  .*test_logs\.py:\d+ test_an_exception", line["exception"])
    assert "builtins.ValueError" in line["exception"]
    assert "Dear Sir" not in json.dumps(line)
    assert SECRET not in json.dumps(line)


def a_bug(words: str):
    """A view that breaks over what it was given, as Python tells it."""

    def broken(*args, **kwargs):
        raise KeyError(words)

    return broken


def test_no_secret_and_nothing_that_people_wrote_is_in_the_log(world, wire, lines, monkeypatch):
    """A morning's work, some of it going wrong: sign-in, search, replies, refusals, outage, a bug."""
    words = "xylophone quartet"
    browser = Person("manager", raise_request_exception=False)
    browser.post("/accounts/sign-in/", {"username": "manager", "password": words})
    ticket = Ticket.objects.filter(team=browser.team_id).first()
    page = f"/tickets/{ticket.cstar_id}/"
    browser.get(f"/tickets/?search={words}")
    browser.post(f"{page}reply/", {"kind": "reply", "reply": words, "nonce": "1" * 32})
    browser.post("/customers/new/", {"name": words, "email": "xylophone@quartet.example", "nonce": str(uuid4())})
    wire.answer(Response(500, headers={}, content=words.encode()))
    browser.post(f"{page}reply/", {"kind": "note", "note": words, "nonce": "2" * 32})
    wire.answer(OSError(words))
    browser.post(f"{page}reply/", {"kind": "note", "note": words, "nonce": "3" * 32})
    monkeypatch.setattr("customers.views.list_page", a_bug(words))
    assert browser.get(f"/customers/?search={words}").status_code == 500
    logged = json.dumps(lines())
    assert len(requests(lines)) == 7
    for secret in (words, "xylophone", SECRET, "sk_test", browser.cookies["session"].value):
        assert secret not in logged


def test_no_proof_of_who_somebody_is_gets_into_the_log(client, acme, lines, settings):
    """Codes of providers, signed answers, tokens, signatures, keys, and a password in the wrong field."""
    secret = "zither-sonata-in-b"
    settings.METRICS_TOKEN = secret
    app = {"provider_id": "corp", "name": "Corp", "client_id": "desk", "secret": secret, "settings": {}}
    app["settings"] = {"server_url": "http://127.0.0.1:9/", "scope": ["openid"]}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}, "saml": {"APPS": []}}
    bearer = {"Authorization": f"Bearer {secret}"}
    client.get(f"/accounts/oidc/corp/callback/?code={secret}&state={secret}")
    client.get(f"/accounts/oidc/corp/callback/?error={secret}&error_description={secret}")
    client.post("/accounts/saml/corp/acs/", {"SAMLResponse": secret, "RelayState": secret})
    client.get("/metrics", headers=bearer)
    client.get("/api/v1/auth/whoami", headers=bearer)
    client.post(f"/hooks/cstar/{acme.pk}/", secret, content_type="text/plain", headers={"X-Signature": secret})
    client.get(f"/accounts/sign-in/?next=/{secret}", headers={"Referer": f"https://desk/?{secret}", "Cookie": secret})
    for _ in range(11):
        refused = client.post(f"/accounts/sign-in/?next=/{secret}", {"username": secret, "password": secret})
    assert refused.status_code == 429
    assert len(requests(lines)) == 18
    assert secret not in json.dumps(lines())


def test_an_address_in_others_words_is_without_its_query(lines):
    logging.getLogger("gunicorn.error").error("Error handling request %s", "/tickets/?search=xylophone&page=2")
    logging.getLogger("desk").warning("What now? Nothing.")
    first, second = lines()
    assert first["event"] == "Error handling request /tickets/?…"
    assert second["event"] == "What now? Nothing."


def test_an_error_page_gives_back_what_was_typed_but_no_secret(agent):
    User.objects.update(sessions_since=timezone.now())  # their session is over
    typed = {
        "name": "Support",
        "key": "sk_live_zither",
        "password": "zither",
        "new_password1": "zither",
        "token": "zither",
    }
    page = agent.post("/settings/teams/add/", typed | {"client_secret": "zither", "SAMLResponse": "zither"})
    assert page.status_code == 401
    assert "Support" in page.content.decode()
    assert "zither" not in page.content.decode()
