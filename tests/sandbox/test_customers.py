import pytest

from sandbox.times import parse
from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def names(response) -> list[str]:
    return [row["name"] for row in got(response)]


def test_filters(api, customer):
    mary = made(api.post("customers", json={"name": "Mary", "email": "m@corp.io", "tags": ["vip", "été"]}))["id"]
    api.patch(f"customers/{mary}", json={"status": "inactive", "sentiment": "negative"})
    assert names(api.get("customers")) == ["Mary", "Jane Smith"]
    assert names(api.get("customers?status=active")) == ["Jane Smith"]
    assert names(api.get("customers?sentiment=negative")) == ["Mary"]
    assert names(api.get("customers?search=CORP")) == ["Mary"]
    assert names(api.get("customers?search=smith")) == ["Jane Smith"]
    assert names(api.get("customers?tag=vip")) == names(api.get("customers?tag=été")) == ["Mary"]
    assert names(api.get("customers?tag=vi")) == names(api.get("customers?tag=VIP")) == []


@pytest.mark.parametrize("query", ["status=gone", "sentiment=happy", "page=x"])
def test_nonsense_in_the_query_is_refused(api, query):
    assert refused(api.get(f"customers?{query}"), 400)["param"] == query.partition("=")[0]


def test_tickets_are_counted(api, customer):
    api.post("tickets", json={"title": "t", "customerId": customer})
    assert got(api.get("customers"))[0]["ticketCount"] == 1
    assert got(api.get(f"customers/{customer}"))["ticketCount"] == 1


def test_update(api, customer):
    before = got(api.get(f"customers/{customer}"))
    body = {"name": " Jane S. ", "notes": "Key account", "sentiment": "positive", "metadata": {"plan": "pro"}}
    assert got(api.patch(f"customers/{customer}", json=body))["name"] == "Jane S."
    after = got(api.get(f"customers/{customer}"))
    assert (after["notes"], after["sentiment"], after["metadata"]) == ("Key account", "positive", {"plan": "pro"})
    assert parse(after["updatedAt"]) > parse(before["updatedAt"])
    assert got(api.get("audit-log"))[0]["details"]["changes"]["sentiment"] == {"from": "neutral", "to": "positive"}


def test_a_taken_address_is_refused_an_own_one_not(api, customer):
    mary = made(api.post("customers", json={"name": "Mary", "email": "mary@example.com"}))["id"]
    refused(api.patch(f"customers/{mary}", json={"email": "Jane@Example.com"}), 409)
    got(api.patch(f"customers/{mary}", json={"email": "MARY@example.com"}))
    assert got(api.get(f"customers/{mary}"))["email"] == "MARY@example.com"


def test_two_teams_may_have_the_same_customer(stranger, customer):
    made(stranger.post("customers", json={"name": "Jane", "email": "jane@example.com"}))


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.c\n"}, None),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"status": "gone"}, "status"),
        ({"sentiment": "happy"}, "sentiment"),
        ({"notes": 5}, "notes"),
    ],
    ids=range(7),
)
def test_wrong_values_are_refused(api, customer, body, param):
    response = api.patch(f"customers/{customer}", json=body)
    assert response.status_code == 400
    assert param is None or refused(response, 400)["param"] == param


def test_delete_unlinks_the_tickets(api, customer):
    ticket = made(api.post("tickets", json={"title": "t", "customerId": customer}))["id"]
    got(api.delete(f"customers/{customer}"))
    assert got(api.get(f"tickets/{ticket}"))["customerId"] is None
    assert audited(api)[-2:] == [("ticket.updated", ticket), ("customer.deleted", customer)]


def test_another_teams_customer_does_not_exist(stranger, customer):
    for method in ("GET", "PATCH", "DELETE"):
        refused(stranger.request(method, f"customers/{customer}"), 404)
    assert refused(stranger.post("tickets", json={"title": "t", "customerId": customer}), 400)["param"] == "customerId"
