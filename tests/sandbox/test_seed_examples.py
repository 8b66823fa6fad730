"""Every example of cStar's reference: exact keys, messages, codes and types, as each page prints them."""

import re

import pytest
import time_machine

from sandbox.models import ApiKey
from tests.sandbox.conftest import PUBLISHABLE, SECRET, client, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

DOCS = "https://www.cstar.help/developers/api-reference"
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$")
LIST_ROW = {"id", "title", "status", "priority", "customerId", "tags", "messageCount", "createdAt"}
CUSTOMER_ROW = {"id", "name", "email", "status", "sentiment", "ticketCount", "createdAt"}


def envelope(response, *, paged: bool = False) -> dict:
    body = response.json()
    assert body.keys() == {"success", "data", "meta"}
    assert body["success"] is True
    assert body["meta"].keys() == {"requestId", "timestamp"} | ({"pagination"} if paged else set())
    assert MOMENT.match(body["meta"]["timestamp"])
    return body


def test_ticket_create_as_the_page_prints_it(api):
    body = {
        "title": "Cannot log in to my account",
        "priority": "high",
        "customerName": "Jane Smith",
        "tags": "login,authentication",
    }
    response = api.post("tickets", json=body)
    assert response.status_code == 201
    data = envelope(response)["data"]
    assert data.keys() == {"id", "title", "status", "priority", "tags", "createdAt"}
    assert re.match(r"^tkt_[0-9a-f]{32}$", data["id"])
    assert (data["status"], data["priority"], data["tags"]) == ("new", "high", ["login", "authentication"])
    assert MOMENT.match(data["createdAt"])


def test_ticket_list_as_the_page_prints_it(api, customer):
    made(api.post("tickets", json={"title": "Cannot log in", "customerId": customer}))
    response = api.get("tickets?status=new&page=1")
    body = envelope(response, paged=True)
    assert [row.keys() for row in body["data"]] == [LIST_ROW]
    assert body["data"][0]["customerId"] == customer
    assert body["meta"]["pagination"] == {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}


def test_ticket_detail_as_the_page_prints_it(api, customer):
    ticket = made(api.post("tickets", json={"title": "Cannot log in", "customerId": customer}))["id"]
    api.post(f"tickets/{ticket}/messages", json={"content": "Help", "sender": "customer", "senderName": "Jane Smith"})
    data = envelope(api.get(f"tickets/{ticket}"))["data"]
    assert data.keys() == LIST_ROW | {"assignedTo", "notes", "messages", "updatedAt"}
    assert (data["assignedTo"], data["notes"], data["messageCount"]) == (None, None, 1)
    assert data["messages"][0].keys() == {"id", "content", "sender", "senderName", "createdAt"}
    assert re.match(r"^msg_[0-9a-f]{12}$", data["messages"][0]["id"])


def test_ticket_update_as_the_page_prints_it(api, ticket):
    response = api.patch(f"tickets/{ticket}", json={"status": "resolved", "notes": "Password reset sent"})
    data = envelope(response)["data"]
    assert data.keys() == {"id", "title", "status", "priority", "updatedAt"}
    assert data["status"] == "resolved"


@pytest.mark.parametrize("kind", ["ticket", "customer"])
def test_delete_as_the_page_prints_it(api, kind, request):
    path = f"{kind}s/{request.getfixturevalue(kind)}"
    assert envelope(api.delete(path))["data"] == {"deleted": True}
    assert refused(api.get(path), 404)["message"] == f"{kind.title()} not found"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize(("path", "what"), [("tickets/tkt_", "Ticket"), ("customers/cus_", "Customer")])
def test_404_as_the_page_prints_it(api, method, path, what):
    error = refused(api.request(method, f"{path}{'0' * 32}"), 404)
    assert error.keys() == {"type", "code", "message", "request_id"}
    assert (error["type"], error["code"]) == ("not_found_error", "RESOURCE_MISSING")
    assert error["message"] == f"{what} not found"


def test_ticket_400_as_the_page_prints_it(api):
    error = refused(api.post("tickets", json={"priority": "high"}), 400)
    assert error.keys() == {"type", "code", "message", "param", "request_id"}
    assert (error["type"], error["code"]) == ("validation_error", "PARAMETER_MISSING")
    assert (error["message"], error["param"]) == ("title is required", "title")


def test_customer_create_as_the_page_prints_it(api):
    body = {"name": "Jane Smith", "email": "jane@example.com", "tags": "vip,enterprise"}
    response = api.post("customers", json=body)
    assert response.status_code == 201
    data = envelope(response)["data"]
    assert data.keys() == {"id", "name", "email", "status", "createdAt"}
    assert re.match(r"^cus_[0-9a-f]{32}$", data["id"])
    assert data["status"] == "active"


def test_customer_list_as_the_page_prints_it(api, customer):
    body = envelope(api.get("customers?status=active"), paged=True)
    assert [row.keys() for row in body["data"]] == [CUSTOMER_ROW]


def test_customer_detail_as_the_page_prints_it(api, customer):
    data = envelope(api.get(f"customers/{customer}"))["data"]
    assert data.keys() == CUSTOMER_ROW | {"tags", "notes", "updatedAt"}


def test_customer_update_as_the_page_prints_it(api, customer):
    data = envelope(api.patch(f"customers/{customer}", json={"tags": "vip,enterprise,priority"}))["data"]
    assert data.keys() == {"id", "name", "status", "updatedAt"}
    assert got(api.get(f"customers/{customer}"))["tags"] == ["vip", "enterprise", "priority"]


@pytest.mark.parametrize("body", [{}, {"name": "Jane"}, {"email": "jane@example.com"}])
def test_customer_400_as_the_page_prints_it(api, body):
    error = refused(api.post("customers", json=body), 400)
    assert error.keys() == {"type", "code", "message", "request_id"}
    assert (error["type"], error["code"]) == ("validation_error", "PARAMETER_MISSING")
    assert error["message"] == "name and email are required"


def test_customer_409_as_the_page_prints_it(api, customer):
    error = refused(api.post("customers", json={"name": "Another", "email": "JANE@example.com"}), 409)
    assert error.keys() == {"type", "code", "message", "request_id"}
    assert (error["type"], error["code"]) == ("conflict_error", "CONFLICT")
    assert error["message"] == "A customer with this email already exists"


def test_bulk_as_the_page_prints_it(api, ticket):
    body = {"action": "update", "resource": "tickets", "ids": [ticket], "data": {"status": "closed"}}
    data = envelope(api.post("bulk", json=body))["data"]
    result = {"object": "bulk_result", "action": "update", "resource": "tickets"}
    assert data == {**result, "total": 1, "succeeded": 1, "failed": 0, "errors": []}


def test_import_as_the_page_prints_it(api):
    records = [{"name": "Jane", "email": "jane@example.com"}]
    body = {"resource": "customers", "records": records, "mergeStrategy": "skip"}
    data = envelope(api.post("import", json=body))["data"]
    counts = {"total": 1, "created": 1, "updated": 0, "skipped": 0}
    assert data == {"object": "import_result", "resource": "customers", **counts, "errors": []}


def test_import_log_as_the_page_prints_it(api):
    api.post("import", json={"resource": "customers", "records": [{"name": "Jane", "email": "jane@example.com"}]})
    [row] = envelope(api.get("import"))["data"]
    assert row.keys() == {"id", "resource", "status", "totalRecords", "created", "createdAt"}
    assert row["id"].startswith("imp_")
    assert (row["resource"], row["status"], row["totalRecords"], row["created"]) == ("customers", "completed", 1, 1)


ENDPOINTS = [
    ("GET", "tickets"),
    ("GET", "tickets/tkt_1"),
    ("POST", "tickets"),
    ("PATCH", "tickets/tkt_1"),
    ("DELETE", "tickets/tkt_1"),
    ("GET", "customers"),
    ("POST", "customers"),
    ("POST", "bulk"),
    ("POST", "import"),
    ("GET", "import"),
]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_401_as_every_page_prints_it(team, method, path):
    error = refused(client("sk_test_" + "x" * 32).request(method, path), 401)
    assert error.keys() == {"type", "code", "message", "doc_url", "request_id"}
    assert (error["type"], error["code"]) == ("authentication_error", "authentication_required")
    assert (error["message"], error["doc_url"]) == ("Invalid or expired API key", f"{DOCS}#authentication")


@pytest.mark.parametrize(("method", "path"), [pair for pair in ENDPOINTS if pair[0] != "GET"] + [("GET", "import")])
def test_403_as_every_page_prints_it(public, method, path):
    error = refused(public.request(method, path), 403)
    assert error.keys() == {"type", "code", "message", "doc_url", "request_id"}
    assert (error["type"], error["code"]) == ("authorization_error", "insufficient_permissions")
    assert (error["message"], error["doc_url"]) == ("Secret key required for this endpoint", f"{DOCS}#authentication")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_429_as_every_page_prints_it(api, method, path):
    """A minute before the hour's end, as in the pages' "Try again in 60 seconds"; the index adds retryAfter."""
    ApiKey.objects.update(limit=0)
    with time_machine.travel("2025-12-10T14:59:00Z", tick=False):
        response = api.request(method, path)
    error = refused(response, 429)
    assert error.keys() == {"type", "code", "message", "doc_url", "request_id", "retryAfter"}
    assert (error["type"], error["code"]) == ("rate_limit_error", "rate_limit_exceeded")
    assert (error["message"], error["retryAfter"]) == ("Rate limit exceeded. Try again in 60 seconds", 60)
    assert error["doc_url"] == f"{DOCS}#rate-limiting"
    assert response.headers["Retry-After"] == "60"


@pytest.mark.parametrize(("key", "limit"), [(SECRET, "1000"), (PUBLISHABLE, "100")])
def test_limits_of_the_index(team, key, limit):
    headers = client(key).get("tickets").headers
    assert headers["X-RateLimit-Limit"] == limit
    assert headers["X-RateLimit-Remaining"] == str(int(limit) - 1)
    assert headers["X-RateLimit-Window"] == "3600"
    assert int(headers["X-RateLimit-Reset"]) % 3600 == 0


def test_idempotent_retry_as_the_index_shows_it(api):
    """The index's curl sends JSON without a Content-Type of its own."""
    headers = {"Idempotency-Key": "unique-request-id-123", "Content-Type": "application/x-www-form-urlencoded"}
    first, again = (api.post("tickets", content='{"title": "My ticket"}', headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(got(api.get("tickets"))) == 1


def test_whole_seconds_print_without_a_fraction(api):
    with time_machine.travel("2025-12-10T14:30:00Z", tick=False):
        body = api.post("tickets", json={"title": "On the dot"}).json()
    assert body["data"]["createdAt"] == body["meta"]["timestamp"] == "2025-12-10T14:30:00Z"
