"""Attempts, deadlines, the observer, the pool."""

import threading
import time

import httpx
import pytest

import cstar
from cstar import http
from cstar._retry import pause_before_retry
from tests.cstar.conftest import Dripping, Wire, ok, refused

NOT_SENT = [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x"), httpx.ProxyError("x")]
CUT = [
    httpx.ReadTimeout("x"),
    httpx.WriteTimeout("x"),
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.RemoteProtocolError("x"),
]
PASSING = [502, 503, 504]

CALLS = {
    "GET": lambda c: c.tickets.get("t"),
    "POST": lambda c: c.tickets.create(title="T"),
    "PATCH": lambda c: c.tickets.update("t", title="T"),
    "DELETE": lambda c: c.tickets.delete("t"),
    "export": lambda c: c.export("tickets"),
}


def failing(call, client):
    with pytest.raises(cstar.CStarError) as caught:
        call(client)
    return caught.value


# Which calls are made again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("failure", NOT_SENT, ids=repr)
def test_what_was_not_sent_is_sent_again(wire, client, call, failure):
    wire.answers = [failure]
    error = failing(call, client)
    assert type(error) is cstar.Unavailable
    assert error.may_have_applied is False
    assert len(wire.requests) == 3
    assert [attempt.sent for attempt in wire.attempts] == [False] * 3


@pytest.mark.parametrize("failure", [httpx.ReadTimeout("x"), httpx.Response(503)], ids=repr)
@pytest.mark.parametrize(("name", "times"), [("POST", 1), ("PATCH", 3), ("GET", 3), ("export", 3)])
def test_a_lost_post_is_left_to_the_caller_who_asks_for_it(wire, name, times, failure):
    client = wire.client(repeat_posts=False)
    wire.answers = [failure]
    failing(CALLS[name], client)
    assert len(wire.requests) == times


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("failure", CUT, ids=repr)
def test_what_was_cut_is_sent_again_unless_it_deletes(wire, client, name, failure):
    wire.answers = [failure]
    error = failing(CALLS[name], client)
    assert type(error) is cstar.Unavailable
    assert error.may_have_applied is True
    assert len(wire.requests) == (1 if name == "DELETE" else 3)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", PASSING)
def test_a_gateways_trouble_is_waited_out_unless_it_deletes(wire, client, name, status):
    wire.answers = [lambda _: refused(status)]
    error = failing(CALLS[name], client)
    assert (type(error), error.status) == (cstar.ServerError, status)
    assert len(wire.requests) == (1 if name == "DELETE" else 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 501])
def test_all_else_is_final(wire, client, status):
    wire.answers = [refused(status)]
    assert failing(CALLS["POST"], client).status == status
    assert len(wire.requests) == 1
    assert wire.pauses == []


def test_a_passing_failure_is_not_noticed(wire, client):
    wire.answers = [httpx.ConnectError("x"), refused(503), ok({"id": "t"})]
    assert client.tickets.get("t").id == "t"
    assert [attempt.status for attempt in wire.attempts] == [None, 503, 200]


def test_a_body_that_breaks_off_is_fetched_again(wire, client):
    def cut(_):
        def snap():
            raise httpx.RemoteProtocolError("peer closed connection")

        return httpx.Response(200, stream=Dripping([b"{"], between=snap))

    wire.answers = [cut, ok({"id": "t"})]
    assert client.tickets.get("t").id == "t"
    assert [(attempt.status, attempt.sent) for attempt in wire.attempts] == [(200, True), (200, True)]


def test_an_error_whose_body_breaks_off_is_still_that_error(wire, client):
    def snap():
        raise httpx.ReadError("x")

    wire.answers = [httpx.Response(404, stream=Dripping([b"{"], between=snap))]
    assert type(failing(CALLS["GET"], client)) is cstar.NotFound


# Idempotency -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["POST", "PATCH"])
def test_every_attempt_carries_the_same_key(wire, client, name):
    wire.answers = [httpx.ReadTimeout("x"), refused(503), ok({"id": "t"})]
    CALLS[name](client)
    CALLS[name](client)
    keys = [request.headers["idempotency-key"] for request in wire.requests]
    assert len(keys) == 4
    assert len(set(keys[:3])) == 1
    assert keys[3] != keys[0]


def test_the_callers_own_key_is_used(wire, client):
    wire.answers = [httpx.ReadTimeout("x"), ok({"id": "t"})]
    client.messages.create("t", content="Hi", idempotency_key="outbox-1")
    assert [request.headers["idempotency-key"] for request in wire.requests] == ["outbox-1"] * 2


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX: y", "ü", "x" * 256, 5])
def test_a_key_that_no_header_can_carry(wire, client, key):
    with pytest.raises(ValueError, match="idempotency key"):
        client.tickets.create(title="T", idempotency_key=key)
    assert wire.requests == []


def test_a_refusal_after_a_timeout_may_still_have_applied(wire, client):
    wire.answers = [httpx.ReadTimeout("x"), refused(429)]
    error = failing(CALLS["POST"], client)
    assert type(error) is cstar.RateLimited
    assert error.may_have_applied is True


def test_no_connection_after_a_timeout_may_still_have_applied(wire, client):
    wire.answers = [httpx.ReadTimeout("x"), httpx.ConnectError("x")]
    assert failing(CALLS["POST"], client).may_have_applied is True


def test_a_delete_is_not_repeated_once_it_was_sent(wire, client):
    wire.answers = [httpx.ConnectError("x"), httpx.ReadTimeout("x")]
    assert failing(CALLS["DELETE"], client).may_have_applied is True
    assert len(wire.requests) == 2


# Time ------------------------------------------------------------------------------------------------------------


def test_pauses_are_jittered_and_grow(wire, client):
    wire.answers = [httpx.ConnectError("x")]
    failing(CALLS["GET"], client)
    assert wire.pauses == [0.25, 0.5]


@pytest.mark.parametrize(("seconds", "pause"), [("1", 1.0), ("2", 2.0), ("3", None), ("3600", None)])
def test_a_server_that_asks_for_a_pause_gets_it_or_no_retry(wire, client, seconds, pause):
    wire.answers = [refused(503, headers={"retry-after": seconds}), ok({"id": "t"})]
    if pause is None:
        assert failing(CALLS["GET"], client).retry_after == int(seconds)
    else:
        CALLS["GET"](client)
    assert wire.pauses == ([] if pause is None else [pause])


def test_the_rules_need_no_clock():
    error = cstar.Unavailable()
    assert pause_before_retry(error, attempt=1, repeatable=False, random=lambda: 0.0) == 0.0
    assert pause_before_retry(error, attempt=3, repeatable=True, random=lambda: 0.0) is None


def slow(wire, seconds, outcome):
    def answer(_):
        wire.now += seconds
        return outcome

    return answer


def test_the_whole_call_has_twenty_seconds(wire, client):
    wire.answers = [slow(wire, 10, httpx.ReadTimeout("x"))]
    failing(CALLS["GET"], client)
    assert len(wire.requests) == 2
    assert wire.now - 1000 == pytest.approx(20.25)


def test_each_attempt_may_take_what_is_left(wire, client):
    wire.answers = [slow(wire, 14, httpx.ReadTimeout("x"))]
    failing(CALLS["GET"], client)
    first, second = (request.extensions["timeout"] for request in wire.requests)
    assert (first["connect"], first["read"], first["write"], first["pool"]) == (2, 10, 10, 2)
    assert second["read"] == pytest.approx(20 - 14.25)
    assert second["connect"] == 2


def test_a_dripping_body_is_given_up(wire, client):
    def tick():
        wire.now += 3

    drip = Dripping([b" "] * 1000, between=tick)
    wire.answers = [httpx.Response(200, stream=drip)]
    error = failing(CALLS["GET"], client)
    assert type(error) is cstar.Unavailable
    assert (error.may_have_applied, drip.closed, len(wire.requests)) == (True, True, 1)
    assert wire.now - 1000 == 21


# Observer --------------------------------------------------------------------------------------------------------


def test_the_observer_sees_each_attempt(wire, client):
    headers = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0", "retry-after": "30"}
    wire.answers = [slow(wire, 0.5, httpx.ReadTimeout("x")), refused(429, headers=headers)]
    failing(lambda c: c.tickets.list(search="secret words"), client)
    lost, limited = wire.attempts
    assert lost == cstar.Attempt("GET", "/tickets", None, True, None, None, None, 0.5)
    limit = cstar.RateLimit(1000, 0, None, None)
    assert limited == cstar.Attempt("GET", "/tickets", 429, True, limit, 30, "req_abc123", 0.0, limited.answered_at)
    assert limited.answered_at.isoformat() == "2025-12-10T14:30:00+00:00"


def test_without_a_timestamp_the_date_header_says_when(wire, client):
    wire.answers = [httpx.Response(200, json={"data": []}, headers={"Date": "Wed, 10 Dec 2025 14:30:07 GMT"})]
    client.tags.list()
    assert wire.attempts[-1].answered_at.isoformat() == "2025-12-10T14:30:07+00:00"
    wire.answers = [httpx.Response(200, json={"data": []}, headers={"Date": "yesterday"})]
    client.tags.list()
    assert wire.attempts[-1].answered_at is None


def test_the_observer_hears_what_a_patch_wrote(wire, client):
    wire.answers = [ok({"id": "t"})]
    client.tickets.update("t", status="open")
    assert wire.attempts[-1].wrote == {"status": "open"}
    client.tickets.create(title="T")
    assert wire.attempts[-1].wrote is None


def test_no_observer_is_needed(wire):
    wire.answers = [ok({"id": "t"})]
    assert wire.client(observer=None).tickets.get("t").id == "t"


# The pool --------------------------------------------------------------------------------------------------------


def test_clients_share_a_pool_per_transport():
    one, other = Wire(), Wire()
    assert http.shared_pool(one) is http.shared_pool(one)
    assert http.shared_pool(one) is not http.shared_pool(other)
    assert http.shared_pool(None) is http.shared_pool(None)


def test_a_fork_gets_its_own_pool(monkeypatch):
    wire = Wire()
    parents = http.shared_pool(wire)
    monkeypatch.setattr(http.os, "getpid", lambda: -1)
    assert http.shared_pool(wire) is not parents


def test_a_client_costs_next_to_nothing(wire):
    wire.client()
    best = min(_seconds(wire.client) for _ in range(20))
    assert best < 0.001


def _seconds(action):
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def test_threads_share_a_client(wire, client):
    def echo(request):
        return ok({"id": request.url.path.rsplit("/", 1)[1]})

    wire.answers = [echo]
    seen = []
    threads = [
        threading.Thread(target=lambda i=i: seen.append((f"t{i}", client.tickets.get(f"t{i}").id))) for i in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20
    assert all(asked == got for asked, got in seen)
