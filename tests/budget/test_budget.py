"""A key's hour: who may still call, what the server says, and that nothing is counted twice or forgotten."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from budget.account import WINDOW, Account, BudgetSpent, budget_of, left_for
from budget.client import client
from budget.models import KeyBudget, Lane, LaneStop, Spending
from cstar import Attempt, RateLimit
from cstar.http import Response
from teams.models import Team
from tests.sandbox.conftest import in_threads


@pytest.fixture
def budget(acme) -> KeyBudget:
    KeyBudget.objects.all().delete()
    return budget_of(acme)


def account(budget: KeyBudget, lane: Lane = Lane.WRITE) -> Account:
    return Account(budget.pk, lane, "test", "Ada")


def heard(**said) -> Attempt:
    usual = {"method": "GET", "path": "/tickets", "status": 200, "sent": True, "rate_limit": None}
    return Attempt(**(usual | {"retry_after": None, "request_id": None, "elapsed": 0.1} | said))


def limit(remaining: int, *, resets_in: float = 1800, of: int = 1000) -> RateLimit:
    return RateLimit(of, remaining, int(time.time() + resets_in), 3600)


def used(budget: KeyBudget) -> int:
    budget.refresh_from_db()
    return budget.used


@pytest.mark.parametrize(("lane", "calls"), [(Lane.WRITE, 1000), (Lane.READ, 900), (Lane.FEED, 890), (Lane.BULK, 700)])
def test_the_lanes_give_way_one_after_the_other(budget, lane, calls):
    assert left_for(budget, lane) == calls
    KeyBudget.objects.update(used=calls - 1)
    account(budget, lane).take()
    with pytest.raises(BudgetSpent) as spent:
        account(budget, lane).take()
    assert used(budget) == calls
    assert 0 < spent.value.retry_after <= 3600
    assert left_for(budget, lane) == 0


def test_a_key_with_a_huge_limit_may_call(budget):
    """Whatever the server says: shares of it must fit the database's numbers."""
    for most in (10_000_000, 2**31, 10**15):
        account(budget).learn(heard(rate_limit=limit(most - 1, of=most)))
        for lane in Lane:
            account(budget, lane).take()
    assert used(budget) >= 12


def test_a_smaller_key_keeps_the_same_share(budget):
    KeyBudget.objects.update(limit=100, used=89)
    account(budget, Lane.READ).take()
    with pytest.raises(BudgetSpent):
        account(budget, Lane.READ).take()


def test_no_reserve_where_none_is_wanted(budget, settings):
    settings.BUDGET_RESERVE = 0
    assert {left_for(budget, lane) for lane in Lane} == {1000}


def test_the_servers_own_count_wins(budget):
    account(budget).take()
    account(budget).learn(heard(rate_limit=limit(400)))  # others use the key too
    assert used(budget) == 600
    assert abs(budget.reset_at - timezone.now() - timedelta(seconds=1800)) < timedelta(seconds=2)


def test_an_answer_that_was_overtaken_does_not_give_calls_back(budget):
    said = limit(900)
    account(budget).learn(heard(rate_limit=said))
    for _ in range(3):
        account(budget).take()
    account(budget).learn(heard(rate_limit=said))
    assert used(budget) == 103


def test_a_new_hour_of_the_server_begins_anew(budget):
    account(budget).learn(heard(rate_limit=limit(10, resets_in=100)))
    account(budget).learn(heard(rate_limit=limit(999, resets_in=3500)))
    assert used(budget) == 1
    account(budget).learn(heard(rate_limit=limit(5, resets_in=100)))  # of the hour before, late
    assert used(budget) == 1


@pytest.mark.parametrize("resets_in", [-5, 90_000])
def test_an_hour_that_cannot_be_is_not_believed(budget, resets_in):
    account(budget).learn(heard(rate_limit=limit(0, resets_in=resets_in)))
    assert used(budget) == 0


def test_our_own_hour_ends_where_the_server_says_nothing(budget):
    KeyBudget.objects.update(used=1000, reset_at=timezone.now() - timedelta(seconds=1), told=True)
    account(budget).take()
    assert used(budget) == 1
    assert budget.reset_at > timezone.now() + WINDOW - timedelta(seconds=5)


def test_a_call_that_never_left_is_given_back(budget):
    account(budget).take()
    account(budget).learn(heard(status=None, sent=False))
    assert used(budget) == 0


def test_a_429_stops_its_lane_alone_and_for_as_long_as_it_says(budget):
    account(budget, Lane.FEED).learn(heard(status=429, retry_after=120))
    with pytest.raises(BudgetSpent) as waits:
        account(budget, Lane.FEED).take()
    assert 118 <= waits.value.retry_after <= 120
    account(budget, Lane.WRITE).take()
    LaneStop.objects.update(until=timezone.now())
    account(budget, Lane.FEED).take()


def test_each_call_is_counted_by_lane_purpose_and_person(budget):
    for _ in range(3):
        account(budget).take()
    Account(budget.pk, Lane.FEED, "feed").take()
    counted = Spending.objects.values_list("lane", "purpose", "person", "calls")
    assert set(counted) == {("write", "test", "Ada", 3), ("feed", "feed", "", 1)}


def test_a_real_call_is_counted_once_and_a_retry_as_another(budget, acme, wire, monkeypatch):
    monkeypatch.setattr("cstar.client.time.sleep", lambda seconds: None)
    wire.answer(Response(503), Response(200, json={"data": []}))
    client(acme, Lane.READ, "test").tickets.list()
    assert (len(wire.calls), used(budget)) == (2, 2)


def test_a_refused_call_reaches_nobody(budget, acme, wire):
    KeyBudget.objects.update(used=900)
    with pytest.raises(BudgetSpent):
        client(acme, Lane.READ, "test").tickets.list()
    assert wire.calls == []


def test_a_new_key_starts_a_new_hour(budget, acme):
    acme.key = "sk_test_" + "n" * 32
    assert budget_of(acme) != budget


def test_the_key_is_not_in_the_record(budget, acme):
    assert acme.key not in str(KeyBudget.objects.values().get())


@pytest.fixture
def committed_budget(django_db_setup, django_db_blocker):
    """A key of forty calls that other threads see; taken away again afterwards."""
    with django_db_blocker.unblock():
        team = Team.objects.create(name="Busy", cstar_team_id="99999999-9999-4999-8999-999999999999")
        try:
            yield KeyBudget.objects.create(team=team, fingerprint="x", limit=40, reset_at=timezone.now() + WINDOW)
        finally:
            team.delete()


def test_many_at_once_spend_no_call_too_many(committed_budget):
    def spend() -> bool:
        try:
            account(committed_budget).take()
        except BudgetSpent:
            return False
        return True

    granted = in_threads(spend, 80)
    assert (granted.count(True), granted.count(False)) == (40, 40)
    assert used(committed_budget) == sum(committed_budget.spendings.values_list("calls", flat=True)) == 40
