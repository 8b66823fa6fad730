"""Fragments that are kept: bounded by what they take, the same for all who look, never in the wrong place."""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.safestring import mark_safe

from core import fragment_cache
from core.fragment_cache import Filled, FragmentCache, all_filled, fragments
from core.templatetags.desk import options
from tests.conftest import Person
from tickets.models import Ticket


class Shown(NamedTuple):
    text: str


@pytest.fixture(autouse=True)
def _empty():
    fragments.clear()
    yield
    fragments.clear()


@pytest.fixture
def template(monkeypatch):
    made = engines["django"].from_string("<b title='{{ shown.text }}'>{{ slots.time }}</b>{{ slots.body }}")
    monkeypatch.setattr(fragment_cache, "get_template", lambda name: made)


def filled(text: str, **slots: str) -> str:
    return all_filled("any.html", [Filled(Shown(text), {"time": "now", "body": "", **slots})])


def test_slots_are_filled_after_the_cache(template):
    assert filled("a", time="one") == "<b title='a'>one</b>"
    assert filled("a", time="two", body=mark_safe("<i>x</i>")) == "<b title='a'>two</b><i>x</i>"
    assert len(fragments) == 1


def test_what_is_not_safe_is_escaped_in_a_slot(template):
    assert filled("a", body="<i>") == "<b title='a'>now</b>&lt;i&gt;"


@pytest.mark.parametrize("text", ["{{ slots.time }}", "time;", "slots.time", "\0time\0"])
def test_nobody_can_write_a_slot(text, template):
    assert "now" not in filled(text).partition(">")[0]


def test_the_bound_is_of_bytes():
    cache = FragmentCache(100_000)
    for number in range(1_000):
        cache.keep(number, ("x" * 1_000,))
    assert cache.bytes <= 100_000
    assert 50 < len(cache) < 100
    assert cache.get(999) == ("x" * 1_000,)
    assert cache.get(0) is None


def test_what_was_used_last_stays():
    cache = FragmentCache(100_000)
    for number in range(200):
        cache.keep(number, ("x" * 1_000,))
        cache.get(0)
    assert cache.get(0)


def test_wide_letters_count_as_what_they_take():
    narrow, wide = FragmentCache(100_000), FragmentCache(100_000)
    for number in range(1_000):
        narrow.keep(number, ("x" * 1_000,))
        wide.keep(number, ("\U0001f600" * 1_000,))
    assert len(wide) < len(narrow) / 3


def test_one_that_is_huge_is_not_kept_and_drives_nothing_out():
    cache = FragmentCache(100_000)
    cache.keep("small", ("x",))
    cache.keep("huge", ("x" * 50_000,))
    cache.keep(("a key", "x" * 50_000), ("x",))
    assert len(cache) == 1


def test_the_choices_of_a_large_team_are_bounded_too():
    choices = [(f"tag-{number}", f"Tag {number}") for number in range(1_000)]
    for number in range(100):
        assert f'<option value="tag-{number}" selected>' in options(choices, f"tag-{number}")
    assert fragments.bytes <= fragment_cache.MOST_BYTES


def test_neither_zone_nor_minute_makes_another_fragment(agent, acme):
    agent.get("/tickets/")
    count, size = len(fragments), fragments.bytes
    for zone in ("Asia/Tokyo", "America/Lima", "Europe/Berlin"):
        type(agent.person).objects.filter(pk=agent.person.pk).update(time_zone=zone)
        page = agent.get("/tickets/")
        ticket = page.context["page"].items[0]
        local = ticket.updated_at.astimezone(ZoneInfo(zone))
        assert f'title="{local.day} {local:%b %Y, %H:%M}"' in page.content.decode()
    Ticket.objects.filter(team=acme).update(updated_at=timezone.now() - timedelta(minutes=7))
    assert ">7 min<" in agent.get("/tickets/").content.decode()
    assert (len(fragments), fragments.bytes) == (count, size)


def test_a_thread_makes_no_fragment_for_each_zone_either(agent, acme):
    ticket = Ticket.objects.filter(team=acme, message_count__gt=2).first()
    agent.get(f"/tickets/{ticket.cstar_id}/")
    # A day is a fragment: at noon it is the same one in both zones.
    ticket.messages.update(created_at=timezone.now().replace(hour=12) - timedelta(days=3))
    agent.get(f"/tickets/{ticket.cstar_id}/")
    count = len(fragments)
    type(agent.person).objects.filter(pk=agent.person.pk).update(time_zone="Asia/Tokyo")
    agent.get(f"/tickets/{ticket.cstar_id}/")
    assert len(fragments) == count


def test_times_are_in_each_persons_language(agent, acme):
    manager = Person("manager")
    type(agent.person).objects.filter(pk=manager.person.pk).update(language="de")
    Ticket.objects.filter(team=acme).update(updated_at=timezone.now() - timedelta(hours=3))
    assert ">3 h<" in agent.get("/tickets/").content.decode()
    assert ">3 Std.<" in manager.get("/tickets/").content.decode()
