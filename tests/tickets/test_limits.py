"""Nothing that is typed on a ticket is cut: what cStar takes is sent, all else is kept and said."""

from uuid import uuid4

import pytest

from replica.refresh import refresh
from sandbox.models import Message as SandboxMessage
from sandbox.models import Ticket as SandboxTicket
from tickets.models import Draft, Ticket
from tickets.outbox_handlers import fingerprint

LONG = "word and so on " * 4_000  # 60,000 characters


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").first()


def path(ticket, action=""):
    return f"/tickets/{ticket.cstar_id}/{action}"


def test_a_long_reply_is_kept_as_it_is_written_and_sent(agent, ticket):
    composer = {"kind": "reply", "text": LONG, "composer": str(uuid4()), "count": 1, "seen": 0}
    assert agent.post(path(ticket, "draft/"), composer).status_code == 204
    assert Draft.objects.get(ticket=ticket.cstar_id).text == LONG
    agent.post(path(ticket, "reply/"), {"kind": "reply", "reply": LONG, "nonce": str(uuid4())})
    assert SandboxMessage.objects.filter(ticket=ticket.cstar_id).latest("pk").content == LONG.strip()


def test_a_reply_longer_than_cstar_takes_is_kept_and_the_limit_said(agent, ticket):
    text = LONG * 2
    composer = {"kind": "reply", "text": text, "composer": str(uuid4()), "count": 1, "seen": 0}
    assert agent.post(path(ticket, "draft/"), composer).status_code == 204
    number = SandboxMessage.objects.count()
    answer = agent.post(path(ticket, "reply/"), {"kind": "reply", "reply": text, "nonce": str(uuid4())})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "100,000" in html
    assert text.strip() in html
    assert SandboxMessage.objects.count() == number
    assert Draft.objects.get(ticket=ticket.cstar_id).text == text


def test_a_long_note_beside_a_reply_does_not_keep_it_back(agent, ticket):
    answer = agent.post(
        path(ticket, "reply/"), {"kind": "reply", "reply": "Hi", "note": LONG * 2, "nonce": str(uuid4())}
    )
    assert answer.status_code == 302


def test_long_notes_are_saved_whole(agent, ticket):
    notes = ("x" * 24_990) + "the end"
    agent.post(path(ticket, "notes/"), {"notes": notes, "seen": fingerprint(ticket.notes)})
    assert SandboxTicket.objects.get(pk=ticket.cstar_id).notes == notes


def test_notes_longer_than_cstar_takes_are_kept_and_the_limit_said(agent, ticket):
    notes = ("x" * 50_001) + "the end"
    answer = agent.post(path(ticket, "notes/"), {"notes": notes, "seen": fingerprint(ticket.notes)})
    assert answer.status_code == 400
    assert notes in answer.content.decode()
    assert "50000" in answer.content.decode().replace(",", "")


def test_notes_are_shown_whole_however_long_cstar_has_them(agent, ticket):
    notes = ("y" * 120_000) + "the end"
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(notes=notes)
    refresh(ticket.team)
    assert notes in agent.get(path(ticket)).content.decode()


def test_a_subject_that_is_too_long_is_kept_and_the_limit_said(agent, ticket):
    title = ("x" * 593) + "the end"
    answer = agent.post(path(ticket, "edit/"), {"title": title})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert title in html
    assert "500" in html


def test_a_long_tag_is_added(agent, ticket):
    agent.post(path(ticket, "tags/"), {"add": "x" * 70})
    assert "x" * 70 in SandboxTicket.objects.get(pk=ticket.cstar_id).tags


def test_no_field_cuts_what_is_pasted(agent, ticket):
    html = agent.get(path(ticket)).content.decode()
    html = html[html.index("<main") :]
    assert [part[:60] for part in html.split("<")[1:] if "maxlength" in part and 'type="search"' not in part] == []
