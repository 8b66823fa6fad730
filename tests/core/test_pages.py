"""Fragments, messages, pagination, times: what all pages share."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.http import QueryDict
from django.test import Client, RequestFactory

from core.filters import FilterForm
from core.list_headers import pills
from core.pagination import Page, paginate, url_with
from core.partials import render_page
from core.templatetags.desk import hue, initials, shown
from core.times import age, told

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=10), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=50), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=2, hours=1), "Thu 11:00"),
        (timedelta(days=6), "Sun 12:00"),
        (timedelta(days=30), "22 Oct"),
        (timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_times_as_people_say_them(ago, words):
    assert told(age(NOW - ago, NOW)).endswith(f">{words}</time></relative-time>")


@pytest.mark.parametrize(
    ("style", "ago", "words"),
    [
        ("record", timedelta(hours=23), "23 h"),
        ("record", timedelta(days=2), "19 Nov, 12:00"),
        ("record", timedelta(days=400), "17 Oct 2025, 12:00"),
        ("time", timedelta(hours=23), "23 h"),
        ("time", timedelta(days=2, minutes=1), "11:59"),
        ("time", timedelta(days=400), "12:00"),
    ],
)
def test_from_the_second_day_on_the_clock_tells_records_of_one_hour_apart(style, ago, words):
    assert told(age(NOW - ago, NOW, style)).endswith(f">{words}</time></relative-time>")


def test_a_page_that_stays_open_can_tell_the_time_of_the_second_day():
    assert 'data-clock="11:50"' in told(age(NOW - timedelta(minutes=10), NOW, "time"))
    assert "data-clock" not in told(age(NOW - timedelta(days=2), NOW, "time"))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lovelace", "AL"), ("ada", "A"), ("", "?"), ("高橋 大輔", "高大"), ("(x) Y", "Y"), ("…", "?")],
)
def test_initials(name, letters):
    assert initials(name) == letters
    assert hue(name) in range(1, 9)


@pytest.mark.parametrize(("value", "text"), [(None, "—"), ("", "—"), ([], "—"), (["a", "b"], "a, b"), (0, "0")])
def test_recorded_values(value, text):
    assert shown(value) == text


def page(number: int, total: int, query: str = "") -> Page:
    return paginate(list(range(total)), number=number, size=25, total=total, query=QueryDict(query))


def test_pages():
    middle = page(3, 130, "status=open&page=3")
    assert (middle.start, middle.end, middle.items[0]) == (51, 75, 50)
    assert middle.previous_url == "?status=open&page=2"
    assert page(2, 130, "page=2").previous_url == "?"
    assert page(99, 130).number == 6
    assert page(1, 0).start == 0
    assert [number for number, _ in page(5, 250).numbers] == [1, None, 4, 5, 6, None, 10]


def test_links_change_one_thing():
    assert url_with(QueryDict("a=1&b=2&b=3"), b=["3"], page=None) == "?a=1&b=3"


class Filters(FilterForm):
    SORTS = {"name": ("name", "id"), "count": ("count", "-name", "-id")}
    DEFAULT_SORT = "name"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["name", "id"]),
        ("sort=-name", ["-name", "-id"]),
        ("sort=-count", ["-count", "-name", "-id"]),
        ("sort=secret", ["name", "id"]),
        ("sort=--name", ["name", "id"]),
    ],
)
def test_only_listed_sorts(query, order):
    assert Filters(QueryDict(query)).order == order


def test_noise_in_the_address_is_not_carried_on():
    form = Filters(QueryDict("sort=-name&evil=1&page_size=&page=2"))
    assert form.query.urlencode() == "sort=-name&page=2"
    assert pills(form, lambda name, value: value) == []


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        ({"HX-Request": "true", "HX-Target": "forms"}, True),
        ({"HX-Request": "true", "HX-Target": "other"}, False),
        ({"HX-Request": "true", "HX-Target": "forms", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_the_fragment_is_chosen_by_its_target(headers, fragment):
    request = RequestFactory().get("/", headers=headers)
    answer = render_page(request, "errors/500.html", {"errors": ["wrong"]}, partials={"forms": "forms/_errors.html"})
    assert (b"<html" not in answer.content) is fragment
    assert answer["Vary"] == "HX-Request, HX-Target"


def test_health(client, world):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ok\n"


@pytest.mark.parametrize("allowed", ["desk.example.com", ".example.com", "*"])
def test_health_is_told_to_those_who_ask_by_address(client, world, settings, allowed):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = [allowed], True
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    if allowed != "*":
        assert client.get("/accounts/sign-in/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


def test_ready_names_what_does_not_answer(client, world, monkeypatch):
    monkeypatch.setattr("core.health.cache", DummyCache("", {}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not answering: cache\n")


def test_messages_reach_fragments_and_wait_through_redirects(agent, acme):
    ticket = agent.get("/tickets/").context["page"].items[0]
    path = f"/tickets/{ticket.cstar_id}/edit/"
    assert agent.post(path, {"priority": "urgent"}).status_code == 302
    assert "Saved." in agent.fragment("/tickets/", "ticket-list").content.decode()
    assert "Saved." not in agent.fragment("/tickets/", "ticket-list").content.decode()


def test_a_token_from_before_signing_in_again_is_replaced(agent, acme):
    strict = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
    strict.force_login(agent.person, backend="django.contrib.auth.backends.ModelBackend")
    ticket = agent.get("/tickets/").context["page"].items[0]
    edit = {"team": agent.team_id, "priority": "urgent", "csrfmiddlewaretoken": "x" * 64}
    refused = strict.post(f"/tickets/{ticket.cstar_id}/edit/", edit)
    assert refused.status_code == 403
    assert "send it once more" in refused.content.decode()
    token = json.loads(refused["HX-Trigger"])["csrf-token"]
    assert strict.post(f"/tickets/{ticket.cstar_id}/edit/", edit | {"csrfmiddlewaretoken": token}).status_code == 200
