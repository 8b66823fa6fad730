"""Replies and notes: nothing typed is lost, nothing is posted twice."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from httpx import ConnectError, ReadTimeout, Response

from activity.models import Activity
from outbox.delivery import send_line
from outbox.models import Outgoing
from sandbox.models import Message as SandboxMessage
from sandbox.models import Ticket as SandboxTicket
from teams.models import User
from tickets.models import Ticket


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()


@pytest.fixture
def send(agent, ticket):
    """Send the composer: `send(reply="Hello")`."""

    def send(*, htmx: bool = True, **typed):
        data = {"kind": "reply", "nonce": str(uuid4()), **typed}
        path = f"/tickets/{ticket.cstar_id}/reply/"
        return agent.fragment(path, "ticket-composer", data) if htmx else agent.post(path, data)

    return send


def posted(ticket) -> list[tuple[str, bool]]:
    rows = SandboxMessage.objects.filter(ticket=ticket.cstar_id).order_by("created_at", "id")
    return [(row.content, row.is_internal) for row in rows][ticket.message_count :]


def test_a_reply_is_posted_shown_and_recorded(agent, send, ticket):
    answer = send(reply="**Hello**, try again please.")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert posted(ticket) == [("**Hello**, try again please.", False)]
    assert "<strong>Hello</strong>" in html
    assert 'id="ticket-thread"' in html
    record = Activity.objects.get()
    assert (record.action, record.person) == ("ticket.replied", agent.person.display_name)
    ticket.refresh_from_db()
    assert ticket.messages.last().sender_name == agent.person.display_name


def test_a_note_is_internal_and_leaves_the_reply_alone(send, ticket):
    answer = send(kind="note", note="Looks like the proxy again", reply="Dear customer, not yet finished")
    assert posted(ticket) == [("Looks like the proxy again", True)]
    html = answer.content.decode()
    assert "Dear customer, not yet finished</textarea>" in html
    assert "message--note" in html


def test_sending_a_reply_keeps_the_note_that_is_being_written(send, ticket):
    html = send(reply="Done!", note="half a note").content.decode()
    assert posted(ticket) == [("Done!", False)]
    assert "half a note</textarea>" in html
    assert ">Done!</textarea>" not in html


@pytest.mark.parametrize("status", ["pending", "resolved"])
def test_send_and_set_status_in_one_go(send, ticket, status):
    send(reply="There you go", then=status)
    assert SandboxTicket.objects.get(pk=ticket.cstar_id).status == status
    ticket.refresh_from_db()
    assert ticket.status == status


def test_the_status_sent_along_is_set_whatever_we_hold(send, ticket):
    """The customer wrote meanwhile, and cStar reopened what we still hold as pending."""
    Ticket.objects.filter(pk=ticket.pk).update(status="pending")
    send(reply="There you go", then="pending")
    assert SandboxTicket.objects.get(pk=ticket.cstar_id).status == "pending"


def test_a_second_try_with_a_line_more_at_the_end_is_the_same(send, ticket):
    nonce = str(uuid4())
    send(reply="Once", nonce=nonce)
    send(reply="Once\n", nonce=nonce)
    assert posted(ticket) == [("Once", False)]
    assert Activity.objects.count() == 1


def test_an_old_ticket_that_the_copy_dropped_is_answered(send, ticket):
    Ticket.objects.filter(pk=ticket.pk).delete()
    assert send(reply="Still here").status_code == 200
    assert posted(ticket) == [("Still here", False)]


def test_the_rail_counts_what_was_just_changed(agent, ticket):
    before = agent.get("/tickets/").context["desk"].rail[1].links[2].count
    html = agent.fragment(
        f"/tickets/{ticket.cstar_id}/edit/", "prop-row-status", {"status": "resolved"}
    ).content.decode()
    assert re.search(rf'All open</span>\s*<span class="count">\s*{before - 1}\s*</span>', html)


def test_the_next_opening_costs_no_call_after_a_reply(agent, send, wire, ticket):
    agent.get(f"/tickets/{ticket.cstar_id}/")
    send(reply="Hello")
    wire.calls.clear()
    page = agent.get(f"/tickets/{ticket.cstar_id}/")
    assert not page.context["stale"]
    assert page.context["thread"][-1].content == "Hello"
    assert wire.calls == []


def test_a_double_click_posts_once(send, ticket):
    nonce = str(uuid4())
    send(reply="Once", nonce=nonce)
    send(reply="Once", nonce=nonce)
    assert posted(ticket) == [("Once", False)]
    ticket.refresh_from_db()
    assert ticket.messages.filter(content="Once").count() == 1


@pytest.mark.parametrize("fault", [ConnectError("refused"), ReadTimeout("slow")])
@pytest.mark.parametrize("htmx", [True, False])
def test_cstar_away_keeps_the_reply_and_sends_it_later(agent, send, wire, ticket, fault, htmx):
    wire.answer(fault)
    answer = send(reply="A long and careful answer", htmx=htmx)
    assert answer.status_code == (200 if htmx else 302)
    html = agent.get(f"/tickets/{ticket.cstar_id}/").content.decode()
    assert "Waiting for cStar" in html
    assert "A long and careful answer</textarea>" not in html
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")
    assert posted(ticket) == [("A long and careful answer", False)]


def test_a_reply_that_is_refused_at_once_stays_in_the_composer(send, wire, ticket):
    wire.answer(Response(400, json={"success": False, "error": {"message": "Too rude"}}))
    answer = send(reply="A long and careful answer")
    assert answer.status_code == 400
    assert "A long and careful answer</textarea>" in answer.content.decode()
    assert "Not sent. cStar refused this: Too rude." in answer.content.decode()
    assert not Outgoing.objects.exists()
    wire.instead.clear()
    assert send(reply="A long and careful answer", nonce=answer.context["composer"].nonce).status_code == 200
    assert posted(ticket) == [("A long and careful answer", False)]


def test_sent_but_the_answer_was_lost_then_sent_again_posts_once(send, wire, ticket, monkeypatch):
    nonce = str(uuid4())
    real = type(wire).__mro__[1].handle_request

    def processed_then_cut(request):
        real(wire, request)
        raise ReadTimeout("cut")

    monkeypatch.setattr(wire, "handle_request", processed_then_cut)
    send(reply="Only once, please", nonce=nonce)
    monkeypatch.undo()
    send(reply="Only once, please", nonce=nonce)
    Outgoing.objects.update(next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")
    assert Outgoing.objects.get().state == "sent"
    assert posted(ticket) == [("Only once, please", False)]
    assert ticket.messages.filter(content="Only once, please").count() == 1


def test_a_reply_posted_but_the_status_not_is_said_and_done_later(agent, send, wire, ticket, monkeypatch):
    real = type(wire).__mro__[1].handle_request

    def only_posts(request):
        if request.method == "PATCH":
            raise ConnectError("refused")
        return real(wire, request)

    with monkeypatch.context() as broken:
        broken.setattr(wire, "handle_request", only_posts)
        html = send(reply="Posted", then="resolved").content.decode()
    assert "Reply sent. The status is not set to resolved yet." in html
    assert posted(ticket) == [("Posted", False)]
    assert agent.get(f"/tickets/{ticket.cstar_id}/").context["ticket"].status == "resolved"
    Outgoing.objects.update(next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")
    assert posted(ticket) == [("Posted", False)]
    assert SandboxTicket.objects.get(pk=ticket.cstar_id).status == "resolved"


@pytest.mark.parametrize("typed", [{"reply": ""}, {"reply": "  \n "}, {"kind": "note", "reply": "x"}, {"kind": "fax"}])
def test_nothing_to_send_is_refused_before_cstar(send, wire, typed):
    assert send(**typed).status_code == 400
    assert wire.calls == []


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_signed_out_while_writing_loses_nothing(headers, agent, ticket):
    User.objects.update(sessions_since=timezone.now())
    path = f"/tickets/{ticket.cstar_id}/reply/"
    answer = agent.post(path, {"kind": "reply", "reply": "Half an hour of writing"}, headers=headers)
    assert answer.status_code == 401
    assert answer.get("HX-Retarget", "") == ("#notices" if headers else "")
    # htmx leaves the form as it stands.
    assert headers or "Half an hour of writing</textarea>" in answer.content.decode()
