"""The strict server answers what cStar's reference prints, key for key, and nothing else."""

from datetime import timedelta

import pytest

from cstar import Client, Forbidden
from tests.strict_cstar import StrictCStar, StrictTransport, examples
from tests.strict_cstar.examples import in_order, said
from tests.strict_cstar.story import ASSIGNED, CUSTOMERS, TICKETS

# What the pages print ----------------------------------------------------------------------------------------------


def test_the_ticket_pages_answers_are_met_key_for_key(ask, ticket):
    path = f"/tickets/{ticket['id']}"
    assert in_order(ask("GET", "/tickets").document) == in_order(examples.TICKETS)
    assert in_order(ask("GET", path).document) == in_order(examples.TICKET)
    created = ask("POST", "/tickets", title="Cannot log in", priority="high", tags="login,authentication")
    assert created.status == 201
    assert in_order(created.document) == in_order(examples.TICKET_CREATED)
    assert created.data["tags"] == ["login", "authentication"]
    assert (created.data["status"], created.data["priority"]) == ("new", "high")
    updated = ask("PATCH", path, status="resolved", notes="Password reset sent")
    assert in_order(updated.document) == in_order(examples.TICKET_UPDATED)
    deleted = ask("DELETE", path)
    assert (deleted.status, deleted.data) == (200, {"deleted": True})
    assert in_order(deleted.document) == in_order(examples.DELETED)


def test_the_customer_pages_answers_are_met_key_for_key(ask, customer):
    path = f"/customers/{customer['id']}"
    assert in_order(ask("GET", "/customers").document) == in_order(examples.CUSTOMERS)
    assert in_order(ask("GET", path).document) == in_order(examples.CUSTOMER)
    created = ask("POST", "/customers", name="Jane Smith", email="jane@example.com", tags="vip,enterprise")
    assert created.status == 201
    assert in_order(created.document) == in_order(examples.CUSTOMER_CREATED)
    updated = ask("PATCH", path, tags="vip,enterprise,priority")
    assert in_order(updated.document) == in_order(examples.CUSTOMER_UPDATED)
    assert ask("GET", path).data["tags"] == ["vip", "enterprise", "priority"]
    assert in_order(ask("DELETE", path).document) == in_order(examples.DELETED)


def test_the_bulk_and_import_pages_answers_are_met_key_for_key(ask, ticket):
    bulk = ask("POST", "/bulk", action="update", resource="tickets", ids=[ticket["id"]], data={"status": "closed"})
    assert in_order(bulk.document) == in_order(examples.BULK_RESULT)
    records = [{"name": "Jane", "email": "jane@example.com"}]
    imported = ask("POST", "/import", resource="customers", records=records, mergeStrategy="skip")
    assert in_order(imported.document) == in_order(examples.IMPORT_RESULT)
    assert in_order(ask("GET", "/import").document) == in_order(examples.IMPORT_LOGS)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "example"),
    [
        ("POST", "/tickets", {"priority": "low"}, 400, examples.TICKET_WITHOUT_TITLE),
        ("GET", "/tickets/tkt_none", {}, 404, examples.TICKET_MISSING),
        ("PATCH", "/tickets/tkt_none", {"status": "open"}, 404, examples.TICKET_MISSING),
        ("DELETE", "/tickets/tkt_none", {}, 404, examples.TICKET_MISSING),
        ("POST", "/customers", {"name": "Jane"}, 400, examples.CUSTOMER_INCOMPLETE),
        ("GET", "/customers/cus_none", {}, 404, examples.CUSTOMER_MISSING),
        ("PATCH", "/customers/cus_none", {"name": "Jane"}, 404, examples.CUSTOMER_MISSING),
        ("DELETE", "/customers/cus_none", {}, 404, examples.CUSTOMER_MISSING),
    ],
)
def test_refusals_are_worded_as_printed(ask, method, path, body, status, example):
    answer = ask(method, path, **body)
    assert answer.status == status
    assert in_order(answer.document) == in_order(example)
    assert said(answer.document) == said(example)


def test_a_taken_address_is_a_conflict(ask, customer):
    answer = ask("POST", "/customers", name="Another", email=customer["email"].upper())
    assert answer.status == 409
    assert said(answer.document) == said(examples.CUSTOMER_TWICE)


def test_a_wrong_key_is_401_and_a_publishable_one_may_not_write(ask, cstar, ticket):
    unknown = ask("GET", "/tickets", key="sk_test_unknown")
    assert unknown.status == 401
    assert in_order(unknown.document) == in_order(examples.UNAUTHENTICATED)
    assert said(unknown.document) == said(examples.UNAUTHENTICATED)
    assert ask("GET", "/tickets", key=cstar.publishable_key).status == 200
    writing = ask("PATCH", f"/tickets/{ticket['id']}", key=cstar.publishable_key, status="closed")
    assert writing.status == 403
    assert said(writing.document) == said(examples.FORBIDDEN)
    assert ask("GET", "/settings", key=cstar.publishable_key).status == 403


def test_another_teams_path_is_403(cstar):
    other = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Forbidden, match="Secret key required"):
        Client(key=cstar.secret_key, team_id=other, transport=StrictTransport(cstar)).tickets.list()


def test_over_the_limit_is_429_as_printed_with_the_time_to_wait(ask, cstar):
    cstar.variant.hourly_limit = 1
    allowed = ask("GET", "/tickets")
    assert {name: allowed.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Window")} == {
        "Limit": "1",
        "Remaining": "0",
        "Window": "3600",
    }
    answer = ask("GET", "/tickets")
    assert answer.status == 429
    assert 3590 <= answer.document["error"].pop("retryAfter") <= 3600
    assert int(answer.headers["Retry-After"]) >= 3590
    assert said(answer.document) == said(examples.RATE_LIMITED)
    cstar.pass_time(hours=1)
    assert ask("GET", "/tickets").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/settings/quick-replies"),
        ("GET", "/settings/business-hours"),
        ("PUT", "/tickets"),
        ("PATCH", "/tickets/tkt_1/messages/msg_1"),
        ("DELETE", "/tags/billing"),
        ("GET", "/analytics/csat"),
        ("GET", "/game/leaderboard"),
        ("GET", "/nothing"),
    ],
)
def test_what_no_document_prints_is_404(ask, method, path):
    answer = ask(method, path)
    assert (answer.status, answer.document["error"]["code"]) == (404, "RESOURCE_MISSING")


def test_lists_without_a_printed_pagination_have_no_meta(ask):
    for path in ("/audit-log", "/tags", "/settings", "/settings/statuses", "/import"):
        assert ask("GET", path).document.keys() == {"success", "data"}
    assert ask("GET", "/search", query={"q": "invoice"}).document.keys() == {"success", "data"}
    entry = ask("GET", "/audit-log").data[0]
    assert list(entry) == ["id", "action", "resourceType", "resourceId", "actorName", "createdAt"]
    export = ask("POST", "/export", resources=[{"type": "tickets"}], format="json")
    assert export.document.keys() == {"success", "data"}
    assert list(export.data) == ["object", "format", "totalRows", "resources"]
    assert list(export.data["resources"]["tickets"][0]) == ["id", "title"]


def test_messages_stand_beside_the_ticket_with_more_than_inside_it(ask, ticket):
    path = f"/tickets/{ticket['id']}"
    alone = ask("GET", f"{path}/messages")
    assert list(alone.data[0]) == ["id", "ticketId", "content", "sender", "senderName", "isInternal", "createdAt"]
    assert alone.document["meta"].keys() == {"requestId", "timestamp"}
    assert [message["isInternal"] for message in alone.data] == [False, False, True, False]
    assert all("isInternal" not in message for message in ask("GET", path).data["messages"])


# What it keeps -----------------------------------------------------------------------------------------------------


def test_it_begins_with_a_believable_team_the_same_for_the_same_seed(cstar):
    tickets = cstar.store.objects["tickets"].values()
    assert (len(tickets), sum(1 for one in tickets if one["assignedTo"])) == (TICKETS, ASSIGNED)
    assert len({one["email"] for one in cstar.store.objects["customers"].values()}) == CUSTOMERS
    assert all(one["messageCount"] == len(one["messages"]) >= 1 for one in tickets)
    assert {one["status"] for one in tickets} == {"new", "open", "pending", "resolved", "closed"}
    again = StrictCStar().store.objects
    assert list(again["tickets"]) == list(cstar.store.objects["tickets"])
    assert list(StrictCStar(seed=8).store.objects["tickets"]) != list(again["tickets"])


def test_it_can_be_as_large_as_asked_for():
    large = StrictCStar(tickets=1_000, customers=500).store.objects
    assert len(large["tickets"]) == 1_000
    assert len({one["email"] for one in large["customers"].values()}) == 500
    assert sum(1 for one in large["tickets"].values() if one["assignedTo"]) == 671


def test_pages_are_cut_from_one_order_and_a_size_over_the_maximum_is_refused(ask):
    pages = [ask("GET", "/tickets", query={"page": n, "pageSize": 100}) for n in (1, 2, 3)]
    ids = [row["id"] for page in pages for row in page.data]
    assert len(ids) == len(set(ids)) == TICKETS
    assert pages[2].document["meta"]["pagination"] == {"page": 3, "pageSize": 100, "total": TICKETS, "totalPages": 2}
    assert ask("GET", "/tickets", query={"pageSize": 101}).status == 400
    assert ask("GET", "/tickets", query={"page": 0}).status == 400


def test_printed_filters_work_and_others_have_no_effect(ask, ticket):
    assert {row["status"] for row in ask("GET", "/tickets", query={"status": "open"}).data} == {"open"}
    of_customer = ask("GET", "/tickets", query={"customerId": ticket["customerId"]}).data
    assert {row["customerId"] for row in of_customer} == {ticket["customerId"]}
    everything = ask("GET", "/tickets", query={"assignedTo": "mem_none", "tag": "none", "sort": "title"})
    assert everything.document["meta"]["pagination"]["total"] == TICKETS
    assert ask("GET", "/customers", query={"search": "AMELIA"}).data


def test_fields_that_no_table_prints_have_no_effect(ask, ticket):
    made = ask("POST", "/tickets", title="New", status="closed", assignedTo="mem_1", messages=[{"content": "x"}]).data
    held = ask("GET", f"/tickets/{made['id']}").data
    assert (held["status"], held["assignedTo"], held["messages"]) == ("new", None, [])


def test_tags_replace_metadata_merges_and_null_removes(ask, cstar, ticket):
    path = f"/tickets/{ticket['id']}"
    ask("PATCH", path, tags=["one"], metadata={"a": 1, "b": 2})
    ask("PATCH", path, tags=["two"], metadata={"a": None, "c": 3})
    assert ask("GET", path).data["tags"] == ["two"]
    assert ticket["metadata"] == {"b": 2, "c": 3}


def test_a_ticket_is_assigned_to_a_member_by_either_id(ask, cstar, ticket):
    member = next(iter(cstar.store.objects["members"].values()))
    path = f"/tickets/{ticket['id']}"
    for id_ in (member["id"], member["userId"]):
        ask("PATCH", path, assignedTo=id_)
        assert ask("GET", path).data["assignedTo"] == member["id"]
    assert ask("PATCH", path, assignedTo="mem_nobody").status == 400
    ask("PATCH", path, assignedTo=None)
    assert ask("GET", path).data["assignedTo"] is None


def test_resolving_is_dated_and_undone(ask, ticket):
    path = f"/tickets/{ticket['id']}"
    ask("PATCH", path, status="resolved")
    assert ask("GET", path).data["resolvedAt"]
    ask("PATCH", path, status="open")
    assert "resolvedAt" not in ask("GET", path).data


def test_a_deleted_customers_tickets_stay_without_one(ask, ticket):
    ask("DELETE", f"/customers/{ticket['customerId']}")
    assert ask("GET", f"/tickets/{ticket['id']}").data["customerId"] is None


def test_a_message_counts_and_moves_the_ticket(ask, cstar, ticket):
    cstar.pass_time(minutes=1)
    posted = ask("POST", f"/tickets/{ticket['id']}/messages", content="Hello", senderName="Robin", isInternal=True)
    assert posted.status == 201
    held = ask("GET", f"/tickets/{ticket['id']}").data
    assert (held["messageCount"], held["updatedAt"]) == (5, posted.data["createdAt"])
    assert ask("POST", f"/tickets/{ticket['id']}/messages", sender="agent").status == 400


@pytest.mark.parametrize(
    "body", [{"status": "done"}, {"priority": "critical"}, {"tags": [1]}, {"title": ""}, {"metadata": []}]
)
def test_wrong_values_are_400_and_named(ask, ticket, body):
    before = dict(ticket)
    answer = ask("PATCH", f"/tickets/{ticket['id']}", **body)
    assert (answer.status, answer.document["error"]["param"]) == (400, next(iter(body)))
    assert ticket == before


def test_times_are_whole_seconds_in_utc(ask, ticket):
    held = ask("GET", f"/tickets/{ticket['id']}")
    times = [held.data["createdAt"], held.data["updatedAt"], held.document["meta"]["timestamp"]]
    assert all(len(text) == len("2025-12-10T14:30:00Z") and text.endswith("Z") for text in times)
    assert held.headers["Date"].endswith("GMT")


def test_the_clock_stands_still_and_is_moved(cstar):
    cstar.stop_clock()
    stopped = cstar.store.now()
    assert cstar.store.now() == stopped
    cstar.pass_time(minutes=5)
    assert cstar.store.now() == stopped + timedelta(minutes=5)


def test_the_same_key_within_a_day_is_answered_the_same_and_done_once(ask, cstar):
    first = ask("POST", "/tickets", idempotency="once", title="Once")
    again = ask("POST", "/tickets", idempotency="once", title="Once")
    assert again.document == first.document
    assert len(cstar.store.objects["tickets"]) == TICKETS + 1
    cstar.pass_time(hours=24)
    assert ask("POST", "/tickets", idempotency="once", title="Once").data["id"] != first.data["id"]


def test_every_change_is_in_the_audit_log_once(ask, cstar, ticket):
    cstar.pass_time(seconds=5)
    since = cstar.store.now()
    ask("PATCH", f"/tickets/{ticket['id']}", status="closed")
    ask("POST", f"/tickets/{ticket['id']}/messages", content="Bye")
    cstar.others.customer_writes(ticket["id"], "Thanks")
    cstar.others.import_customers(3)
    entries = ask("GET", "/audit-log", query={"startDate": since.isoformat(), "pageSize": 100}).data
    assert [entry["action"] for entry in entries] == [
        *["customer.created"] * 3,
        *["ticket.message_added"] * 2,
        "ticket.updated",
    ]
    assert {entry["resourceId"] for entry in entries if entry["resourceType"] == "ticket"} == {ticket["id"]}
    assert [entry["actorName"] for entry in entries[3:]] == ["Chat widget", *["Support desk key"] * 2]
    later = since + timedelta(minutes=1)
    assert ask("GET", "/audit-log", query={"startDate": later.isoformat()}).data == []


def test_bulk_says_how_many_and_why_not(ask, ticket):
    ids = [ticket["id"], "tkt_none"]
    result = ask("POST", "/bulk", action="update", resource="tickets", ids=ids, data={"tags": "a,b"}).data
    assert (result["succeeded"], result["failed"], result["errors"]) == (1, 1, ["Ticket not found"])
    assert ask("POST", "/bulk", action="delete", resource="tickets", ids=ids).data["succeeded"] == 1
    for wrong in ({"ids": ["x"] * 101}, {"action": "close"}, {"resource": "members"}, {"ids": []}):
        whole = {"action": "delete", "resource": "tickets", "ids": ["tkt_1"], **wrong}
        assert ask("POST", "/bulk", **whole).status == 400


def test_an_import_skips_or_updates_and_takes_printed_fields_alone(ask, cstar, customer):
    records = [
        {"name": "Other", "email": customer["email"]},
        {"name": "New", "email": "new@example.com"},
        {"name": "?"},
    ]
    result = ask("POST", "/import", resource="customers", records=records).data
    assert [result[name] for name in ("total", "created", "updated", "skipped")] == [3, 1, 0, 1]
    assert len(result["errors"]) == 1
    assert ask("POST", "/import", resource="customers", records=records, mergeStrategy="update").data["updated"] == 2
    assert customer["name"] == "Other"
    with_thread = {
        "title": "Old",
        "status": "closed",
        "customerEmail": customer["email"],
        "messages": [{"content": "x"}],
    }
    assert ask("POST", "/import", resource="tickets", records=[with_thread]).data["created"] == 1
    made = cstar.store.newest_first("tickets")[0]
    assert (made["title"], made["status"], made["customerId"], made["messages"]) == ("Old", "closed", None, [])
    assert ask("POST", "/import", resource="customers", records=[{}] * 501).status == 400


def test_an_export_filters_and_has_csv_for_one_resource(ask):
    closed = {"type": "tickets", "filters": {"status": "closed"}}
    rows = ask("POST", "/export", resources=[closed, {"type": "articles"}]).data
    assert rows["totalRows"] == len(rows["resources"]["tickets"]) + len(rows["resources"]["articles"])
    csv = ask("POST", "/export", resources=[closed], format="csv")
    assert csv.document.startswith("id,title\r\ntkt_")
    assert ask("POST", "/export", resources=[closed, {"type": "articles"}], format="csv").status == 400


def test_webhooks_are_kept_and_their_secret_is_shown_once(ask):
    made = ask("POST", "/webhooks", name="Desk", url="https://desk.example/", events=["ticket.*"]).data
    assert made["signingSecret"].startswith("whsec_")
    assert "signingSecret" not in ask("GET", f"/webhooks/{made['id']}").data
    assert ask("PATCH", f"/webhooks/{made['id']}", isActive=False).data["isActive"] is False
    ask("DELETE", f"/webhooks/{made['id']}")
    assert ask("GET", "/webhooks").data == []


def test_small_resources_answer_their_printed_example(ask, cstar):
    for path in ("/categories", "/community/posts", "/sla/rules", "/views", "/billing/subscription"):
        assert ask("GET", path).status == 200
    assert ask("PATCH", "/settings", teamName="New Name").data["teamName"] == "New Name"
    assert ask("POST", "/tags", name="new-tag").data == {"object": "tag", "name": "new-tag", "count": 0}
    assert ask("GET", "/tags").data[-1]["name"] == "new-tag"
