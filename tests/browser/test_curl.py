"""The reference's examples with curl, against the sandbox that a served desk mounts: exact keys and words."""

import json
import subprocess

import pytest

from tests.browser.desk import unique

ACME, GLOBEX = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SECRET = "sk_test_acme" + "0" * 28
PUBLISHABLE = "pk_test_acme" + "0" * 28
GLOBEX_PUBLISHABLE = "pk_test_globex" + "0" * 26


@pytest.fixture
def curl(desk_url):
    """`curl("POST", "tickets", {...})` answers status, headers and body."""

    def call(method, path, body=None, *, key=SECRET, team=ACME, headers=()):
        command = ["curl", "-s", "-i", "-X", method, f"{desk_url}/api/v1/teams/{team}/{path}"]
        for header in (f"Authorization: Bearer {key}", *headers):
            command += ["-H", header]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        head, _, rest = text.partition("\n\n") if "\n\n" in text else text.partition("\r\n\r\n")
        lines = head.splitlines()
        named = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        return int(lines[0].split()[1]), named, json.loads(rest)

    return call


def error(answer, status, **expected):
    code, _, body = answer
    assert code == status
    assert body["success"] is False
    assert {name: body["error"].get(name) for name in expected} == expected
    assert body["error"]["request_id"].startswith("req_")
    assert set(body["meta"]) == {"timestamp"}


def data(answer, status, *keys):
    code, headers, body = answer
    assert code == status
    assert body["success"] is True
    found = body["data"][0] if isinstance(body["data"], list) else body["data"]
    assert set(found) == set(keys)
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-window"} <= set(headers)
    return body


def test_tickets(curl):
    made = {"title": "Cannot log in to my account", "priority": "high", "customerName": "Jane Smith"}
    body = curl("POST", "tickets", {**made, "tags": "login,authentication"})
    ticket = data(body, 201, "id", "title", "status", "priority", "tags", "createdAt")["data"]
    assert (ticket["status"], ticket["tags"]) == ("new", ["login", "authentication"])
    path = f"tickets/{ticket['id']}"
    curl("POST", f"{path}/messages", {"content": 'I keep getting "invalid credentials"', "sender": "customer"})
    whole = data(
        curl("GET", path),
        200,
        *("id", "title", "status", "priority", "customerId", "customerName", "assignedTo", "tags", "notes"),
        *("messageCount", "messages", "createdAt", "updatedAt"),
    )["data"]
    assert set(whole["messages"][0]) == {"id", "content", "sender", "senderName", "createdAt"}
    patched = curl("PATCH", path, {"status": "resolved", "notes": "Password reset sent"})
    assert data(patched, 200, "id", "title", "status", "priority", "updatedAt")["data"]["status"] == "resolved"
    listed = data(
        curl("GET", "tickets?status=resolved&page=1"),
        200,
        *("id", "title", "status", "priority", "customerId", "tags", "messageCount", "createdAt"),
    )
    assert set(listed["meta"]["pagination"]) == {"page", "pageSize", "total", "totalPages"}
    assert curl("DELETE", path)[2]["data"] == {"deleted": True}
    missing = {"type": "not_found_error", "code": "RESOURCE_MISSING", "message": "Ticket not found"}
    for method in ("GET", "PATCH", "DELETE"):
        error(curl(method, path, {} if method == "PATCH" else None), 404, **missing)
    missing = {
        "type": "validation_error",
        "code": "PARAMETER_MISSING",
        "message": "title is required",
        "param": "title",
    }
    error(curl("POST", "tickets", {}), 400, **missing)


def test_customers(curl):
    email = f"{unique()}@example.com"
    jane = {"name": "Jane Smith", "email": email, "tags": "vip,enterprise"}
    made = data(curl("POST", "customers", jane), 201, "id", "name", "email", "status", "createdAt")["data"]
    path = f"customers/{made['id']}"
    patched = curl("PATCH", path, {"tags": "vip,enterprise,priority"})
    data(patched, 200, "id", "name", "status", "updatedAt")
    whole = data(
        curl("GET", path),
        200,
        *("id", "name", "email", "status", "sentiment", "tags", "notes", "ticketCount", "createdAt", "updatedAt"),
    )["data"]
    assert whole["tags"] == ["vip", "enterprise", "priority"]
    listed = curl("GET", "customers?status=active")
    data(listed, 200, "id", "name", "email", "status", "sentiment", "ticketCount", "createdAt")
    taken = {"type": "conflict_error", "code": "CONFLICT", "message": "A customer with this email already exists"}
    error(curl("POST", "customers", jane), 409, **taken)
    missing = {"type": "validation_error", "code": "PARAMETER_MISSING", "message": "name and email are required"}
    error(curl("POST", "customers", {"name": "Jane"}), 400, **missing, param=None)
    assert curl("DELETE", path)[2]["data"] == {"deleted": True}
    error(curl("GET", path), 404, type="not_found_error", code="RESOURCE_MISSING", message="Customer not found")


def test_bulk_and_import(curl):
    ids = [curl("POST", "tickets", {"title": unique()})[2]["data"]["id"] for _ in range(2)]
    body = {"action": "update", "resource": "tickets", "ids": [*ids, "tkt_1"], "data": {"status": "closed"}}
    result = data(
        curl("POST", "bulk", body), 200, "object", "action", "resource", "total", "succeeded", "failed", "errors"
    )["data"]
    assert (result["total"], result["succeeded"], result["failed"]) == (3, 2, 1)
    records = [{"name": "Jane", "email": f"{unique()}@example.com"}]
    body = {"resource": "customers", "records": records, "mergeStrategy": "skip"}
    keys = ("object", "resource", "total", "created", "updated", "skipped", "errors")
    assert data(curl("POST", "import", body), 200, *keys)["data"]["created"] == 1
    assert data(curl("POST", "import", body), 200, *keys)["data"]["skipped"] == 1
    data(curl("GET", "import"), 200, "id", "resource", "status", "totalRecords", "created", "createdAt")


def test_keys(curl):
    invalid = {
        "type": "authentication_error",
        "code": "authentication_required",
        "message": "Invalid or expired API key",
    }
    doc = "https://www.cstar.help/developers/api-reference#authentication"
    error(curl("GET", "tickets", key="sk_test_" + "x" * 32), 401, **invalid, doc_url=doc)
    refused = {"type": "authorization_error", "code": "insufficient_permissions"}
    message = "Secret key required for this endpoint"
    error(curl("POST", "tickets", {"title": "x"}, key=PUBLISHABLE), 403, **refused, message=message, doc_url=doc)
    error(curl("GET", "tickets", key=SECRET, team=GLOBEX), 403, **refused)


def test_a_replayed_key_makes_one(curl):
    header = f"Idempotency-Key: {unique()}"
    first = curl("POST", "tickets", {"title": "My ticket"}, headers=[header])
    again = curl("POST", "tickets", {"title": "My ticket"}, headers=[header])
    assert first[2]["data"] == again[2]["data"]
    error(curl("POST", "tickets", {"title": "Another"}, headers=[header]), 409, type="conflict_error", code="CONFLICT")


def test_the_hundred_and_first_call_of_a_publishable_key_waits(curl):
    for _ in range(101):
        answer = curl("GET", "tags", key=GLOBEX_PUBLISHABLE, team=GLOBEX)
        if answer[0] == 429:
            break
    seconds = int(answer[1]["retry-after"])
    error(
        answer,
        429,
        type="rate_limit_error",
        code="rate_limit_exceeded",
        message=f"Rate limit exceeded. Try again in {seconds} seconds",
        doc_url="https://www.cstar.help/developers/api-reference#rate-limiting",
        retryAfter=seconds,
    )
    assert answer[1]["x-ratelimit-remaining"] == "0"
