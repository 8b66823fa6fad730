"""Many objects changed at once: from the rows chosen in a list to the receipt, and back again."""

import re

import pytest

from activity.models import Activity
from cstar.http import Response, TimeoutException
from sandbox import models as there
from tickets.models import Ticket
from transfers import bulk, executor
from transfers.models import Run, RunRow


@pytest.fixture
def tickets(acme):
    # To make them low is a change. Which come first is another each time where the database has no order of its own.
    found = Ticket.objects.filter(team=acme, status__in=["open", "new"]).exclude(priority="low")
    return list(found.order_by("pk")[:6])


def choose(person, tickets, **extra):
    """The run that choosing these rows makes."""
    answer = person.post("/transfers/bulk/tickets/", {"ids": [t.cstar_id for t in tickets], "address": "?", **extra})
    assert answer.status_code == 302
    return answer.url


def asked(person, address, **fields):
    answer = person.post(address, {"review": "1", **fields})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def applied(person, address, number, work, newest):
    answer = person.post(address, {"start": "1", "number": number})
    assert answer.status_code == 302
    return work(newest())


def at_cstar(ticket):
    return there.Ticket.objects.get(id=ticket.cstar_id)


def test_chosen_tickets_are_changed_in_one_call_with_a_line_each(manager, tickets, work, newest, wire):
    address = choose(manager, tickets)
    page = asked(manager, address, status="pending", priority="high")
    assert "<strong>1 request</strong>" in page
    assert "<strong>6 tickets</strong>" in page
    wire.calls.clear()
    run = applied(manager, address, 6, work, newest)
    assert run.state == Run.State.DONE
    assert len(wire.calls) == 1
    assert {at_cstar(t).status for t in tickets} == {"pending"}
    assert set(run.rows.values_list("outcome", flat=True)) == {"updated"}
    row = run.rows.get(cstar_id=tickets[0].cstar_id)
    assert row.before["status"] == tickets[0].status
    assert row.after == {"status": "pending", "priority": "high"}
    held = Ticket.objects.get(pk=tickets[0].pk)
    assert (held.status, held.priority) == ("pending", "high")
    receipt = manager.get(f"/transfers/{run.pk}/").content.decode()
    assert tickets[0].title[:20] in receipt
    record = Activity.objects.get(target_id=tickets[0].cstar_id, action="ticket.updated")
    assert record.changes["status"] == [tickets[0].status, "pending"]


def test_to_leave_and_to_clear_are_different_things(manager, acme, tickets, work, newest):
    given = list(Ticket.objects.filter(team=acme).exclude(assigned_to="").order_by("pk")[:2])
    address = choose(manager, given)
    asked(manager, address, assigned_to="-")
    applied(manager, address, 2, work, newest)
    for ticket in given:
        assert at_cstar(ticket).assigned_to_id is None
        assert at_cstar(ticket).priority == ticket.priority


def test_nothing_to_change_is_said(manager, tickets):
    answer = manager.post(choose(manager, tickets), {"review": "1"})
    assert answer.status_code == 400
    assert "Choose what to change first." in answer.content.decode()


def test_tags_are_added_and_removed_and_the_others_stay(manager, tickets, acme, work, newest):
    one, two, three = tickets[:3]
    for ticket, tags in ((one, ["a", "old"]), (two, ["a", "old"]), (three, ["b"])):
        there.Ticket.objects.filter(id=ticket.cstar_id).update(tags=tags)
        Ticket.objects.filter(pk=ticket.pk).update(tags=tags, payload={**ticket.payload, "tags": tags})
    address = choose(manager, [one, two, three])
    page = asked(manager, address, add_tags="vip", remove_tags="old")
    assert "<strong>2 requests</strong>" in page  # two share their tags, the third has others
    applied(manager, address, 3, work, newest)
    assert [at_cstar(t).tags for t in (one, two, three)] == [["a", "vip"], ["a", "vip"], ["b", "vip"]]


def test_tags_that_others_added_meanwhile_are_kept(manager, tickets, work, newest):
    ticket = tickets[0]
    address = choose(manager, [ticket])
    asked(manager, address, add_tags="vip")
    manager.post(address, {"start": "1", "number": 1})
    run = newest()
    assert executor.advance(str(run.pk)) == executor.AT_ONCE  # the batches are made
    tags = ["from", "a", "colleague"]
    there.Ticket.objects.filter(id=ticket.cstar_id).update(tags=tags)
    Ticket.objects.filter(pk=ticket.pk).update(payload={**ticket.payload, "tags": tags})
    work(run)
    assert at_cstar(ticket).tags == [*tags, "vip"]


def test_what_is_so_already_costs_nothing_and_is_said(manager, tickets, acme, work, newest, wire):
    tickets = list(Ticket.objects.filter(team=acme, status="open")[:3])
    address = choose(manager, tickets)
    page = asked(manager, address, status="open")
    assert "3 need no change" in page
    assert "<strong>0 requests</strong>" in page


def test_rows_that_still_wait_can_be_shown_alone(manager, tickets, newest):
    address = choose(manager, tickets)
    asked(manager, address, priority="low")
    manager.post(address, {"start": "1", "number": 6})
    run = newest()
    run.rows.filter(cstar_id=tickets[0].cstar_id).update(outcome="updated")
    page = manager.get(f"/transfers/{run.pk}/?outcome=waiting").content.decode()
    assert page.count("outcome--waiting") == 5
    assert page.count('?outcome=waiting" aria-current') == 1


def test_all_that_match_are_frozen_when_they_are_chosen(manager, acme, work, newest):
    open_ = Ticket.objects.filter(team=acme, status="open")
    number = open_.count()
    assert number > 2
    answer = manager.post("/transfers/bulk/tickets/", {"all": "1", "address": "?status=open", "number": number})
    run = newest()
    chosen = set(run.rows.values_list("cstar_id", flat=True))
    assert chosen == set(open_.values_list("cstar_id", flat=True))
    late = Ticket.objects.filter(team=acme, status="pending").first()
    Ticket.objects.filter(pk=late.pk).update(status="open")  # matches now, and was not chosen
    asked(manager, answer.url, priority="low")
    applied(manager, answer.url, number, work, newest)
    assert at_cstar(late).priority == late.priority


def test_a_thousand_and_more_are_counted_as_pages_write_them(manager, acme, tickets, newest, monkeypatch):
    answer = manager.post("/transfers/bulk/tickets/", {"all": "1", "address": "?", "number": "1,240"})
    asked(manager, answer.url, priority="low")
    monkeypatch.setattr(bulk, "price", lambda run: bulk.Price(1240, 0, 0, 13))
    number = re.search(r'name="number" value="(.*?)"', manager.get(answer.url).content.decode())[1]
    manager.post(answer.url, {"start": "1", "number": number})
    run = newest()
    assert run.state == Run.State.PENDING
    Run.objects.update(total=1240)
    assert 'max="1240"' in manager.get(f"/transfers/{run.pk}/").content.decode()


def test_a_number_that_is_no_longer_right_starts_nothing(manager, tickets, newest):
    address = choose(manager, tickets)
    asked(manager, address, priority="low")
    Ticket.objects.filter(pk=tickets[0].pk).delete()
    answer = manager.post(address, {"start": "1", "number": 6}, follow=True)
    assert "It is 5 tickets by now" in answer.content.decode()
    assert newest().state == Run.State.DRAFT


def test_deleting_asks_for_the_number_to_be_typed(manager, tickets, work, newest):
    address = choose(manager, tickets)
    manager.post(address, {"delete": "1"})
    manager.post(address, {"start": "1", "number": 5})
    assert newest().state == Run.State.DRAFT
    run = applied(manager, address, 6, work, newest)
    assert run.state == Run.State.DONE
    assert not there.Ticket.objects.filter(id__in=[t.cstar_id for t in tickets]).exists()
    assert not Ticket.objects.filter(pk__in=[t.pk for t in tickets]).exists()
    assert "Undo" not in manager.get(f"/transfers/{run.pk}/").content.decode()


def test_what_failed_says_why_and_can_be_chosen_again(manager, tickets, work, newest):
    address = choose(manager, tickets)
    there.Ticket.objects.filter(id=tickets[0].cstar_id).delete()
    asked(manager, address, priority="low")
    run = applied(manager, address, 6, work, newest)
    failed = run.rows.get(outcome=RunRow.Outcome.FAILED)
    assert failed.cstar_id == tickets[0].cstar_id
    assert failed.reason == "It no longer exists."
    assert run.rows.filter(outcome="updated").count() == 5
    answer = manager.post(f"/transfers/{run.pk}/again/")
    again = newest()
    assert answer.url == f"/transfers/{again.pk}/bulk/"
    assert list(again.rows.values_list("cstar_id", flat=True)) == [tickets[0].cstar_id]


def test_a_refusal_after_a_lost_answer_is_not_said_to_be_a_failure(manager, tickets, work, newest, wire):
    address = choose(manager, tickets)
    asked(manager, address, priority="low")
    refused = Response(409, json={"success": False, "error": {"message": "This key is in use"}})
    wire.answer(TimeoutException("too late"), refused)
    run = applied(manager, address, 6, work, newest)
    assert set(run.rows.values_list("outcome", flat=True)) == {"unsure"}
    assert run.rows.first().reason.endswith("cStar says: This key is in use")


def test_undo_puts_the_values_back_and_leaves_what_others_changed(manager, tickets, work, newest):
    before = {t.cstar_id: t.priority for t in tickets}
    address = choose(manager, tickets)
    asked(manager, address, priority="urgent")
    run = applied(manager, address, len(tickets), work, newest)
    changed = run.rows.filter(outcome="updated").count()
    mine = run.rows.filter(outcome="updated").first()
    there.Ticket.objects.filter(id=mine.cstar_id).update(priority="normal")
    held = Ticket.objects.get(cstar_id=mine.cstar_id)
    Ticket.objects.filter(pk=held.pk).update(priority="normal", payload={**held.payload, "priority": "normal"})
    answer = manager.post(f"/transfers/{run.pk}/undo/")
    assert "Undo it for" in manager.get(answer.url).content.decode()
    manager.post(answer.url)
    undone = work(newest())
    assert undone.state == Run.State.DONE
    assert undone.rows.filter(outcome="updated").count() == changed - 1
    left = undone.rows.get(outcome="skipped")
    assert left.reason == "Changed since: priority is now normal."
    for ticket in tickets:
        assert at_cstar(ticket).priority == ("normal" if ticket.cstar_id == mine.cstar_id else before[ticket.cstar_id])
    assert manager.post(f"/transfers/{run.pk}/undo/").url == f"/transfers/{run.pk}/"  # once


def test_an_agent_sees_and_reaches_none_of_it(agent, manager, tickets, newest):
    choose(manager, tickets)
    run = newest()
    assert agent.get("/transfers/").status_code == 403
    assert agent.get(f"/transfers/{run.pk}/").status_code == 403
    assert agent.post("/transfers/bulk/tickets/", {"ids": [tickets[0].cstar_id]}).status_code == 403
    assert "/transfers/" not in agent.get("/tickets/").content.decode()


def test_another_teams_run_does_not_exist(manager, globex, newest):
    run = Run.objects.create(team=globex, person="Somebody", kind="bulk", resource="tickets")
    for path in ("", "bulk/", "receipt.csv"):
        assert manager.get(f"/transfers/{run.pk}/{path}").status_code == 404
    assert manager.post(f"/transfers/{run.pk}/control/", {"do": "cancel"}).status_code == 404


def test_the_receipt_as_a_file_runs_nothing(manager, acme, tickets, work, newest):
    title = '=HYPERLINK("http://example.com")'
    Ticket.objects.filter(pk=tickets[0].pk).update(title=title)
    address = choose(manager, tickets[:1])
    asked(manager, address, priority="low")
    run = applied(manager, address, 1, work, newest)
    text = b"".join(manager.get(f"/transfers/{run.pk}/receipt.csv").streaming_content).decode()
    assert "'=HYPERLINK" in text
    assert "priority" in text
