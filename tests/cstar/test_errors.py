"""Each status, whatever the body says."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cstar
from cstar._answer import answer_of, rate_limit_of, retry_after
from tests.cstar.conftest import KEY, TEAM, refused

STATUSES = [
    (400, cstar.BadRequest),
    (401, cstar.Unauthorized),
    (403, cstar.Forbidden),
    (404, cstar.NotFound),
    (409, cstar.Conflict),
    (422, cstar.BadRequest),
    (429, cstar.RateLimited),
    (500, cstar.ServerError),
    (503, cstar.ServerError),
    (599, cstar.ServerError),
    (304, cstar.UnexpectedStatus),
    (402, cstar.UnexpectedStatus),
    (405, cstar.UnexpectedStatus),
    (413, cstar.UnexpectedStatus),
    (418, cstar.UnexpectedStatus),
]
BODIES = [
    b"",
    b"<html><h1>Bad gateway</h1>",
    b"null",
    b"[]",
    b'"no"',
    b'{"error": null}',
    b'{"error": []}',
    b'{"error": {"message": 5, "code": [], "request_id": {}, "retryAfter": "soon"}}',
    b'{"error": {"message": ""}}',
    b"\xff",
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_a_documented_body(wire, client, status, kind):
    wire.answers = [
        refused(status, type="x_error", code="X", message="No title.", param="title", doc_url="https://x/y")
    ]
    with pytest.raises(cstar.CStarError) as caught:
        client.tickets.create(title="")
    error = caught.value
    assert type(error) is kind
    said = (error.status, error.type, error.code, error.message, error.param, error.request_id, error.doc_url)
    assert said == (status, "x_error", "X", "No title.", "title", "req_abc123", "https://x/y")
    assert str(error) == f"No title. (X, HTTP {status}, request req_abc123)"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_any_other_body(wire, client, status, kind, body):
    wire.answers = [lambda _: httpx.Response(status, content=body)]
    with pytest.raises(cstar.CStarError) as caught:
        client.tickets.get("t")
    assert type(caught.value) is kind
    assert caught.value.message == kind.default_message
    assert str(caught.value) == f"{kind.default_message} (HTTP {status})"


def test_an_error_that_is_only_a_sentence(wire, client):
    wire.answers = [httpx.Response(400, json={"error": "Too short"})]
    with pytest.raises(cstar.BadRequest, match="Too short"):
        client.tickets.get("t")


def test_a_link_that_is_not_one_is_dropped(wire, client):
    wire.answers = [refused(400, doc_url="javascript:alert(1)")]
    with pytest.raises(cstar.BadRequest) as caught:
        client.tickets.get("t")
    assert caught.value.doc_url is None


def test_a_message_is_not_a_novel(wire, client):
    wire.answers = [refused(400, message="x" * 5000)]
    with pytest.raises(cstar.BadRequest) as caught:
        client.tickets.get("t")
    assert len(caught.value.message) == 1000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(wire, client, status):
    wire.answers = [httpx.Response(status, headers={"location": "https://evil.test/"})]
    with pytest.raises(cstar.UnexpectedStatus):
        client.tickets.get("t")
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("location", "target", "api_url"),
    [
        (
            f"https://www.cstar.test/api/v2/teams/{TEAM}/tickets/t",
            f"https://www.cstar.test/api/v2/teams/{TEAM}/tickets/t",
            "https://www.cstar.test/api/v2",
        ),
        (
            f"/api/v2/teams/{TEAM}/tickets/t?x=1",
            f"https://cstar.test/api/v2/teams/{TEAM}/tickets/t",
            "https://cstar.test/api/v2",
        ),
        ("https://login.test/?return=%2F", "https://login.test/", ""),
    ],
)
def test_a_redirect_names_where_it_leads(wire, client, location, target, api_url):
    wire.answers = [httpx.Response(308, headers={"location": location})]
    with pytest.raises(cstar.Redirected) as caught:
        client.tickets.get("t")
    assert (caught.value.location, caught.value.api_url) == (target, api_url)


@pytest.mark.parametrize(
    "location", [None, "", "javascript:alert(1)", "https://user:word@x.test/", "http://[", "ftp://x.test/"]
)
def test_a_redirect_to_nowhere_is_an_unexpected_status(wire, client, location):
    wire.answers = [httpx.Response(302, headers={} if location is None else {"location": location})]
    with pytest.raises((cstar.UnexpectedStatus, cstar.InvalidResponse, cstar.Unavailable)) as caught:
        client.tickets.get("t")
    assert not isinstance(caught.value, cstar.Redirected)


@pytest.mark.parametrize(
    ("status", "may_have_applied"), [(400, False), (404, False), (409, False), (429, False), (500, True), (302, True)]
)
def test_what_may_have_applied(wire, client, status, may_have_applied):
    wire.answers = [refused(status)]
    with pytest.raises(cstar.CStarError) as caught:
        client.tickets.delete("t")
    assert caught.value.may_have_applied is may_have_applied


def test_the_tree_is_as_its_docstring_draws_it():
    drawn = [line.split()[1] for line in cstar.errors.__doc__.splitlines() if line.strip()[:1] in "├└" and line.strip()]
    kinds = cstar.CStarError.__subclasses__()
    kinds += [finer for kind in kinds for finer in kind.__subclasses__() if finer.__module__ == "cstar.errors"]
    assert sorted(drawn) == sorted(kind.__name__ for kind in kinds)


# Retry-After -----------------------------------------------------------------------------------------------------

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        ("30", b"", 30),
        ("1.2", b"", 2),
        ("0", b"", 1),
        (" 7 ", b"", 7),
        ("-5", b"", None),
        ("-5", b'{"error":{"retryAfter":9}}', 9),
        ("soon", b'{"error":{"retryAfter":9}}', 9),
        ("nan", b"", None),
        ("inf", b"", 3600),
        ("9" * 500, b"", 3600),
        ("1e400", b"", 3600),
        ("Sun, 01 Mar 2026 12:01:30 GMT", b"", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", b"", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", b"", 3600),
        ("Sun, 99 Mar 2026 12:01:30 GMT", b"", None),
        ("", b'{"error":{"retryAfter":60}}', 60),
        ("", b'{"error":{"retryAfter":"60"}}', 60),
        ("", b'{"error":{"retryAfter":-1}}', None),
        ("", b'{"error":{"retryAfter":true}}', None),
        ("", b'{"error":{"retryAfter":1e300}}', 3600),
        ("", b'{"error":{"retryAfter":' + b"9" * 400 + b"}}", None),
        ("", b"", None),
    ],
)
def test_retry_after(header, body, expected):
    answer = answer_of(429, {"retry-after": header}, body)
    assert retry_after(answer, now=lambda: NOON) == expected


@given(header=st.text(), said=st.none() | st.floats() | st.integers() | st.text())
def test_retry_after_is_never_absurd(header, said):
    answer = answer_of(429, {"retry-after": header}, b"")
    object.__setattr__(answer, "document", {"error": {"retryAfter": said}})
    seconds = retry_after(answer)
    assert seconds is None or 1 <= seconds <= 3600


def test_a_429_always_says_how_long(wire, client):
    wire.answers = [refused(429)]
    with pytest.raises(cstar.RateLimited) as caught:
        client.tickets.list()
    assert caught.value.retry_after == 60


# Rate limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "remaining", "reset", "window", "expected"),
    [
        ("1000", "987", "1774583010", "3600", cstar.RateLimit(1000, 987, 1774583010, 3600)),
        ("1000", "0", "", "x", cstar.RateLimit(1000, 0, None, None)),
        ("1000", "-1", "", "", None),
        ("", "987", "", "", None),
        ("1e3", "9" * 99, "", "", None),
        ("١٠", "1", "", "", None),
    ],
)
def test_rate_limit_headers(limit, remaining, reset, window, expected):
    names = ("limit", "remaining", "reset", "window")
    headers = {f"x-ratelimit-{name}": said for name, said in zip(names, (limit, remaining, reset, window), strict=True)}
    assert rate_limit_of(headers) == expected


# The key ---------------------------------------------------------------------------------------------------------


def test_an_answer_that_repeats_the_key_is_scrubbed(wire, client):
    wire.answers = [refused(401, message=f"Unknown key {KEY}", code=KEY, param=KEY, request_id=KEY)]
    with pytest.raises(cstar.Unauthorized) as caught:
        client.tickets.list()
    assert KEY not in f"{caught.value} {vars(caught.value)} {caught.value.args}"
    assert caught.value.message == "Unknown key [key]"
