"""Sessions end: when their person is away, after a day's work, and never with what was typed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time))


def test_a_session_ends_when_its_person_is_away(agent):
    with later(minutes=119):
        assert agent.get("/tickets/").status_code == 200
    with later(minutes=119 + 119):
        assert agent.get("/tickets/").status_code == 200
    with later(minutes=119 + 119 + 121):
        assert agent.get("/tickets/")["Location"] == "/accounts/sign-in/?next=%2Ftickets%2F"
    assert agent.get("/tickets/").status_code == 302


def signed_in_after(person, path: str, **headers: str) -> bool:
    """Whether the person is still signed in after two hours in which a page asked there."""
    for minutes in (60, 119):
        with later(minutes=minutes):
            assert person.get(path, headers=headers).status_code != 401
    with later(minutes=121):
        return person.get("/tickets/").status_code == 200


@pytest.mark.parametrize("path", ["/live/", "/tickets/live/", "/articles/live/"])
def test_an_open_page_alone_keeps_nobody_signed_in(path, agent):
    assert not signed_in_after(agent, path)


# Each is asked for by a page that stays open: the outbox, a thread, a run, a list that is being filled.
POLLS = ["/outbox/", "/tickets/search/?search=", "/transfers/", "/tickets/", "/a-poll-that-nobody-has-made-yet/"]


@pytest.mark.parametrize("path", POLLS)
@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin"}], ids=str
)
def test_what_a_script_asks_for_is_no_click(path, headers, manager):
    assert not signed_in_after(manager, path, **headers)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Mode": "navigate"}, {"HX-Request": "true", "X-Person-Active": "1"}],
    ids=["page", "navigation", "script of an active person"],
)
def test_what_a_person_asks_for_is_one(headers, agent):
    assert signed_in_after(agent, "/tickets/", **headers)


def test_a_form_is_sent_by_a_person(agent):
    for minutes in (60, 119):
        with later(minutes=minutes):
            agent.fragment("/tickets/new/", data={"title": "x"})
    with later(minutes=121):
        assert agent.get("/tickets/").status_code == 200


def test_a_session_ends_after_the_day_whatever_its_person_does(agent):
    for hour in range(1, 12):
        with later(hours=hour):
            assert agent.get("/tickets/").status_code == 200
    with later(hours=12, seconds=1):
        assert agent.get("/tickets/").status_code == 302


def test_what_was_typed_outlives_the_session(agent):
    with later(hours=13):
        page = agent.post("/tickets/new/", {"title": "An hour of work"})
        assert page.status_code == 401
        assert "An hour of work" in page.content.decode()
    with later(hours=13):
        assert agent.fragment("/tickets/new/", data={"title": "x"}).status_code == 401


def test_a_session_from_before_limits_were_kept_is_over(agent):
    session = agent.session
    del session["began"]
    session.save()
    assert agent.get("/tickets/").status_code == 302
