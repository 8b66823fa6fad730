"""What cStar's reference prints for tickets, customers, bulk, import and on its index page; how it is compared."""

import json
from typing import Any

META = {"requestId": "req_abc123", "timestamp": "2025-12-10T14:30:00Z"}
PAGE = {"page": 1, "pageSize": 20, "total": 142, "totalPages": 8}


def _success(data: str, **meta: Any) -> dict[str, Any]:
    document = {"success": True, "data": json.loads(data)}
    return document | {"meta": {**META, **meta}}


def _error(**error: str) -> dict[str, Any]:
    timestamp = {"timestamp": "2025-12-10T14:30:00Z"}
    return {"success": False, "error": {**error, "request_id": "req_abc123"}, "meta": timestamp}


def shape(value):
    """Names and nesting, without the values: of a list its first object counts."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def in_order(value) -> str:
    return json.dumps(shape(value))


def said(document) -> dict:
    """An error without what differs each time."""
    return {name: value for name, value in document["error"].items() if name != "request_id"}


TICKETS = _success(
    """[{"id": "tkt_550e8400e29b41d4a716446655440000", "title": "Cannot log in to my account", "status": "open",
    "priority": "high", "customerId": "cus_7c9e667974254de0944be07fc1f90ae7", "tags": ["login", "authentication"],
    "messageCount": 3, "createdAt": "2025-12-10T14:30:00Z"}]""",
    pagination=PAGE,
)
TICKET = _success(
    """{"id": "tkt_550e8400e29b41d4a716446655440000", "title": "Cannot log in to my account", "status": "open",
    "priority": "high", "customerId": "cus_7c9e667974254de0944be07fc1f90ae7", "assignedTo": null,
    "tags": ["login", "authentication"], "notes": null, "messageCount": 3,
    "messages": [{"id": "msg_a1b2c3d4e5f6", "content": "I keep getting an error.", "sender": "customer",
    "senderName": "Jane Smith", "createdAt": "2025-12-10T14:30:00Z"}],
    "createdAt": "2025-12-10T14:30:00Z", "updatedAt": "2025-12-10T15:00:00Z"}"""
)
TICKET_CREATED = _success(
    """{"id": "tkt_550e8400e29b41d4a716446655440000", "title": "Cannot log in to my account", "status": "new",
    "priority": "high", "tags": ["login", "authentication"], "createdAt": "2025-12-10T14:30:00Z"}"""
)
TICKET_UPDATED = _success(
    """{"id": "tkt_550e8400e29b41d4a716446655440000", "title": "Cannot log in to my account", "status": "resolved",
    "priority": "high", "updatedAt": "2025-12-10T16:00:00Z"}"""
)
DELETED = _success('{"deleted": true}')
TICKET_WITHOUT_TITLE = _error(
    type="validation_error", code="PARAMETER_MISSING", message="title is required", param="title"
)
TICKET_MISSING = _error(type="not_found_error", code="RESOURCE_MISSING", message="Ticket not found")

CUSTOMERS = _success(
    """[{"id": "cus_7c9e667974254de0944be07fc1f90ae7", "name": "Jane Smith", "email": "jane@example.com",
    "status": "active", "sentiment": "positive", "ticketCount": 5, "createdAt": "2025-11-01T10:00:00Z"}]""",
    pagination=PAGE,
)
CUSTOMER = _success(
    """{"id": "cus_7c9e667974254de0944be07fc1f90ae7", "name": "Jane Smith", "email": "jane@example.com",
    "status": "active", "sentiment": "positive", "tags": ["vip", "enterprise"],
    "notes": "Key account — escalate issues immediately", "ticketCount": 5, "createdAt": "2025-11-01T10:00:00Z",
    "updatedAt": "2025-12-10T14:30:00Z"}"""
)
CUSTOMER_CREATED = _success(
    """{"id": "cus_7c9e667974254de0944be07fc1f90ae7", "name": "Jane Smith", "email": "jane@example.com",
    "status": "active", "createdAt": "2025-12-10T14:30:00Z"}"""
)
CUSTOMER_UPDATED = _success(
    """{"id": "cus_7c9e667974254de0944be07fc1f90ae7", "name": "Jane Smith", "status": "active",
    "updatedAt": "2025-12-10T16:00:00Z"}"""
)
CUSTOMER_INCOMPLETE = _error(type="validation_error", code="PARAMETER_MISSING", message="name and email are required")
CUSTOMER_MISSING = _error(type="not_found_error", code="RESOURCE_MISSING", message="Customer not found")
CUSTOMER_TWICE = _error(type="conflict_error", code="CONFLICT", message="A customer with this email already exists")

BULK_RESULT = {
    "success": True,
    "data": {
        "object": "bulk_result",
        "action": "update",
        "resource": "tickets",
        "total": 5,
        "succeeded": 5,
        "failed": 0,
        "errors": [],
    },
}
IMPORT_RESULT = {
    "success": True,
    "data": {
        "object": "import_result",
        "resource": "customers",
        "total": 50,
        "created": 45,
        "updated": 3,
        "skipped": 2,
        "errors": [],
    },
}
IMPORT_LOGS = {
    "success": True,
    "data": [
        {
            "id": "imp_abc",
            "resource": "customers",
            "status": "completed",
            "totalRecords": 50,
            "created": 45,
            "createdAt": "2025-12-10T14:30:00Z",
        }
    ],
}

UNAUTHENTICATED = _error(
    type="authentication_error",
    code="authentication_required",
    message="Invalid or expired API key",
    doc_url="https://www.cstar.help/developers/api-reference#authentication",
)
FORBIDDEN = _error(
    type="authorization_error",
    code="insufficient_permissions",
    message="Secret key required for this endpoint",
    doc_url="https://www.cstar.help/developers/api-reference#authentication",
)
RATE_LIMITED = _error(
    type="rate_limit_error",
    code="rate_limit_exceeded",
    message="Rate limit exceeded. Try again in 60 seconds",
    doc_url="https://www.cstar.help/developers/api-reference#rate-limiting",
)
INDEX_ERROR = _error(
    type="invalid_request_error",
    code="parameter_missing",
    message="The 'title' field is required.",
    param="title",
    doc_url="https://www.cstar.help/developers/errors#parameter_missing",
)
