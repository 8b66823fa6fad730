"""Changing a ticket: properties, tags, notes, deletion."""

import re

import pytest

from activity.models import Activity
from cstar.http import ConnectError, Response
from outbox.delivery import send_line
from outbox.models import Outgoing
from sandbox.models import Ticket as SandboxTicket
from tickets.models import Ticket
from tickets.outbox_handlers import fingerprint


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(priority="urgent").exclude(tags=[]).first()


@pytest.fixture
def at_cstar(ticket):
    """The ticket as the API has it now."""
    return lambda: SandboxTicket.objects.get(pk=ticket.cstar_id)


def url(ticket: Ticket, action: str) -> str:
    return f"/tickets/{ticket.cstar_id}/{action}/"


@pytest.mark.parametrize(
    ("field", "value"), [("status", "pending"), ("priority", "urgent"), ("title", "A better subject")]
)
def test_a_property_is_changed_with_one_call(agent, wire, ticket, at_cstar, field, value):
    answer = agent.fragment(url(ticket, "edit"), "ticket-props", {field: value})
    assert answer.status_code == 200
    assert [method for method, _ in wire.calls] == ["PATCH"]
    assert getattr(at_cstar(), field) == value
    ticket.refresh_from_db()
    assert getattr(ticket, field) == value
    record = Activity.objects.get()
    assert (record.person, record.action) == (agent.person.display_name, "ticket.updated")
    assert record.changes[field][1] == value
    assert record.request_id.startswith("req_")


def test_assigning_and_unassigning(agent, ticket, at_cstar):
    member = agent.get(f"/tickets/{ticket.cstar_id}/").context["assignees"][0][0]
    agent.post(url(ticket, "edit"), {"assigned_to": member})
    ticket.refresh_from_db()
    assert ticket.assigned_to == member
    assert ticket.assignee_name
    agent.post(url(ticket, "edit"), {"assigned_to": ""})
    ticket.refresh_from_db()
    assert (ticket.assigned_to, ticket.assignee_name, at_cstar().assigned_to_id) == ("", "", None)


def test_the_fragment_brings_properties_head_and_message(agent, ticket):
    html = agent.fragment(url(ticket, "edit"), "ticket-props", {"status": "pending"}).content.decode()
    assert re.match(r'\s*<section\s+class="card"\s+id="ticket-props"', html)
    assert 'id="ticket-head" hx-swap-oob="true"' in html
    assert html.index("ticket-props") < html.index("ticket-head") < html.index('id="messages"')


def test_without_javascript_the_form_leads_back_to_the_ticket(agent, ticket):
    answer = agent.post(f"{url(ticket, 'edit')}?status=active", {"status": "pending"})
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{ticket.cstar_id}/?status=active")


def test_what_is_already_so_costs_nothing(agent, wire, ticket):
    agent.post(url(ticket, "edit"), {"status": ticket.status})
    assert wire.calls == []


@pytest.mark.parametrize(
    "data", [{"status": "banana"}, {"priority": "max"}, {"assigned_to": "mem_000000000000"}, {"title": " "}]
)
def test_what_makes_no_sense_is_refused_before_cstar(agent, wire, ticket, data):
    answer = agent.fragment(url(ticket, "edit"), "ticket-props", data)
    assert answer.status_code == 400
    assert "toast--error" in answer.content.decode()
    assert wire.calls == []


def test_cstar_away_shows_what_was_chosen_and_that_it_waits(agent, wire, ticket, at_cstar):
    wire.answer(ConnectError("refused"))
    answer = agent.fragment(url(ticket, "edit"), "ticket-props", {"status": "pending"})
    assert answer.status_code == 200
    assert answer.context["ticket"].status == "pending"
    assert "waiting for cStar" in answer.content.decode()
    assert "Waiting for cStar" in agent.get("/tickets/?page_size=100").content.decode()
    ticket.refresh_from_db()
    assert ticket.status == at_cstar().status == "open"


def test_what_waits_already_is_not_kept_twice_and_can_be_changed_back(agent, wire, ticket, at_cstar):
    wire.answer(ConnectError("refused"))
    for status in ("pending", "pending", "open"):
        agent.post(url(ticket, "edit"), {"status": status})
    assert [entry.payload["changes"]["status"] for entry in Outgoing.objects.all()] == ["pending", "open"]


def test_all_that_waits_is_done_in_order_when_cstar_is_back(agent, wire, ticket, at_cstar):
    wire.answer(ConnectError("refused"))
    agent.post(url(ticket, "edit"), {"status": "pending"})
    agent.post(url(ticket, "tags"), {"add": "later"})
    agent.post(url(ticket, "tags"), {"remove": ticket.tags[0]})
    agent.post(url(ticket, "notes"), {"notes": "Kept", "seen": fingerprint(ticket.notes)})
    shown = agent.get(f"/tickets/{ticket.cstar_id}/").context["ticket"]
    assert (shown.status, shown.tags, shown.notes) == ("pending", [*ticket.tags[1:], "later"], "Kept")
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")
    assert (at_cstar().status, at_cstar().tags, at_cstar().notes) == (shown.status, shown.tags, shown.notes)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"sent"}


def test_a_change_that_is_refused_later_is_said_at_the_ticket(agent, wire, ticket):
    wire.answer(ConnectError("refused"))
    agent.post(url(ticket, "edit"), {"status": "pending"})
    wire.answer(Response(400, json={"success": False, "error": {"message": "No such status"}}))
    Outgoing.objects.update(next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")
    wire.instead.clear()
    page = agent.get(f"/tickets/{ticket.cstar_id}/")
    assert page.context["ticket"].status == "open"
    assert "Not saved: cStar refused this: No such status." in page.content.decode()
    entry = Outgoing.objects.get()
    assert "No such status" in agent.get(f"/outbox/{entry.pk}/").content.decode()
    agent.post(f"/outbox/{entry.pk}/decide/", {"do": "again"})
    ticket.refresh_from_db()
    assert ticket.status == "pending"


def test_tags_are_added_and_removed_without_losing_anothers(agent, ticket, at_cstar):
    first = ticket.tags[0]
    theirs = SandboxTicket.objects.get(pk=ticket.cstar_id)
    theirs.tags = [*theirs.tags, "added-elsewhere"]
    theirs.save()
    agent.post(url(ticket, "tags"), {"add": "mine"})
    agent.post(url(ticket, "tags"), {"remove": first})
    assert {"added-elsewhere", "mine"} <= set(at_cstar().tags)
    assert first not in at_cstar().tags
    ticket.refresh_from_db()
    assert ticket.tags == at_cstar().tags
    assert ticket.tag_rows.filter(name="mine").exists()


@pytest.mark.parametrize("data", [{}, {"add": " "}, {"add": "a,b"}, {"add": "x" * 101}])
def test_a_tag_that_makes_no_sense_is_refused(agent, wire, ticket, data):
    assert agent.fragment(url(ticket, "tags"), "ticket-props", data).status_code == 400
    assert wire.calls == []


def test_notes_are_saved(agent, ticket, at_cstar):
    answer = agent.fragment(
        url(ticket, "notes"), "ticket-notes", {"notes": "Called them\r\ntwice", "seen": fingerprint(ticket.notes)}
    )
    assert answer.status_code == 200
    assert at_cstar().notes == "Called them\ntwice"


def test_notes_changed_meanwhile_are_shown_and_nothing_is_lost(agent, ticket, at_cstar):
    seen = fingerprint(ticket.notes)
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(notes="Theirs")
    answer = agent.fragment(url(ticket, "notes"), "ticket-notes", {"notes": "Mine", "seen": seen})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert ">\nMine</textarea>" in answer.content.decode()
    assert at_cstar().notes == "Theirs"
    again = answer.context["notes"].seen
    assert agent.fragment(url(ticket, "notes"), "ticket-notes", {"notes": "Both", "seen": again}).status_code == 200
    assert at_cstar().notes == "Both"


def test_deleting_asks_first_and_is_for_managers(agent, manager, ticket):
    assert agent.get(url(ticket, "delete")).status_code == 403
    assert agent.post(url(ticket, "delete")).status_code == 403
    assert "cannot be undone" in manager.get(url(ticket, "delete")).content.decode()
    assert SandboxTicket.objects.filter(pk=ticket.cstar_id).exists()
    assert manager.post(url(ticket, "delete")).status_code == 302
    assert not SandboxTicket.objects.filter(pk=ticket.cstar_id).exists()
    assert not Ticket.objects.filter(pk=ticket.pk).exists()
    assert Activity.objects.get().action == "ticket.deleted"


@pytest.mark.parametrize("action", ["edit", "tags", "notes", "reply"])
def test_spectators_change_nothing(spectator, wire, ticket, action):
    assert spectator.post(url(ticket, action), {"status": "closed", "add": "x"}).status_code == 403
    assert wire.calls == []


@pytest.mark.parametrize("action", ["edit", "tags", "notes", "reply"])
def test_only_post(agent, ticket, action):
    assert agent.get(url(ticket, action)).status_code == 405


def test_a_form_made_for_another_team_is_refused(agent, wire, ticket, globex):
    answer = agent.post(url(ticket, "edit"), {"title": "For the other team", "team": str(globex.pk)})
    assert answer.status_code == 409
    assert "For the other team" in answer.content.decode()
    assert wire.calls == []
