"""Signing in through a portal, and what pages in its frame look like. In a browser: tests/browser/test_embedding.py."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.sign_in import TokenProxy
from core import cookies
from sso import sign_in_options
from teams.models import Membership, SpentToken, User

PORTAL, OTHER = "https://portal.example", "https://other.example"
SECRET, OTHERS_SECRET = "p" * 32, "o" * 32
FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture(autouse=True)
def listed(settings):
    settings.FRAME_ANCESTORS = [PORTAL, OTHER]
    settings.EMBED_PORTALS = {PORTAL: SECRET, OTHER: OTHERS_SECRET}


def ask(secret: str | None = SECRET, **what):
    """The portal's server asks for a token."""
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    body = what.pop("body", json.dumps(what or {"username": "agent"}))
    return Client(enforce_csrf_checks=True).post(
        "/embed/token/", body, content_type="application/json", headers=headers
    )


def hand(client: Client, token: str, portal: str = PORTAL, **more):
    """Our page in the frame sends the token that the portal handed to it."""
    body = json.dumps({"token": token, "portal": portal, **more})
    return client.post("/embed/", body, content_type="application/json")


def signed_in(client: Client) -> str | None:
    answer = client.get("/settings/")
    return answer.context["request"].user.username if answer.status_code == 200 else None


# The portal's server asks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", [{"username": "agent"}, {"email": "agent@corp.example"}, {"email": "AGENT@Corp.Example"}]
)
def test_a_portal_gets_a_token_for_somebody_who_works_here(world, who):
    User.objects.filter(username="agent").update(email="agent@corp.example")
    answer = ask(**who)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    told = answer.json()
    assert set(told) == {"token", "url", "expiresIn"}
    assert told["expiresIn"] == 60
    url = urlsplit(told["url"])
    assert (url.path, url.fragment) == ("/embed/", told["token"])
    assert told["token"] not in url.query  # no log and no Referer holds it
    assert parse_qs(url.query)["portal"] == [PORTAL]


@pytest.mark.parametrize("secret", [None, "", "x", SECRET[:-1], SECRET + "p", "ä" * 32])
def test_without_a_portals_secret_there_is_none(world, secret):
    answer = ask(secret)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_proxys_own_bearer_tokens_do_not_get_in_the_portals_way(world, settings):
    settings.PROXY_SIGN_IN = TokenProxy(
        token_header="Authorization", keys="https://proxy.example/keys", issuer="https://proxy.example", audience="desk"
    )
    assert ask().status_code == 200


def test_where_no_portal_has_a_secret_the_address_is_none(world, settings):
    settings.EMBED_PORTALS = {}
    assert ask().status_code == ask("").status_code == 404


def test_who_does_not_work_here_cannot_be_told_from_who_may_not_come(world, globex):
    User.objects.create_user("teamless", email="teamless@corp.example")
    User.objects.filter(username="spectator").update(is_active=False)
    for name in ("one", "two"):
        user = User.objects.create_user(name, email="shared@corp.example")
        Membership.objects.create(user=user, team=globex, role="agent")
    refused = [
        ask(email="nobody@corp.example"),
        ask(username="nobody"),
        ask(username="teamless"),
        ask(email="teamless@corp.example"),
        ask(username="spectator"),
        ask(email="shared@corp.example"),
        ask(username="agent", team=str(globex.cstar_team_id)),
    ]
    assert {answer.status_code for answer in refused} == {404}
    assert len({answer.content for answer in refused}) == 1


@pytest.mark.parametrize(
    "body",
    [
        *("", "{}", "[]", "null", '{"email": ""}', '{"email": "a@b", "username": "a"}', '{"username": 1}', "{"),
        *('{"username": "agent", "role": "admin"}', '{"username": "agent", "next": null}', "\xff", "[" * 5000),
        *(
            json.dumps({"username": "agent\x00"}),
            json.dumps({"username": "agent", "next": "x" * 3000}),
            json.dumps({"username": "a" * 20_000}),
        ),
    ],
)
def test_what_makes_no_sense_is_refused(world, body):
    assert ask(body=body).status_code == 400


@given(body=st.binary(max_size=200), secret=st.text(max_size=40))
def test_nothing_that_is_sent_there_is_a_fault(body, secret):
    cache.clear()  # each is the first one to come
    headers = {"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
    answer = Client().post("/embed/token/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    answer = Client().post(
        "/embed/token/", body, content_type="application/json", headers={"Authorization": f"Bearer {SECRET}"}
    )
    assert answer.status_code == 400


@time_machine.travel("2026-01-05T09:30:00Z", tick=False)
def test_secrets_cannot_be_guessed_on_and_on(world):
    wrong = {"Authorization": "Bearer guessed"}
    for _ in range(sign_in_options.PORTALS.most):
        assert Client().post("/embed/token/", headers=wrong).status_code == 401
    refused = Client().post("/embed/token/", headers=wrong)
    assert (refused.status_code, refused["Content-Type"]) == (429, "text/plain; charset=utf-8")
    assert Client(REMOTE_ADDR="203.0.113.9").post("/embed/token/", headers=wrong).status_code == 401


@time_machine.travel("2026-01-05T09:30:00Z", tick=False)
def test_a_wrong_secret_or_token_keeps_no_right_one_out(world):
    """Behind one address stands a whole company."""
    wrong = {"Authorization": "Bearer guessed"}
    token = ask(username="agent").json()["token"]
    for _ in range(sign_in_options.PORTALS.most):
        Client().post("/embed/token/", headers=wrong)
        hand(Client(), "nonsense")
    assert Client().post("/embed/token/", headers=wrong).status_code == 429
    assert hand(Client(), "nonsense").status_code == 429
    assert ask(username="agent").status_code == 200
    assert hand(Client(), token).status_code == 200
    assert Client().get("/embed/").status_code == 200


# The frame hands it over -------------------------------------------------------------------------------------------


def test_a_token_begins_a_session_once(world):
    token = ask(next="/customers/?status=active", username="agent").json()["token"]
    client = Client()
    client.get("/embed/")
    client.session["planted"] = True
    client.session.save()
    before = client.session.session_key
    answer = hand(client, token)
    assert answer.status_code == 200
    assert answer.json() == {"next": "/customers/?status=active&embed=1"}
    assert "csrf-token" in answer["HX-Trigger"]
    assert client.session.session_key != before
    assert signed_in(client) == "agent"
    again = Client()
    assert hand(again, token).status_code == 403
    assert signed_in(again) is None


def test_limits_hold_for_such_a_session_too(world):
    client = Client()
    hand(client, ask().json()["token"])
    with time_machine.travel(timezone.now() + timedelta(minutes=121)):
        assert signed_in(client) is None


def test_a_token_is_good_for_a_minute(world):
    token = ask().json()["token"]
    client = Client()
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        answer = hand(client, token)
    assert answer.status_code == 403
    assert "has expired" in answer.json()["error"]
    assert signed_in(client) is None


def test_a_token_of_another_portal_is_refused_and_stays_good_for_its_own(world):
    token = ask().json()["token"]
    client = Client()
    answer = hand(client, token, portal=OTHER)
    assert answer.status_code == 403
    assert "another portal" in answer.json()["error"]
    assert signed_in(client) is None
    assert hand(client, token).status_code == 200


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.swapcase(), lambda t: "", lambda t: "ä:b:c"]
)
def test_a_tampered_token_is_refused(world, spoil):
    client = Client()
    assert hand(client, spoil(ask().json()["token"])).status_code == 403
    assert signed_in(client) is None


def test_somebody_switched_off_within_the_minute_does_not_come_in(world):
    token, other = ask().json()["token"], ask(username="manager").json()["token"]
    User.objects.filter(username="agent").update(is_active=False)
    Membership.objects.filter(user__username="manager").delete()
    for spoiled in (token, other):
        client = Client()
        answer = hand(client, spoiled)
        assert answer.status_code == 403
        assert "deactivated" in answer.json()["error"]


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"token": "x"}', '{"token": "x", "portal": 1}', "\ud800"])
def test_a_page_that_hands_over_nonsense_is_refused(world, body):
    answer = Client().post("/embed/", body.encode("utf-8", "surrogatepass"), content_type="application/json")
    assert answer.status_code == 400


@given(token=st.text(max_size=60), portal=st.text(max_size=30), team=st.text(max_size=36), to=st.text(max_size=40))
def test_nothing_that_a_page_hands_over_is_a_fault(token, portal, team, to):
    cache.clear()
    answer = hand(Client(), token, portal, team=team, next=to)
    assert answer.status_code in {400, 403}


def test_the_team_is_the_pages_else_the_portals_else_the_first(world, acme, globex):
    def team_after(asked: dict, **handed) -> str:
        client = Client()
        assert hand(client, ask(username="admin", **asked).json()["token"], **handed).status_code == 200
        return client.get("/tickets/").context["desk"].team.name

    wanted = {"team": str(globex.cstar_team_id)}
    assert team_after({}) == "Acme Support"
    assert team_after(wanted) == "Globex Care"
    assert team_after(wanted, team=str(acme.pk)) == "Acme Support"
    assert team_after({}, team=str(globex.pk)) == "Globex Care"
    assert team_after({}, team="nonsense") == "Acme Support"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(world, to):
    client = Client()
    assert hand(client, ask(username="agent", next=to).json()["token"]).json() == {"next": "/?embed=1"}
    assert hand(Client(), ask().json()["token"], next=to).json() == {"next": "/?embed=1"}
    assert client.get("/embed/", {"next": to})["Location"] == "/?embed=1"


def test_another_site_cannot_sign_anybody_in(world):
    client = Client(enforce_csrf_checks=True)
    answer = hand(client, ask().json()["token"])
    assert answer.status_code == 403
    assert signed_in(client) is None


def test_used_tokens_are_forgotten_when_they_are_too_old_anyway(world):
    hand(Client(), ask().json()["token"])
    assert SpentToken.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        hand(Client(), ask().json()["token"])
    assert SpentToken.objects.count() == 1


def test_the_token_is_in_no_log(world, caplog):
    token = ask().json()["token"]
    hand(Client(), token)
    hand(Client(), token)
    ask("a-secret-that-is-none")
    assert token not in caplog.text
    assert SECRET not in caplog.text
    assert "a-secret-that-is-none" not in caplog.text


# The page that waits -----------------------------------------------------------------------------------------------


def test_in_a_frame_a_lost_session_leads_to_the_page_that_asks_the_portal(world):
    answer = Client().get("/tickets/?status=open", headers=FRAME)
    assert answer["Location"] == "/embed/?next=%2Ftickets%2F%3Fstatus%3Dopen"
    page = Client().get(answer["Location"], headers=FRAME)
    assert page.status_code == 200
    assert 'data-next="/tickets/?status=open"' in page.content.decode()
    assert Client().get("/tickets/?embed=1")["Location"].startswith("/accounts/sign-in/")


def test_the_page_with_a_token_may_be_shown_by_its_portal_alone(world):
    page = Client().get("/embed/", {"portal": PORTAL}, headers=FRAME)
    assert f"frame-ancestors {PORTAL};" in f"{page['Content-Security-Policy']};"
    for nobody in ({}, {"portal": "https://evil.example"}, {"portal": f"{PORTAL}; script-src *"}):
        page = Client().get("/embed/", nobody, headers=FRAME)
        assert "evil" not in page["Content-Security-Policy"]
        assert "script-src 'self'" in page["Content-Security-Policy"]
        assert "data-named" not in page.content.decode()


def test_a_window_of_its_own_leads_to_the_sign_in_and_ends_with_a_word(world, agent):
    window = {"Sec-Fetch-Dest": "document"}
    assert Client().get("/embed/", headers=window)["Location"] == "/accounts/sign-in/?next=%2Fembed%2F"
    assert "Close this window" in agent.get("/embed/", headers=window).content.decode()
    assert agent.get("/embed/?next=/customers/", headers=FRAME)["Location"] == "/customers/?embed=1"


def test_on_another_site_the_portal_is_asked_and_no_window_offered(world, settings):
    client = Client()
    page = client.get("/embed/", headers=FRAME).content.decode()
    assert "/accounts/sign-in/?next=/embed/" in page
    settings.CROSS_SITE_FRAMES = True
    page = client.get("/embed/", headers=FRAME).content.decode()
    assert "/accounts/sign-in/?next" not in page
    assert "data-ask" in page
    headers = {"HX-Request": "true", "HX-Current-URL": "https://desk.example/tickets/?embed=1"}
    said = client.post("/tickets/new/", {}, headers=headers).content.decode()
    assert "The portal signs you in again" in said
    assert "data-ask" in said
    assert "another tab" not in said


# How pages look there ----------------------------------------------------------------------------------------------


def is_compact(response) -> bool:
    html = response.content.decode()
    assert ("embed-bar" in html) != ('class="topbar"' in html)
    assert ("portal-link" in html) == ("embed-bar" in html)
    return "embed-bar" in html


def test_a_page_in_a_frame_is_compact_whatever_led_there(agent):
    assert is_compact(agent.get("/tickets/", headers=FRAME))
    assert is_compact(agent.get("/nothing/", headers=FRAME))
    assert is_compact(agent.post("/tickets/new/", {"title": ""}, headers=FRAME))
    assert is_compact(agent.get("/tickets/?embed=1"))
    assert is_compact(agent.get("/tickets/?embed=1", headers={"Sec-Fetch-Dest": "document"}))
    inside = {"Referer": "http://testserver/tickets/?embed=1", "Sec-Fetch-Dest": "document"}
    assert not is_compact(agent.get("/tickets/", headers=inside))  # a new tab
    assert not is_compact(agent.get("/tickets/?embed=0"))
    assert not is_compact(agent.get("/tickets/"))


def test_addresses_that_an_answer_leads_to_go_on_asking(agent):
    inside = {"Referer": "http://testserver/settings/?status=open&embed=1"}
    assert agent.post("/teams/switch/", {"team": agent.team_id}, headers=inside)["Location"] == "/?embed=1"
    form = {"time_zone": "UTC", "theme": "auto", "undo_seconds": "0"}
    assert agent.post("/settings/", form, headers=inside)["Location"] == "/settings/?embed=1"
    assert agent.post("/settings/", form)["Location"] == "/settings/"
    assert is_compact(agent.post("/settings/", {"time_zone": "x"}, headers=inside))


def test_the_rail_says_how_many_tickets_are_ones_own(agent):
    html = agent.get("/tickets/", headers=FRAME).content.decode()
    assert html.count("data-unread=") == 1


# Cookies -----------------------------------------------------------------------------------------------------------


def test_every_cookie_is_partitioned_where_the_portal_is_on_another_site(world, rf, settings):
    settings.CROSS_SITE_FRAMES = True

    def view(request):
        response = HttpResponse()
        response.set_cookie("theirs", "x", samesite="Strict")
        response.delete_cookie("gone")
        return response

    answer = cookies.partitioned(view)(rf.get("/"))
    for name in ("theirs", "gone"):
        header = answer.cookies[name].OutputString()
        assert {"Secure", "Partitioned", "SameSite=None"} <= set(header.split("; "))
