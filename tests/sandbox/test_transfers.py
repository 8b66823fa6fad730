"""Bulk, import, export and the audit log."""

import csv
import io

import pytest
import time_machine

from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def run_import(api, resource: str, *records, strategy: str = "skip") -> dict:
    body = {"resource": resource, "records": list(records), "mergeStrategy": strategy}
    return got(api.post("import", json=body))


def counts(result: dict) -> tuple[int, int, int]:
    return result["created"], result["updated"], result["skipped"]


def test_bulk_failures_are_listed_and_stop_nothing(api, stranger, ticket):
    foreign = made(stranger.post("tickets", json={"title": "theirs"}))["id"]
    body = {"action": "update", "resource": "tickets", "ids": ["tkt_1", foreign, ticket], "data": {"status": "closed"}}
    data = got(api.post("bulk", json=body))
    assert (data["total"], data["succeeded"], data["failed"]) == (3, 1, 2)
    error = {"code": "RESOURCE_MISSING", "message": "Ticket not found"}
    assert data["errors"] == [{"id": "tkt_1", **error}, {"id": foreign, **error}]
    entry = got(api.get("audit-log"))[0]
    assert (entry["action"], entry["details"]["source"]) == ("ticket.updated", "bulk")
    assert got(stranger.get(f"tickets/{foreign}"))["status"] == "new"


@pytest.mark.parametrize("kind", ["ticket", "customer", "article"])
def test_bulk_delete(api, kind, request):
    row_id = request.getfixturevalue(kind)
    body = {"action": "delete", "resource": f"{kind}s", "ids": [row_id, row_id]}
    assert got(api.post("bulk", json=body))["succeeded"] == 1
    assert audited(api)[-1] == (f"{kind}.deleted", row_id)


def test_bulk_conflict_is_one_rows_failure(api, customer):
    other = made(api.post("customers", json={"name": "Mary", "email": "mary@example.com"}))["id"]
    body = {"action": "update", "resource": "customers", "ids": [customer, other], "data": {"email": "new@example.com"}}
    data = got(api.post("bulk", json=body))
    assert [error["code"] for error in data["errors"]] == ["CONFLICT"]
    assert got(api.get(f"customers/{other}"))["email"] == "mary@example.com"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "action"),
        ({"action": "update", "resource": "tickets"}, "ids"),
        ({"action": "update", "resource": "tickets", "ids": []}, "ids"),
        ({"action": "update", "resource": "tickets", "ids": ["x"] * 101, "data": {"status": "open"}}, "ids"),
        ({"action": "update", "resource": "tickets", "ids": ["x"]}, "data"),
        ({"action": "update", "resource": "tickets", "ids": ["x"], "data": {"priority": "no"}}, "priority"),
        ({"action": "update", "resource": "tickets", "ids": [1], "data": {"status": "open"}}, "ids[0]"),
        ({"action": "explode", "resource": "tickets", "ids": ["x"]}, "action"),
        ({"action": "delete", "resource": "members", "ids": ["x"]}, "resource"),
    ],
    ids=range(9),
)
def test_bulk_refused(api, body, param):
    assert refused(api.post("bulk", json=body), 400)["param"] == param


def test_import_of_customers_matches_by_email(api, customer):
    records = [{"name": "Jane 2", "email": "JANE@example.com"}, {"name": "New", "email": "new@example.com"}]
    assert counts(run_import(api, "customers", *records)) == (1, 0, 1)
    assert got(api.get(f"customers/{customer}"))["name"] == "Jane Smith"
    assert counts(run_import(api, "customers", *records, strategy="update")) == (0, 2, 0)
    assert got(api.get(f"customers/{customer}"))["name"] == "Jane 2"


def test_import_matches_within_one_request(api):
    one, two = {"name": "A", "email": "a@example.com"}, {"name": "B", "email": "A@example.com"}
    assert counts(run_import(api, "customers", one, two, strategy="update")) == (1, 1, 0)
    assert [row["name"] for row in got(api.get("customers"))] == ["B"]


def test_bad_records_stop_nothing(api):
    result = run_import(api, "customers", {"name": "A"}, 5, {"name": "B", "email": "b@example.com"}, {"email": 5})
    assert counts(result) == (1, 0, 0)
    assert [error["index"] for error in result["errors"]] == [0, 1, 3]
    assert result["errors"][0]["code"] == "PARAMETER_MISSING"
    assert result["errors"][2] == {
        "index": 3,
        "message": "email: Expected `str`, got `int`",
        "code": "PARAMETER_INVALID",
        "param": "email",
    }
    assert len(got(api.get("customers"))) == 1


def test_import_of_tickets_with_their_past(api, customer):
    record = {
        "title": "Old one",
        "status": "closed",
        "priority": "low",
        "customerEmail": "Jane@example.com",
        "tags": "old,imported",
        "notes": "n",
        "assignedTo": "mem_jane",
        "createdAt": "2024-05-01T08:00:00+02:00",
        "metadata": {"externalId": "Z-1"},
        "messages": [{"content": "Hi", "sender": "customer", "createdAt": "2024-05-01T08:00:00Z"}, {"content": "Yo"}],
    }
    assert counts(run_import(api, "tickets", record)) == (1, 0, 0)
    row = got(api.get("tickets"))[0]
    ticket = got(api.get(f"tickets/{row['id']}"))
    assert (ticket["customerId"], ticket["createdAt"]) == (customer, "2024-05-01T06:00:00Z")
    assert (ticket["messageCount"], len(ticket["messages"])) == (2, 2)
    assert "resolvedAt" in ticket
    assert {tag["name"]: tag["count"] for tag in got(api.get("tags"))} == {"old": 1, "imported": 1}
    assert counts(run_import(api, "tickets", record)) == (0, 0, 1)
    again = {"id": ticket["id"], "title": "Renamed"}
    assert counts(run_import(api, "tickets", again, strategy="update")) == (0, 1, 0)
    assert got(api.get(f"tickets/{ticket['id']}"))["title"] == "Renamed"
    assert got(api.get("audit-log"))[0]["details"]["source"] == "import"


def test_import_of_articles_matches_by_id_or_title(api, article):
    by_title = {"title": "Reset a password", "category": "New"}
    by_id = {"id": article, "title": "Other", "category": "Account"}
    assert counts(run_import(api, "articles", by_title, by_id, {"title": "C", "category": "X"})) == (1, 0, 2)
    assert counts(run_import(api, "articles", by_title, strategy="update")) == (0, 1, 0)
    assert got(api.get(f"articles/{article}"))["category"] == "New"


def test_import_never_touches_another_team(stranger, api, ticket):
    assert counts(run_import(stranger, "tickets", {"id": ticket, "title": "Mine now"}, strategy="update")) == (1, 0, 0)
    assert got(api.get(f"tickets/{ticket}"))["title"] == "Cannot log in"


@pytest.mark.parametrize(
    ("record", "param"),
    [
        ({"title": "t", "status": "nope"}, "status"),
        ({"title": "t", "createdAt": "yesterday"}, "createdAt"),
        ({"title": "t", "messages": [{"content": ""}]}, "content"),
        ({"title": "t", "messages": [{"content": "x"}] * 501}, "messages"),
        ({"title": "t", "customerId": "cus_1"}, "customerId"),
    ],
    ids=range(5),
)
def test_records_refused(api, record, param):
    result = run_import(api, "tickets", record)
    assert result["errors"][0]["param"] == param
    assert (got(api.get("tickets")), got(api.get("audit-log"))) == ([], [])
    assert got(api.get("import"))[0]["status"] == "failed"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"records": [{}]}, "resource"),
        ({"resource": "tickets"}, "records"),
        ({"resource": "tickets", "records": {}}, "records"),
        ({"resource": "tickets", "records": [{}] * 501}, "records"),
        ({"resource": "members", "records": [{}]}, "resource"),
        ({"resource": "tickets", "records": [{}], "mergeStrategy": "append"}, "mergeStrategy"),
    ],
    ids=range(6),
)
def test_import_refused(api, body, param):
    assert refused(api.post("import", json=body), 400)["param"] == param


def test_export_rows_hold_every_field(api, ticket, customer, article):
    body = {"resources": [{"type": "tickets"}, {"type": "customers"}, {"type": "articles"}]}
    data = got(api.post("export", json=body))
    assert (data["object"], data["format"], data["totalRows"]) == ("export", "json", 3)
    [row] = data["resources"]["tickets"]
    assert row.keys() == {
        *("id", "title", "status", "priority", "customerId", "customerName", "assignedTo", "tags", "notes"),
        *("messageCount", "metadata", "createdAt", "updatedAt", "resolvedAt"),
    }
    [row] = data["resources"]["customers"]
    assert row.keys() == got(api.get(f"customers/{customer}")).keys() | {"metadata"}
    assert data["resources"]["articles"] == [got(api.get(f"articles/{article}"))]


def test_export_takes_the_lists_filters(api, ticket):
    made(api.post("tickets", json={"title": "urgent", "priority": "urgent"}))
    body = {"resources": [{"type": "tickets", "filters": {"priority": "urgent"}}]}
    assert [row["title"] for row in got(api.post("export", json=body))["resources"]["tickets"]] == ["urgent"]
    body["resources"][0]["filters"] = {"priority": "no"}
    assert refused(api.post("export", json=body), 400)["param"] == "filters.priority"
    made(api.post("articles", json={"title": "A", "category": "B", "isPublic": True}))
    body = {"resources": [{"type": "articles", "filters": {"isPublic": True}}]}
    assert got(api.post("export", json=body))["totalRows"] == 1


def test_export_as_csv(api):
    api.post("tickets", json={"title": 'He said "hi",\nok', "tags": "a,b", "metadata": {"x": 1}})
    response = api.post("export", json={"resources": [{"type": "tickets"}], "format": "csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(response.text, newline=""))
    assert (row["title"], row["tags"], row["metadata"], row["notes"]) == ('He said "hi",\nok', "a,b", '{"x":1}', "")
    empty = api.post("export", json={"resources": [{"type": "customers"}], "format": "csv"}).text
    assert empty.startswith("id,name,email")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"resources": []},
        {"resources": [{"type": "boats"}]},
        {"resources": [{"type": "tickets"}], "format": "xml"},
        {"resources": [{"type": "tickets"}, {"type": "customers"}], "format": "csv"},
        {"resources": [{"type": "tickets"}, {"type": "tickets"}]},
    ],
)
def test_export_refused(api, body):
    assert refused(api.post("export", json=body), 400)["type"] == "validation_error"


def test_audit_log_shape_and_filters(api, ticket):
    api.post("customers", json={"name": "Jane", "email": "jane@example.com"})
    entry = got(api.get("audit-log?action=ticket.created"))[0]
    assert entry.keys() == {"id", "action", "resourceType", "resourceId", "actorName", "createdAt"}
    assert (entry["resourceType"], entry["resourceId"]) == ("ticket", ticket)
    assert entry["actorName"] == "Acme Support secret key (test)"
    [customer] = got(api.get("audit-log?resourceType=customer"))
    assert customer["action"] == "customer.created"
    assert got(api.get("audit-log?actorId=nobody")) == []
    assert api.get("audit-log?pageSize=1").json()["meta"]["pagination"]["total"] == 2


def test_audit_dates_are_inclusive(api):
    with time_machine.travel("2025-12-10T14:30:00Z", tick=False):
        api.post("tickets", json={"title": "t"})
    for query, found in {
        "startDate=2025-12-10T14:30:00Z": 1,
        "startDate=2025-12-10T14:30:00.001Z": 0,
        "endDate=2025-12-10T14:30:00Z": 1,
        "endDate=2025-12-10": 1,
        "endDate=2025-12-09": 0,
        "startDate=2025-12-10&endDate=2025-12-10": 1,
    }.items():
        assert len(got(api.get(f"audit-log?{query}"))) == found, query
    for query in ("startDate=soon", "endDate=2025-13-01", "startDate=0001-01-01T00:00:00%2B10:00"):
        assert refused(api.get(f"audit-log?{query}"), 400)["param"] == query.partition("=")[0]


def test_another_teams_changes_do_not_show(stranger, ticket):
    assert got(stranger.get("audit-log")) == []
    assert got(stranger.get("import")) == []
    body = {"resources": [{"type": "tickets"}, {"type": "customers"}, {"type": "articles"}]}
    assert got(stranger.post("export", json=body))["totalRows"] == 0
