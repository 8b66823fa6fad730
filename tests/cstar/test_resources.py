"""What goes over the wire for each method, and what comes back, by the reference's own examples."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

import cstar
from tests.cstar.conftest import BASE, KEY, TEAM, ok

TICKET = {
    "id": "tkt_550e8400e29b41d4a716446655440000",
    "title": "Cannot log in to my account",
    "status": "open",
    "priority": "high",
    "customerId": "cus_7c9e667974254de0944be07fc1f90ae7",
    "tags": ["login", "authentication"],
    "messageCount": 3,
    "createdAt": "2025-12-10T14:30:00Z",
}
THREAD = [
    {"id": "msg_1", "content": "Help", "sender": "customer", "senderName": "Jane", "createdAt": "2025-12-10T14:30:00Z"}
]
PAGE = {"page": 1, "pageSize": 20, "total": 142, "totalPages": 8}
BULK = {"object": "bulk_result", "action": "update", "resource": "tickets", "total": 5, "succeeded": 5, "failed": 0}
IMPORT = {"object": "import_result", "resource": "customers", "total": 50, "created": 45, "updated": 3, "skipped": 2}


def listed(*rows, **pagination):
    return ok(list(rows), meta={"requestId": "req_abc123", "pagination": PAGE | pagination})


def test_every_call_says_who_and_which_version(wire, client):
    wire.answers = [ok(TICKET)]
    client.tickets.get("tkt_1")
    (request,) = wire.requests
    assert str(request.url) == f"{BASE}/teams/{TEAM}/tickets/tkt_1"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["cstar-version"] == "2026-03-01"
    assert request.headers["user-agent"] == f"cstar-desk/{cstar.__version__}"
    assert "cookie" not in request.headers
    assert "idempotency-key" not in request.headers


def test_a_list_row_is_partial(wire, client):
    wire.answers = [listed(TICKET)]
    page = client.tickets.list()
    (ticket,) = page.items
    assert (page.page, page.page_size, page.total, page.total_pages, page.has_more) == (1, 20, 142, 8, True)
    assert page.request_id == ticket.request_id == "req_abc123"
    assert ticket.created_at == datetime(2025, 12, 10, 14, 30, tzinfo=UTC)
    assert ticket.raw == TICKET
    assert ticket.notes is ticket.assigned_to is ticket.messages is cstar.NOT_GIVEN
    assert not ticket.notes


def test_a_ticket_comes_with_its_thread(wire, client):
    wire.answers = [ok(TICKET | {"assignedTo": None, "messages": THREAD, "slaPaused": True})]
    ticket = client.tickets.get("tkt_1")
    assert ticket.assigned_to is None
    assert ticket.raw["slaPaused"] is True
    assert [(m.sender_name, m.raw, m.request_id) for m in ticket.messages] == [("Jane", THREAD[0], "req_abc123")]
    assert ticket.messages[0].is_internal is cstar.NOT_GIVEN


@pytest.mark.parametrize(
    ("call", "path", "query"),
    [
        (lambda c: c.tickets.list(), "/tickets", {}),
        (
            lambda c: c.tickets.list(
                status="open", priority="high", search="a&b=ü", customer_id="cus_1", page=2, page_size=100
            ),
            "/tickets",
            {
                "status": "open",
                "priority": "high",
                "search": "a&b=ü",
                "customerId": "cus_1",
                "page": "2",
                "pageSize": "100",
            },
        ),
        (lambda c: c.tickets.list(status=None), "/tickets", {}),
        (
            lambda c: c.customers.list(status="active", sentiment="positive", search="x", page=1, page_size=5),
            "/customers",
            {"status": "active", "sentiment": "positive", "search": "x", "page": "1", "pageSize": "5"},
        ),
        (lambda c: c.members.list(role="agent"), "/members", {"role": "agent"}),
        (
            lambda c: c.articles.list(category="FAQ", is_public=False),
            "/articles",
            {"category": "FAQ", "isPublic": "false"},
        ),
        (lambda c: c.categories.list(), "/categories", {}),
        (
            lambda c: c.categories.list(is_public=True, page=2, page_size=50),
            "/categories",
            {"isPublic": "true", "page": "2", "pageSize": "50"},
        ),
        (lambda c: c.messages.list("tkt_1"), "/tickets/tkt_1/messages", {}),
        (
            lambda c: c.audit_log.list(
                action="ticket.created",
                resource_type="ticket",
                actor_id="mem_1",
                start_date=datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))),
                end_date="2026-02-01",
            ),
            "/audit-log",
            {
                "action": "ticket.created",
                "resourceType": "ticket",
                "actorId": "mem_1",
                "startDate": "2026-01-01T00:00:00Z",
                "endDate": "2026-02-01",
            },
        ),
        (lambda c: c.imports.list(), "/import", {}),
        (lambda c: c.settings.quick_replies(), "/settings/quick-replies", {}),
        (
            lambda c: c.search("bill", types=["tickets", "articles"], limit=5),
            "/search",
            {"q": "bill", "types": "tickets,articles", "limit": "5"},
        ),
    ],
)
def test_lists(wire, client, call, path, query):
    wire.answers = [ok([{"id": "x_1"}])]
    page = call(client)
    (request,) = wire.requests
    assert request.method == "GET"
    assert request.url.path == f"/api/v1/teams/{TEAM}{path}"
    assert dict(request.url.params) == query
    assert [row.id for row in page.items] == ["x_1"]


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda c: c.customers.get("x_1"), "/customers/x_1"),
        (lambda c: c.members.get("x_1"), "/members/x_1"),
        (lambda c: c.articles.get("x_1"), "/articles/x_1"),
        (lambda c: c.categories.get("x_1"), "/categories/x_1"),
    ],
)
def test_gets(wire, client, call, path):
    wire.answers = [ok({"id": "x_1", "name": "Jane", "level": 3})]
    found = call(client)
    assert found.id == "x_1"
    assert wire.requests[0].url.path.endswith(path)


@pytest.mark.parametrize(
    ("call", "sent", "body"),
    [
        (lambda c: c.tickets.create(title="T"), "POST /tickets", {"title": "T"}),
        (
            lambda c: c.tickets.create(
                title="T",
                priority="low",
                customer_id="cus_1",
                customer_name="J",
                tags=("a",),
                notes=None,
                metadata={"k": 1},
            ),
            "POST /tickets",
            {
                "title": "T",
                "priority": "low",
                "customerId": "cus_1",
                "customerName": "J",
                "tags": ["a"],
                "notes": None,
                "metadata": {"k": 1},
            },
        ),
        (lambda c: c.tickets.update("tkt_1", assigned_to=None), "PATCH /tickets/tkt_1", {"assignedTo": None}),
        (
            lambda c: c.tickets.update(
                "tkt_1", title="T", status="s", priority="p", tags=[], notes="n", metadata={"k": None}
            ),
            "PATCH /tickets/tkt_1",
            {"title": "T", "status": "s", "priority": "p", "tags": [], "notes": "n", "metadata": {"k": None}},
        ),
        (
            lambda c: c.messages.create("tkt_1", content="Hi"),
            "POST /tickets/tkt_1/messages",
            {"content": "Hi", "sender": "agent"},
        ),
        (
            lambda c: c.messages.create("tkt_1", content="Hi", sender="customer", sender_name="J", is_internal=True),
            "POST /tickets/tkt_1/messages",
            {"content": "Hi", "sender": "customer", "senderName": "J", "isInternal": True},
        ),
        (
            lambda c: c.customers.create(name="J", email="j@x.de", tags=["vip"], notes="n", metadata={}),
            "POST /customers",
            {"name": "J", "email": "j@x.de", "tags": ["vip"], "notes": "n", "metadata": {}},
        ),
        (
            lambda c: c.customers.update("cus_1", name="J", email="e", status="inactive", sentiment="neutral"),
            "PATCH /customers/cus_1",
            {"name": "J", "email": "e", "status": "inactive", "sentiment": "neutral"},
        ),
        (lambda c: c.members.update("mem_1", role="agent"), "PATCH /members/mem_1", {"role": "agent"}),
        (
            lambda c: c.articles.create(
                title="T", category="C", content="x", status="draft", is_public=False, tags=["a"]
            ),
            "POST /articles",
            {"title": "T", "category": "C", "content": "x", "status": "draft", "isPublic": False, "tags": ["a"]},
        ),
        (lambda c: c.articles.update("art_1", is_public=True), "PATCH /articles/art_1", {"isPublic": True}),
        (lambda c: c.categories.create(name="N"), "POST /categories", {"name": "N"}),
        (
            lambda c: c.categories.create(
                name="N", description="d", icon="credit-card", color="#7c3aed", sort_order=0, is_public=False
            ),
            "POST /categories",
            {
                "name": "N",
                "description": "d",
                "icon": "credit-card",
                "color": "#7c3aed",
                "sortOrder": 0,
                "isPublic": False,
            },
        ),
        (
            lambda c: c.categories.update("7134fc12", name="N", sort_order=3, icon=None),
            "PATCH /categories/7134fc12",
            {"name": "N", "sortOrder": 3, "icon": None},
        ),
    ],
)
def test_writes(wire, client, call, sent, body):
    method, path = sent.split()
    wire.answers = [ok({"id": "x_1"}, status=201)]
    written = call(client)
    (request,) = wire.requests
    assert (request.method, request.url.path) == (method, f"/api/v1/teams/{TEAM}{path}")
    assert wire.body() == body
    assert request.headers["content-type"] == "application/json"
    assert len(request.headers["idempotency-key"]) == 36
    assert (written.id, written.request_id) == ("x_1", "req_abc123")


@pytest.mark.parametrize("group", ["tickets", "customers", "articles", "categories"])
@pytest.mark.parametrize("answer", [ok({"deleted": True}), ok({"deleted": True, "id": "x_1"}), httpx.Response(204)])
def test_deletes(wire, client, group, answer):
    wire.answers = [answer]
    assert getattr(client, group).delete("x_1").deleted is True
    assert wire.requests[0].method == "DELETE"
    assert wire.requests[0].url.path.endswith(f"/{group}/x_1")
    assert "idempotency-key" not in wire.requests[0].headers


CATEGORY = {
    "id": "7134fc12-0302-4e58-9466-a770035d5da9",
    "object": "category",
    "name": "Getting Started",
    "slug": "getting-started",
    "description": "Beginner guides and onboarding",
    "isPublic": True,
    "sortOrder": 0,
    "createdAt": "2025-12-10T14:30:00Z",
}


def test_a_category_is_typed_and_keeps_what_is_unknown(wire, client):
    wire.answers = [ok(CATEGORY | {"parentId": None})]
    found = client.categories.get(CATEGORY["id"])
    assert (found.name, found.slug, found.sort_order, found.is_public) == (
        "Getting Started",
        "getting-started",
        0,
        True,
    )
    assert found.created_at == datetime(2025, 12, 10, 14, 30, tzinfo=UTC)
    assert found.icon is found.color is found.article_count is found.updated_at is cstar.NOT_GIVEN
    assert found.raw["parentId"] is None


def test_one_page_holds_all_categories(wire, client):
    """The reference's example ends the list with `hasMore`; the total alone, or nothing at all, is understood too."""
    ends = [{"total": 30, "page": 1, "pageSize": 30, "hasMore": False}, {"total": 30, "page": 1, "pageSize": 30}, None]
    for pagination in ends:
        wire.answers = [ok([CATEGORY] * 30, meta={"requestId": "req_1", "pagination": pagination})]
        page = client.categories.list()
        assert (len(page.items), page.total, page.has_more) == (30, 30, False)


def test_tags_have_names_for_ids(wire, client):
    wire.answers = [ok([{"object": "tag", "name": "billing", "count": 23}]), ok({"name": "new-tag", "count": 0}, 201)]
    page = client.tags.list()
    assert [(tag.name, tag.count) for tag in page.items] == [("billing", 23)]
    assert (page.total, page.has_more) == (1, False)
    assert client.tags.create(name="new-tag").count == 0


WEBHOOK = {"id": "whk_1", "name": "Desk", "url": "https://desk.example.com/", "events": ["ticket.*"], "isActive": True}


@pytest.mark.parametrize("field", ["secret", "signingSecret"])
def test_a_webhooks_secret_comes_once_and_is_in_no_repr(wire, client, field):
    wire.answers = [ok(WEBHOOK | {field: "whsec_1"}, status=201)]
    made = client.webhooks.create(name="Desk", url="https://desk.example.com/", events=("ticket.*",))
    assert wire.body() == {"name": "Desk", "url": "https://desk.example.com/", "events": ["ticket.*"]}
    assert (made.secret or made.signing_secret) == "whsec_1"
    assert "whsec_1" not in repr(made) + str(made) + f"{made!r}"


def test_webhooks(wire, client):
    wire.answers = [ok([WEBHOOK])]
    assert [hook.url for hook in client.webhooks.list(active=True).items] == ["https://desk.example.com/"]
    assert wire.requests[-1].url.query == b"active=true"
    wire.answers = [ok(WEBHOOK | {"updatedAt": "2025-12-10T14:30:00Z"})]
    assert client.webhooks.get("whk_1").is_active
    assert client.webhooks.update("whk_1", is_active=False).id == "whk_1"
    assert (wire.requests[-1].method, wire.body()) == ("PATCH", {"isActive": False})
    wire.answers = [ok({"deliveryId": "dlv_1", "success": False, "status": 500, "error": "Answered 500"})]
    result = client.webhooks.test("whk_1", event="ticket.created")
    assert wire.requests[-1].url.path.endswith("/webhooks/whk_1/test")
    assert (result.success, result.status, result.error) == (False, 500, "Answered 500")
    wire.answers = [ok({"deleted": True})]
    assert client.webhooks.delete("whk_1").deleted


def test_settings(wire, client):
    wire.answers = [
        ok({"object": "settings", "teamName": "Acme Support", "teamSlug": "acme"}),
        ok(
            [
                {"key": "open", "name": "Open", "category": "open", "pausesSla": False},
                {"id": "waiting", "color": "#f00"},
            ]
        ),
    ]
    assert client.settings.get().team_name == "Acme Support"
    first, second = client.settings.statuses().items
    assert (first.value, first.label, first.pauses_sla) == ("open", "Open", False)
    assert (second.value, second.label, second.color) == ("waiting", "waiting", "#f00")


def test_a_status_without_a_name_of_any_kind_is_refused(wire, client):
    wire.answers = [ok([{"color": "#f00"}])]
    with pytest.raises(cstar.InvalidResponse, match="neither key nor id"):
        client.settings.statuses()


def test_a_status_that_has_a_name_alone_is_known_by_it(wire, client):
    wire.answers = [ok([{"name": "Open"}, {"name": "Waiting on vendor"}, {"id": "st_1", "name": "Closed"}])]
    assert [status.value for status in client.settings.statuses().items] == ["open", "Waiting on vendor", "st_1"]


def test_bulk(wire, client):
    wire.answers = [ok(BULK | {"errors": []}), ok(BULK | {"failed": 1, "errors": ["tkt_2"]})]
    result = client.bulk.update(resource="tickets", ids=("tkt_1", "tkt_2"), data={"assignedTo": None})
    assert (result.total, result.succeeded, result.failed) == (5, 5, 0)
    assert wire.body() == {
        "action": "update",
        "resource": "tickets",
        "ids": ["tkt_1", "tkt_2"],
        "data": {"assignedTo": None},
    }
    assert client.bulk.delete(resource="tickets", ids=["tkt_2"], idempotency_key="k").errors == ["tkt_2"]
    assert wire.body() == {"action": "delete", "resource": "tickets", "ids": ["tkt_2"]}
    assert wire.requests[-1].headers["idempotency-key"] == "k"


def test_import(wire, client):
    wire.answers = [ok(IMPORT | {"errors": []})]
    result = client.imports.run(resource="customers", records=iter([{"name": "J", "email": "j@x.de"}]))
    assert (result.created, result.updated, result.skipped) == (45, 3, 2)
    assert wire.body() == {
        "resource": "customers",
        "records": [{"name": "J", "email": "j@x.de"}],
        "mergeStrategy": "skip",
    }


def test_export_gives_typed_rows(wire, client):
    data = {"object": "export", "format": "json", "totalRows": 2, "resources": {"tickets": [TICKET, {"id": "tkt_2"}]}}
    wire.answers = [ok(data)]
    export = client.export("tickets", filters={"status": "open"})
    assert wire.body() == {"resources": [{"type": "tickets", "filters": {"status": "open"}}], "format": "json"}
    assert (export.total_rows, export.raw, export.request_id) == (2, data, "req_abc123")
    assert [row.id for row in export.resources["tickets"]] == [TICKET["id"], "tkt_2"]
    assert export.resources["tickets"][0].raw == TICKET


def test_export_of_a_resource_without_a_type_is_raw(wire, client):
    wire.answers = [ok({"resources": {"surveys": [{"score": 5}]}})]
    export = client.export("surveys")
    assert (export.total_rows, export.resources) == (1, {})
    assert export.raw["resources"]["surveys"] == [{"score": 5}]


@pytest.mark.parametrize("data", [[], {}, {"resources": []}, {"resources": {"tickets": 1}}, {"resources": {}}, None])
def test_export_that_is_something_else(wire, client, data):
    wire.answers = [ok(data)]
    with pytest.raises(cstar.InvalidResponse):
        client.export("tickets")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(
            200, content="\ufeffid,title\n1,ü\n".encode(), headers={"content-type": "text/csv; charset=utf-8"}
        ),
        ok("id,title\n1,ü\n"),
        ok({"format": "csv", "csv": "id,title\n1,ü\n"}),
        ok({"format": "csv", "resources": {"tickets": "id,title\n1,ü\n"}}),
    ],
)
def test_export_as_csv_wherever_the_text_is(wire, client, answer):
    wire.answers = [answer]
    assert client.export("tickets", format="csv").content == "id,title\n1,ü\n"
    assert wire.body()["format"] == "csv"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<p>Sign in", headers={"content-type": "text/html"}),
        httpx.Response(200, content=b"\xff", headers={"content-type": "text/csv"}),
        ok({"rows": 3}),
        ok(3),
    ],
)
def test_export_that_is_not_csv(wire, client, answer):
    wire.answers = [answer]
    with pytest.raises(cstar.InvalidResponse):
        client.export("tickets", format="csv")


def test_a_time_without_zone_is_not_guessed(client):
    with pytest.raises(ValueError, match="time zone"):
        client.audit_log.list(start_date=datetime(2026, 1, 1))


def nested(levels):
    inner = None
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize("search", ["a\nb\x00c", "ü" * 2000, "\U0001f600" * 2000, "&=#?%"])
def test_any_text_can_be_searched_for(wire, client, search):
    wire.answers = [ok([])]
    client.tickets.list(search=search)
    assert wire.requests[0].url.params["search"] == search


def test_a_search_is_not_a_novel(wire, client):
    with pytest.raises(cstar.BadRequest) as caught:
        client.tickets.list(search="x" * 70_000)
    assert (caught.value.code, wire.requests) == ("too_long", [])


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.tickets.list(search="\ud800"),
        lambda c: c.tickets.create(title="\ud800"),
        lambda c: c.imports.run(resource="tickets", records=[{"title": "\udfff"}]),
        lambda c: c.imports.run(resource="tickets", records=[{"metadata": nested(100_000)}]),
    ],
)
def test_what_json_cannot_carry_is_the_senders_mistake(wire, client, call):
    with pytest.raises(cstar.BadRequest) as caught:
        call(client)
    assert (caught.value.code, caught.value.may_have_applied, wire.requests) == ("invalid_text", False, [])
