"""Whatever comes in: JSON out, never a 500."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.sandbox.conftest import got, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
NAMES = (
    *("title", "status", "priority", "customerId", "customerName", "assignedTo", "tags", "notes", "metadata"),
    *("name", "email", "sentiment", "content", "category", "isPublic", "sender", "isInternal", "role", "teamSlug"),
    *("action", "resource", "ids", "data", "records", "mergeStrategy", "resources", "format"),
    *("url", "events", "isActive", "event", "description", "icon", "color", "sortOrder"),
)
bodies = st.dictionaries(st.sampled_from(NAMES), values | st.sampled_from(["tickets", "update", "Jane", "a@b.io"]))
WRITES = [
    *[("POST", path) for path in ("tickets", "customers", "articles", "tags", "bulk", "import", "export", "webhooks")],
    ("POST", "categories"),
    *[("PATCH", path) for path in ("tickets/{ticket}", "customers/{customer}", "settings", "members/mem_jane")],
    ("POST", "tickets/{ticket}/messages"),
]
READS = ["tickets", "customers", "articles", "categories", "members", "search", "audit-log"]
PARAMS = (
    *("page", "pageSize", "status", "priority", "search", "customerId", "assignedTo", "sentiment", "tag", "isPublic"),
    *("q", "types", "limit", "action", "resourceType", "actorId", "startDate", "endDate", "role", "category"),
)


def answered(response) -> None:
    assert response.status_code < 500, (response.request.content, response.text)
    if response.headers["Content-Type"] == "application/json":
        assert response.json()["success"] == (response.status_code < 400)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_any_json_in_any_field(api, ticket, customer, method, path):
    @bounded
    @given(bodies)
    def send(body):
        answered(api.request(method, path.format(ticket=ticket, customer=customer), json=body))

    send()


def test_any_bytes(api):
    @bounded
    @given(st.binary() | st.text().map(lambda text: f'{{"title": "{text}"}}'.encode("utf-8", "surrogatepass")))
    def send(body):
        answered(api.post("tickets", content=body))

    send()


@pytest.mark.parametrize("path", READS)
def test_any_query(api, ticket, path):
    @bounded
    @given(st.dictionaries(st.sampled_from(PARAMS), st.text(max_size=40) | st.integers().map(str)))
    def ask(params):
        answered(api.get(path, params=params))

    ask()


def test_any_record_in_an_import(api):
    @bounded
    @given(st.sampled_from(["tickets", "customers", "articles"]), st.lists(bodies | values, min_size=1, max_size=4))
    def send(resource, records):
        answered(api.post("import", json={"resource": resource, "records": records, "mergeStrategy": "update"}))

    send()


@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b"[]", b'"text"', b"null", b"1", b"\xff", b"title=x", b"\xef\xbb\xbf{}", b"[" * 100_000),
        *(rb'{"title": "\ud800"}', rb'{"title": "a\u0000b"}', rb'{"a\u0000": 1, "title": "x"}', b'{"title": NaN}'),
    ],
    ids=range(13),
)
def test_what_is_no_json_object_is_refused(api, body):
    error = refused(api.post("tickets", content=body), 400)
    assert (error["type"], error["code"]) == ("validation_error", "PARAMETER_INVALID")


@pytest.mark.parametrize("levels", [60, 600, 900, 5_000])
@pytest.mark.parametrize("value", [b"1", b'"\\u0000"'])
def test_what_is_nested_without_end_is_refused(api, levels, value):
    body = b'{"title": "x", "metadata": ' + b'{"a":' * levels + value + b"}" * levels + b"}"
    refused(api.post("tickets", content=body), 400)


def test_an_escaped_backslash_is_not_a_nul(api):
    assert api.post("tickets", content=rb'{"title": "\\u0000"}').json()["data"]["title"] == r"\u0000"


def test_bodies_over_5_mb_are_refused(api, ticket):
    big = b'{"title": "t", "x": "' + b"x" * 5 * 1024 * 1024 + b'"}'
    for method, path in (("POST", "tickets"), ("PATCH", f"tickets/{ticket}"), ("DELETE", f"tickets/{ticket}")):
        assert refused(api.request(method, path, content=big), 413)["code"] == "BODY_TOO_LARGE"
    got(api.get(f"tickets/{ticket}"))


@pytest.mark.parametrize(
    "path", ["tickets/%00", "tickets/%2e%2e", "tickets/%F0%9F%98%80", "members/%FF", "members/" + "x" * 5000]
)
def test_hostile_ids_are_not_found(api, path):
    refused(api.get(path), 404)


def test_too_many_parameters_are_refused(api):
    refused(api.get("tickets?" + "a=1&" * 6000), 400)
