"""The change feed: what others did arrives, for as few calls as that takes, and nothing is skipped."""

from datetime import timedelta

import pytest
from django.utils import timezone
from httpx import ConnectError

from budget.account import budget_of
from budget.client import client
from budget.models import KeyBudget, Lane
from cstar import AuditEntry
from cstar.http import Response
from customers.models import Customer
from replica import audit_log, feed
from replica.models import TeamState
from replica.tasks import poll_feed
from sandbox.models import AuditEntry as SandboxEntry
from sandbox.models import Ticket as SandboxTicket
from teams.clients import client_for
from tickets.models import Ticket


@pytest.fixture
def quiet(acme):
    """Everything that happened so far was told."""
    assert feed.poll(acme)
    return acme


@pytest.fixture
def ticket(quiet) -> Ticket:
    return Ticket.objects.filter(team=quiet, status="open").exclude(priority="urgent").first()


def paths(wire) -> list[str]:
    return [path for _, path in wire.calls]


def test_nothing_new_costs_one_call_and_moves_nothing(quiet, wire):
    number = TeamState.objects.get(team=quiet).change_number
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log"]
    assert TeamState.objects.get(team=quiet).change_number == number


def test_others_changes_arrive_with_what_was_written(quiet, ticket, wire):
    others = client_for(quiet)
    others.messages.create(ticket.cstar_id, content="Any news?", sender="customer")
    others.tickets.update(ticket.cstar_id, priority="urgent")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log", f"tickets/{ticket.cstar_id}"]
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"
    assert ticket.messages.last().content == "Any news?"
    assert ticket.thread_seen == ticket.thread_mark
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log"]


def test_new_tickets_and_customers_arrive(quiet, wire):
    customer = client_for(quiet).customers.create(name="Ines", email="ines@example.org")
    made = client_for(quiet).tickets.create(title="Brand new", customer_id=customer.id)
    assert feed.poll(quiet)
    assert Ticket.objects.get(team=quiet, cstar_id=made.id).customer_name == "Ines"


def test_what_we_did_ourselves_is_not_fetched(quiet, ticket, wire):
    ours = client(quiet, Lane.WRITE, "test")
    ours.tickets.update(ticket.cstar_id, priority="urgent")
    ours.messages.create(ticket.cstar_id, content="We look into it", sender="agent")
    ours.tickets.create(title="Ours")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log"]


def test_a_change_by_others_just_after_ours_is(quiet, ticket, wire):
    client(quiet, Lane.WRITE, "test").tickets.update(ticket.cstar_id, priority="urgent")
    client_for(quiet).tickets.update(ticket.cstar_id, priority="low")
    assert feed.poll(quiet)
    ticket.refresh_from_db()
    assert ticket.priority == "low"


def test_what_was_read_since_is_not_fetched(quiet, ticket, wire, agent):
    client_for(quiet).messages.create(ticket.cstar_id, content="Hello?", sender="customer")
    agent.get(f"/tickets/{ticket.cstar_id}/thread/")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log"]


def test_deletions_arrive_without_another_call(quiet, ticket, wire):
    client_for(quiet).tickets.delete(ticket.cstar_id)
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log"]
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def test_a_deleted_customers_tickets_lose_them(quiet, wire):
    ticket = Ticket.objects.filter(team=quiet).exclude(customer="").first()
    client_for(quiet).customers.delete(ticket.customer)
    assert feed.poll(quiet)
    assert not Customer.objects.filter(team=quiet, cstar_id=ticket.customer).exists()
    ticket.refresh_from_db()
    assert ticket.customer == ""


def test_many_changes_at_once_are_swept(quiet, wire):
    ids = list(Ticket.objects.filter(team=quiet, done=False).values_list("cstar_id", flat=True)[:20])
    client_for(quiet).bulk.update(resource="tickets", ids=ids, data={"priority": "low"})
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire) == ["audit-log", "export"]
    assert set(Ticket.objects.filter(cstar_id__in=ids).values_list("priority", flat=True)) == {"low"}


def test_more_than_a_page_is_read_to_its_end(quiet, ticket, wire):
    for _ in range(120):
        client_for(quiet).tags.create(name=f"tag-{_}")
    client_for(quiet).tickets.update(ticket.cstar_id, title="Under many")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire).count("audit-log") == 2
    ticket.refresh_from_db()
    assert ticket.title == "Under many"


def test_too_much_to_follow_is_swept(quiet, monkeypatch, wire):
    monkeypatch.setattr(audit_log, "MOST_PAGES", 1)
    for number in range(101):
        client_for(quiet).tags.create(name=f"tag-{number}")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert paths(wire).count("export") == 3


def test_an_entry_that_appears_late_is_not_skipped(quiet, ticket):
    client_for(quiet).tickets.update(ticket.cstar_id, title="Slow to commit")
    entry = SandboxEntry.objects.latest("id")
    SandboxEntry.objects.filter(pk=entry.pk).delete()
    client_for(quiet).tags.create(name="younger")
    assert feed.poll(quiet)
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(title="Slow, but there")
    entry.save(force_insert=True)
    assert feed.poll(quiet)
    ticket.refresh_from_db()
    assert ticket.title == "Slow, but there"


def test_what_broke_off_is_told_again(quiet, ticket, wire):
    client_for(quiet).tickets.update(ticket.cstar_id, title="Not lost")
    log = wire.handle_request
    seen = []

    def only_the_log(request):
        seen.append(request.url.path)
        if "audit-log" not in request.url.path:
            raise ConnectError("gone")
        return log(request)

    wire.handle_request = only_the_log
    cursor = TeamState.objects.get(team=quiet).feed_cursor
    assert not feed.poll(quiet)
    assert TeamState.objects.get(team=quiet).feed_cursor == cursor
    assert TeamState.objects.get(team=quiet).problem
    wire.handle_request = log
    assert feed.poll(quiet)
    ticket.refresh_from_db()
    assert ticket.title == "Not lost"
    assert TeamState.objects.get(team=quiet).problem == ""


def test_one_object_that_cannot_be_read_holds_up_no_other(quiet, wire):
    first, second = Ticket.objects.filter(team=quiet, done=False)[:2]
    for one in (first, second):
        client_for(quiet).tickets.update(one.cstar_id, title="Changed")
    log = wire.handle_request

    def one_is_broken(request):
        return Response(200, text="<html>") if request.url.path.endswith(first.cstar_id) else log(request)

    wire.handle_request = one_is_broken
    assert feed.poll(quiet)
    second.refresh_from_db()
    assert second.title == "Changed"


@pytest.mark.parametrize("broken", [{}, {"createdAt": None}, {"resourceType": "ticket"}, {"resourceType": 7}])
def test_entries_that_make_no_sense_are_left_to_the_sweep(quiet, wire, broken):
    wire.answer(Response(200, json={"data": [{"id": "aud_1", **broken}]}))
    assert feed.poll(quiet)


def test_other_teams_follow_their_own(quiet, globex, ticket, wire):
    assert feed.poll(globex)
    client_for(quiet).tickets.update(ticket.cstar_id, title="Acme's own")
    wire.calls.clear()
    assert feed.poll(globex)
    assert paths(wire) == ["audit-log"]


def test_two_processes_do_no_work_twice(quiet, wire):
    TeamState.objects.update(next_poll_at=None)
    poll_feed.call(str(quiet.pk))
    poll_feed.call(str(quiet.pk))
    assert paths(wire) == ["audit-log"]


# How often ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pauses(acme):
    """Seconds to the next poll with so many calls used and so many minutes of the hour left."""

    def seconds(used: int, minutes_left: float) -> int:
        reset_at = timezone.now() + timedelta(minutes=minutes_left)
        KeyBudget.objects.filter(team=acme).update(used=used, reset_at=reset_at)
        return round(feed.interval(budget_of(acme)).total_seconds())

    return seconds


def test_the_poll_comes_often_while_calls_are_plenty(pauses):
    assert pauses(0, 60) == 10
    assert pauses(100, 30) == 10


def test_it_gets_rarer_as_they_run_out(pauses):
    assert 10 < pauses(500, 40) < pauses(700, 40) < pauses(820, 20) <= 120


def test_it_stops_below_the_reserve_until_the_hour_is_over(pauses):
    assert pauses(890, 20) == 20 * 60 + 1
    assert pauses(890, -1) == 10


def test_entries_know_their_kind():
    assert audit_log._change(AuditEntry(id="aud_1")) is None
