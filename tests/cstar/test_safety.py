"""The key stays where it is, and no id leads anywhere else."""

import logging
import pickle
import tomllib
import traceback
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cstar
from cstar._secret import Secret
from tests.cstar.conftest import BASE, KEY, TEAM, Wire, ok, refused

HOSTILE = [
    "",
    ".",
    "..",
    "../customers",
    "a/b",
    "a\\b",
    "a?x=1",
    "a#b",
    "a%2Fb",
    "%2e%2e",
    "a b",
    "a\n",
    "a\x00",
    "ü",
    "a;b",
    "x" * 201,
    None,
    5,
]
BY_ID = [
    lambda c, i: c.tickets.get(i),
    lambda c, i: c.tickets.update(i, title="T"),
    lambda c, i: c.tickets.delete(i),
    lambda c, i: c.messages.list(i),
    lambda c, i: c.messages.create(i, content="Hi"),
    lambda c, i: c.customers.get(i),
    lambda c, i: c.customers.update(i, name="J"),
    lambda c, i: c.customers.delete(i),
    lambda c, i: c.members.get(i),
    lambda c, i: c.members.update(i, role="agent"),
    lambda c, i: c.articles.get(i),
    lambda c, i: c.articles.update(i, title="T"),
    lambda c, i: c.articles.delete(i),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_id_reaches_another_endpoint(wire, client, hostile):
    for call in BY_ID:
        with pytest.raises(cstar.NotFound) as caught:
            call(client, hostile)
        assert (caught.value.status, caught.value.code) == (404, "invalid_id")
    assert wire.requests == []


@given(identifier=st.text())
def test_any_id_stays_in_its_place(identifier):
    wire = Wire([ok({"id": "t"})])
    try:
        wire.client().tickets.get(identifier)
    except cstar.NotFound:
        assert wire.requests == []
    else:
        assert wire.requests[0].url.raw_path.decode() == f"/api/v1/teams/{TEAM}/tickets/{identifier}"


@pytest.mark.parametrize(
    "good",
    ["tkt_550e8400e29b41d4a716446655440000", "tkt_a1B2c3D4e5F6", "7134fc12-0302-4e58-9466-a770035d5da9", "usr_abc"],
)
def test_documented_ids_pass(wire, client, good):
    wire.answers = [ok({"id": good})]
    assert client.tickets.get(good).id == good


# The key ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["sk_live_your_key", "sk_test_" + "A" * 32, "pk_live_-_", KEY])
def test_documented_keys_pass(wire, key):
    assert wire.client(key=key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "hello",
        "sk_live_",
        "sk_prod_abc",
        "Bearer sk_live_abc",
        f"{KEY}\n",
        f"{KEY}\r\nX: y",
        f"{KEY} ",
        "sk_live_ü",
        None,
    ],
)
def test_a_wrong_key_is_named_but_not_shown(wire, key):
    with pytest.raises(ValueError, match="begins with sk_live_") as caught:
        wire.client(key=key)
    assert not key or len(key) < 10 or key not in str(caught.value)


@pytest.mark.parametrize("team", ["", "..", "a/b", "a b", None])
def test_a_wrong_team(wire, team):
    with pytest.raises(ValueError, match="team's id"):
        wire.client(team_id=team)


WRONG_URLS = ["", "www.cstar.help", "ftp://x/", "https://", "https://u:p@x/", "https://x/?a=1", "https://x/#a"]


@pytest.mark.parametrize("url", [*WRONG_URLS, "https://x\n/", "https://[x/", "https://x:99999/"])
def test_a_wrong_address(wire, url):
    with pytest.raises(ValueError, match="address of the API"):
        wire.client(base_url=url)


def test_a_slash_at_the_end_does_no_harm(wire):
    wire.answers = [ok({"id": "t"})]
    wire.client(base_url=f"{BASE}/").tickets.get("t")
    assert str(wire.requests[0].url) == f"{BASE}/teams/{TEAM}/tickets/t"


def test_the_secret_is_shown_by_nothing():
    secret = Secret(KEY)
    shown = f"{secret!r} {secret} {secret:}"
    assert KEY not in shown
    assert "sk_test_" in shown
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(secret)


def test_the_client_and_its_parts_do_not_show_it(client):
    parts = [client, client._session, client.tickets, vars(client), vars(client._session), vars(client.tickets)]
    assert KEY not in repr(parts)
    assert TEAM in repr(client)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("x"),
        httpx.ReadTimeout("x"),
        refused(401, message=f"{KEY} is unknown"),
        refused(500),
        httpx.Response(200, text="<html>"),
        ok({"title": "no id"}),
        httpx.Response(302, headers={"location": "https://x.test"}),
    ],
)
def test_no_error_and_no_log_line_shows_it(wire, client, answer, caplog):
    caplog.set_level(logging.DEBUG)
    wire.answers = [answer]
    with pytest.raises(cstar.CStarError) as caught:
        client.tickets.get("t")
    error = caught.value
    report = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert KEY not in report
    assert KEY not in caplog.text
    assert error.__context__ is None
    assert error.__cause__ is None


# The surface -----------------------------------------------------------------------------------------------------


def test_not_even_a_fault_of_our_own_shows_it(wire, client):
    wire.answers = [RuntimeError("a bug of the transport")]
    with pytest.raises(RuntimeError) as caught:
        client.tickets.create(title="T")
    assert KEY not in "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())


@pytest.mark.parametrize("wrong", [{"team_id": ".."}, {"base_url": "x"}])
def test_a_wrong_setting_beside_it_does_not_show_it(wrong):
    key = [KEY]  # this test's own frame is in the report too
    with pytest.raises(ValueError, match=r"address of the API|id has only") as caught:
        cstar.Client(**{"key": key.pop(), "team_id": TEAM} | wrong)
    assert KEY not in "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())


SURFACE = set(
    """
    Client BASE_URL NOT_GIVEN MAX_BULK_IDS MAX_EXPORT_ROWS MAX_IMPORT_RECORDS MAX_PAGE_SIZE __version__
    Article Attempt AuditEntry BulkResult Category CsvExport Customer Deleted Export ImportLog ImportResult Member
    Message Page QuickReply RateLimit Resource SearchResult Settings Status Tag Ticket Webhook WebhookTest
    CStarError BadRequest Unauthorized Forbidden NotFound Conflict RateLimited Redirected ServerError Unavailable
    InvalidResponse UnexpectedStatus
    """.split()  # noqa: SIM905 - easier to read as prose
)


def test_the_version_is_the_projects():
    project = tomllib.loads(Path(cstar.__file__).parents[1].joinpath("pyproject.toml").read_text())["project"]
    assert cstar.__version__ == project["version"]


def test_the_public_surface():
    assert set(cstar.__all__) == SURFACE
    assert all(hasattr(cstar, name) for name in cstar.__all__)
