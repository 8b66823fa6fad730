"""cStar, or whoever answers in its place, answers badly: people read a sentence, lose no word, and see no key.

Each action meets each fault; when the fault is over the same form is sent again and does its work once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

import httpx
import pytest

from activity.models import Activity
from articles.models import Article
from budget.models import LaneStop
from cstar import _retry
from cstar.http import Request, Response
from customers.models import Customer
from members.models import Member
from outbox.delivery import due_lines, send_line
from outbox.models import Outgoing
from replica import capabilities
from replica.models import TeamState
from replica.refresh import refresh
from sandbox import models as sandbox
from sandbox.transport import SandboxTransport
from teams.models import Team
from tests.conftest import Person
from tests.test_access import KEYS
from tests.test_bad_input import _strict  # noqa: F401 - the same care with the database
from tickets.models import Message, QuickReply, Status, Ticket

WORDS = "Words <b>worth</b> “keeping” & more"


def no_key(*texts: object) -> None:
    """No team's key is in any of them."""
    assert not [key for key in KEYS for text in texts if key in str(text)]


class Careful(Person):
    """A browser that looks for the key in every answer, and for a trace."""

    def request(self, **request):
        response = super().request(**request)
        no_key(response.content.decode(), dict(response.items()), response.cookies)
        assert "Traceback" not in response.content.decode()
        assert response.status_code != 500
        return response


@pytest.fixture(autouse=True)
def _never_the_key(caplog):
    yield
    no_key(caplog.text, [vars(record) for record in caplog.records])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(_retry, "_CEILINGS", (0.0, 0.0))


@pytest.fixture
def person(world) -> Careful:
    return Careful("admin")


# What is done ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Action:
    """A form (or a page: no `data`), and how to count at cStar what it makes."""

    name: str
    path: str
    data: dict | None = field(default_factory=dict)
    words: str = ""
    made: Callable[[], int] | None = None

    def __str__(self) -> str:
        return self.name


def messages() -> int:
    return sandbox.Message.objects.filter(content=WORDS).count()


def of_ticket(**fields) -> Callable[[], int]:
    return lambda: sandbox.Ticket.objects.filter(**fields).count()


def of_customer(**fields) -> Callable[[], int]:
    return lambda: sandbox.Customer.objects.filter(**fields).count()


NEW_TICKET = {
    **{"name": "Ada", "email": "ada@example.org", "title": WORDS, "priority": "normal", "tags": "a, b"},
    **{"content": WORDS, "sender": "customer", "customer": ""},
}
EDITED = {"name": WORDS, "email": "ada@example.org", "status": "inactive", "sentiment": "negative", "tags": "x"}

FORMS = [
    Action("reply", "/tickets/{ticket}/reply/", {"kind": "reply", "reply": WORDS, "note": "kept"}, WORDS, messages),
    Action("note", "/tickets/{ticket}/reply/", {"kind": "note", "reply": "kept", "note": WORDS}, WORDS, messages),
    Action("subject", "/tickets/{ticket}/edit/", {"title": WORDS}, WORDS, of_ticket(title=WORDS)),
    Action("priority", "/tickets/{ticket}/edit/", {"priority": "urgent"}),
    Action("tag", "/tickets/{ticket}/tags/", {"add": "kept-tag"}, "kept-tag", of_ticket(tags__contains="kept-tag")),
    Action("notes", "/tickets/{ticket}/notes/", {"notes": WORDS}, WORDS, of_ticket(notes=WORDS)),
    Action("new ticket", "/tickets/new/", NEW_TICKET, WORDS, messages),
    Action("delete ticket", "/tickets/{ticket}/delete/"),
    Action(
        "new customer",
        "/customers/new/",
        {"name": WORDS, "email": "ada@example.org", "notes": WORDS},
        WORDS,
        of_customer(name=WORDS),
    ),
    Action("customer", "/customers/{customer}/edit/", {**EDITED, "notes": WORDS}, WORDS, of_customer(notes=WORDS)),
    Action("delete customer", "/customers/{customer}/delete/"),
]
PAGES = [
    Action("open a ticket", "/tickets/{ticket}/", None),
    Action("look for news", "/tickets/{ticket}/thread/", None),
    Action("open an old ticket", "/tickets/tkt_old/", None),
    Action("open an old customer", "/customers/cus_old/", None),
    Action("open an unknown article", "/articles/art_old/", None),
]
actions = pytest.mark.parametrize("action", FORMS, ids=str)


@pytest.fixture
def do(person, acme):
    """Does an action: the same form each time it is asked."""
    ticket = (
        Ticket.objects.filter(team=acme, payload__notes=None).exclude(customer="").exclude(priority="urgent").first()
    )
    customer = Customer.objects.filter(team=acme).first()
    nonce = {"nonce": str(uuid.uuid4())}

    def send(action: Action, headers: dict | None = None, **changes):
        path = action.path.format(ticket=ticket.cstar_id, customer=customer.cstar_id)
        if action.data is None:
            return person.get(path, headers=headers)
        seen = {"seen": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
        return person.post(path, nonce | seen | action.data | changes, headers=headers)

    return send


# What is answered --------------------------------------------------------------------------------------------------


def error(status: int, **headers: str) -> Callable[[], Response]:
    """cStar's own error, which repeats the key that it was given."""
    body = {
        "success": False,
        "error": {"type": "t", "code": "c", "message": f"No: {KEYS[0]} <script>", "param": "title"},
    }
    return lambda: Response(status, json=body, headers=headers)


def answered(status: int, body: bytes | str, **headers: str) -> Callable[[], Response]:
    return lambda: Response(status, content=body, headers=headers)


def data(value: object) -> Callable[[], Response]:
    return lambda: Response(200, json={"success": True, "data": value})


def refused() -> Exception:
    return httpx.ConnectError(f"refused {KEYS[0]}")


def timed_out() -> Exception:
    return httpx.ReadTimeout(f"timeout {KEYS[0]}")


FAULTS: dict[str, Callable[[], Response | Exception]] = {
    "cut off": answered(200, b'{"success": true, "data": {"id": "tkt_1", "tit'),
    "not json": answered(200, b"\xff\xfe\x00"),
    "a login page": answered(200, "<html><h1>Hotel WLAN</h1><script>x</script></html>"),
    "a proxy's page": answered(502, "<html><h1>502 Bad Gateway</h1></html>"),
    "nothing": answered(200, b""),
    "204": answered(204, b""),
    "null": data(None),
    "a list": data([{"id": "tkt_1"}]),
    "a word": data("ok"),
    "no id": data({"title": "x"}),
    "a wrong id": data({"id": 5}),
    "an id that leads elsewhere": data({"id": "../customers"}),
    "a hostile id": data({"id": "<script>alert(1)</script>"}),
    "a long id": data({"id": "x" * 5000}),
    "wrong types": data({"id": "tkt_1", "title": 5, "name": [], "content": {}, "tags": "x", "updatedAt": "soon"}),
    "no success": lambda: Response(200, json={"success": False, "data": {"id": "tkt_1"}}),
    "deep": answered(200, b'{"data":' + b"[" * 100_000),
    "301": answered(301, b"", location="https://evil.example/"),
    "304": answered(304, b""),
    "400": error(400),
    "401": error(401),
    "403": error(403),
    "409": error(409),
    "418": error(418),
    "422": error(422),
    "429": error(429),
    "429 for long": error(429, **{"Retry-After": "99999999999"}),
    "429 until a date": error(429, **{"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}),
    "429 with nonsense": error(429, **{"Retry-After": "-1e999"}),
    "500": error(500),
    "503": error(503),
    "503 for long": error(503, **{"Retry-After": "3600"}),
    "an error without a shape": lambda: Response(400, json={"error": ["x", 5]}),
    "an error of nothing": answered(400, b"[]"),
    "refused": refused,
    "no name": lambda: httpx.ConnectError("Name or service not known"),
    "timed out": timed_out,
    "broken off": lambda: httpx.RemoteProtocolError("peer closed connection"),
}
# What is answered to a delete is not read any further than that it worked.
NO_MORE_THAN_YES = {
    *("204", "nothing", "no id", "wrong types"),
    *("an id that leads elsewhere", "a hostile id", "a long id"),
}
# To a form these are what others are; pages and the refresh meet them all.
LIKE_ANOTHER = {
    *("a word", "a list", "304", "418", "422", "429 until a date", "429 with nonsense", "503 for long", "no name"),
    *("an error of nothing", "deep", "a wrong id", "not json"),
}
faults = pytest.mark.parametrize("fault", FAULTS)


def it_is_over(wire) -> None:
    """cStar answers again, and whatever it told to wait has waited."""
    wire.answer()
    LaneStop.objects.all().delete()


def assert_said(response) -> None:
    """A sentence about cStar, said where people look."""
    text = unescape(response.content.decode())
    marks = ('role="alert"', "toast--error", "banner--warning", "<h1>That did not work</h1>")
    assert any(mark in text for mark in marks)
    assert any(said in text for said in ("cStar", "Another customer has this address"))
    assert "<script>" not in response.content.decode().replace("<script ", "")


COPIES = (Ticket, Customer, Article, Member, QuickReply, Status)


def copy_of(team) -> list[dict]:
    return [{row.cstar_id: row.payload for row in model.objects.filter(team=team)} for model in COPIES]


# Each action, each fault -------------------------------------------------------------------------------------------


# What cStar refuses is said at once; whatever else it answers is waited for in the outbox. Only deleting is direct.
REFUSALS = {"400", "403", "409", "418", "422", "an error without a shape", "an error of nothing"}


def waits(action: Action, fault: str) -> bool:
    return fault not in REFUSALS and not action.name.startswith("delete")


def send_outbox() -> None:
    """The worker comes by when the pauses are over."""
    Outgoing.objects.update(next_try_at=None)
    for team_id, line in due_lines():
        send_line(Team.objects.get(pk=team_id), line)


@actions
@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - LIKE_ANOTHER))
def test_a_form_meets_a_fault_and_works_when_it_is_over(action, fault, do, person, acme, wire):
    before = copy_of(acme)
    wire.answer(FAULTS[fault]())
    for headers in ({"HX-Request": "true"}, {}):
        response = do(action, headers)
        if action.name.startswith("delete") and fault in NO_MORE_THAN_YES:
            assert response.status_code == 302
            return
        if waits(action, fault):
            assert response.status_code in {200, 302}
            response = person.get("/outbox/")
            assert "It is sent automatically." in response.content.decode()
        else:
            assert response.status_code >= 400
            assert_said(response)
        if action.words:
            assert action.words in unescape(response.content.decode())
    assert copy_of(acme) == before
    assert not Activity.objects.exists()
    assert person.get("/tickets/").status_code == 200

    it_is_over(wire)
    if waits(action, fault):
        send_outbox()
        assert set(Outgoing.objects.values_list("state", flat=True)) == {"sent"}
    else:
        assert do(action).status_code == 302
    if action.made:
        assert action.made() == 1
    assert person.get("/tickets/").status_code == 200


@pytest.mark.parametrize("action", PAGES, ids=str)
@faults
def test_a_page_meets_a_fault(action, fault, do, person, acme, wire):
    before = copy_of(acme)
    wire.answer(FAULTS[fault]())
    for headers in ({}, {"HX-Request": "true"}):
        assert_said(do(action, headers))
    assert copy_of(acme) == before
    it_is_over(wire)
    assert do(action).status_code in {200, 404}


@actions
def test_a_404_says_that_it_is_gone_and_keeps_the_words(action, do, wire):
    wire.answer(error(404)())
    response = do(action)
    assert response.status_code in {404, 302}  # gone is what a delete wants
    if action.words:
        assert action.words in unescape(response.content.decode())
        assert "deleted" in response.content.decode()


# The answer was lost, the work was done ----------------------------------------------------------------------------


class Lossy(SandboxTransport):
    """Does what it is asked and loses the answer, for the calls that `loses` picks."""

    def __init__(self, loses: Callable[[Request], bool], fault: Callable[[], Response | Exception]):
        super().__init__()
        self.loses, self.fault = loses, fault

    def handle_request(self, request):
        answer = super().handle_request(request)
        if not self.loses(request):
            return answer
        instead = self.fault()
        if isinstance(instead, Exception):
            raise instead
        return instead


@pytest.mark.parametrize("fault", ["timed out", "broken off", "503", "500", "cut off", "nothing", "204", "wrong types"])
@actions
def test_what_was_done_though_the_answer_was_lost_is_not_done_twice(action, fault, do, person, wire, monkeypatch):
    lossy = Lossy(lambda request: request.method in {"POST", "PATCH"}, FAULTS[fault])
    monkeypatch.setattr(wire, "handle_request", lossy.handle_request)
    if not action.made:
        return
    assert do(action).status_code == 302
    assert action.words in unescape(person.get("/outbox/").content.decode())
    assert do(action).status_code == 302
    monkeypatch.undo()
    tickets, customers = sandbox.Ticket.objects.count(), sandbox.Customer.objects.count()
    send_outbox()
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"sent"}
    assert action.made() == 1
    assert sandbox.Ticket.objects.count() <= tickets + 1
    assert sandbox.Customer.objects.count() == customers


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_reply_that_went_out_is_not_called_unsent(headers, do, person, wire, monkeypatch):
    lossy = Lossy(lambda request: request.method == "PATCH", FAULTS["503"])
    monkeypatch.setattr(wire, "handle_request", lossy.handle_request)
    response = do(FORMS[0], headers, then="resolved")
    if response.status_code == 302:
        response = person.get(response["Location"])
    text = unescape(response.content.decode())
    assert "Reply sent." in text
    assert "The status is not set to resolved yet" in text
    assert "Not sent" not in text
    assert messages() == 1


@pytest.mark.parametrize("name", ["content", "title"])
def test_a_ticket_whose_first_message_failed_is_not_made_twice(name, do, wire, monkeypatch):
    before = sandbox.Ticket.objects.count()
    new_ticket = next(action for action in FORMS if action.name == "new ticket")
    refusing = Lossy(lambda request: request.url.path.endswith("/messages"), FAULTS["400"])
    monkeypatch.setattr(wire, "handle_request", refusing.handle_request)
    kept = do(new_ticket)
    assert (kept.status_code, kept["Location"].rpartition("/outbox/")[0]) == (302, "")
    assert sandbox.Ticket.objects.count() == before + 1
    monkeypatch.undo()
    corrected = {"content": "Something shorter"} if name == "content" else {}
    assert do(new_ticket, **corrected).status_code == 302
    assert sandbox.Ticket.objects.count() == before + 1


def test_a_double_click_is_one_message_and_one_record(do, wire):
    for _ in range(3):
        assert do(FORMS[0]).status_code == 302
    assert messages() == 1
    assert Message.objects.filter(content=WORDS).count() == 1
    assert Activity.objects.filter(action="ticket.replied").count() == 1


# Odd and all right -------------------------------------------------------------------------------------------------


class Changed(SandboxTransport):
    """Answers of the sandbox with their `data` changed."""

    def __init__(self, change: Callable[[dict], dict]):
        super().__init__()
        self.change = change

    def handle_request(self, request):
        answer = super().handle_request(request)
        document = json.loads(answer.read())
        if isinstance(document.get("data"), dict):
            document["data"] = self.change(document["data"])
        return Response(answer.status_code, json=document, headers={"X-Request-Id": "req_1"})


ODD = {
    "unknown fields": lambda data: data | {"new": {"deep": [1, None, {}]}, "items": 5},
    "unknown words": lambda data: data | {"status": "on_the_moon", "priority": "p0", "sentiment": "furious"},
    "only the id": lambda data: {"id": data.get("id", "x")},
    "nulls": lambda data: dict.fromkeys(data) | {"id": data.get("id", "x")},
    "a time without end": lambda data: data | {"updatedAt": "9999-12-31T23:59:59-12:00"},
    "a time before time": lambda data: data | {"updatedAt": "0001-01-01T00:00:00+12:00"},
    "nul": lambda data: data | {"title": "a\x00b", "name": "a\x00b", "content": "a\x00b", "tags": ["a\x00b"]},
    "nul in what nobody knows": lambda data: data | {"\x00": "\x00", "metadata": {"a\x00": "\\\x00"}},
    "a huge number": lambda data: data | {"messageCount": 10**40, "ticketCount": 10**40, "new": 10**40},
    "long words": lambda data: data | dict.fromkeys(("title", "status", "priority", "name", "email"), "long " * 5000),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("action", [*FORMS, *PAGES[:2]], ids=str)
def test_odd_answers_are_taken_as_they_are(action, odd, do, person, acme, wire, monkeypatch):
    monkeypatch.setattr(wire, "handle_request", Changed(ODD[odd]).handle_request)
    response = do(action)
    if "Location" in response:
        person.get(response["Location"])
    for path in ("/tickets/", "/customers/", "/activity/", "/tickets/?sort=-updated", "/customers/?sort=-updated"):
        assert person.get(path).status_code == 200


def test_a_long_request_id_is_no_reason_to_fail(do, wire, monkeypatch):
    def handle(request):
        answer = SandboxTransport().handle_request(request)
        document = json.loads(answer.read())
        return Response(answer.status_code, json=document | {"meta": {"requestId": "req_\x00" + "x" * 5000}})

    monkeypatch.setattr(wire, "handle_request", handle)
    assert do(FORMS[0]).status_code == 302


def test_a_message_that_comes_twice_in_an_answer_is_shown_once(do, person, acme, wire):
    ticket = Ticket.objects.filter(team=acme).first()
    message = {"id": "msg_1", "content": WORDS, "sender": "customer", "createdAt": "2026-01-01T00:00:00Z"}
    raw = ticket.payload | {"messages": [message, message, message | {"id": "msg_2"}]}
    wire.answer(data(raw)())
    response = person.get(f"/tickets/{ticket.cstar_id}/thread/")
    assert response.status_code == 200
    assert ticket.messages.count() == 2


# The refresh -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"a list"}))
def test_a_refresh_meets_a_fault_and_harms_nothing(fault, person, acme, wire):
    before = copy_of(acme)
    wire.answer(FAULTS[fault]())
    assert not refresh(acme)
    assert copy_of(acme) == before
    state = TeamState.objects.get(team=acme)
    assert "cStar" in state.problem
    no_key(state.problem)
    response = person.get("/tickets/")
    assert response.status_code == 200
    it_is_over(wire)
    assert refresh(acme)
    assert copy_of(acme) == before
    assert TeamState.objects.get(team=acme).problem == ""


class Broken(SandboxTransport):
    """One row of every list is broken."""

    def __init__(self, row: object):
        super().__init__()
        self.row = row

    def handle_request(self, request):
        answer = super().handle_request(request)
        document = json.loads(answer.read())
        rows = document["data"]
        if isinstance(rows, dict):
            rows = next(iter(rows["resources"].values()))
        rows.insert(1, self.row)
        return Response(answer.status_code, json=document)


BROKEN_ROWS = {
    "null": None,
    "a word": "x",
    "a list": [],
    "no id": {"title": "x", "name": "x"},
    "null id": {"id": None},
    "number": {"id": 5},
    "empty id": {"id": ""},
    "an address": {"id": "../../customers/x"},
    "markup": {"id": '"><script>'},
    "long": {"id": "x" * 5000},
}
SALVAGED = {
    "wrong types": {"title": 5, "name": 5, "tags": "a,b", "status": ["x"], "email": 5, "messageCount": "3"},
    "wrong times": {"createdAt": "yesterday", "updatedAt": 5, "resolvedAt": "9999-12-31T23:59:59-12:00"},
    "nested wrongly": {"metadata": "x", "messages": "x", "tags": [None, 5, {}]},
    "negative": {"messageCount": -5, "ticketCount": -(10**40), "position": -1},
    "nul": {"title": "a\x00b", "tags": ["\x00"], "metadata": {"\x00": "\x00"}, "name": "\x00", "email": "\x00@x"},
    "long": {"title": "long " * 5000, "tags": ["t" * 5000], "status": "s" * 5000, "customerId": "c" * 5000},
}


@pytest.mark.parametrize("broken", BROKEN_ROWS)
def test_one_row_that_is_none_stops_no_other(broken, person, acme, wire, monkeypatch):
    before = copy_of(acme)
    monkeypatch.setattr(wire, "handle_request", Broken(BROKEN_ROWS[broken]).handle_request)
    sandbox.Ticket.objects.filter(team__uuid=acme.cstar_team_id).update(title="Everything else goes on")
    assert refresh(acme)
    assert Ticket.objects.filter(team=acme, title="Everything else goes on").count() == len(before[0])
    for model, now, then in zip(COPIES, copy_of(acme), before, strict=True):
        assert now.keys() == then.keys() or model is Status  # any word may be a status


@pytest.mark.parametrize("odd", SALVAGED)
def test_a_row_with_wrong_fields_is_kept_with_what_can_be_read(odd, person, acme, wire, monkeypatch):
    # With all that a page asks for, so that it is not read by itself.
    row = {"id": "odd_1", "updatedAt": "2026-01-01T00:00:00Z", "tags": [], "notes": None} | SALVAGED[odd]
    monkeypatch.setattr(wire, "handle_request", Broken(row).handle_request)
    assert refresh(acme)
    assert refresh(acme)
    assert Ticket.objects.filter(team=acme, cstar_id="odd_1").exists()
    assert Customer.objects.filter(team=acme, cstar_id="odd_1").exists()
    for path in ("/tickets/?page_size=100", "/customers/?page_size=100", "/customers/odd_1/", "/tickets/new/?who=x"):
        assert person.get(path).status_code == 200


@pytest.mark.parametrize("missing", ["settings/statuses", "settings/quick-replies", "members"])
@pytest.mark.parametrize("fault", ["400", "403", "a list of nothing", "not json"])
def test_what_a_team_lacks_keeps_no_ticket_away(missing, fault, acme, wire, monkeypatch):
    def handle(request):
        if request.url.path.endswith(missing):
            return data([{}])() if fault == "a list of nothing" else FAULTS[fault]()
        return SandboxTransport().handle_request(request)

    monkeypatch.setattr(wire, "handle_request", handle)
    sandbox.Ticket.objects.filter(team__uuid=acme.cstar_team_id).update(title="Fresh")
    assert refresh(acme)
    assert Ticket.objects.filter(team=acme, title="Fresh").count() > 40
    assert TeamState.objects.get(team=acme).problem == ""
    # What admins are told of, and nobody else has to read.
    assert bool(capabilities.lacking(acme)) is (fault == "403")


def test_pages_that_never_end_end(acme, wire, monkeypatch):
    def handle(request):
        if request.url.path.endswith("/members"):
            page = {"success": True, "data": [{"id": "mem_1", "name": "Same"}], "pagination": {"hasMore": True}}
            return Response(200, json=page)
        return SandboxTransport().handle_request(request)

    wire.calls.clear()
    monkeypatch.setattr(wire, "handle_request", handle)
    refresh(acme)


# A hostile cStar's words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message", ["<script>alert(1)</script>", '" onmouseover="x', "x" * 100_000, "a\nb\r\nSet-Cookie: x"]
)
@actions
def test_cstars_own_words_stay_text(action, message, do, wire):
    wire.answer(Response(400, json={"error": {"message": message, "code": message, "request_id": message}}))
    for headers in ({"HX-Request": "true"}, {}):
        response = do(action, headers)
        assert response.status_code == 400
        assert "<script>alert" not in response.content.decode()
        assert ' onmouseover="x' not in response.content.decode()
        assert len(response.content) < 200_000


@pytest.mark.parametrize("key", ["nonsense", "sk_live_", "sk_test_ä", ""])
def test_a_key_that_is_none_is_said_to_be(key, do, person, acme, wire):
    acme.key = key
    acme.save()
    for action in (*FORMS, *PAGES):
        response = do(action)
        if action in FORMS and waits(action, "401"):
            response = person.get("/outbox/")
            assert "cStar refused the team&#x27;s key" in response.content.decode()
        else:
            assert_said(response)
    assert not refresh(acme)
