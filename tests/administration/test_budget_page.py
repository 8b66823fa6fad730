"""/settings/budget/: what the hour's calls are spent on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from budget.account import budget_of
from budget.models import KeyBudget, Lane, LaneStop, Spending
from teams.models import Membership
from tests.conftest import Person

URL = "/settings/budget/"


@pytest.fixture
def admin(world) -> Person:
    return Person("admin")


@pytest.fixture
def budget(acme) -> KeyBudget:
    Spending.objects.all().delete()
    KeyBudget.objects.filter(team=acme).update(used=0, reset_at=timezone.now() + timedelta(minutes=30))
    return budget_of(acme)


def spend(budget: KeyBudget, hours_ago: int, calls: int, *, lane=Lane.WRITE, purpose="reply", person="Ada") -> None:
    hour = (timezone.now() - timedelta(hours=hours_ago)).replace(minute=0, second=0, microsecond=0)
    Spending.objects.create(budget=budget, hour=hour, lane=lane, purpose=purpose, person=person, calls=calls)


def test_who_spent_what(admin, budget):
    spend(budget, 0, 12)
    spend(budget, 1, 7, lane=Lane.FEED, purpose="feed", person="")
    spend(budget, 30, 500, purpose="long ago")
    page = admin.get(URL).content.decode()
    assert "Reply" in page
    assert "The desk itself" in page
    assert "Ada" in page
    assert page.count('class="chart__bar') == 2
    assert "500" not in page
    assert "ong ago" not in page


def test_what_is_left_by_lane(admin, budget):
    KeyBudget.objects.filter(pk=budget.pk).update(used=890)
    lanes = {lane: (free, most) for lane, free, most in admin.get(URL).context["lanes"]}
    assert lanes == {
        Lane.WRITE: (110, 1000),
        Lane.READ: (10, 900),
        Lane.FEED: (0, 890),
        Lane.BULK: (0, 700),
    }


def test_a_lane_that_waits_says_until_when(admin, budget):
    LaneStop.objects.create(budget=budget, lane=Lane.BULK, until=timezone.now() + timedelta(minutes=5))
    assert "to wait until" in admin.get(URL).content.decode()


def test_nothing_spent_yet(admin, budget):
    page = admin.get(URL).content.decode()
    assert "No requests in the last 24 hours" in page
    assert "chart__bar" not in page


def test_for_admins_alone(manager, agent, outsider, budget):
    assert {person.get(URL).status_code for person in (manager, agent)} == {403}
    spend(budget, 0, 3, purpose="acme's own")
    Membership.objects.filter(user=outsider.person).update(role="admin")
    assert "own" not in outsider.get(URL).content.decode().partition('<h2 id="who-title">')[2]


def test_the_key_is_nowhere_in_it(admin, budget, acme):
    assert acme.key not in admin.get(URL).content.decode()
