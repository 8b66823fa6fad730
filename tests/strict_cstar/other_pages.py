"""Pages that the reference prints with one example each and that nothing here depends on: the example is the answer."""

from tests.strict_cstar.routing import Call, Reply, route

_PAGES = {
    "/categories": {
        "success": True,
        "data": [
            {
                "id": "7134fc12-0302-4e58-9466-a770035d5da9",
                "object": "category",
                "name": "Getting Started",
                "slug": "getting-started",
                "description": "Beginner guides and onboarding",
                "isPublic": True,
                "sortOrder": 0,
                "createdAt": "2025-01-15T10:00:00Z",
            }
        ],
        "meta": {"pagination": {"total": 1, "page": 1, "pageSize": 1, "hasMore": False}},
    },
    "/customer-groups": {
        "data": [
            {
                "id": "a1b2c3d4-0000-4000-8000-000000000000",
                "object": "customer_group",
                "name": "Acme Corp",
                "slug": "acme-corp",
                "description": "Enterprise tier customer",
                "customerCount": 42,
                "createdAt": "2025-01-15T10:00:00Z",
            }
        ],
        "pagination": {"total": 1, "page": 1, "pageSize": 25, "hasMore": False},
    },
    "/community/posts": {
        "success": True,
        "data": [{"id": "post_1", "title": "Add dark mode", "status": "planned", "vote_count": 42}],
        "meta": {"pagination": {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}},
    },
    "/notifications": {
        "success": True,
        "data": [{"id": "ntf_abc", "type": "ticket_assigned", "title": "Ticket assigned", "read": False}],
    },
    "/custom-fields": {
        "success": True,
        "data": [
            {
                "id": "cf_abc",
                "name": "Priority Level",
                "key": "priority_level",
                "type": "select",
                "entityType": "tickets",
                "options": ["P0", "P1", "P2"],
            }
        ],
    },
    "/sla/rules": {
        "success": True,
        "data": [
            {
                "id": "sla_abc",
                "name": "Urgent SLA",
                "priority": "urgent",
                "responseTarget": 15,
                "resolutionTarget": 120,
                "enabled": True,
            }
        ],
    },
    "/analytics/overview": {
        "success": True,
        "data": {
            "object": "analytics_overview",
            "period": "week",
            "tickets": {"total": 142, "open": 23, "resolved": 89},
            "customers": {"total": 450, "active": 120, "new": 15},
            "csat": {"average": 4.2, "totalResponses": 67},
        },
    },
    "/automations": {
        "success": True,
        "data": [
            {
                "id": "rule_abc",
                "name": "Auto-assign urgent",
                "triggerEvent": "ticket.created",
                "enabled": True,
                "executionCount": 234,
            }
        ],
    },
    "/views": {
        "success": True,
        "data": [
            {
                "id": "view_abc",
                "name": "Urgent Unresolved",
                "entityType": "tickets",
                "filters": {"priority": "urgent", "status": "open"},
                "visibility": "team",
            }
        ],
    },
    "/billing/subscription": {
        "success": True,
        "data": {
            "object": "subscription",
            "status": "active",
            "plan": "team",
            "memberCount": 8,
            "currentPeriodEnd": "2026-01-15T00:00:00Z",
            "cancelAtPeriodEnd": False,
        },
    },
}


def _declare(path: str, document: dict) -> None:
    @route("GET", path)
    def page(_call: Call) -> Reply:
        return Reply(document=document)


for _path, _document in _PAGES.items():
    _declare(_path, _document)
