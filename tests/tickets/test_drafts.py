"""Drafts: what is written and not sent yet is kept, apart, and never brought back once it was sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from replica import retention
from tests.conftest import Person
from tickets.models import Draft, Ticket


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()


class Composer:
    """One composer in one tab, that counts its saves as the browser does."""

    def __init__(self, person: Person, ticket: Ticket):
        self.person, self.path = person, f"/tickets/{ticket.cstar_id}/"
        self.nonce, self.count, self.seen = str(uuid4()), 0, 0

    def save(self, text: str, kind: str = "reply", **other):
        self.count += 1
        whose = {"person": self.person.person.pk, "composer": self.nonce, "count": self.count, "seen": self.seen}
        return self.person.post(f"{self.path}draft/", {"kind": kind, "text": text, **whose, **other})

    def send(self, **typed):
        return self.person.fragment(f"{self.path}reply/", "ticket-composer", {"nonce": self.nonce, **typed})


@pytest.fixture
def composer(agent, ticket) -> Composer:
    return Composer(agent, ticket)


def shown(person, ticket):
    return person.get(f"/tickets/{ticket.cstar_id}/").context["composer"]


def test_a_draft_is_there_on_any_device(agent, composer, ticket):
    answer = composer.save("Dear Ada,\n  half a reply")
    assert (answer.status_code, answer["Draft-Version"]) == (204, "1")
    page = Person("agent").get(composer.path)
    assert page.context["composer"].reply == "Dear Ada,\n  half a reply"
    assert ">Draft saved<" in page.content.decode()


def test_reply_and_note_are_apart_and_the_last_written_is_in_front(agent, composer, ticket):
    composer.save("For the customer")
    composer.save("For us", "note")
    found = shown(agent, ticket)
    assert (found.kind, found.reply, found.note) == ("note", "For the customer", "For us")


def test_only_its_writer_sees_it(composer, ticket, manager):
    composer.save("Not for you")
    assert b"Not for you" not in manager.get(composer.path).content
    assert shown(manager, ticket).reply == ""
    assert b">Draft<" not in manager.get("/tickets/", {"page_size": 100}).content
    Composer(manager, ticket).save("Mine")
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Mine", "Not for you"]


def test_another_tickets_composer_stays_empty(agent, composer, acme, ticket):
    composer.save("About this one")
    other = Ticket.objects.filter(team=acme).exclude(pk=ticket.pk).first()
    assert shown(agent, other).reply == ""


def test_the_list_marks_the_rows_with_a_draft(agent, composer):
    composer.save("Half")
    assert agent.get("/tickets/", {"page_size": 100}).content.count(b">Draft<") == 1
    composer.save("")
    assert agent.get("/tickets/", {"page_size": 100}).content.count(b">Draft<") == 0


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_no_draft(agent, composer, ticket, text):
    composer.save("Half")
    assert composer.save(text).status_code == 204
    page = agent.get(composer.path)
    assert page.context["composer"].reply == ""
    assert ">Draft saved<" not in page.content.decode()


def test_a_save_that_was_overtaken_changes_nothing(agent, composer, ticket):
    composer.save("Dear Ada")
    assert composer.save("Dear", count=1).status_code == 204
    assert shown(agent, ticket).reply == "Dear Ada"


def test_words_from_elsewhere_are_not_overwritten_unseen(agent, composer, ticket):
    other = Composer(agent, ticket)
    composer.save("Written at the desk")
    refused = other.save("Written on the phone")
    assert refused.status_code == 409
    assert refused.json() == {"text": "Written at the desk", "version": 1}
    assert shown(agent, ticket).reply == "Written at the desk"
    other.seen = refused.json()["version"]
    assert other.save("Written on the phone").status_code == 204
    assert composer.save("Written at the desk, too").status_code == 409


def test_the_same_words_from_elsewhere_are_no_conflict(agent, composer, ticket):
    composer.save("The same")
    assert Composer(agent, ticket).save("The same").status_code == 204


@pytest.mark.parametrize("saved_before", [True, False])
def test_a_save_after_sending_does_not_bring_it_back(agent, composer, ticket, saved_before):
    if saved_before:
        composer.seen = int(composer.save("Hel")["Draft-Version"])
    sent = composer.send(kind="reply", reply="Hello")
    assert sent.status_code == 200
    assert sent.context["composer"].reply == ""
    assert composer.save("Hello").status_code == 409
    assert shown(agent, ticket).reply == ""
    assert Draft.objects.exclude(text="").count() == 0


def test_sending_the_reply_leaves_the_notes_draft(agent, composer, ticket):
    composer.save("Hello")
    composer.save("Half a note", "note")
    composer.send(kind="reply", reply="Hello", note="Half a note")
    assert (shown(agent, ticket).reply, shown(agent, ticket).note) == ("", "Half a note")


def test_what_is_refused_stays_a_draft(agent, composer, ticket, wire):
    agent.get(composer.path)
    composer.save("Hello")
    assert composer.send(kind="reply", reply="x" * 100_001).status_code == 400
    assert shown(agent, ticket).reply == "Hello"


def test_after_sending_the_next_composer_writes_a_new_draft(agent, composer, ticket):
    composer.send(kind="reply", reply="Hello")
    following = Composer(agent, ticket)
    following.seen = shown(agent, ticket).drafts["reply"].version
    assert following.save("And another thing").status_code == 204
    assert shown(agent, ticket).reply == "And another thing"


def test_nobody_saves_into_another_persons_name(manager, agent, ticket):
    """The page was the agent's; in another tab of the browser the manager signed in."""
    answer = Composer(manager, ticket).save("The agent's words", person=agent.person.pk)
    assert answer.status_code == 409
    assert manager.person.display_name in answer.content.decode()
    assert "The agent&#x27;s words" in answer.content.decode()
    assert Draft.objects.count() == 0


def test_costs_no_call(composer, wire):
    composer.save("Half")
    assert wire.calls == []


def test_old_drafts_are_dropped(composer):
    composer.save("Half")
    composer.save("", "note")
    for days, left in ((0, 2), (2, 1), (91, 0)):
        retention.run(timezone.now() + timedelta(days=days))
        assert Draft.objects.count() == left
