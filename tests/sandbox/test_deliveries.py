"""Deliveries to a real receiver: headers, signature, retries, bursts, slow receivers."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync

from sandbox import deliveries, outbound
from sandbox.models import Delivery, Event
from sandbox.times import now, parse
from tests.sandbox.conftest import got, made, refused
from tests.sandbox.receiver import listening, signed_by

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _private(settings):
    settings.SANDBOX_WEBHOOKS_PRIVATE = True


def subscribe(api, url: str, *events: str) -> dict:
    return made(api.post("webhooks", json={"name": "w", "url": url, "events": list(events) or ["*"]}))


def send() -> None:
    async_to_sync(deliveries.send_due)()


def later(moment, seconds: float) -> time_machine.travel:
    return time_machine.travel(moment + timedelta(seconds=seconds), tick=True)


def test_a_delivery_as_the_receiver_sees_it(api):
    with listening() as receiver:
        webhook = subscribe(api, receiver.url, "ticket.created")
        answer = api.post("tickets", json={"title": "Ünïcode"})
        send()
        send()
    [(headers, body)] = receiver.got
    [event] = receiver.events()
    assert event["data"]["ticket"]["title"] == "Ünïcode"
    assert signed_by(webhook["secret"], headers, body)
    assert not signed_by("whsec_other", headers, body)
    expected = {
        "Content-Type": "application/json",
        "X-Event-Type": "ticket.created",
        "X-Event-ID": event["id"],
        "X-Webhook-ID": webhook["id"],
        "X-Delivery-Attempt": "1",
        "x-cstar-request-id": answer.json()["meta"]["requestId"],
        "User-Agent": "cStar-Webhooks/1.0",
    }
    assert {name: headers[name] for name in expected} == expected
    assert abs(parse(headers["X-Timestamp"]) - now()) < timedelta(minutes=1)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error, delivery.due_at, delivery.attempt) == (200, "", None, 1)
    assert delivery.delivered_at
    assert delivery.response_ms is not None


def test_retries_come_when_the_documents_say_and_end_after_six(api, ticket):
    with listening(statuses=[500]) as receiver:
        webhook = subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
        moment = now()
        for number, wait in enumerate((30, 120, 600, 3600, 6 * 3600, 24 * 3600), start=2):
            with later(moment, wait - 5):
                send()
                assert len(receiver.got) == number - 1
            with later(moment, wait + 1):
                send()
                assert len(receiver.got) == number
                headers, body = receiver.got[-1]
                assert headers["X-Delivery-Attempt"] == str(number)
                assert signed_by(webhook["secret"], headers, body)  # signed anew, with this attempt's time
                moment = now()
        with later(moment, 48 * 3600):
            send()
        assert len(receiver.got) == 7
        delivery = Delivery.objects.get()
        assert (delivery.due_at, delivery.delivered_at, delivery.status, delivery.attempt) == (None, None, 500, 7)
        assert delivery.error == "Answered 500"
        assert len({body for _, body in receiver.got}) == 1


def test_a_receiver_that_recovers_gets_it_once(api, ticket):
    with listening(statuses=[503, 200]) as receiver:
        subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
        with later(now(), 31):
            send()
        with later(now(), 3600):
            send()
    assert len(receiver.got) == 2
    assert Delivery.objects.get().delivered_at


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (202, True), (299, True), (302, False), (404, False), (410, False)]
)
def test_success_is_any_2xx_and_redirects_are_not_followed(api, ticket, status, ok):
    with listening() as other, listening(statuses=[status], headers={"Location": other.url}) as receiver:
        subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
    assert bool(Delivery.objects.get().delivered_at) is ok
    assert other.got == []


def test_a_receiver_that_is_gone_or_takes_too_long_is_tried_again(api, ticket, monkeypatch):
    monkeypatch.setattr(outbound, "BUDGET", 0.2)
    with listening() as gone:
        pass
    with listening(delay=0.6) as slow:
        for receiver in (gone, slow):
            subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
    refusal, slowness = Delivery.objects.order_by("id")
    assert refusal.error.startswith("No answer: ")
    assert slowness.error == "No answer within 0.2 seconds"
    assert all(row.due_at and row.status is None for row in (refusal, slowness))


def test_of_a_big_answer_only_the_beginning_is_read(api, ticket):
    with listening(body=b"x" * 50_000_000) as receiver:
        subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
    assert Delivery.objects.get().delivered_at


def test_a_name_that_changes_its_mind_is_refused_at_the_connection(api, ticket, settings):
    settings.SANDBOX_WEBHOOKS_PRIVATE = False
    with listening() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        subscribe(api, f"https://localhost:{port}/")
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        send()
    assert receiver.got == []
    assert "private, local or reserved" in Delivery.objects.get().error


def test_an_address_taken_while_private_ones_were_allowed_is_refused_afterwards(api, ticket, settings):
    with listening() as receiver:
        subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        settings.SANDBOX_WEBHOOKS_PRIVATE = False
        send()
    assert receiver.got == []
    assert Delivery.objects.get().error == "The address must be an https:// address"


def test_a_webhook_that_is_switched_off_gets_nothing_until_it_is_on_again(api, ticket):
    with listening() as receiver:
        webhook = subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        got(api.patch(f"webhooks/{webhook['id']}", json={"isActive": False}))
        got(api.patch(f"tickets/{ticket}", json={"priority": "low"}))  # never heard of
        send()
        assert receiver.got == []
        got(api.patch(f"webhooks/{webhook['id']}", json={"isActive": True}))
        send()
    [event] = receiver.events()
    assert event["data"]["changes"]["priority"]["to"] == "high"


def test_a_deleted_webhook_gets_nothing_any_more(api, ticket):
    with listening() as receiver:
        webhook = subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        got(api.delete(f"webhooks/{webhook['id']}"))
        send()
    refused(api.get(f"webhooks/{webhook['id']}"), 404)
    assert receiver.got == []
    assert not Delivery.objects.exists()


def test_a_burst_goes_out_whole_while_another_receiver_is_slow(api, monkeypatch):
    """1,000 events for a fast receiver; the slow one gets its share at its own pace, and holds up nobody."""
    monkeypatch.setattr(outbound, "BUDGET", 3)
    with ExitStack() as stack:
        slow, fast = (stack.enter_context(listening(delay=delay)) for delay in (4, 0))
        subscribe(api, slow.url, "customer.updated")
        subscribe(api, fast.url, "customer.created")
        for start in (0, 500):
            records = [{"name": "N", "email": f"n{n}@example.com"} for n in range(start, start + 500)]
            got(api.post("import", json={"resource": "customers", "records": records}))
        change = {"resource": "customers", "mergeStrategy": "update"}
        updates = [{"name": "M", "email": f"n{n}@example.com"} for n in range(10)]
        got(api.post("import", json={**change, "records": updates}))
        send()
    assert len({event["id"] for event in fast.events()}) == len(fast.got) == 1000
    assert Delivery.objects.filter(webhook__url=fast.url, delivered_at=None).count() == 0
    assert Delivery.objects.filter(webhook__url=slow.url, due_at__isnull=False).count() == 10


def test_a_claim_that_was_never_answered_is_taken_again(api, ticket):
    with listening() as receiver:
        subscribe(api, receiver.url)
        got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
        assert len(deliveries.settle_and_claim([], deliveries.Counter())) == 1  # and then the process is killed
        send()
        assert receiver.got == []
        with later(now(), 61):
            send()
    [(headers, _)] = receiver.got
    assert headers["X-Delivery-Attempt"] == "2"


def test_a_week_later_it_is_forgotten(api, ticket):
    subscribe(api, "https://x.example/")
    got(api.patch(f"tickets/{ticket}", json={"priority": "high"}))
    with later(now(), 6.9 * 86_400):
        deliveries.drop_old()
        assert Event.objects.count() == Delivery.objects.count() == 1
    with later(now(), 7.1 * 86_400):
        deliveries.drop_old()
        assert Event.objects.count() == Delivery.objects.count() == 0
