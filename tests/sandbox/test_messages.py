import pytest

from sandbox.times import parse
from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_message_has_every_key_of_the_page(api, ticket):
    message = made(api.post(f"tickets/{ticket}/messages", json={"content": "Hello", "senderName": "Bob (Support)"}))
    assert message.keys() == {"id", "ticketId", "content", "sender", "senderName", "isInternal", "createdAt"}
    assert (message["ticketId"], message["sender"], message["isInternal"]) == (ticket, "agent", False)
    assert got(api.get(f"tickets/{ticket}/messages")) == [message]


def test_thread_is_in_order_and_not_paged(api, ticket):
    for number in range(25):
        api.post(f"tickets/{ticket}/messages", json={"content": str(number)})
    response = api.get(f"tickets/{ticket}/messages?pageSize=2")
    assert [row["content"] for row in got(response)] == [str(number) for number in range(25)]
    assert "pagination" not in response.json()["meta"]


def test_message_changes_its_ticket(api, ticket):
    before = got(api.get(f"tickets/{ticket}"))
    message = made(api.post(f"tickets/{ticket}/messages", json={"content": "note", "isInternal": True}))
    after = got(api.get(f"tickets/{ticket}"))
    assert after["messageCount"] == 1
    assert parse(after["updatedAt"]) > parse(before["updatedAt"])
    assert after["messages"][0]["isInternal"] is True
    entry = got(api.get("audit-log"))[0]
    assert (entry["action"], entry["resourceId"]) == ("ticket.message_added", ticket)
    assert entry["details"] == {"messageId": message["id"], "sender": "agent", "isInternal": True}


@pytest.mark.parametrize(
    ("before", "sender", "after"),
    [
        ("resolved", "customer", "open"),
        ("pending", "customer", "open"),
        ("closed", "customer", "closed"),
        ("new", "customer", "new"),
        ("resolved", "agent", "resolved"),
    ],
)
def test_only_a_customer_reopens_a_ticket(api, ticket, before, sender, after):
    api.patch(f"tickets/{ticket}", json={"status": before})
    made(api.post(f"tickets/{ticket}/messages", json={"content": "x", "sender": sender}))
    data = got(api.get(f"tickets/{ticket}"))
    assert data["status"] == after
    assert ("resolvedAt" in data) == (after in ("resolved", "closed"))
    assert (audited(api)[-1] == ("ticket.updated", ticket)) == (before != after)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "PARAMETER_MISSING", "content"),
        ({"content": "  "}, "PARAMETER_MISSING", "content"),
        ({"content": "x" * 100_001}, "PARAMETER_INVALID", "content"),
        ({"content": "x", "sender": "robot"}, "PARAMETER_INVALID", "sender"),
        ({"content": "x", "isInternal": "yes"}, "PARAMETER_INVALID", "isInternal"),
        ({"content": "x", "isInternal": True, "sender": "customer"}, "PARAMETER_INVALID", "isInternal"),
    ],
    ids=range(6),
)
def test_wrong_messages_are_refused(api, ticket, body, code, param):
    error = refused(api.post(f"tickets/{ticket}/messages", json=body), 400)
    assert (error["code"], error["param"]) == (code, param)
    assert got(api.get(f"tickets/{ticket}"))["messageCount"] == 0


def test_other_teams_thread_does_not_exist(stranger, ticket):
    refused(stranger.get(f"tickets/{ticket}/messages"), 404)
    refused(stranger.post(f"tickets/{ticket}/messages", json={"content": "x"}), 404)
