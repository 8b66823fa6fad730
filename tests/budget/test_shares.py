"""Nobody spends the hour of the whole team: a share a person, and no call for what cannot be there."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from budget.account import Account, BudgetSpent, budget_of, left_for
from budget.client import client
from budget.models import KeyBudget, Lane, Share, Spending
from budget.shares import ShareSpent
from outbox.models import Outgoing
from replica import lookup
from teams.access import acting_user
from teams.models import User
from tests.budget.test_budget import heard
from tests.conftest import Person
from tickets.models import Ticket

BODIES = ("0" * 31, "0" * 33, "g" * 32, "A" * 32, "0" * 27, "a" * 13, "a" * 60, "", "a-b", "a_b")
SHAPES = [f"tkt_{body}" for body in BODIES]
PREFIXES = ["cus_" + "0" * 32, "TKT_" + "0" * 32, "xyz_" + "0" * 32, "0" * 36, "nonsense", "_", "-", "tkt-" + "0" * 32]


def made_up() -> str:
    return f"tkt_{uuid.uuid4().hex}"


@pytest.fixture
def budget(acme) -> KeyBudget:
    KeyBudget.objects.all().delete()
    return budget_of(acme)


@pytest.fixture
def people(world) -> list[int]:
    """The accounts of five who work on the team."""
    return [User.objects.create_user(f"person-{number}").pk for number in range(5)]


def spend(budget: KeyBudget, user: int | None, calls: int, lane: Lane = Lane.READ) -> int:
    """How many of so many calls the person gets."""
    account = Account(budget.pk, lane, "test", "Somebody", user)
    for number in range(calls):
        try:
            account.take()
        except ShareSpent:
            return number
    return calls


@pytest.mark.parametrize(("lane", "most"), [(Lane.READ, 450), (Lane.WRITE, 500)])
def test_who_works_alone_has_half_of_the_hour(budget, people, lane, most):
    assert spend(budget, people[0], 2_000, lane) == most
    budget.refresh_from_db()
    assert left_for(budget, lane) == most


def test_beside_others_a_share_is_smaller(budget, people):
    for user in people[1:]:
        spend(budget, user, 5)
    assert spend(budget, people[0], 2_000) == (900 - 20) // 5
    assert spend(budget, people[1], 100) > 50


def test_a_few_calls_are_anybodys_as_long_as_there_are_some(budget, people):
    KeyBudget.objects.update(used=840)
    assert spend(budget, people[0], 2_000) == 50
    assert spend(budget, people[1], 5) == 5
    with pytest.raises(BudgetSpent):
        spend(budget, people[1], 100)


def test_of_a_small_key_a_few_are_fewer(budget, people):
    KeyBudget.objects.update(limit=100, used=80)
    assert spend(budget, people[0], 2_000) == 5


def test_lanes_have_shares_of_their_own(budget, people):
    spend(budget, people[0], 2_000)
    assert spend(budget, people[0], 20, Lane.WRITE) == 20


@pytest.mark.parametrize("lane", [Lane.FEED, Lane.BULK])
def test_the_desks_own_work_and_what_is_priced_has_none(budget, people, lane):
    assert spend(budget, people[0], 600, lane) == 600
    assert spend(budget, None, 50) == 50
    assert not Share.objects.exists()


def test_a_share_begins_anew_after_an_hour(budget, people):
    spend(budget, people[0], 2_000)
    with pytest.raises(ShareSpent) as spent:
        Account(budget.pk, Lane.READ, "test", "x", people[0]).take()
    assert 3_500 < spent.value.retry_after <= 3_600
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert spend(budget, people[0], 20) == 20


def test_a_call_that_never_left_is_given_back(budget, people):
    account = Account(budget.pk, Lane.READ, "test", "x", people[0])
    account.take()
    account.learn(heard(sent=False, status=None))
    assert Share.objects.get().calls == 0


def test_a_spectator_does_not_spend_the_hour_with_made_up_ids(spectator, agent, wire, budget):
    for _ in range(200):
        assert spectator.get(f"/tickets/{made_up()}/").status_code == 404
    assert len(wire.calls) <= lookup.MISSES.most
    assert left_for(budget_of(Ticket.objects.first().team), Lane.READ) > 800
    # Neither theirs nor their colleagues' own work suffers.
    ticket = Ticket.objects.filter(team=budget.team, message_count__gt=1).first()
    for person in (spectator, agent):
        assert person.get(f"/tickets/{ticket.cstar_id}/").context["trouble"] is None


@pytest.mark.parametrize("kind", ["tickets", "customers", "articles"])
@pytest.mark.parametrize("cstar_id", [*SHAPES, *PREFIXES])
def test_an_id_that_cannot_be_costs_no_call(kind, cstar_id, agent, wire):
    if kind == "customers":
        cstar_id = cstar_id.replace("cus_", "tkt_")
    assert agent.get(f"/{kind}/{cstar_id}/").status_code == 404
    assert wire.calls == []


@pytest.mark.parametrize("body", ["0" * 32, "a1B2c3D4e5F6", "01H8XGJWBWBAQ4Z4W0ZJ8Q1V2N", "abc123"])
def test_an_id_as_cstar_documents_them_is_asked_for_once(body, agent, wire):
    for _ in range(3):
        assert agent.get(f"/tickets/tkt_{body}/").status_code == 404
    assert len(wire.calls) == 1


def test_ids_of_another_form_are_asked_for_where_the_team_has_such(agent, acme, wire):
    Ticket.objects.filter(team=acme).first().__class__.objects.create(
        team=acme, cstar_id="T-1234567", title="x", synced_at=timezone.now(), updated_at=timezone.now()
    )
    agent.get("/tickets/T-7654321/")
    assert len(wire.calls) == 1
    agent.get("/tickets/T-123/")
    agent.get("/tickets/X_7654321/")
    assert len(wire.calls) == 1


def test_misses_are_forgotten_after_a_while(agent, wire):
    for _ in range(30):
        agent.get(f"/tickets/{made_up()}/")
    count = len(wire.calls)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        agent.get(f"/tickets/{made_up()}/")
    assert len(wire.calls) == count + 1


def test_a_form_for_a_made_up_ticket_costs_no_more(agent, wire):
    for _ in range(40):
        agent.post(f"/tickets/{made_up()}/edit/", {"status": "open"})
    assert len(wire.calls) <= lookup.MISSES.most


def test_reads_are_in_the_name_of_whoever_looks(spectator, acme, wire):
    Spending.objects.all().delete()
    ticket = Ticket.objects.filter(team=acme, message_count__gt=1).first()
    spectator.get(f"/tickets/{ticket.cstar_id}/")
    spectator.get(f"/tickets/{ticket.cstar_id}/thread/")
    spectator.get("/tickets/search/", {"search": "x"})
    assert {name for (name,) in Spending.objects.values_list("person")} == {spectator.person.display_name}
    assert Person("admin").get("/settings/budget/").content.decode().count("The desk itself") == 0


def test_what_is_sent_for_somebody_is_theirs_whoever_sends_it(agent, manager, acme, budget):
    ticket = Ticket.objects.filter(team=acme).first()
    User.objects.filter(pk=agent.person.pk).update(undo_seconds=5)
    agent.post(f"/tickets/{ticket.cstar_id}/reply/", {"kind": "reply", "reply": "x", "nonce": "1" * 32, "then": ""})
    Outgoing.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    manager.post(f"/tickets/{ticket.cstar_id}/edit/", {"priority": "urgent"})
    shares = dict(Share.objects.filter(lane=Lane.WRITE).values_list("user", "calls"))
    assert shares == {agent.person.pk: 1, manager.person.pk: 1}


def test_nobody_acts_once_the_request_is_over(agent):
    agent.get("/tickets/")
    assert acting_user() is None


def test_another_name_is_no_other_share(agent, acme, budget, wire):
    for number in range(3):
        User.objects.filter(pk=agent.person.pk).update(first_name=f"Name {number}")
        agent.get("/tickets/search/", {"search": "x"})
    assert Share.objects.get().calls == 3


def test_who_has_used_their_share_is_told_so(agent, acme, budget):
    Share.objects.create(budget=budget_of(acme), user=agent.person, lane=Lane.READ, since=timezone.now(), calls=10_000)
    page = agent.get("/tickets/search/", {"search": "x"})
    assert page.status_code == 503
    assert "You have used your share of this hour" in page.content.decode()


def test_a_reply_beyond_the_share_waits_and_is_not_lost(agent, acme, budget, wire):
    Share.objects.create(budget=budget_of(acme), user=agent.person, lane=Lane.WRITE, since=timezone.now(), calls=10_000)
    ticket = Ticket.objects.filter(team=acme).first()
    agent.post(f"/tickets/{ticket.cstar_id}/reply/", {"kind": "reply", "reply": "x", "nonce": "1" * 32, "then": ""})
    assert Outgoing.objects.get().state == "waiting"
    cache.clear()
    with pytest.raises(ShareSpent):
        client(acme, Lane.WRITE, "test", "x", user_id=agent.person.pk).tickets.list()
