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


@pytest.mark.parametrize("path", ["/live/", "/tickets/live/", "/articles/live/"])
def test_an_open_page_alone_keeps_nobody_signed_in(path, agent):
    for minutes in (60, 119):
        with later(minutes=minutes):
            assert agent.get(path).status_code != 401
    with later(minutes=121):
        assert agent.get("/tickets/").status_code == 302


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
