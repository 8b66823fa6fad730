"""Each switch of the strict server does what it says, and nothing else."""

import json
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.strict_cstar import StrictCStar, Variant, examples
from tests.strict_cstar.examples import said, shape
from tests.strict_cstar.server import BASE, Request


@pytest.fixture
def path(ticket) -> str:
    return f"/tickets/{ticket['id']}"


def names(*fields: str) -> frozenset[str]:
    return frozenset(fields)


def test_every_switch_is_tried_here_and_described():
    this, readme = Path(__file__).read_text(), Path(__file__).with_name("README.md").read_text()
    for switch in fields(Variant):
        assert f"variant.{switch.name} = " in this
        assert f"`{switch.name}`" in readme


# Which endpoints there are -----------------------------------------------------------------------------------------


def test_quick_replies_may_exist(ask, cstar):
    cstar.variant.quick_replies = True
    assert ask("GET", "/settings/quick-replies").data[0].keys() == {"id", "title", "content"}


@pytest.mark.parametrize(
    ("statuses", "row"),
    [
        ("names", {"name": "New"}),
        ("keys", {"key": "new", "name": "New"}),
        ("ids", {"id": "new", "name": "New"}),
    ],
)
def test_statuses_have_names_keys_or_ids(ask, cstar, statuses, row):
    cstar.variant.statuses = statuses
    assert ask("GET", "/settings/statuses").data[0] == row


def test_the_audit_log_tells_of_members_alone(ask, cstar, path):
    ask("PATCH", path, status="closed")
    cstar.variant.audit_log = "members"
    entries = ask("GET", "/audit-log", query={"pageSize": 100}).data
    assert {entry["resourceType"] for entry in entries} == {"member"}


def test_messages_are_logged_under_their_own_id(ask, cstar, ticket):
    cstar.variant.messages_logged_as = "message"
    message = cstar.others.customer_writes(ticket["id"], "Any news?")
    entry = ask("GET", "/audit-log").data[0]
    assert (entry["resourceType"], entry["resourceId"]) == ("message", message["id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/export"), ("GET", "/audit-log"), ("GET", "/settings/statuses"), ("GET", "/articles/art_1")],
)
def test_endpoints_are_missing_or_forbidden(ask, cstar, method, path):
    body = {"resources": [{"type": "tickets"}]} if method == "POST" else {}
    cstar.variant.missing = names("export", "audit-log", "settings/statuses", "articles")
    assert ask(method, path, **body).status == 404
    assert ask("GET", "/settings").status == 200
    cstar.variant.missing, cstar.variant.forbidden = names(), cstar.variant.missing
    assert ask(method, path, **body).status == 403
    cstar.variant.forbidden = names()
    assert ask("GET", "/audit-log").status == 200


# What requests may carry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["camel", "snake"])
@pytest.mark.parametrize(
    ("method", "below", "body", "camel", "snake"),
    [
        ("POST", "/messages", {"content": "x", "senderName": "Robin"}, "senderName", "sender_name"),
        ("POST", "/messages", {"content": "x", "isInternal": True}, "isInternal", "is_internal"),
        ("PATCH", "", {"status": "open", "assignedTo": None}, "assignedTo", "assigned_to"),
        ("PATCH", "", {"colour": "red"}, "colour", "colour"),
    ],
)
def test_unprinted_fields_are_refused_by_name(ask, cstar, ticket, path, case, method, below, body, camel, snake):
    cstar.variant.refuses_unknown_fields = True
    cstar.variant.param_case = case
    before = json.dumps(ticket, default=str)
    answer = ask(method, f"{path}{below}", **body)
    assert (answer.status, answer.document["error"]["param"]) == (400, camel if case == "camel" else snake)
    assert json.dumps(ticket, default=str) == before
    assert ask("POST", f"{path}/messages", content="x", sender="agent").status == 201
    bulk = {"action": "update", "resource": "tickets", "ids": [ticket["id"]]}
    assert ask("POST", "/bulk", **bulk, data={"assignedTo": None}).status == 400


def test_single_fields_are_refused(ask, cstar, path):
    cstar.variant.refused_fields = names("senderName")
    assert ask("POST", f"{path}/messages", content="x", senderName="Robin").status == 400
    assert ask("POST", f"{path}/messages", content="x", isInternal=True).data["isInternal"] is True


def test_single_fields_are_ignored(ask, cstar, ticket, path):
    cstar.variant.ignored_fields = names("isInternal", "assignedTo")
    assert ask("POST", f"{path}/messages", content="x", isInternal=True).data["isInternal"] is False
    member = next(iter(cstar.store.objects["members"]))
    assert ask("PATCH", path, assignedTo=member).status == 200
    assert ticket["assignedTo"] is None


def test_tickets_are_filtered_by_assignee(ask, cstar):
    cstar.variant.assignee_filter = True
    member = next(one for one in cstar.store.objects["members"].values() if one["role"] == "agent")
    theirs = {one["id"] for one in cstar.store.objects["tickets"].values() if one["assignedTo"] == member["id"]}
    for id_ in (member["id"], member["userId"]):
        found = ask("GET", "/tickets", query={"assignedTo": id_, "pageSize": 100}).data
        assert {row["id"] for row in found} == theirs


def test_assignees_are_named_by_their_account(ask, cstar, path):
    cstar.variant.assignee_ids = "user"
    member = next(iter(cstar.store.objects["members"].values()))
    ask("PATCH", path, assignedTo=member["userId"])
    assert ask("GET", path).data["assignedTo"] == member["userId"]


def test_search_looks_at_titles_alone(ask, cstar, path):
    ask("POST", f"{path}/messages", content="A rare word: xylophone")
    assert ask("GET", "/tickets", query={"search": "Xylophone"}).data
    cstar.variant.searches_content = False
    assert not ask("GET", "/tickets", query={"search": "Xylophone"}).data
    assert ask("GET", "/tickets", query={"search": "invoice"}).data


# What answers carry ------------------------------------------------------------------------------------------------


def test_rows_carry_more(ask, cstar, path):
    cstar.variant.row_extras = names("assignedTo", "metadata", "updatedAt")
    printed = shape(examples.TICKETS["data"][0]).keys()
    assert ask("GET", "/tickets").data[0].keys() == {*printed, "assignedTo", "metadata", "updatedAt"}
    assert ask("GET", "/customers").data[0]["metadata"] == {}
    assert ask("GET", path).data["metadata"] == {}
    exported = ask("POST", "/export", resources=[{"type": "tickets"}]).data["resources"]["tickets"][0]
    assert exported.keys() == {"id", "title", "assignedTo", "metadata", "updatedAt"}


@pytest.mark.parametrize(("rows", "has"), [("list", "createdAt"), ("object", "updatedAt")])
def test_export_rows_are_rows_or_objects(ask, cstar, rows, has):
    cstar.variant.export_rows = rows
    row = ask("POST", "/export", resources=[{"type": "tickets"}]).data["resources"]["tickets"][0]
    assert has in row
    assert "messages" not in row
    assert ("updatedAt" in row) == (rows == "object")


def test_the_thread_says_what_is_internal(ask, cstar, path):
    cstar.variant.thread_has_is_internal = True
    assert [message["isInternal"] for message in ask("GET", path).data["messages"]] == [False, False, True, False]


def test_a_new_message_is_answered_as_in_the_thread(ask, cstar, path):
    cstar.variant.message_answer = "embedded"
    answer = ask("POST", f"{path}/messages", content="x", isInternal=True).data
    assert list(answer) == ["id", "content", "sender", "senderName", "createdAt"]


def test_patch_answers_the_whole_object(ask, cstar, path):
    cstar.variant.patch_answers = "object"
    assert ask("PATCH", path, status="open").data == ask("GET", path).data


def test_delete_answers_nothing(ask, cstar, path):
    cstar.variant.delete_answers = "empty"
    answer = ask("DELETE", path)
    assert (answer.status, answer.document) == (204, "")
    assert ask("GET", path).status == 404


def test_errors_of_items_are_objects(ask, cstar):
    cstar.variant.item_errors = "objects"
    bulk = ask("POST", "/bulk", action="delete", resource="tickets", ids=["tkt_none"]).data
    assert bulk["errors"] == [{"id": "tkt_none", "code": "RESOURCE_MISSING", "message": "Ticket not found"}]
    imported = ask("POST", "/import", resource="customers", records=[{"name": "?"}]).data
    assert imported["errors"][0]["index"] == 0


def test_objects_carry_fields_that_nobody_documents(ask, cstar, path):
    cstar.variant.extra_fields = True
    for answer in (ask("GET", "/tickets").data[0], ask("GET", path).data, ask("PATCH", path, status="open").data):
        assert {"object", "customFields", "slaPaused"} <= answer.keys()
    assert ask("GET", f"{path}/messages").data[0]["object"] == "message"


def test_meta_is_everywhere(ask, cstar):
    cstar.variant.meta_everywhere = True
    for path in ("/audit-log", "/tags", "/settings"):
        assert ask("GET", path).document["meta"].keys() == {"requestId", "timestamp"}


def test_pagination_stands_beside_data(ask, cstar):
    cstar.variant.pagination = "top"
    document = ask("GET", "/tickets", query={"page": 8}).document
    assert document["pagination"] == {"page": 8, "pageSize": 20, "total": 149, "hasMore": False}
    assert document["meta"].keys() == {"requestId", "timestamp"}


def test_errors_are_worded_as_on_the_index_page(ask, cstar):
    cstar.variant.errors = "index"
    document = ask("POST", "/tickets", priority="low").document
    assert shape(document) == shape(examples.INDEX_ERROR)
    assert said(document) | {"message": ""} == said(examples.INDEX_ERROR) | {"message": ""}


@pytest.mark.parametrize(
    ("key", "path", "code"), [("sk_test_x", "/tickets", "UNAUTHORIZED"), ("", "/tickets/x", "RESOURCE_MISSING")]
)
def test_errors_are_worded_as_in_the_oldest_rendering(ask, cstar, key, path, code):
    cstar.variant.errors = "oldest"
    document = ask("GET", path, key=key).document
    assert document.keys() == {"error"}
    assert document["error"]["code"] == code


def test_ids_are_short(cstar):
    made = StrictCStar(Variant(short_ids=True))
    assert all(len(id_) == len("tkt_") + 12 for id_ in made.store.objects["tickets"])
    cstar.variant.short_ids = True
    assert len(cstar.others.create("tickets", title="x")["id"]) == len("tkt_") + 12


def test_times_have_milliseconds(ask, cstar, path):
    cstar.variant.milliseconds = True
    for _ in range(3):  # one in a thousand is a whole second
        text = ask("PATCH", path, status="open").data["updatedAt"]
        if len(text) == len("2025-12-10T14:30:00.123Z"):
            return
    pytest.fail(text)


# Time, limits, repetition ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [-10, 10])
def test_the_clock_is_wrong_everywhere(ask, cstar, path, minutes):
    right = datetime.fromisoformat(ask("PATCH", path, status="open").data["updatedAt"])
    cstar.variant.clock_minutes = minutes
    answer = ask("PATCH", path, status="new")
    wrong = [answer.data["updatedAt"], answer.document["meta"]["timestamp"]]
    for text in wrong:
        apart = datetime.fromisoformat(text) - right - timedelta(minutes=minutes)
        assert abs(apart) <= timedelta(seconds=5)


def test_the_limit_is_small_and_says_not_how_long(ask, cstar):
    cstar.variant.hourly_limit = 2
    cstar.variant.retry_after = False
    assert [ask("GET", "/tickets").status for _ in range(3)] == [200, 200, 429]
    refused = ask("GET", "/tickets")
    assert "Retry-After" not in refused.headers
    assert "retryAfter" not in refused.document["error"]


def test_idempotency_keys_are_ignored_or_refused(ask, cstar):
    cstar.variant.idempotency = "ignored"
    first, second = (ask("POST", "/tickets", idempotency="once", title="Twice").data["id"] for _ in range(2))
    assert first != second
    cstar.variant.idempotency = "refused"
    assert ask("POST", "/tickets", idempotency="only", title="Once").status == 201
    assert ask("POST", "/tickets", idempotency="only", title="Once").status == 409


# Trouble -----------------------------------------------------------------------------------------------------------


def test_it_is_away_for_a_while(ask, cstar):
    cstar.variant.away = "refused"
    with pytest.raises(ConnectionRefusedError):
        ask("GET", "/tickets")
    cstar.variant.away = "503"
    assert ask("GET", "/tickets").status == 503
    cstar.variant.away = ""
    assert ask("GET", "/tickets").status == 200


def test_answers_are_lost_after_the_work_is_done(ask, cstar, ticket):
    cstar.variant.loses_answers = 0.5
    lost = 0
    for _ in range(40):
        try:
            ask("POST", f"/tickets/{ticket['id']}/messages", content="x")
        except ConnectionResetError:
            lost += 1
    assert 10 <= lost <= 30
    assert ticket["messageCount"] == 44


def test_a_revoked_key_is_401(ask, cstar):
    cstar.variant.revoked_key = True
    assert ask("GET", "/tickets").status == 401


def test_the_base_url_redirects(cstar):
    cstar.variant.redirect_to = "https://www.cstar.example/api/v1"
    answer = cstar.handle(Request("GET", f"{BASE}/teams/x/tickets", "page=2"))
    assert answer.status == 308
    assert answer.headers["Location"] == "https://www.cstar.example/api/v1/teams/x/tickets?page=2"
