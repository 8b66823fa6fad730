"""What cStar, or whoever answers in its place, may send back."""

import gzip
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cstar
from tests.cstar.conftest import Dripping, Wire, ok, refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
OURS = ["id", "title", "status", "tags", "createdAt", "messages", "metadata", "messageCount"]
ODD_TICKET = st.dictionaries(st.sampled_from(OURS), JSON)


# Envelopes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("envelope", "size", "expected"),
    [
        ({"meta": {"pagination": {"page": 2, "pageSize": 1, "total": 3, "totalPages": 3}}}, 1, (2, 1, 3, 3, True)),
        ({"meta": {"pagination": {"page": 3, "pageSize": 1, "total": 3, "totalPages": 3}}}, 1, (3, 1, 3, 3, False)),
        ({"pagination": {"page": 1, "pageSize": 1, "total": 3, "hasMore": True}}, 1, (1, 1, 3, 3, True)),
        ({"pagination": {"page": 1, "pageSize": 1, "total": 3, "hasMore": False}}, 1, (1, 1, 3, 3, False)),
        ({"meta": {"pagination": {"hasMore": True}}}, 5, (1, 5, None, None, True)),
        ({"meta": {"pagination": {}}}, 1, (1, 1, None, None, True)),
        ({"meta": {"pagination": {"total": 0, "pageSize": 0}}}, 7, (1, 7, 0, 0, False)),
        ({"meta": {"requestId": "req_1"}}, 1, (1, 1, None, None, True)),
        ({"meta": {"requestId": "req_1"}}, 5, (1, 5, None, None, False)),
        ({}, 5, (1, 5, None, None, False)),
        ({"meta": None, "pagination": None}, 5, (1, 5, None, None, False)),
    ],
)
def test_envelopes(wire, client, envelope, size, expected):
    wire.answers = [httpx.Response(200, json={"data": [{"id": "tkt_1"}]} | envelope)]
    page = client.tickets.list(page_size=size)
    assert (page.page, page.page_size, page.total, page.total_pages, page.has_more) == expected


def test_without_any_envelope_the_page_is_the_one_asked_for(wire, client):
    wire.answers = [httpx.Response(200, json={"data": []})]
    page = client.tickets.list(page=4)
    assert (page.items, page.page, page.page_size, page.has_more, page.request_id) == ([], 4, 20, False, None)


def test_the_request_id_may_stand_in_a_header(wire, client):
    wire.answers = [httpx.Response(200, json={"data": {"id": "t"}}, headers={"x-cstar-request-id": "req_h"})]
    assert client.tickets.get("t").request_id == "req_h"


# Leniency, and its end -------------------------------------------------------------------------------------------


def test_unknown_fields_and_values_are_kept(wire, client):
    odd = {"id": "tkt_1", "status": "waiting_for_parts", "priority": "p0", "raw": 5, "requestId": 6, "new": {"a": [1]}}
    wire.answers = [ok(odd)]
    ticket = client.tickets.get("tkt_1")
    assert (ticket.status, ticket.priority, ticket.raw) == ("waiting_for_parts", "p0", odd)
    assert ticket.request_id == "req_abc123"


@pytest.mark.parametrize(
    "data",
    [
        {"title": "no id"},
        {"id": None},
        {"id": 5},
        {"id": "t", "title": 5},
        {"id": "t", "tags": "login,authentication"},
        {"id": "t", "tags": [None]},
        {"id": "t", "createdAt": "yesterday"},
        {"id": "t", "createdAt": "2025-12-10T14:30:00"},
        {"id": "t", "messages": [{}]},
        {"id": "t", "messageCount": "3"},
        [],
        None,
        "x",
    ],
)
def test_a_wrong_shape_is_an_invalid_response(wire, client, data):
    wire.answers = [ok(data)]
    with pytest.raises(cstar.InvalidResponse) as caught:
        client.tickets.get("t")
    error = caught.value
    assert (error.status, error.request_id, error.may_have_applied) == (200, "req_abc123", True)
    assert error.__context__ is None


@pytest.mark.parametrize(
    "envelope",
    [
        {"data": {"id": "t"}},
        {"data": None},
        {"data": [], "meta": {"pagination": "many"}},
        {"data": [], "meta": {"pagination": {"page": "one"}}},
        {"data": [], "meta": {"pagination": {"total": -1}}},
        {"success": False, "data": []},
        {"tickets": []},
        [],
    ],
)
def test_a_list_in_a_wrong_shape(wire, client, envelope):
    wire.answers = [httpx.Response(200, json=envelope)]
    with pytest.raises(cstar.InvalidResponse):
        client.tickets.list()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Please sign in</html>", b'{"data": {"id": "t"', b"\xff\xfe", b"[" * 200_000, b'"\\ud800"', b"null"],
)
def test_a_success_that_is_not_json(wire, client, body):
    wire.answers = [lambda _: httpx.Response(200, content=body)]
    for call in (client.tickets.list, lambda: client.tickets.get("t"), lambda: client.tickets.create(title="T")):
        with pytest.raises(cstar.InvalidResponse):
            call()
    assert len(wire.requests) == 3


@given(ticket=ODD_TICKET | JSON, pagination=JSON)
def test_whatever_the_json_it_is_a_page_or_an_invalid_response(ticket, pagination):
    wire = Wire([httpx.Response(200, content=json.dumps({"data": [ticket], "meta": {"pagination": pagination}}))])
    try:
        page = wire.client().tickets.list()
    except cstar.InvalidResponse:
        return
    assert page.items[0].raw == ticket
    assert page.page >= 1
    assert page.page_size >= 1


@given(body=st.binary(), status=st.sampled_from([200, 201, 204, 301, 400, 404, 429, 500]))
def test_whatever_the_bytes_the_error_is_ours(body, status):
    wire = Wire([httpx.Response(status, content=body)])
    with pytest.raises(cstar.CStarError):
        wire.client().tickets.get("t")


# Size, packing ---------------------------------------------------------------------------------------------------


def test_gzip_is_unpacked(wire, client):
    packed = gzip.compress(b'{"data":{"id":"t"}}')
    wire.answers = [httpx.Response(200, stream=Dripping([packed]), headers={"content-encoding": "gzip"})]
    assert client.tickets.get("t").id == "t"
    assert wire.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(("encoding", "body"), [("gzip", b"not gzip"), ("br", b"x"), ("gzip, gzip", b"x")])
def test_packing_that_cannot_be_undone(wire, client, encoding, body):
    wire.answers = [httpx.Response(200, stream=Dripping([body]), headers={"content-encoding": encoding})]
    with pytest.raises(cstar.InvalidResponse):
        client.tickets.get("t")


def test_an_endless_body_is_cut_short(wire, client):
    drip = Dripping([b" " * 1_000_000] * 1000)
    wire.answers = [httpx.Response(200, stream=drip)]
    with pytest.raises(cstar.InvalidResponse, match="larger than 10 MB"):
        client.tickets.get("t")
    assert drip.closed


def test_an_export_may_be_larger_than_the_rest(wire, client):
    padding = [b" " * 1_000_000] * 11
    wire.answers = [httpx.Response(200, stream=Dripping([*padding, b'{"data":{"resources":{"tickets":[]}}}']))]
    assert client.export("tickets").total_rows == 0


def test_a_packed_bomb_is_cut_short(wire, client):
    bomb = gzip.compress(b" " * 200_000_000)
    pieces = [bomb[i : i + 65536] for i in range(0, len(bomb), 65536)]
    wire.answers = [httpx.Response(200, stream=Dripping(pieces), headers={"content-encoding": "gzip"})]
    with pytest.raises(cstar.InvalidResponse, match="larger"):
        client.tickets.get("t")


# Nothing sticks --------------------------------------------------------------------------------------------------


def test_cookies_of_one_team_do_not_reach_another(wire, client):
    wire.answers = [httpx.Response(200, json={"data": {"id": "t"}}, headers={"set-cookie": "session=acme; Path=/"})]
    client.tickets.get("t")
    wire.client(team_id="globex").tickets.get("t")
    assert "cookie" not in wire.requests[1].headers


def test_a_refusal_with_status_200_is_no_success(wire, client):
    wire.answers = [httpx.Response(200, json={"success": False, "error": {"message": "x"}, "data": {"id": "t"}})]
    with pytest.raises(cstar.InvalidResponse, match="not a success"):
        client.tickets.get("t")


def test_the_body_is_closed_after_an_error(wire, client):
    drip = Dripping([refused(404).content])
    wire.answers = [httpx.Response(404, stream=drip)]
    with pytest.raises(cstar.NotFound):
        client.tickets.get("t")
    assert drip.closed
