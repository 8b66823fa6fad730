"""Replies on their way, as people see them: undo, waiting, refused, and a thread that moved meanwhile."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from httpx import ConnectError, Response

from outbox.delivery import send_line
from outbox.models import Outgoing
from sandbox.models import Message as SandboxMessage
from sandbox.models import Ticket as SandboxTicket
from teams.models import User
from tests.conftest import Person
from tickets import thread
from tickets.models import Ticket

REFUSED = Response(400, json={"success": False, "error": {"message": "Too rude"}})


@pytest.fixture
def ticket(acme) -> Ticket:
    found = Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()
    return thread.fetch_ticket(acme, found.cstar_id)


@pytest.fixture(autouse=True)
def undo(agent):
    """The agent has ten seconds to undo."""
    User.objects.filter(pk=agent.person.pk).update(undo_seconds=10)


def path(ticket: Ticket, action: str = "") -> str:
    return f"/tickets/{ticket.cstar_id}/{action}"


def write(person: Person, ticket: Ticket, text: str, **typed):
    data = {"kind": "reply", "nonce": str(uuid4()), "reply": text, **typed}
    return person.fragment(path(ticket, "reply/"), "ticket-composer", data)


def decide(person: Person, ticket: Ticket, *, entry: Outgoing | None = None, do: str = "undo", **typed):
    data = {do: str((entry or Outgoing.objects.get()).pk), **typed}
    return person.fragment(path(ticket, "outgoing/decide/"), "ticket-composer", data)


def seconds_pass(ticket: Ticket) -> None:
    """The time to undo is over, and the worker comes by."""
    Outgoing.objects.update(due_at=timezone.now() - timedelta(seconds=1), next_try_at=None)
    send_line(ticket.team, f"ticket:{ticket.cstar_id}")


def posted(ticket: Ticket) -> list[str]:
    rows = SandboxMessage.objects.filter(ticket=ticket.cstar_id).order_by("created_at", "id")
    return [row.content for row in rows][ticket.message_count :]


def html_of(answer) -> str:
    return answer.content.decode()


def test_a_reply_can_be_undone_before_it_leaves(agent, ticket, wire):
    answer = write(agent, ticket, "**Oops**")
    assert wire.calls == []
    assert "<strong>Oops</strong>" in html_of(answer)
    assert "Will be sent in <count-down>10</count-down> s" in html_of(answer)
    assert ">Oops</textarea>" not in html_of(answer)
    back = decide(agent, ticket)
    assert "**Oops**</textarea>" in html_of(back)
    assert "outgoing-" not in html_of(back)
    seconds_pass(ticket)
    assert posted(ticket) == []


def test_the_worker_sends_it_when_the_time_is_over(agent, ticket):
    write(agent, ticket, "Hello", then="resolved")
    before = Outgoing.objects.get()
    assert before.due_at > timezone.now() + timedelta(seconds=8)
    seconds_pass(ticket)
    assert posted(ticket) == ["Hello"]
    page = agent.get(path(ticket))
    assert (page.context["leaving"], page.context["ticket"].status) == ([], "resolved")


def test_undo_takes_back_the_status_too(agent, ticket, wire):
    write(agent, ticket, "Hello", then="resolved")
    decide(agent, ticket)
    seconds_pass(ticket)
    ticket.refresh_from_db()
    assert (ticket.status, wire.calls) == ("open", [])


def test_without_javascript_undo_brings_the_page_with_the_text(agent, ticket):
    agent.post(path(ticket, "reply/"), {"kind": "note", "nonce": str(uuid4()), "note": "Oops", "reply": ""})
    page = agent.post(path(ticket, "outgoing/decide/"), {"undo": Outgoing.objects.get().pk, "kind": "reply"})
    assert "<html" in html_of(page)
    assert "Oops</textarea>" in html_of(page)
    assert page.context["composer"].kind == "note"


def test_undo_keeps_what_is_being_written_meanwhile(agent, ticket):
    write(agent, ticket, "First")
    back = decide(agent, ticket, kind="reply", reply="Second, half", note="a note")
    assert "First\n\nSecond, half</textarea>" in html_of(back)
    assert "a note</textarea>" in html_of(back)


def test_too_late_to_undo_says_so_and_keeps_the_message(agent, ticket):
    write(agent, ticket, "Gone")
    entry = Outgoing.objects.get()
    seconds_pass(ticket)
    back = decide(agent, ticket, entry=entry)
    assert "It was already sent." in html_of(back)
    assert "Gone</textarea>" not in html_of(back)
    assert posted(ticket) == ["Gone"]


def test_a_double_submit_is_one_entry(agent, ticket):
    nonce = str(uuid4())
    write(agent, ticket, "Once", nonce=nonce)
    write(agent, ticket, "Once", nonce=nonce)
    assert Outgoing.objects.count() == 1


def test_undone_and_sent_again_it_leaves(agent, ticket):
    nonce = str(uuid4())
    write(agent, ticket, "Once", nonce=nonce)
    decide(agent, ticket)
    write(agent, ticket, "Once", nonce=nonce)
    seconds_pass(ticket)
    assert posted(ticket) == ["Once"]


def test_colleagues_see_it_and_cannot_undo_it(agent, manager, spectator, ticket):
    write(agent, ticket, "On its way")
    for person in (manager, spectator):
        html = html_of(person.get(path(ticket)))
        assert "On its way" in html
        assert 'name="undo"' not in html
    assert decide(manager, ticket).status_code == 403
    assert decide(spectator, ticket).status_code == 403
    seconds_pass(ticket)
    assert posted(ticket) == ["On its way"]


def test_another_team_sees_nothing_of_it(agent, outsider, ticket):
    write(agent, ticket, "Ours")
    entry = Outgoing.objects.get()
    assert "Ours" not in html_of(outsider.get("/outbox/"))
    assert outsider.get(f"/outbox/{entry.pk}/").status_code == 404
    assert outsider.post(f"/outbox/{entry.pk}/decide/", {"do": "discard"}).status_code == 404
    assert decide(outsider, ticket, entry=entry).status_code == 404


def test_the_page_asks_until_it_is_sent(agent, ticket):
    html = html_of(write(agent, ticket, "Hello"))
    assert "every 1s" in html
    was = agent.get(path(ticket)).context["outbox_mark"]
    ask = f"{path(ticket, 'outgoing/')}?was={was}"
    assert agent.fragment(ask).status_code == 204
    seconds_pass(ticket)
    answer = agent.fragment(ask)
    assert answer.status_code == 200
    assert "every 1s" not in html_of(answer)
    assert 'class="message message--agent"' in html_of(answer)
    assert "outgoing-" not in html_of(answer)


def test_of_a_ticket_that_is_gone_the_page_shows_what_was_not_sent_and_asks_no_more(agent, ticket):
    write(agent, ticket, "For nobody")
    entry = Outgoing.objects.get()
    was = agent.get(path(ticket)).context["outbox_mark"]
    SandboxTicket.objects.filter(id=ticket.cstar_id).delete()
    seconds_pass(ticket)
    ticket.delete()  # as the feed does
    answer = agent.fragment(f"{path(ticket, 'outgoing/')}?was={was}")
    assert answer.status_code == 200
    html = html_of(answer)
    assert "For nobody" in html
    assert "Not sent." in html
    assert f"/outbox/{entry.pk}/" in html
    assert 'id="outgoing-poll" hx-swap-oob="delete"' in html


def test_refused_later_it_is_offered_for_editing_and_again(agent, ticket, wire):
    write(agent, ticket, "Rude words")
    wire.answer(REFUSED)
    seconds_pass(ticket)
    wire.instead.clear()
    html = html_of(agent.get(path(ticket)))
    assert "Not sent. cStar refused this: Too rude." in html
    assert "Rude words" in html
    assert "Outbox" in html
    entry = Outgoing.objects.get()
    back = decide(agent, ticket)
    assert "Rude words</textarea>" in html_of(back)
    write(agent, ticket, "Kind words")
    seconds_pass(ticket)
    assert posted(ticket) == ["Kind words"]
    entry.refresh_from_db()
    assert entry.state == "undone"


def test_try_again_sends_it_and_discard_gives_it_up(agent, manager, ticket, wire):
    for text in ("One", "Two"):
        write(agent, ticket, text)
    wire.answer(REFUSED)
    seconds_pass(ticket)
    wire.instead.clear()
    one, two = Outgoing.objects.all()
    decide(agent, ticket, entry=one, do="again")
    decide(manager, ticket, entry=two, do="discard")  # a manager may see to what is stuck
    seconds_pass(ticket)
    assert posted(ticket) == ["One"]
    assert agent.get(path(ticket)).context["leaving"] == []


def test_the_outbox_shows_what_waits_and_by_whom(agent, manager, ticket, wire):
    wire.answer(ConnectError("refused"))
    write(agent, ticket, "Waiting words")
    seconds_pass(ticket)
    html = html_of(manager.get("/outbox/"))
    assert f"Reply to “{ticket.title}”" in html
    assert "Waiting words" in html
    assert agent.person.display_name in html
    assert "It is sent automatically." in html
    assert "Outbox is empty" not in html


@pytest.mark.parametrize("typed", [{}, {"undo": ""}, {"undo": "x"}, {"undo": "9" * 40}, {"undo": "²"}])
def test_nonsense_is_refused(agent, ticket, typed):
    assert agent.fragment(path(ticket, "outgoing/decide/"), "ticket-composer", typed).status_code == 400
    assert agent.fragment(path(ticket, "outgoing/decide/"), "ticket-composer", {"undo": "1"}).status_code == 404


# The thread moved --------------------------------------------------------------------------------------------------


def arrives(ticket: Ticket, content: str, sender: str = "customer", name: str = "Kim") -> None:
    """A message comes into the thread that we hold."""
    raw = {"id": f"msg_{uuid4().hex}", "content": content, "sender": sender, "senderName": name}
    thread.add(Ticket.objects.get(pk=ticket.pk), raw)


def test_messages_since_one_began_are_shown_before_anything_is_sent(agent, ticket, wire):
    seen = agent.get(path(ticket)).context["seen_message"]
    wire.calls.clear()
    arrives(ticket, "I found it myself")
    arrives(ticket, "Never mind")
    answer = write(agent, ticket, "Did you look under the sofa?", seen_message=seen, then="pending")
    assert answer.status_code == 409
    html = html_of(answer)
    assert "2 new messages since you began" in html
    assert "I found it myself" in html
    assert "Did you look under the sofa?</textarea>" in html
    assert re.search(r'name="then"\s+value="pending"\s*>\s*Send anyway', html)
    assert not Outgoing.objects.exists()
    assert wire.calls == []
    anyway = write(agent, ticket, "Did you look?", seen_message=answer.context["seen_message"], then="pending")
    assert anyway.status_code == 200
    assert Outgoing.objects.count() == 1


def test_ones_own_messages_are_no_news(agent, ticket):
    seen = agent.get(path(ticket)).context["seen_message"]
    arrives(ticket, "Mine", "agent", agent.person.display_name)
    assert write(agent, ticket, "And another", seen_message=seen).status_code == 200


@pytest.mark.parametrize("seen", ["msg_unknown", "x" * 64])
def test_what_was_seen_may_be_unknown(agent, ticket, seen):
    assert write(agent, ticket, "Hello", seen_message=seen).status_code == 200


def test_a_thread_that_moves_in_the_time_to_undo_holds_the_reply(agent, ticket, wire):
    seen = agent.get(path(ticket)).context["seen_message"]
    wire.calls.clear()
    write(agent, ticket, "Did you look?", seen_message=seen)
    arrives(ticket, "Found it")
    seconds_pass(ticket)
    assert wire.calls == []
    html = html_of(agent.get(path(ticket)))
    assert "1 new message since you began. Read them, then decide." in " ".join(html.split())
    assert "Send anyway" in html
    decide(agent, ticket, do="anyway")
    assert posted(ticket) == ["Did you look?"]


def test_a_held_reply_can_be_edited(agent, ticket):
    seen = agent.get(path(ticket)).context["seen_message"]
    write(agent, ticket, "Did you look?", seen_message=seen)
    arrives(ticket, "Found it")
    seconds_pass(ticket)
    assert "Did you look?</textarea>" in html_of(decide(agent, ticket))
    seconds_pass(ticket)
    assert posted(ticket) == []
