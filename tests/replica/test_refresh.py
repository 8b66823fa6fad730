"""Filling and sweeping the working copy, and the clock that repeats it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from httpx import ConnectError

from cstar import MAX_EXPORT_ROWS, Client
from customers.models import Customer
from members.models import Member
from replica import capabilities
from replica import refresh as sweep
from replica.models import TeamState
from replica.refresh import refresh
from replica.tasks import refresh_team, start_clocks
from sandbox.models import Customer as SandboxCustomer
from sandbox.models import Member as SandboxMember
from sandbox.models import Ticket as SandboxTicket
from teams.clients import client_for
from tickets.models import QuickReply, Status, Ticket


def test_everything_is_held_and_equals_the_api(acme):
    for ours, theirs in ((Ticket, SandboxTicket), (Customer, SandboxCustomer), (Member, SandboxMember)):
        held = set(ours.objects.filter(team=acme).values_list("cstar_id", flat=True))
        there = theirs.objects.filter(team__uuid=acme.cstar_team_id)
        if theirs is SandboxTicket:
            there = there.exclude(status="closed", resolved_at__lt=timezone.now() - timedelta(days=90))
        assert held == set(there.values_list("id", flat=True))
    assert list(Status.objects.filter(team=acme).values_list("key", flat=True))[:2] == ["new", "open"]
    assert QuickReply.objects.filter(team=acme).count() > 5


def test_a_sweep_costs_six_calls(acme, wire):
    assert refresh(acme)
    assert sorted(path for _, path in wire.calls) == [
        "export",
        "export",
        "export",
        "members",
        "settings/quick-replies",
        "settings/statuses",
    ]


def test_small_resources_are_read_every_six_hours(acme, wire):
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        refresh(acme)
        assert ("GET", "categories") not in wire.calls
    with time_machine.travel(timezone.now() + timedelta(hours=7), tick=False):
        refresh(acme)
        refresh(acme)
    assert wire.calls.count(("GET", "categories")) == 1


def test_small_resources_are_read_by_each_sweep_where_no_log_tells_of_them(acme, wire):
    capabilities.learn(acme, capabilities.AUDIT_LOG, False)
    refresh(acme)
    assert ("GET", "categories") in wire.calls


def test_changes_and_deletions_elsewhere_arrive(acme):
    first, second = Ticket.objects.filter(team=acme, done=False)[:2]
    SandboxTicket.objects.filter(pk=first.cstar_id).update(title="Renamed elsewhere", updated_at=timezone.now())
    SandboxTicket.objects.filter(pk=second.cstar_id).delete()
    number = TeamState.objects.get(team=acme).change_number
    refresh(acme)
    first.refresh_from_db()
    assert first.title == "Renamed elsewhere"
    assert not Ticket.objects.filter(pk=second.pk).exists()
    assert TeamState.objects.get(team=acme).change_number > number


def test_nothing_changed_moves_nothing(acme):
    refresh(acme)
    number = TeamState.objects.get(team=acme).change_number
    refresh(acme)
    assert TeamState.objects.get(team=acme).change_number == number


def test_what_was_closed_long_ago_is_not_held(acme):
    ticket = Ticket.objects.filter(team=acme).first()
    long_ago = timezone.now() - timedelta(days=91)
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(
        status="closed", created_at=long_ago, updated_at=long_ago, resolved_at=long_ago
    )
    Ticket.objects.filter(pk=ticket.pk).delete()
    refresh(acme)
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def test_renamed_customers_and_members_are_renamed_on_their_tickets(acme):
    ticket = Ticket.objects.filter(team=acme).exclude(customer="").exclude(assigned_to="").first()
    SandboxCustomer.objects.filter(pk=ticket.customer).update(name="New Name", updated_at=timezone.now())
    SandboxMember.objects.filter(pk=ticket.assigned_to).update(name="New Agent")
    refresh(acme)
    ticket.refresh_from_db()
    assert (ticket.customer_name, ticket.assignee_name) == ("New Name", "New Agent")
    assert "new name" in ticket.search_text


def test_cstar_away_keeps_the_copy_and_says_since_when(acme, wire, agent):
    held = Ticket.objects.filter(team=acme).count()
    wire.answer(ConnectError("refused"))
    assert not refresh(acme)
    state = TeamState.objects.get(team=acme)
    assert state.problem_since
    assert Ticket.objects.filter(team=acme).count() == held
    assert "does not answer as it should" in agent.get("/tickets/").content.decode()
    since = state.problem_since
    refresh(acme)
    assert TeamState.objects.get(team=acme).problem_since == since
    wire.instead = []
    assert refresh(acme)
    assert TeamState.objects.get(team=acme).problem == ""


def test_a_full_export_is_split_and_says_what_it_could_not_bring(monkeypatch, acme, wire):
    monkeypatch.setattr(sweep, "MAX_EXPORT_ROWS", 10)
    assert MAX_EXPORT_ROWS == 10_000
    split = {"status": ["new", "open"], "priority": ["high"]}
    brought = []

    def rows():
        return sweep.all_rows(client_for(acme), acme, "tickets", needs={"status"}, split_by=split)

    with pytest.raises(sweep.PartialError):
        brought.extend(row for row in rows())
    assert [path for _, path in wire.calls] == ["export", "export", "export", "tickets"]


def test_a_sweep_that_is_not_whole_drops_nothing(monkeypatch, acme):
    SandboxTicket.objects.filter(pk=Ticket.objects.filter(team=acme).first().cstar_id).update(priority="odd")
    held = set(Ticket.objects.filter(team=acme).values_list("cstar_id", flat=True))
    monkeypatch.setattr(sweep, "MAX_EXPORT_ROWS", 10)
    assert refresh(acme)
    assert set(Ticket.objects.filter(team=acme).values_list("cstar_id", flat=True)) == held


def test_a_split_export_brings_every_ticket(monkeypatch, acme):
    Ticket.objects.filter(team=acme).delete()
    monkeypatch.setattr(sweep, "MAX_EXPORT_ROWS", 10)
    assert refresh(acme)
    there = SandboxTicket.objects.filter(team__uuid=acme.cstar_team_id).values_list("id", flat=True)
    assert set(Ticket.objects.filter(team=acme).values_list("cstar_id", flat=True)) == set(there)


def test_an_empty_answer_is_not_believed(acme, monkeypatch):
    held = Ticket.objects.filter(team=acme).count()
    monkeypatch.setattr(sweep, "all_rows", lambda *args, **kwargs: iter(()))
    monkeypatch.setattr("tickets.replica.all_rows", lambda *args, **kwargs: iter(()))
    assert refresh(acme)
    assert Ticket.objects.filter(team=acme).count() == held


def test_the_more_a_sweep_costs_the_rarer_it_is():
    assert sweep.interval(TeamState(sweep_calls=5)) == timedelta(hours=1)
    assert sweep.interval(TeamState(sweep_calls=30)) == timedelta(minutes=90)


def test_poor_export_rows_are_paged_instead(acme, wire):
    client: Client = client_for(acme)
    rows = list(sweep.all_rows(client, acme, "tickets", needs={"neverThere"}, split_by={}))
    assert len(rows) == SandboxTicket.objects.filter(team__uuid=acme.cstar_team_id).count()
    assert {path for _, path in wire.calls} == {"export", "tickets"}


@pytest.fixture
def queued():
    return lambda: DBTaskResult.objects.filter(status="READY").count()


def test_the_clock_runs_once_however_often_it_is_wound(acme, globex, queued, wire):
    start_clocks()
    start_clocks()
    assert queued() == 9  # twice for each team two clocks, and the daily tidying once
    DBTaskResult.objects.all().delete()
    refresh_team.call(str(acme.pk))
    spent = len(wire.calls)
    assert queued() == 1
    refresh_team.call(str(acme.pk))
    assert (queued(), len(wire.calls)) == (1, spent)


def test_the_clock_goes_on_after_a_fault_and_ends_with_its_team(acme, queued, wire):
    wire.answer(ConnectError("refused"))
    TeamState.objects.update(next_refresh_at=None)
    refresh_team.call(str(acme.pk))
    assert queued() == 1
    acme_id = str(acme.pk)
    acme.delete()
    refresh_team.call(acme_id)
    assert queued() == 1
