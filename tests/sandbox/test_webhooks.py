"""`/webhooks`: the resource itself."""

import pytest

from sandbox.models import Delivery, Webhook
from tests.sandbox.conftest import audited, client, got, made, refused
from tests.sandbox.receiver import listening, signed_by

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

BODY = {"name": "Chat", "url": "https://hooks.example.com/services/a?b=c", "events": ["ticket.created", "customer.*"]}
ROW = {"id", "name", "url", "events", "isActive", "createdAt"}


@pytest.fixture
def webhook(api) -> dict:
    return made(api.post("webhooks", json=BODY))


def test_the_secret_is_shown_once(api, webhook):
    assert webhook.keys() == ROW | {"updatedAt", "secret", "signingSecret"}
    assert webhook["id"].startswith("whk_")
    assert webhook["secret"] == webhook["signingSecret"]
    assert webhook["secret"].startswith("whsec_")
    detail = got(api.get(f"webhooks/{webhook['id']}"))
    assert detail == {key: webhook[key] for key in ROW | {"updatedAt"}}
    [row] = got(api.get("webhooks"))
    assert row == {key: webhook[key] for key in ROW}
    assert webhook["secret"] not in api.get("audit-log").text
    assert audited(api) == [("webhook.created", webhook["id"])]


def test_changes(api, webhook):
    path = f"webhooks/{webhook['id']}"
    assert got(api.patch(path, json={"isActive": False, "events": ["*", "*"]}))["events"] == ["*"]
    assert got(api.get("audit-log"))[0]["details"]["changes"]["isActive"] == {"from": True, "to": False}
    assert got(api.get("webhooks?active=true")) == []
    assert [row["id"] for row in got(api.get("webhooks?active=false"))] == [webhook["id"]]
    before = got(api.get(path))["updatedAt"]
    assert got(api.patch(path, json={"isActive": False}))["updatedAt"] == before
    assert got(api.delete(path)) == {"deleted": True}
    assert refused(api.get(path), 404)["message"] == "Webhook not found"
    assert audited(api)[-1] == ("webhook.deleted", webhook["id"])


def test_a_create_that_is_repeated_makes_one(api):
    first, second = (made(api.post("webhooks", json=BODY, headers={"Idempotency-Key": "w"})) for _ in "ab")
    assert first == second
    assert Webhook.objects.count() == 1


def test_other_teams_and_publishable_keys_see_nothing(api, public, stranger, webhook):
    assert got(stranger.get("webhooks")) == []
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test")):
        refused(stranger.request(method, f"webhooks/{webhook['id']}{path}"), 404)
        refused(public.request(method, f"webhooks/{webhook['id']}{path}"), 403)
    refused(public.get("webhooks"), 403)
    refused(public.post("webhooks/trigger-test", json={"event": "ticket.created"}), 403)
    refused(client(None).get("webhooks"), 401)


@pytest.mark.parametrize("field", ["name", "url", "events"])
def test_what_is_missing(api, field):
    error = refused(api.post("webhooks", json={**BODY, field: type(BODY[field])()}), 400)
    assert (error["code"], error["message"]) == ("PARAMETER_MISSING", "name, url and events are required")


@pytest.mark.parametrize(
    "events", [["ticket.exploded"], ["*.created"], ["ticket.created", ""], ["tick*"], ["message.*"]]
)
def test_unknown_events(api, webhook, events):
    assert refused(api.post("webhooks", json={**BODY, "events": events}), 400)["param"] == "events"
    assert refused(api.patch(f"webhooks/{webhook['id']}", json={"events": events}), 400)["param"] == "events"
    refused(api.patch(f"webhooks/{webhook['id']}", json={"events": []}), 400)


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example.com/", "ftp://hooks.example.com/", "hooks.example.com", "https://", "https:///x"),
        *("https://127.0.0.1/", "https://10.0.0.7/x", "https://169.254.169.254/latest", "https://[::1]:8443/"),
        *("https://[::ffff:192.168.0.1]/", "https://[fd00::1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/"),
        *("https://0.0.0.0/", "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/", "https://[fe80::1]/"),
        *("https://user:pass@hooks.example.com/", "https://hooks.example.com:0/", "https://hooks.example.com:port/"),
        *(
            "https://a b.example.com/",
            "https://hooks.example.com/\r\nX: y",
            "https://hööks.example.com/",
            "https://[::1/",
        ),
        *("https://hooks.example.com/#x", "https://hooks.example.com\\@127.0.0.1/", "https://" + "a" * 2000),
    ],
)
def test_refused_addresses(api, webhook, url):
    assert refused(api.post("webhooks", json={**BODY, "url": url}), 400)["param"] == "url"
    assert refused(api.patch(f"webhooks/{webhook['id']}", json={"url": url}), 400)["param"] == "url"


def test_where_the_setting_allows_it_private_addresses_are_taken(api, settings):
    settings.SANDBOX_WEBHOOKS_PRIVATE = True
    for url in ("http://127.0.0.1:8000/webhooks/cstar/", "https://[::1]/", "http://localhost:8000/x"):
        made(api.post("webhooks", json={**BODY, "url": url}))
    refused(api.post("webhooks", json={**BODY, "url": "ftp://127.0.0.1/"}), 400)


def test_a_test_is_sent_at_once_and_tells_how_it_went(api, settings):
    settings.SANDBOX_WEBHOOKS_PRIVATE = True
    with listening(statuses=[204, 500], body=b"") as receiver:
        webhook = made(api.post("webhooks", json={**BODY, "url": receiver.url, "isActive": False}))
        answers = [
            got(api.post(f"webhooks/{webhook['id']}/test", json=body)) for body in ({"event": "boss.spawned"}, {})
        ]
    first, second = answers
    assert first.keys() == {"deliveryId", "event", "url", "success", "status", "responseTimeMs", "error"}
    assert (first["event"], first["url"], first["success"], first["status"]) == (
        "boss.spawned",
        receiver.url,
        True,
        204,
    )
    assert first["error"] is None
    assert (second["event"], second["success"], second["status"]) == ("ticket.created", False, 500)
    assert second["error"] == "Answered 500"
    assert all(signed_by(webhook["secret"], headers, body) for headers, body in receiver.got)
    assert [event["data"] for event in receiver.events()] == [{"test": True}] * 2


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_a_name_that_leads_to_this_machine_is_refused_when_it_is_resolved(api, settings, host):
    with listening() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        webhook = made(api.post("webhooks", json={**BODY, "url": f"https://{host}:{port}/"}))
        answer = got(api.post(f"webhooks/{webhook['id']}/test"))
        assert (answer["success"], answer["status"], receiver.got) == (False, None, [])
        assert answer["error"] == "The address must not lead to a private, local or reserved address"


def test_a_test_of_an_unknown_event(api, webhook):
    assert refused(api.post(f"webhooks/{webhook['id']}/test", json={"event": "x"}), 400)["param"] == "event"
    assert refused(api.post("webhooks/trigger-test", json={"event": "*"}), 400)["param"] == "event"
    assert refused(api.post("webhooks/trigger-test", json={}), 400)["code"] == "PARAMETER_MISSING"


def test_a_trigger_reaches_every_active_webhook(api, webhook):
    made(api.post("webhooks", json={**BODY, "isActive": False}))
    made(api.post("webhooks", json={**BODY, "events": ["survey.*"]}))
    answer = got(api.post("webhooks/trigger-test", json={"event": "ticket.created"}))
    assert answer == {"event": "ticket.created", "deliveredTo": 2}
    assert Delivery.objects.count() == 2
