"""What was typed comes back with an error page, to people alone and no more than they type."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import errors
from teams.models import User

WORDS = "An hour of work"
MUCH = '"' * 2_000_000  # each is six characters in a page
PATHS = ["/tickets/new/", "/settings/people/create/", "/nowhere/", "/teams/switch/", "/accounts/sign-in/"]
SMALL = 50_000


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cookie", [None, "", "x", "a" * 32])
def test_nobody_has_a_page_made_of_what_they_send(path, cookie, world):
    client = Client()
    if cookie is not None:
        client.cookies["session"] = cookie
    for data in ({"title": WORDS + MUCH}, {"username": WORDS + MUCH}, {"next": f"/{MUCH}"}):
        response = client.post(path, data)
        assert response.status_code >= 300
        assert len(response.content) < SMALL
        assert WORDS not in response.content.decode()


def test_a_session_in_which_nobody_signed_in_is_none(world, settings):
    client = Client()
    session = client.session
    session["x"] = "y"
    session.save()
    client.cookies["session"] = session.session_key
    assert WORDS not in client.post("/tickets/new/", {"title": WORDS}).content.decode()


def test_who_forges_a_form_from_another_site_gets_nothing_back(agent):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/tickets/new/", {"title": WORDS + MUCH})
    assert response.status_code == 403
    assert len(response.content) < SMALL


@pytest.mark.parametrize("hours", [3, 13, 20])
def test_who_was_signed_in_gets_it_back(hours, agent):
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        response = agent.post("/tickets/new/", {"title": WORDS})
        assert response.status_code == 401
        assert WORDS in response.content.decode()


@pytest.mark.parametrize(
    "end",
    [lambda: User.objects.update(is_active=False), lambda: User.objects.update(sessions_since=timezone.now())],
    ids=["switched off", "signed out everywhere"],
)
def test_who_was_put_out_gets_it_back(end, agent):
    end()
    response = agent.post("/tickets/new/", {"title": WORDS})
    assert (response.status_code, WORDS in response.content.decode()) == (401, True)


def test_whose_cookie_is_gone_gets_it_back_by_the_form(agent):
    page = agent.get("/tickets/new/").content.decode()
    person = re.search(r'name="person" value="([^"]+)"', page)[1]
    for mark, is_known in ((person, True), (f"{person}x", False), (person.partition(":")[0], False), ("", False)):
        response = Client().post("/tickets/new/", {"title": WORDS, "person": mark})
        assert (response.status_code, WORDS in response.content.decode()) == (401, is_known)


def test_even_people_get_back_no_more_than_people_type(agent, globex):
    sent = {"title": MUCH, "team": str(globex.pk)} | {f"field-{number}": "x" for number in range(2_000)}
    response = agent.post("/tickets/new/", sent)
    assert response.status_code == 409
    assert len(response.content) < 6 * errors._MOST_TYPED + 200_000
    assert response.content.count(b"<textarea") <= errors._MOST_FIELDS
