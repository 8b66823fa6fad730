"""`/audit-log`: every change, newest first (docs/cstar-api.md#audit-log). A secret key is needed."""

from typing import Any

from sandbox import times
from sandbox.api import Call, Reply
from sandbox.lists import page_of
from sandbox.models import AuditEntry


def audit_list(call: Call) -> Reply:
    """Filters: action, resourceType, actorId (a key's id), startDate and endDate, both inclusive."""
    names = {"action": "action", "resourceType": "resource_type", "actorId": "actor_id"}
    exact = {column: value for name, column in names.items() if (value := call.params.text(name))}
    rows = AuditEntry.objects.filter(team=call.team, **exact)
    if start := call.params.moment("startDate", times.parse):
        rows = rows.filter(created_at__gte=start)
    if end := call.params.moment("endDate", times.parse_end):
        rows = rows.filter(created_at__lte=end)
    return page_of(call, rows.order_by("-created_at", "-id"), _row)


def _row(entry: AuditEntry) -> dict[str, Any]:
    """The page's example has no `details`, its table has: they appear when there are any."""
    row = {
        "id": entry.public_id,
        "action": entry.action,
        "resourceType": entry.resource_type,
        "resourceId": entry.resource_id,
        "actorName": entry.actor_name,
        "createdAt": times.wire(entry.created_at),
    }
    return {**row, "details": entry.details} if entry.details else row
