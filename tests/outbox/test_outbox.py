"""The outbox as a sender sees it: every state, posted once, in order, whoever dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from httpx import ConnectError, ReadTimeout, Response

from activity.models import Activity
from outbox import delivery, handlers, queue
from outbox.models import Outgoing
from outbox.sender import Sender
from replica.tasks import tidy
from sandbox.models import Message as SandboxMessage
from sandbox.models import StoredAnswer
from sandbox.models import Ticket as SandboxTicket
from teams.models import Team, User
from tests.conftest import Wire
from tickets import outbox_handlers
from tickets.models import Ticket

State = Outgoing.State
AWAY = ConnectError("refused")
REFUSED = Response(400, json={"success": False, "error": {"message": "Too rude", "code": "rude"}})


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()


@pytest.fixture
def write(ticket, agent):
    """Put a reply into the outbox: `write("Hello")`."""

    def write(content: str, **fields) -> Outgoing:
        return kept(ticket, agent.person, content, **fields)

    return write


def kept(ticket: Ticket, person: User, content: str, **fields) -> Outgoing:
    given = {
        "team": ticket.team,
        "user": person,
        "person": person.display_name,
        "kind": outbox_handlers.REPLY,
        "line": outbox_handlers.line(ticket.cstar_id),
        "target_id": ticket.cstar_id,
        "payload": {"kind": "reply", "content": content, "then": "", "seen": None},
        "key": str(uuid4()),
        "due_at": timezone.now(),
    }
    return Outgoing.objects.create(**given | fields)


def send(ticket: Ticket) -> None:
    """What the sender does with the ticket's line."""
    delivery.send_line(ticket.team, outbox_handlers.line(ticket.cstar_id))


def later() -> None:
    """The pause before the next try is over."""
    Outgoing.objects.update(next_try_at=None)


def posted(ticket: Ticket) -> list[str]:
    """What was posted beyond what the ticket had."""
    rows = SandboxMessage.objects.filter(ticket=ticket.cstar_id).order_by("created_at", "id")
    return [row.content for row in rows][ticket.message_count :]


def state(entry: Outgoing) -> str:
    entry.refresh_from_db()
    return entry.state


def test_sent_once_and_in_the_thread(ticket, write):
    entry = write("Hello")
    assert delivery.due_lines() == []  # who made it sends it
    with time_machine.travel(timezone.now() + delivery.HEAD_START):
        assert delivery.due_lines() == [(ticket.team_id, entry.line)]
    send(ticket)
    send(ticket)
    assert (state(entry), entry.problem, posted(ticket)) == (State.SENT, "", ["Hello"])
    assert ticket.messages.filter(content="Hello").count() == 1
    assert delivery.due_lines() == []


def test_nothing_leaves_before_it_is_due(ticket, write, wire):
    entry = write("Later", due_at=timezone.now() + timedelta(seconds=10))
    assert delivery.due_lines() == []
    send(ticket)
    assert (state(entry), wire.calls) == (State.WAITING, [])


def test_one_that_waits_holds_back_those_behind_it(ticket, write, wire):
    first, second = write("One"), write("Two")
    wire.answer(AWAY)
    send(ticket)
    assert (state(first), state(second), second.attempts) == (State.WAITING, State.WAITING, 0)
    wire.instead.clear()
    send(ticket)  # not before its pause is over
    assert posted(ticket) == []
    later()
    send(ticket)
    assert posted(ticket) == ["One", "Two"]


def test_one_that_is_refused_does_not(ticket, write, wire, monkeypatch):
    first, second = write("Rude"), write("Polite")
    real = wire.handle_request

    def refuses_the_first(request):
        return REFUSED if b"Rude" in request.read() else real(request)

    monkeypatch.setattr(wire, "handle_request", refuses_the_first)
    send(ticket)
    assert (state(first), state(second)) == (State.FAILED, State.SENT)
    assert (first.problem, first.code) == ("cStar refused this: Too rude.", "rude")
    assert posted(ticket) == ["Polite"]


@pytest.mark.parametrize(
    "fault",
    [
        AWAY,
        ReadTimeout("slow"),
        Response(500),
        Response(503, headers={"Retry-After": "7"}),
        Response(401),
        Response(302, headers={"Location": "https://login.example"}),
        Response(200, text="<html>"),
    ],
    ids=["away", "slow", "500", "503", "401", "302", "html"],
)
def test_what_may_pass_waits_with_a_pause(ticket, write, wire, fault):
    entry = write("Hello")
    wire.answer(fault)
    send(ticket)
    assert state(entry) == State.WAITING
    assert entry.problem
    assert entry.next_try_at > timezone.now()
    assert entry.next_try_at < timezone.now() + timedelta(seconds=10)


def test_a_429_waits_as_long_as_cstar_says(ticket, write, wire):
    entry = write("Hello")
    wire.answer(Response(429, headers={"Retry-After": "1800"}))
    send(ticket)
    assert state(entry) == State.WAITING
    pause = (entry.next_try_at - timezone.now()).total_seconds()
    assert 1790 < pause <= 1800
    assert len(wire.calls) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422])
def test_a_refusal_is_kept_for_its_writer(ticket, write, wire, status):
    entry = write("Hello")
    wire.answer(Response(status))
    send(ticket)
    assert state(entry) == State.FAILED
    assert entry.problem
    assert delivery.due_lines() == []


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(ticket, write, wire, monkeypatch):
    entry = write("Only once")
    real = wire.handle_request

    def processed_then_cut(request):
        real(request)
        raise ReadTimeout("cut")

    with monkeypatch.context() as broken:
        broken.setattr(wire, "handle_request", processed_then_cut)
        send(ticket)
    assert state(entry) == State.WAITING
    assert entry.unsure_since
    assert not entry.may_be_undone
    later()
    send(ticket)
    assert (state(entry), entry.unsure_since, posted(ticket)) == (State.SENT, None, ["Only once"])


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["before the call", "after the call", "before the answer is noted"])
def test_a_killed_senders_entry_is_taken_over_after_its_lease(ticket, write, wire, monkeypatch, where):
    entry = write("Only once")
    real = wire.handle_request

    def killed(request):
        if where == "after the call":
            real(request)
        raise Killed

    with monkeypatch.context() as broken:
        if where == "before the answer is noted":
            broken.setattr("tickets.thread.add", lambda *_: (_ for _ in ()).throw(Killed))
        else:
            broken.setattr(wire, "handle_request", killed)
        with pytest.raises(Killed):
            send(ticket)
    assert state(entry) == State.SENDING
    send(ticket)
    assert (state(entry), delivery.due_lines()) == (State.SENDING, [])  # it may still be at it
    Outgoing.objects.update(lease_until=timezone.now())
    assert len(delivery.due_lines()) == 1
    send(ticket)
    assert (state(entry), posted(ticket)) == (State.SENT, ["Only once"])
    assert ticket.messages.filter(content="Only once").count() == 1


def test_a_sender_that_was_overtaken_changes_nothing_any_more(ticket, write, wire, monkeypatch):
    entry = write("Only once")
    real = wire.handle_request

    def slow(request):
        monkeypatch.undo()
        answer = real(request)
        Outgoing.objects.update(lease_until=timezone.now())
        send(ticket)  # another one, meanwhile
        return answer

    monkeypatch.setattr(wire, "handle_request", slow)
    send(ticket)
    assert (state(entry), entry.attempts, posted(ticket)) == (State.SENT, 2, ["Only once"])
    assert ticket.messages.filter(content="Only once").count() == 1


def test_taken_back_it_never_leaves(ticket, write):
    entry = write("Oops")
    assert queue.take_back(entry)
    send(ticket)
    assert (state(entry), posted(ticket)) == (State.UNDONE, [])


def test_what_is_on_its_way_is_not_taken_back(ticket, write):
    entry = write("Too late")
    send(ticket)
    assert not queue.take_back(entry)  # as it was read before it left
    assert (state(entry), posted(ticket)) == (State.SENT, ["Too late"])


def test_after_a_refusal_another_key_is_used(ticket, write, wire):
    """The same key might get the same refusal again."""
    entry = write("Hello")
    before = handlers.idempotency_key(entry, "message", "Hello")
    wire.answer(REFUSED)
    send(ticket)
    wire.instead.clear()
    assert queue.again(entry)
    assert state(entry) == State.WAITING
    assert handlers.idempotency_key(entry, "message", "Hello") != before
    send(ticket)
    assert posted(ticket) == ["Hello"]


def unsure(entry: Outgoing, hours: float) -> None:
    Outgoing.objects.filter(pk=entry.pk).update(unsure_since=timezone.now() - timedelta(hours=hours))


def test_what_cstar_may_have_is_not_sent_again_once_it_forgot_the_key(ticket, write, wire):
    entry = write("Perhaps there")
    unsure(entry, 23.1)
    send(ticket)
    assert (state(entry), entry.problem, wire.calls) == (State.FAILED, delivery.UNKNOWN_FATE, [])
    assert queue.again(entry)  # somebody looked, and it was not there
    send(ticket)
    assert (state(entry), posted(ticket)) == (State.SENT, ["Perhaps there"])


def test_until_then_the_same_key_decides(ticket, write, wire):
    entry = write("Perhaps there")
    unsure(entry, 22)
    queue.again(entry)
    entry.refresh_from_db()
    assert entry.generation == 0
    send(ticket)
    assert posted(ticket) == ["Perhaps there"]


def test_when_cstar_is_back_nobody_waits_out_their_pause(ticket, write, wire, acme, agent):
    other = Ticket.objects.filter(team=acme).exclude(pk=ticket.pk).first()
    wire.answer(AWAY)
    write("One")
    kept(other, agent.person, "Two")
    send(ticket)
    send(other)
    wire.instead.clear()
    Outgoing.objects.filter(target_id=ticket.cstar_id).update(next_try_at=None)
    send(ticket)
    send(other)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_week_later_only_what_failed_is_left(ticket, write, wire):
    old = timezone.now() - timedelta(days=8)
    for state_ in State:
        write(state_, state=state_, due_at=old)
    fresh = write("Fresh", state=State.SENT)
    tidy.call()
    left = set(Outgoing.objects.values_list("state", flat=True))
    assert left == {State.WAITING, State.SENDING, State.FAILED, State.HELD, State.SENT}
    assert Outgoing.objects.get(state=State.SENT) == fresh


def test_the_writers_account_may_be_gone(ticket, write, agent):
    entry = write("From somebody who left")
    agent.person.delete()
    send(ticket)
    assert (state(entry), posted(ticket)) == (State.SENT, ["From somebody who left"])


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A ticket of the world as other threads see it; what is written in the test is taken away afterwards."""
    with django_db_blocker.unblock():
        ticket = Ticket.objects.filter(team__name="Acme Support", status="open").exclude(customer="").last()
        before = SandboxTicket.objects.get(pk=ticket.cstar_id)
        known = set(SandboxMessage.objects.values_list("pk", flat=True))
        try:
            yield ticket
        finally:
            Outgoing.objects.all().delete()
            SandboxMessage.objects.exclude(pk__in=known).delete()
            StoredAnswer.objects.all().delete()
            before.save()
            Activity.objects.filter(target_id=ticket.cstar_id).delete()
            ticket.messages.all().delete()
            ticket.save()


def in_threads(work, times: int) -> None:
    def run(_: int) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(run, range(times)))


def test_several_senders_of_one_line_post_each_once_and_in_order(committed):
    person = User.objects.get(username="agent")
    words = [f"Message {number}" for number in range(12)]
    for content in words:
        kept(committed, person, content)
    in_threads(lambda: send(committed), 4)
    send(committed)  # whoever came first may have been waited for in vain
    assert posted(committed) == words
    assert list(committed.messages.values_list("content", flat=True))[-12:] == words


def test_the_worker_sends_what_is_due(committed):
    entry = kept(committed, User.objects.get(username="agent"), "By itself")
    sender = Sender()
    sender.start()
    try:
        end = timezone.now() + timedelta(seconds=10)
        while state(entry) != State.SENT and timezone.now() < end:
            sender._stopped.wait(0.02)
    finally:
        sender.stop()
    assert (state(entry), posted(committed)) == (State.SENT, ["By itself"])


def test_a_team_whose_cstar_hangs_does_not_hold_up_another(committed, monkeypatch):
    """Its calls hang until the other team's reply is out."""
    person, out = User.objects.get(username="agent"), Event()
    theirs = Ticket.objects.filter(team__name="Globex Care")[:4]
    for one in theirs:
        kept(one, person, "Hangs", due_at=timezone.now() - timedelta(minutes=1))
    entry = kept(committed, person, "Does not wait")
    real = Wire.handle_request
    globex = str(Team.objects.get(name="Globex Care").cstar_team_id)

    def hangs(self, request):
        if globex in request.url.path:
            assert out.wait(10)
            raise ConnectError("refused")
        return real(self, request)

    watched = Wire()
    monkeypatch.setattr(Wire, "handle_request", hangs)
    monkeypatch.setattr("teams.clients._transport", lambda path: watched)
    sender = Sender()
    sender.start()
    try:
        end = timezone.now() + timedelta(seconds=10)
        while state(entry) != State.SENT and timezone.now() < end:
            sender._stopped.wait(0.02)
        assert state(entry) == State.SENT
    finally:
        out.set()
        sender.stop()
