import pytest
import time_machine

from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def titles(response) -> list[str]:
    return [row["title"] for row in got(response)]


def test_newest_updated_comes_first(api):
    ids = [made(api.post("tickets", json={"title": title}))["id"] for title in "abc"]
    api.patch(f"tickets/{ids[0]}", json={"priority": "low"})
    assert titles(api.get("tickets")) == ["a", "c", "b"]


def test_filters(api, customer):
    made(api.post("tickets", json={"title": "one", "priority": "urgent", "assignedTo": "mem_jane"}))
    two = made(api.post("tickets", json={"title": "two", "customerId": customer}))["id"]
    api.patch(f"tickets/{two}", json={"status": "pending"})
    assert titles(api.get("tickets?status=pending")) == ["two"]
    assert titles(api.get("tickets?priority=urgent")) == ["one"]
    assert titles(api.get(f"tickets?customerId={customer}")) == ["two"]
    assert titles(api.get(f"tickets?customerId={customer.removeprefix('cus_')}")) == ["two"]
    assert titles(api.get("tickets?assignedTo=mem_jane")) == ["one"]
    assert titles(api.get("tickets?status=pending&priority=urgent")) == []
    assert titles(api.get("tickets?status=")) == ["two", "one"]


def test_search_looks_at_titles_and_messages(api, ticket):
    made(api.post("tickets", json={"title": "Invoice 100%"}))
    api.post(f"tickets/{ticket}/messages", json={"content": "The PASSWORD mail never came"})
    assert titles(api.get("tickets?search=invoice")) == ["Invoice 100%"]
    assert titles(api.get("tickets?search=password")) == ["Cannot log in"]
    assert titles(api.get("tickets", params={"search": "0%"})) == ["Invoice 100%"]
    assert titles(api.get("tickets", params={"search": "%"})) == ["Invoice 100%"]


def test_pages(api):
    for number in range(5):
        api.post("tickets", json={"title": str(number)})
    response = api.get("tickets?page=2&pageSize=2")
    assert titles(response) == ["2", "1"]
    assert response.json()["meta"]["pagination"] == {"page": 2, "pageSize": 2, "total": 5, "totalPages": 3}
    assert titles(api.get("tickets?page=9&pageSize=2")) == []
    assert api.get("tickets?pageSize=1000").json()["meta"]["pagination"]["pageSize"] == 100


@pytest.mark.parametrize(
    "query",
    [
        *("page=abc", "page=0", "page=-1", "page=99999999999999999999", "pageSize=0", "pageSize=1.5", "pageSize=٣"),
        *("priority=extreme", "customerId=nobody", "customerId=tkt_" + "0" * 32, "search=%00", "search=" + "x" * 501),
    ],
)
def test_nonsense_in_the_query_is_refused(api, query):
    error = refused(api.get(f"tickets?{query}"), 400)
    assert (error["type"], error["code"]) == ("validation_error", "PARAMETER_INVALID")
    assert error["param"] == query.partition("=")[0]


def test_tags_are_trimmed_and_unique_in_the_order_given(api):
    data = made(api.post("tickets", json={"title": "t", "tags": [" b ", "a", "b", "", "B"]}))
    assert data["tags"] == ["b", "a", "B"]
    api.patch(f"tickets/{data['id']}", json={"tags": "x, y ,x"})
    assert got(api.get(f"tickets/{data['id']}"))["tags"] == ["x", "y"]
    api.patch(f"tickets/{data['id']}", json={"tags": []})
    assert got(api.get(f"tickets/{data['id']}"))["tags"] == []


def test_metadata_merges_and_null_removes(api, ticket):
    api.patch(f"tickets/{ticket}", json={"metadata": {"plan": "pro", "seats": 5}})
    api.patch(f"tickets/{ticket}", json={"metadata": {"plan": None, "region": "eu"}})
    assert got(api.get(f"tickets/{ticket}"))["metadata"] == {"seats": 5, "region": "eu"}
    api.patch(f"tickets/{ticket}", json={"metadata": {"seats": None, "region": None}})
    assert "metadata" not in got(api.get(f"tickets/{ticket}"))


@pytest.mark.parametrize(
    "metadata",
    [
        {str(n): n for n in range(51)},
        {"deep": [[[[[[[[[[[1]]]]]]]]]]]},
        {"k" * 101: 1},
        {"t": "x" * 70_000},
        [],
        "text",
        None,
    ],
    ids=range(7),
)
def test_metadata_has_bounds(api, ticket, metadata):
    assert refused(api.patch(f"tickets/{ticket}", json={"metadata": metadata}), 400)["param"].startswith("metadata")


def test_resolution_time_follows_the_status(api, ticket):
    api.patch(f"tickets/{ticket}", json={"status": "resolved"})
    first = got(api.get(f"tickets/{ticket}"))["resolvedAt"]
    api.patch(f"tickets/{ticket}", json={"status": "closed"})
    assert got(api.get(f"tickets/{ticket}"))["resolvedAt"] == first
    api.patch(f"tickets/{ticket}", json={"status": "open"})
    assert "resolvedAt" not in got(api.get(f"tickets/{ticket}"))


def test_statuses_are_the_teams_own(api, team, ticket):
    error = refused(api.patch(f"tickets/{ticket}", json={"status": "on hold"}), 400)
    assert (error["code"], error["param"]) == ("PARAMETER_INVALID", "status")
    team.statuses.append({"id": "on hold", "name": "On hold", "kind": "pending"})
    team.save()
    assert got(api.patch(f"tickets/{ticket}", json={"status": "on hold"}))["status"] == "on hold"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"priority": "extreme"}, "priority"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"notes": "x" * 50_001}, "notes"),
        ({"tags": [1]}, "tags[0]"),
        ({"tags": {"a": 1}}, "tags"),
        ({"tags": ["x" * 101]}, "tags"),
        ({"tags": ["a\nb"]}, "tags"),
        ({"tags": [str(n) for n in range(51)]}, "tags"),
        ({"assignedTo": "mem_nobody"}, "assignedTo"),
    ],
    ids=range(12),
)
def test_wrong_values_are_refused_and_named(api, ticket, body, param):
    before = got(api.get(f"tickets/{ticket}"))
    error = refused(api.patch(f"tickets/{ticket}", json=body), 400)
    assert (error["type"], error["param"]) == ("validation_error", param)
    assert got(api.get(f"tickets/{ticket}")) == before


def test_unknown_customer_is_refused(api):
    body = {"title": "t", "customerId": "cus_" + "0" * 32}
    assert refused(api.post("tickets", json=body), 400)["param"] == "customerId"


def test_customer_name_shows_only_without_a_customer(api, customer):
    alone = made(api.post("tickets", json={"title": "t", "customerName": "Walk-in"}))["id"]
    linked = made(api.post("tickets", json={"title": "t", "customerName": "x", "customerId": customer}))["id"]
    assert got(api.get(f"tickets/{alone}"))["customerName"] == "Walk-in"
    assert "customerName" not in got(api.get(f"tickets/{linked}"))


def test_assignment(api, ticket):
    api.patch(f"tickets/{ticket}", json={"assignedTo": "mem_jane"})
    assert got(api.get(f"tickets/{ticket}"))["assignedTo"] == "mem_jane"
    api.patch(f"tickets/{ticket}", json={"assignedTo": None})
    assert got(api.get(f"tickets/{ticket}"))["assignedTo"] is None


def test_two_edits_at_one_moment_can_be_told_apart(api, ticket):
    with time_machine.travel("2040-01-01T00:00:00Z", tick=False):
        one, two = (api.patch(f"tickets/{ticket}", json={"notes": note}).json()["data"] for note in "ab")
    assert (one["updatedAt"], two["updatedAt"]) == ("2040-01-01T00:00:00Z", "2040-01-01T00:00:00.001Z")


def test_a_change_of_nothing_is_no_change(api, ticket):
    before = got(api.get(f"tickets/{ticket}"))["updatedAt"]
    assert got(api.patch(f"tickets/{ticket}", json={"tags": ["login"], "unknown": 1}))["updatedAt"] == before
    assert got(api.patch(f"tickets/{ticket}"))["updatedAt"] == before
    assert audited(api) == [("ticket.created", ticket)]


def test_delete_takes_the_messages_along(api, ticket):
    api.post(f"tickets/{ticket}/messages", json={"content": "x"})
    got(api.delete(f"tickets/{ticket}"))
    assert refused(api.get(f"tickets/{ticket}/messages"), 404)["message"] == "Ticket not found"
    assert audited(api)[-1] == ("ticket.deleted", ticket)


def test_bare_uuid_names_a_ticket_too(api, ticket):
    digits = ticket.removeprefix("tkt_")
    dashed = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    for name in (digits, dashed, dashed.upper()):
        assert got(api.get(f"tickets/{name}"))["id"] == ticket
    refused(api.get(f"tickets/cus_{digits}"), 404)


def test_another_teams_ticket_does_not_exist(api, stranger, ticket):
    for method in ("GET", "PATCH", "DELETE"):
        refused(stranger.request(method, f"tickets/{ticket}"), 404)
    assert got(stranger.get("tickets")) == []
    assert got(api.get(f"tickets/{ticket}"))["title"] == "Cannot log in"
