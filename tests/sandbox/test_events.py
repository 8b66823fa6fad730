"""Which change fires which events, and what they tell."""

import json
import re

import pytest

from sandbox.events import CATALOGUE
from sandbox.models import Delivery, Event
from tests.sandbox.conftest import TEAM, got, made

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def subscribe(api, *events: str, **fields) -> dict:
    return made(api.post("webhooks", json={"name": "w", "url": "https://x.example/", "events": list(events), **fields}))


@pytest.fixture
def everything(ticket, customer, article, api) -> None:
    """From here on all that happens to the objects is told."""
    subscribe(api, "*")


def told() -> list[tuple[str, dict]]:
    """Type and data of each event, in the order in which they were written."""
    rows = Event.objects.order_by("deliveries__id")
    return [(row.type, json.loads(bytes(row.body))["data"]) for row in rows]


def types() -> list[str]:
    return [kind for kind, _ in told()]


def test_the_catalogue_is_whole():
    assert len(CATALOGUE) == len(set(CATALOGUE)) == 35


def test_the_envelope(api, everything, ticket):
    answer = api.patch(f"tickets/{ticket}", json={"priority": "high"})
    event = Event.objects.get()
    envelope = json.loads(bytes(event.body))
    assert list(envelope) == ["id", "type", "created_at", "team_id", "data"]
    assert re.fullmatch(r"evt_ticket_updated_[0-9]{13}_[0-9a-f]{8}", envelope["id"])
    assert (envelope["id"], envelope["team_id"], envelope["type"]) == (event.id, TEAM, "ticket.updated")
    assert event.request_id == answer.json()["meta"]["requestId"]


def test_a_new_ticket(api, everything, customer):
    body = {"title": "New", "customerId": customer, "assignedTo": "mem_jane", "metadata": {"externalId": "A1"}}
    ticket = made(api.post("tickets", json=body))["id"]
    created, assigned = told()
    assert (created[0], assigned[0]) == ("ticket.created", "ticket.assigned")
    assert created[1]["customer"] == {"id": customer, "name": "Jane Smith", "email": "jane@example.com"}
    row = created[1]["ticket"]
    assert row["metadata"] == {"externalId": "A1"}
    assert (row["id"], row["status"], row["customer_name"], row["channel"]) == (ticket, "new", "Jane Smith", "api")
    assert row["dashboard_url"] == f"https://www.cstar.help/team/acme-tests/tickets?selected={ticket}"
    assert {"title", "priority", "customer_id", "tags", "notes", "assigned_to", "created_at", "updated_at"} < row.keys()
    assert assigned[1]["changes"] == {"assigned_to": {"from": None, "to": "mem_jane"}}


def test_a_changed_ticket(api, everything, ticket):
    change = {"status": "resolved", "assignedTo": "mem_jane", "tags": ["a"], "notes": "n"}
    updated = got(api.patch(f"tickets/{ticket}", json=change))["updatedAt"]
    data = dict(told())
    assert types() == ["ticket.updated", "ticket.assigned", "ticket.closed"]
    assert data["ticket.updated"]["changes"]["status"] == {"from": "new", "to": "resolved"}
    assert data["ticket.updated"]["changes"].keys() == {"status", "assigned_to", "tags", "notes"}
    row = data["ticket.updated"]["ticket"]
    assert (row["tags"], row["notes"], row["assigned_to"], row["updated_at"]) == (["a"], "n", "mem_jane", updated)
    resolution = data["ticket.closed"]["resolution"]
    assert resolution.keys() == {"closed_at", "closed_by", "resolution_time"}
    assert resolution["closed_at"] == row["resolved_at"]
    assert isinstance(resolution["resolution_time"], int)
    got(api.patch(f"tickets/{ticket}", json={"status": "closed"}))
    assert types()[3:] == ["ticket.updated"]  # it was closed before
    got(api.patch(f"tickets/{ticket}", json={"status": "closed"}))
    assert len(types()) == 4  # nothing changed


def test_a_message_carries_itself_and_reopening_follows_it(api, everything, ticket):
    got(api.patch(f"tickets/{ticket}", json={"status": "pending"}))
    message = made(
        api.post(f"tickets/{ticket}/messages", json={"content": "Hi", "sender": "customer", "senderName": "Jane"})
    )
    assert types() == ["ticket.updated", "ticket.message_added", "ticket.updated"]
    data = told()[1][1]
    assert data["message"] == {
        "id": message["id"],
        "ticket_id": ticket,
        "content": "Hi",
        "sender": "customer",
        "sender_name": "Jane",
        "is_internal": False,
        "created_at": message["createdAt"],
    }
    assert data["ticket"]["message_count"] == 1


def test_deleted_objects_are_told_whole(api, everything, ticket, customer, article):
    got(api.patch(f"tickets/{ticket}", json={"title": "T"}))
    for path in (f"tickets/{ticket}", f"customers/{customer}", f"articles/{article}"):
        got(api.delete(path))
    deleted = dict(told()[1:])
    assert deleted["ticket.deleted"]["ticket"]["id"] == ticket
    assert deleted["ticket.deleted"]["ticket"]["title"] == "T"
    assert deleted["customer.deleted"]["customer"]["id"] == customer
    assert deleted["article.deleted"]["article"]["id"] == article


def test_customers(api, everything, customer):
    made(api.post("tickets", json={"title": "t", "customerId": customer}))
    got(api.patch(f"customers/{customer}", json={"name": "Jane Doe"}))
    made(api.post("customers", json={"name": "Bo", "email": "bo@example.com"}))
    _, updated, created = told()
    assert updated[0] == "customer.updated"
    assert updated[1]["changes"] == {"name": {"from": "Jane Smith", "to": "Jane Doe"}}
    assert updated[1]["customer"]["ticket_count"] == 1
    assert (created[0], created[1]["customer"]["email"]) == ("customer.created", "bo@example.com")
    got(api.delete(f"customers/{customer}"))
    unlinked, deleted = told()[3:]
    assert unlinked[1]["changes"] == {"customer_id": {"from": customer, "to": None}}
    assert (unlinked[1]["customer"], deleted[0]) == (None, "customer.deleted")


def test_articles(api, everything, article):
    got(api.patch(f"articles/{article}", json={"status": "published"}))
    got(api.patch(f"articles/{article}", json={"isPublic": True}))
    got(api.patch(f"articles/{article}", json={"title": "Other"}))
    assert types() == ["article.updated", "article.updated", "article.published", "article.updated"]
    made(api.post("articles", json={"title": "t", "category": "c", "status": "published", "isPublic": True}))
    assert types()[4:] == ["article.created", "article.published"]
    assert told()[4][1]["article"]["is_public"] is True


def test_settings_and_what_no_event_exists_for(api, everything):
    got(api.patch("settings", json={"teamName": "Other"}))
    got(api.patch("members/mem_jane", json={"role": "manager"}))
    made(api.post("tags", json={"name": "t"}))
    [(kind, data)] = told()
    assert kind == "team.preferences_updated"
    assert data["preferences"] == {"team_name": "Other", "team_slug": "acme-tests"}
    assert data["changes"] == {"team_name": {"from": "Acme Support", "to": "Other"}}


def test_bulk_and_import_tell_of_each_object(api, everything, ticket, customer):
    second = made(api.post("tickets", json={"title": "2"}))["id"]
    bulk = {"action": "update", "resource": "tickets", "ids": [ticket, second, "x"], "data": {"priority": "low"}}
    got(api.post("bulk", json=bulk))
    assert types() == ["ticket.created", "ticket.updated", "ticket.updated"]
    records = [{"title": str(n), "customerEmail": "jane@example.com", "status": "closed"} for n in range(3)]
    got(api.post("import", json={"resource": "tickets", "records": [*records, {}]}))
    imported = told()[3:]
    assert [kind for kind, _ in imported] == ["ticket.created"] * 3
    assert {(data["customer"]["id"], data["ticket"]["status"]) for _, data in imported} == {(customer, "closed")}


def test_only_what_was_asked_for_is_kept(api, ticket):
    one = subscribe(api, "ticket.closed", "customer.*")["id"]
    two = subscribe(api, "ticket.*")["id"]
    subscribe(api, "*", isActive=False)
    subscribe(api, "article.*")
    got(api.patch(f"tickets/{ticket}", json={"status": "closed"}))
    made(api.post("customers", json={"name": "Bo", "email": "bo@example.com"}))
    assert set(Delivery.objects.values_list("webhook", "event__type")) == {
        *((two, "ticket.updated"), (two, "ticket.closed"), (one, "ticket.closed"), (one, "customer.created")),
    }
    assert Event.objects.count() == 3


def test_without_a_webhook_nothing_is_written(api, stranger, ticket):
    subscribe(stranger, "*")
    got(api.patch(f"tickets/{ticket}", json={"status": "closed"}))
    assert not Event.objects.exists()


def test_what_is_refused_tells_nothing(api, everything, ticket):
    api.patch(f"tickets/{ticket}", json={"status": "closed", "assignedTo": "mem_nobody"})
    assert types() == []
