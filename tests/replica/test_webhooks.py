"""Webhooks: what cStar delivers arrives once and ends in the right state; whatever else comes changes nothing.

Deliveries are the embedded cStar's own, built and signed by it, and brought to the view as its courier would.
"""

import hmac
import json
import logging
import random
import time
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from activity.models import Activity
from budget.client import client
from budget.models import KeyBudget, Lane
from cstar.http import ConnectError, Response
from customers.models import Customer
from replica import feed, tasks, upsert, webhook_receiver, webhooks
from replica.models import TeamState, WebhookEndpoint, WebhookEvent, WebhookRefusal
from sandbox import outbound, times
from sandbox.models import Delivery
from sandbox.models import Webhook as SandboxWebhook
from teams.clients import client_for
from teams.models import Team
from tests.conftest import Person
from tests.replica.test_feed import paths, quiet, ticket  # noqa: F401
from tickets import thread
from tickets.models import Message, Ticket

SECRET = "whsec_" + "s" * 40


@pytest.fixture
def endpoint(quiet) -> WebhookEndpoint:  # noqa: F811
    """The team's webhook, as cStar and as the desk know it."""
    return registered(quiet)


def registered(team: Team) -> WebhookEndpoint:
    url = "https://desk.example.com/hooks"
    made = client_for(team).webhooks.create(name="cStar Desk", url=url, events=webhooks.subscriptions())
    return WebhookEndpoint.objects.create(
        team=team, cstar_id=made.id, url=url, secret=made.secret, registered_at=timezone.now()
    )


def pending() -> list[Delivery]:
    """What cStar has to deliver, taken out of its queue, oldest first."""
    found = list(Delivery.objects.filter(attempt=0).select_related("event", "webhook").order_by("id"))
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(attempt=1)
    for delivery in found:
        delivery.attempt = 1
    return found


def deliver(team: Team, delivery: Delivery, *, browser: Client | None = None):
    headers = outbound.headers_of(delivery, times.now())
    return knock(team, bytes(delivery.event.body), headers["X-Signature"], browser=browser)


def knock(team: Team, body: bytes, signature: str | None = None, *, browser: Client | None = None, **extra):
    headers = {} if signature is None else {"X-Signature": signature}
    visitor = browser or Client()
    return visitor.post(f"/hooks/cstar/{team.pk}/", body, content_type="application/json", headers=headers, **extra)


def deliver_all(team: Team) -> list[str]:
    """Deliver all that waits; answers the events' types."""
    found = pending()
    assert [deliver(team, delivery).status_code for delivery in found] == [200] * len(found)
    return [delivery.event.type for delivery in found]


def signed(endpoint: WebhookEndpoint, body: bytes, *, at: float | None = None) -> str:
    stamp = str(int(time.time() if at is None else at))
    return f"t={stamp},v1={digest(endpoint.secret, stamp.encode() + b'.' + body)}"


def digest(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, sha256).hexdigest()


def envelope(team: Team, kind: str = "ticket.updated", data: dict | None = None, **changes) -> bytes:
    event = {"id": f"evt_{uuid4().hex}", "type": kind, "created_at": "2026-03-06T14:30:00Z"}
    return json.dumps(event | {"team_id": str(team.cstar_team_id), "data": data or {}} | changes).encode()


def held(team: Team) -> list:
    """All that a delivery could have changed."""
    return [
        sorted(Ticket.objects.filter(team=team).values_list("cstar_id", "updated_at", "title", "status")),
        sorted(Customer.objects.filter(team=team).values_list("cstar_id", "name", "email")),
        Message.objects.count(),
        TeamState.objects.get(team=team).change_number,
        WebhookEvent.objects.count(),
        DBTaskResult.objects.count(),
    ]


def run_tasks() -> None:
    """Run what was left for the worker."""
    for result in DBTaskResult.objects.filter(task_path=webhooks.read_object.module_path):
        webhooks.read_object.call(*result.args_kwargs["args"])
        result.delete()


def outcomes(team: Team) -> list[tuple[str, str]]:
    return list(WebhookEvent.objects.filter(team=team).order_by("id").values_list("type", "outcome"))


# Each kind of event ------------------------------------------------------------------------------------------------


def test_a_changed_ticket_arrives_without_a_call(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, priority="urgent", tags=["vip"], metadata={"seat_no": "4"})
    wire.calls.clear()
    assert deliver_all(team) == ["ticket.updated"]
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags, ticket.metadata["seat_no"]) == ("urgent", ["vip"], "4")
    assert outcomes(team) == [("ticket.updated", "applied")]
    assert wire.calls == []


def test_a_new_ticket_with_its_customer_and_first_message_arrives(endpoint, wire):
    team = endpoint.team
    customer = client_for(team).customers.create(name="Ines", email="ines@example.org")
    made = client_for(team).tickets.create(title="Brand new", customer_id=customer.id)
    client_for(team).messages.create(made.id, content="Help *me*", sender="customer", sender_name="Ines")
    wire.calls.clear()
    assert deliver_all(team) == ["customer.created", "ticket.created", "ticket.message_added"]
    found = Ticket.objects.get(team=team, cstar_id=made.id)
    assert (found.customer_name, found.message_count) == ("Ines", 1)
    assert found.thread_seen == found.thread_mark
    assert "Help *me*" in thread.shown_messages(found)[0].html
    assert wire.calls == []


def test_closing_and_assigning_are_one_change_each(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    member = next(m for m in client_for(team).members.list().items if m.id != ticket.assigned_to)
    client_for(team).tickets.update(ticket.cstar_id, status="resolved", assigned_to=member.id)
    assert set(deliver_all(team)) == {"ticket.updated", "ticket.assigned", "ticket.closed"}
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assigned_to, ticket.assignee_name) == ("resolved", member.id, member.name)


def test_a_deleted_ticket_goes_and_stays_gone(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="One last change")
    client_for(team).tickets.delete(ticket.cstar_id)
    changed, deleted = pending()
    for delivery in (deleted, changed):
        assert deliver(team, delivery).status_code == 200
    assert not Ticket.objects.filter(team=team, cstar_id=ticket.cstar_id).exists()
    assert outcomes(team) == [("ticket.deleted", "applied"), ("ticket.updated", "ignored")]


def test_customers_arrive_change_and_go(endpoint, wire):
    team = endpoint.team
    made = client_for(team).customers.create(name="Ines", email="ines@example.org")
    client_for(team).customers.update(made.id, sentiment="negative", notes="Short answers")
    assert deliver_all(team) == ["customer.created", "customer.updated"]
    found = Customer.objects.get(team=team, cstar_id=made.id)
    assert (found.name, found.sentiment, found.notes) == ("Ines", "negative", "Short answers")
    client_for(team).customers.delete(made.id)
    deliver_all(team)
    assert not Customer.objects.filter(team=team, cstar_id=made.id).exists()
    assert {outcome for _, outcome in outcomes(team)} == {"applied"}


def test_a_deleted_customers_tickets_lose_them(endpoint):
    team = endpoint.team
    of_customer = Ticket.objects.filter(team=team).exclude(customer="").first()
    client_for(team).customers.delete(of_customer.customer)
    deliver_all(team)
    of_customer.refresh_from_db()
    assert (of_customer.customer, of_customer.customer_name) == ("", "")


def test_changed_settings_are_read_again_later(endpoint, wire):
    team = endpoint.team
    body = envelope(team, "team.preferences_updated", {"preferences": {"team_name": "Acme"}, "changes": {}})
    assert knock(team, body, signed(endpoint, body)).status_code == 200
    assert wire.calls == []
    run_tasks()
    assert set(paths(wire)) == {"settings/statuses", "settings/quick-replies"}
    assert outcomes(team) == [("team.preferences_updated", "read")]


@pytest.mark.parametrize("kind", ["survey.submitted", "boss.defeated", "customer_group.created", "brand_new", "a.b.c"])
def test_what_the_desk_holds_no_copy_of_is_noted_and_nothing_else(endpoint, wire, kind):
    body = envelope(endpoint.team, kind, {"article": {"id": "art_1"}})
    before = held(endpoint.team)
    assert knock(endpoint.team, body, signed(endpoint, body)).status_code == 200
    assert outcomes(endpoint.team) == [(kind, "ignored")]
    assert held(endpoint.team)[:4] == before[:4]


def test_a_test_delivery_changes_nothing_but_proves_the_way(endpoint, wire):
    team, before = endpoint.team, held(endpoint.team)
    body = envelope(team, "ticket.deleted", {"test": True})
    assert not webhooks.is_proven(team)
    assert knock(team, body, signed(endpoint, body)).status_code == 200
    assert outcomes(team) == [("ticket.deleted", "test")]
    assert held(team)[:4] == before[:4]
    assert webhooks.is_proven(team)


@pytest.mark.parametrize(
    "data",
    [
        {"ticket": {"id": "ID", "prefixed_id": "CST-1024", "title": "t", "status": "new", "priority": "low"}},
        {"ticket": {"id": "ID", "status": "open", "updated_at": "2030-01-01T00:00:00Z"}, "changes": {"tags": {}}},
    ],
)
def test_a_payload_that_says_too_little_is_read_later_and_once(endpoint, ticket, wire, data):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="Read from cStar")
    pending()
    wire.calls.clear()
    bare = ticket.cstar_id.removeprefix("tkt_")
    data["ticket"]["id"] = f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"
    for _ in range(3):
        body = envelope(team, data=data)
        assert knock(team, body, signed(endpoint, body)).status_code == 200
    assert wire.calls == []
    run_tasks()
    assert paths(wire) == [f"tickets/{ticket.cstar_id}"]
    ticket.refresh_from_db()
    assert ticket.title == "Read from cStar"


def test_what_is_gone_when_it_is_read_is_forgotten(endpoint, ticket):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.delete(ticket.cstar_id)
    body = envelope(team, data={"ticket": {"id": ticket.cstar_id}})
    assert knock(team, body, signed(endpoint, body)).status_code == 200
    run_tasks()
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def test_what_cannot_be_read_is_left_to_the_feed(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="Found by the feed")
    body = envelope(team, data={"ticket": {"id": ticket.cstar_id}})
    assert knock(team, body, signed(endpoint, body)).status_code == 200
    wire.answer(Response(403, json={"error": {"code": "x", "message": "No"}}))
    run_tasks()
    wire.instead = []
    assert feed.poll(team)
    ticket.refresh_from_db()
    assert ticket.title == "Found by the feed"


# Threads -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(endpoint, ticket) -> Ticket:  # noqa: F811
    """A ticket whose thread is held and current."""
    return thread.fetch_ticket(endpoint.team, ticket.cstar_id)


def test_a_message_joins_a_thread_that_is_held(endpoint, opened, wire, agent):
    client_for(endpoint.team).messages.create(opened.cstar_id, content="Any **news**?", sender="customer")
    wire.calls.clear()
    deliver_all(endpoint.team)
    page = agent.get(f"/tickets/{opened.cstar_id}/").content.decode()
    assert "Any **news**?" in page
    assert wire.calls == []


def test_a_note_stays_a_note(endpoint, opened):
    client_for(endpoint.team).messages.create(opened.cstar_id, content="Psst", is_internal=True)
    deliver_all(endpoint.team)
    assert Message.objects.get(ticket=opened, content="Psst").kind == "note"


def test_messages_that_overtook_each_other_stand_in_order(endpoint, opened):
    for word in ("one", "two", "three"):
        client_for(endpoint.team).messages.create(opened.cstar_id, content=word, sender="customer")
    late = pending()
    for number, delivery in enumerate(reversed(late), start=1):
        assert deliver(endpoint.team, delivery).status_code == 200
        opened.refresh_from_db()
        assert (opened.thread_seen == opened.thread_mark) is (number == len(late))
    assert [message.content for message in thread.shown_messages(opened)][-3:] == ["one", "two", "three"]


def test_a_thread_that_lacks_a_message_is_fetched_when_it_is_opened(endpoint, opened, wire, agent):
    for word in ("one", "two"):
        client_for(endpoint.team).messages.create(opened.cstar_id, content=word, sender="customer")
    deliver(endpoint.team, pending()[-1])
    wire.calls.clear()
    page = agent.get(f"/tickets/{opened.cstar_id}/thread/").content.decode()
    assert page.index("one") < page.index("two")
    assert len(wire.calls) == 1


def test_a_thread_that_was_never_opened_stays_to_be_fetched(endpoint, quiet):  # noqa: F811
    never = Ticket.objects.filter(team=quiet, message_count__gt=1, messages=None).first()
    client_for(quiet).messages.create(never.cstar_id, content="Hello?", sender="customer")
    deliver_all(quiet)
    never.refresh_from_db()
    assert not never.messages.exists()
    assert never.thread_seen != never.thread_mark


def test_a_message_that_comes_while_the_thread_is_fetched_is_not_lost(endpoint, opened, wire):
    ask = wire.handle_request

    def meanwhile(request):
        answer = ask(request)
        answer.read()
        wire.handle_request = ask
        client_for(endpoint.team).messages.create(opened.cstar_id, content="Just now", sender="customer")
        deliver_all(endpoint.team)
        return answer

    wire.handle_request = meanwhile
    found = thread.fetch_ticket(endpoint.team, opened.cstar_id)
    assert thread.shown_messages(found)[-1].content == "Just now"
    assert thread.is_current(thread.fetch_ticket(endpoint.team, opened.cstar_id), timezone.now())
    assert opened.messages.filter(content="Just now").count() == 1


def test_our_own_reply_is_not_shown_twice(endpoint, opened, agent):
    agent.post(f"/tickets/{opened.cstar_id}/reply/", {"kind": "reply", "reply": "On it", "nonce": uuid4()})
    deliver_all(endpoint.team)
    opened.refresh_from_db()
    assert Message.objects.filter(ticket=opened, content="On it").count() == 1
    assert opened.messages.count() == opened.message_count


# Again, late, in the wrong order, in a burst -----------------------------------------------------------------------


def test_a_second_delivery_does_nothing(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="Once")
    [delivery] = pending()
    assert deliver(team, delivery).status_code == 200
    before = held(team)
    upsert.apply("tickets", team, [{"id": ticket.cstar_id, "title": "Changed since"}])
    before[3] += 1
    before[0] = held(team)[0]
    assert [deliver(team, delivery).status_code for _ in "ab"] == [200, 200]
    assert held(team) == before
    assert WebhookEvent.objects.get().replays == 2


def test_an_older_event_does_not_undo_a_newer_one(endpoint, ticket):  # noqa: F811
    for title in ("first", "second", "third"):
        client_for(endpoint.team).tickets.update(ticket.cstar_id, title=title)
    late = pending()
    random.Random(4).shuffle(late)
    for delivery in late:
        assert deliver(endpoint.team, delivery).status_code == 200
    ticket.refresh_from_db()
    assert ticket.title == "third"


def test_what_could_not_be_applied_is_asked_for_again(endpoint, ticket, monkeypatch, caplog):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="At the second try")
    [delivery] = pending()
    before = held(team)
    with monkeypatch.context() as broken:
        broken.setattr(upsert, "touch", lambda team: 1 / 0)
        assert deliver(team, delivery).status_code == 500
    assert held(team) == before
    assert endpoint.secret not in caplog.text
    assert deliver(team, delivery).status_code == 200
    ticket.refresh_from_db()
    assert ticket.title == "At the second try"


# Refused -----------------------------------------------------------------------------------------------------------


def refuse(endpoint: WebhookEndpoint, status: int, caplog, body: bytes, signature: str | None, **extra) -> str:
    """Knock, see it refused, logged, kept, and without effect; answers the reason."""
    team, before = endpoint.team, held(endpoint.team)
    caplog.clear()
    response = knock(team, body, signature, **extra)
    assert response.status_code == status
    reason = response.content.decode()
    assert held(team) == before
    [line] = [record for record in caplog.records if record.name == "replica.webhook_receiver"]
    assert line.levelno == logging.WARNING
    assert reason in line.getMessage()
    assert str(team.pk) in line.getMessage()
    assert endpoint.secret not in caplog.text + reason
    refusal = WebhookRefusal.objects.get(team=team, reason=reason)
    assert refusal.address == "127.0.0.1"
    assert not webhooks.is_proven(team)
    return reason


def deletion(endpoint: WebhookEndpoint) -> bytes:
    """What would do harm."""
    ticket = Ticket.objects.filter(team=endpoint.team).first()  # noqa: F811
    return envelope(endpoint.team, "ticket.deleted", {"ticket": {"id": ticket.cstar_id}})


def test_the_same_delivery_with_a_right_signature_would_have_been_taken(endpoint):
    body = deletion(endpoint)
    assert knock(endpoint.team, body, signed(endpoint, body)).status_code == 200
    assert outcomes(endpoint.team) == [("ticket.deleted", "applied")]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "nonsense",
        "t=,v1=",
        "t=1,t=2,v1=00",
        "v1=" + "0" * 64,
        f"t={10**13},v1=00",
        "t=-5,v1=00",
        "t=٣,v1=00",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        "t=1;v1=00",
    ],
)
def test_signatures_that_are_none_are_refused(endpoint, caplog, signature):
    refuse(endpoint, 401, caplog, deletion(endpoint), signature)


def test_a_signature_by_another_secret_is_refused(endpoint, caplog):
    body, stamp = deletion(endpoint), str(int(time.time()))
    refuse(endpoint, 401, caplog, body, f"t={stamp},v1={digest(SECRET, stamp.encode() + b'.' + body)}")


def test_another_body_under_the_same_signature_is_refused(endpoint, caplog):
    body = deletion(endpoint)
    refuse(endpoint, 401, caplog, body + b" ", signed(endpoint, body))


def test_a_signature_over_the_time_cannot_be_passed_off_as_one_over_the_body(endpoint, caplog):
    body, stamp = deletion(endpoint), str(int(time.time()))
    both = stamp.encode() + b"." + body
    refuse(endpoint, 400, caplog, both, "sha256=" + digest(endpoint.secret, both))


@pytest.mark.parametrize("seconds", [-310, 310])
def test_a_delivery_from_another_time_is_refused(endpoint, caplog, seconds):
    body = deletion(endpoint)
    refuse(endpoint, 401, caplog, body, signed(endpoint, body, at=time.time() + seconds))


@pytest.mark.parametrize("seconds", [-310, 310, -40 * 86_400])
def test_the_older_form_has_the_age_of_its_event(endpoint, caplog, seconds):
    """It signs no time of its own: what somebody recorded could be played again once its id is forgotten."""
    ticket = Ticket.objects.filter(team=endpoint.team).first()  # noqa: F811
    when = (timezone.now() + timedelta(seconds=seconds)).isoformat()
    body = envelope(endpoint.team, "ticket.deleted", {"ticket": {"id": ticket.cstar_id}}, created_at=when)
    refuse(endpoint, 401, caplog, body, "sha256=" + digest(endpoint.secret, body))


@pytest.mark.parametrize("when", ["", "soon", None, 5, "0001-01-01T00:00:00+23:59", "2026-03-06T14:30:00"])
def test_without_a_time_the_older_form_is_refused(endpoint, caplog, when):
    body = envelope(endpoint.team, "ticket.deleted", {"ticket": {"id": "tkt_x"}}, created_at=when)
    assert knock(endpoint.team, body, "sha256=" + digest(endpoint.secret, body)).status_code in {400, 401}


def test_the_older_form_and_several_signatures_are_taken(endpoint):
    team, other = endpoint.team, "0" * 64
    now = timezone.now().isoformat()
    first, second = (envelope(team, "ticket.created", {"test": True}, created_at=now) for _ in "ab")
    assert knock(team, first, "sha256=" + digest(endpoint.secret, first)).status_code == 200
    stamp, right = signed(endpoint, second).split(",")
    assert knock(team, second, f"{stamp},v1={other},{right}, v0=x").status_code == 200
    assert WebhookEvent.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"[]",
        b"null",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "evt_1"}',
        b'{"id": 1, "type": [], "created_at": "x", "team_id": "y", "data": {}}',
    ],
)
def test_garbage_is_refused_even_when_it_is_signed(endpoint, caplog, body):
    assert refuse(endpoint, 400, caplog, body, signed(endpoint, body)) == "It holds no event."


@pytest.mark.parametrize(
    "changes", [{"id": ""}, {"id": "e\n1"}, {"id": "\x00"}, {"type": "a b"}, {"created_at": "2026-01-01"}, {"data": 7}]
)
def test_an_envelope_that_is_none_is_refused(endpoint, caplog, changes):
    body = envelope(endpoint.team, **changes)
    refuse(endpoint, 400, caplog, body, signed(endpoint, body))


@pytest.mark.parametrize(
    "data",
    [
        {"ticket": None},
        {"ticket": []},
        {"ticket": {}},
        {"ticket": {"id": 7}},
        {"ticket": {"id": "../customers"}},
        {"ticket": {"id": "x" * 65}},
        {"customer": {"id": "cus_1"}},
        {"test": "true"},
    ],
)
@pytest.mark.parametrize("kind", ["ticket.updated", "ticket.deleted", "ticket.message_added"])
def test_an_event_about_nothing_is_noted_and_nothing_else(endpoint, wire, data, kind):
    before = held(endpoint.team)
    body = envelope(endpoint.team, kind, data)
    assert knock(endpoint.team, body, signed(endpoint, body)).status_code == 200
    assert outcomes(endpoint.team) == [(kind, "ignored")]
    assert held(endpoint.team)[:4] == before[:4]


def test_another_teams_event_is_refused_whatever_it_is_signed_with(endpoint, globex, caplog):
    body = envelope(globex, "ticket.deleted", {"ticket": {"id": Ticket.objects.filter(team=globex)[0].cstar_id}})
    assert refuse(endpoint, 400, caplog, body, signed(endpoint, body)) == "It is about another team."
    body = envelope(globex, team_id="x")
    refuse(endpoint, 400, caplog, body, signed(endpoint, body))


def test_one_teams_secret_opens_no_others_door(endpoint, globex, caplog):
    body = envelope(globex, "ticket.deleted", {"ticket": {"id": Ticket.objects.filter(team=globex)[0].cstar_id}})
    theirs = registered(globex)
    before = held(globex)
    assert knock(globex, body, signed(endpoint, body)).status_code == 401
    assert held(globex) == before
    assert theirs.secret not in caplog.text


def test_a_large_body_is_refused_unread(endpoint, caplog, monkeypatch):
    body = envelope(endpoint.team, data={"x": "y" * 5_000_000})
    monkeypatch.setattr(webhook_receiver, "verify", lambda *_: pytest.fail("it was read"))
    assert "megabyte" in refuse(endpoint, 413, caplog, body, signed(endpoint, body))
    refuse(endpoint, 413, caplog, b"{}", "x", CONTENT_LENGTH="9" * 5000)


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "٣"])
def test_a_body_that_does_not_say_how_long_it_is_is_refused_unread(endpoint, caplog, length, monkeypatch):
    monkeypatch.setattr(webhook_receiver, "verify", lambda *_: pytest.fail("it was read"))
    refuse(endpoint, 411, caplog, b"{}", "x", CONTENT_LENGTH=length)


def test_a_team_without_a_webhook_answers_as_one_that_is_not_there(endpoint, globex, caplog):
    body = envelope(globex)
    without = knock(globex, body, signed(endpoint, body))
    globex.pk = uuid4()
    missing = knock(globex, body, signed(endpoint, body))
    assert (without.status_code, without.content) == (missing.status_code, missing.content)
    assert without.status_code == 404
    assert caplog.text.count("no webhook is registered") == 2


def test_nothing_but_a_post_is_answered(endpoint):
    path = f"/hooks/cstar/{endpoint.team.pk}/"
    for method in ("get", "head", "put", "patch", "delete", "options"):
        assert getattr(Client(), method)(path).status_code == 405


def test_no_cookie_is_needed_and_none_is_set(endpoint):
    body = envelope(endpoint.team, data={"test": True})
    response = knock(endpoint.team, body, signed(endpoint, body), browser=Client(enforce_csrf_checks=True))
    assert response.status_code == 200
    assert not response.cookies


def test_refusals_cannot_fill_the_disk(endpoint, caplog):
    for number in range(webhook_receiver.MOST_REFUSALS + 20):
        knock(endpoint.team, b"{}", "x", REMOTE_ADDR=f"198.51.100.{number}")
    for _ in range(5):
        knock(endpoint.team, b"{}", "x", REMOTE_ADDR="203.0.113.9")
    assert WebhookRefusal.objects.count() == webhook_receiver.MOST_REFUSALS
    assert WebhookRefusal.objects.get(address="203.0.113.9").times == 5


@time_machine.travel("2026-01-05T09:30:00Z", tick=False)
def test_rubbish_without_end_costs_little_and_keeps_no_delivery_out(endpoint, caplog):
    """Also from the address that cStar's own deliveries come from."""
    body = envelope(endpoint.team, data={"test": True})
    for team in (endpoint.team, Team(pk=uuid4())):
        answers = [knock(team, b"{}", "x", REMOTE_ADDR="203.0.113.9") for _ in range(webhook_receiver.REFUSALS.most)]
    caplog.clear()
    refused = knock(endpoint.team, b"{}", "x", REMOTE_ADDR="203.0.113.9")
    assert {answer.status_code for answer in answers} == {429}
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= webhook_receiver.REFUSALS.seconds
    assert "replica.webhook_receiver" not in {record.name for record in caplog.records}
    assert WebhookRefusal.objects.get().times == webhook_receiver.REFUSALS.most
    good = knock(endpoint.team, body, signed(endpoint, body), REMOTE_ADDR="203.0.113.9")
    assert good.status_code == 200


def test_the_secret_is_kept_encrypted_and_in_no_repr(endpoint, admin):
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT secret FROM sync_webhookendpoint")
        assert endpoint.secret not in cursor.fetchone()[0]
    assert endpoint.secret not in repr(endpoint) + str(endpoint)
    assert endpoint.secret not in admin.get("/settings/webhook/").content.decode()


# Beside the feed ---------------------------------------------------------------------------------------------------


def test_the_feed_does_not_fetch_what_a_webhook_brought(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    others = client_for(team)
    others.tickets.update(ticket.cstar_id, status="resolved")
    others.messages.create(ticket.cstar_id, content="Still broken", sender="customer")  # reopens it too
    others.customers.create(name="Ines", email="ines@example.org")
    deliver_all(team)
    wire.calls.clear()
    assert feed.poll(team)
    assert paths(wire) == ["audit-log"]


def test_a_change_that_no_webhook_told_of_is_still_found(endpoint, ticket, wire):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, title="Told")
    deliver_all(team)
    client_for(team).tickets.update(ticket.cstar_id, title="Not told")
    pending()
    assert feed.poll(team)
    ticket.refresh_from_db()
    assert ticket.title == "Not told"


def test_the_feed_asks_less_while_webhooks_arrive(endpoint):
    team = endpoint.team
    KeyBudget.objects.all().delete()  # the test is not about what was spent, or how young the hour is
    assert tasks._until_next_poll(team) == feed.OFTEN
    body = envelope(team, data={"test": True})
    knock(team, body, signed(endpoint, body))
    assert tasks._until_next_poll(team) == feed.BESIDE_WEBHOOKS
    WebhookEndpoint.objects.update(proved_at=timezone.now() - webhooks.PROOF)
    assert tasks._until_next_poll(team) == feed.OFTEN


@pytest.mark.parametrize(("seconds", "proven"), [(5, True), (45, False)])
def test_a_missed_change_makes_it_ask_often_again(endpoint, ticket, seconds, proven):  # noqa: F811
    team = endpoint.team
    WebhookEndpoint.objects.update(proved_at=timezone.now())
    webhooks.missed(team, "ticket", timezone.now() - timedelta(seconds=seconds))
    assert webhooks.is_proven(team) is proven


def test_what_webhooks_never_tell_of_is_no_miss(endpoint):
    WebhookEndpoint.objects.update(proved_at=timezone.now())
    webhooks.missed(endpoint.team, "member", timezone.now() - timedelta(minutes=10))
    assert webhooks.is_proven(endpoint.team)


def test_the_feed_says_what_no_webhook_told_of(endpoint, ticket, monkeypatch):  # noqa: F811
    monkeypatch.setattr(webhooks, "GRACE", timedelta(0))
    WebhookEndpoint.objects.update(proved_at=timezone.now())
    client(endpoint.team, Lane.WRITE, "test").tickets.update(ticket.cstar_id, title="Our own")
    assert feed.poll(endpoint.team)
    assert webhooks.is_proven(endpoint.team)
    client_for(endpoint.team).tickets.delete(ticket.cstar_id)
    assert feed.poll(endpoint.team)
    assert not webhooks.is_proven(endpoint.team)


def test_old_events_are_forgotten(endpoint):
    body = envelope(endpoint.team, data={"test": True})
    knock(endpoint.team, body, signed(endpoint, body))
    webhooks.drop_old_events()
    assert WebhookEvent.objects.count() == 1
    WebhookEvent.objects.update(received_at=timezone.now() - webhooks.KEPT)
    webhooks.drop_old_events()
    assert WebhookEvent.objects.count() == 0


# The admins' page --------------------------------------------------------------------------------------------------


@pytest.fixture
def admin(world) -> Person:
    return Person("admin", HTTP_HOST="desk.example.com", HTTP_X_FORWARDED_PROTO="https")


@pytest.fixture
def arriving(settings, monkeypatch):
    """The desk is reached from outside: what the sandbox sends goes to the view."""
    settings.ALLOWED_HOSTS = ["desk.example.com", "testserver"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sent = []

    async def post(connections, delivery):
        sent.append(delivery)
        return 200 if delivery.webhook.url.startswith("https://desk.example.com/") else 404

    monkeypatch.setattr(outbound, "_post", post)
    return sent


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_one_click_registers_and_tries_the_webhook(acme, admin, arriving, wire):
    assert "Not registered" in admin.get("/settings/webhook/").content.decode()
    response = admin.post("/settings/webhook/register/", follow=True)
    assert "a test delivery arrived" in said(response)
    [made] = SandboxWebhook.objects.filter(team__uuid=acme.cstar_team_id)
    endpoint = WebhookEndpoint.objects.get(team=acme)
    assert (endpoint.cstar_id, endpoint.secret) == (made.id, made.secret)
    assert made.url == f"https://desk.example.com/hooks/cstar/{acme.pk}/"
    assert made.events == list(webhooks.subscriptions())
    assert deliver(acme, arriving[0]).status_code == 200
    assert outcomes(acme) == [("ticket.created", "test")]
    assert set(Activity.objects.filter(team=acme).values_list("action", "target_id")) == {
        ("webhook.registered", made.id),
        ("webhook.tested", made.id),
    }
    assert made.secret not in str(Activity.objects.values_list()) + response.content.decode()


def test_registering_again_ends_the_old_secret(acme, admin, arriving):
    admin.post("/settings/webhook/register/")
    before = WebhookEndpoint.objects.get()
    client_for(acme).webhooks.create(name="Somebody's", url="https://else.example.com/", events=["*"])
    admin.post("/settings/webhook/register/")
    after = WebhookEndpoint.objects.get()
    assert after.secret != before.secret
    there = SandboxWebhook.objects.filter(team__uuid=acme.cstar_team_id)
    assert set(there.values_list("url", flat=True)) == {after.url, "https://else.example.com/"}
    assert there.count() == 2
    body = envelope(acme, data={"test": True})
    assert knock(acme, body, signed(before, body)).status_code == 401


def test_removing_ends_deliveries(acme, admin, arriving):
    admin.post("/settings/webhook/register/")
    endpoint = WebhookEndpoint.objects.get()
    response = admin.post("/settings/webhook/remove/", follow=True)
    assert "is removed" in said(response)
    assert not SandboxWebhook.objects.filter(pk=endpoint.cstar_id).exists()
    body = envelope(acme, data={"test": True})
    assert knock(acme, body, signed(endpoint, body)).status_code == 404
    assert Activity.objects.filter(action="webhook.removed").exists()


def test_a_webhook_that_cstar_lost_is_said_and_can_be_made_again(acme, admin, arriving):
    admin.post("/settings/webhook/register/")
    SandboxWebhook.objects.all().delete()
    response = admin.post("/settings/webhook/test/", follow=True)
    assert "no longer has this webhook" in said(response)
    assert "Register again" in response.content.decode()
    assert "a test delivery arrived" in said(admin.post("/settings/webhook/register/", follow=True))
    SandboxWebhook.objects.update(is_active=False)
    assert "turned off at cStar" in admin.get("/settings/webhook/").content.decode()


def test_a_test_that_does_not_arrive_says_why(acme, admin, arriving, monkeypatch):
    admin.post("/settings/webhook/register/")

    async def refused(connections, delivery):
        return 502

    monkeypatch.setattr(outbound, "_post", refused)
    assert "Answered 502" in said(admin.post("/settings/webhook/test/", follow=True))


def test_an_address_that_cstar_cannot_reach_is_said_before_and_after(acme, world):
    person = Person("admin")
    assert "only to https addresses" in person.get("/settings/webhook/").content.decode()
    response = person.post("/settings/webhook/register/", follow=True)
    assert "must be an https:// address" in said(response)
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("action", ["test", "remove"])
def test_without_a_webhook_there_is_nothing_to_do(acme, admin, arriving, action):
    assert "Register one first" in said(admin.post(f"/settings/webhook/{action}/", follow=True))


def test_an_outage_of_cstar_leaves_the_page_useful(endpoint, wire):
    wire.answer(ConnectError("gone"))
    person = Person("admin")
    assert "Registered" in person.get("/settings/webhook/").content.decode()
    assert "cannot be reached" in said(person.post("/settings/webhook/remove/", follow=True))
    assert WebhookEndpoint.objects.exists()


def test_the_page_shows_deliveries_and_refusals(endpoint, ticket, caplog):  # noqa: F811
    team = endpoint.team
    client_for(team).tickets.update(ticket.cstar_id, priority="urgent")
    [delivery] = pending()
    for _ in "ab":
        deliver(team, delivery)
    knock(team, b"{}", "x")
    page = Person("admin").get("/settings/webhook/").content.decode()
    assert f'href="/tickets/{ticket.cstar_id}/"' in page
    assert "Applied" in page
    assert "came 1 more time" in page
    assert "Its signature cannot be read." in page
    assert "127.0.0.1" in page


def test_one_teams_deliveries_are_shown_to_nobody_else(endpoint, globex, ticket):  # noqa: F811
    client_for(endpoint.team).tickets.update(ticket.cstar_id, priority="urgent")
    deliver_all(endpoint.team)
    person = Person("globex-agent")
    person.person.memberships.update(role="owner")
    page = person.get("/settings/webhook/").content.decode()
    assert ticket.cstar_id not in page
    assert "Not registered" in page


@pytest.mark.parametrize("levels", [60, 600, 900, 5_000])
def test_what_is_nested_without_end_is_no_fault(endpoint, levels, acme):
    ticket = Ticket.objects.filter(team=endpoint.team).first()  # noqa: F811
    row = {"id": ticket.cstar_id, "title": "Deep", "updated_at": timezone.now().isoformat(), "metadata": "HERE"}
    deep = b'{"a":' * levels + b"1" + b"}" * levels
    body = envelope(endpoint.team, "ticket.updated", {"ticket": row}).replace(b'"HERE"', deep)
    answer = knock(endpoint.team, body, signed(endpoint, body))
    assert answer.status_code in ({200} if levels < 700 else {200, 400})
