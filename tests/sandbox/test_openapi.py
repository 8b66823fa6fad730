"""docs/openapi.yaml against the sandbox: every operation, generated input, answers as the document says."""

from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.handlers.wsgi import WSGIRequest
from django.urls import URLPattern, get_resolver
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from sandbox import times
from sandbox.ids import new_id
from sandbox.models import ApiKey, Webhook
from sandbox.transport import MOUNT, answer
from tests.sandbox.conftest import SECRET, TEAM, client, got, made

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text())
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
METHODS = {"get", "post", "put", "patch", "delete"}


def app(environ, start_response):
    """The sandbox as a WSGI application."""
    response = answer(WSGIRequest(environ))
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


# The server that is this process; the document's first one is cStar itself.
SCHEMA = schemathesis.openapi.from_dict({**DOCUMENT, "servers": [{"url": MOUNT.rstrip("/")}]})
SCHEMA.app = app
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item if method in METHODS]


@pytest.fixture
def ids(team, api, ticket, customer, article) -> dict[str, str]:
    """An object of each kind, so that paths lead somewhere."""
    ApiKey.objects.update(limit=None)
    made(api.post(f"tickets/{ticket}/messages", json={"content": "note", "isInternal": True}))
    got(api.patch(f"tickets/{ticket}", json={"status": "resolved", "metadata": {"a": 1}}))
    made(api.post("tickets", json={"title": "Another", "customerId": customer, "assignedTo": "mem_jane"}))
    objects = {"ticketId": ticket, "customerId": customer, "articleId": article, "memberId": "mem_jane"}
    category = made(api.post("categories", json={"name": "Account", "icon": "user", "color": "#7c3aed"}))["id"]
    return {**objects, "teamId": TEAM, "categoryId": category, "webhookId": blocked_webhook(team)}


def blocked_webhook(team) -> str:
    """A webhook that leads nowhere: a test of it is refused before any connection is made."""
    moment = times.now()
    fields = {"name": "w", "url": "https://127.0.0.1/", "events": ["*"], "created_at": moment, "updated_at": moment}
    return Webhook.objects.create(id=new_id("whk_"), team=team, secret="whsec_x", **fields).id


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_generated_requests_get_documented_answers(ids, path, method):
    operation = SCHEMA[path][method.upper()]

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def send(case):
        case.path_parameters = {name: ids[name] for name in case.path_parameters or {}}
        case.call_and_validate(headers={"Authorization": f"Bearer {SECRET}"}, checks=CHECKS)

    send()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_to_real_objects_are_the_documented_ones(ids, path, method):
    """Generated bodies are often refused; these never are."""
    bodies = {
        "ticket_create": {"title": "t"},
        "message_create": {"content": "c"},
        "customer_create": {"name": "Mary", "email": "mary@example.com"},
        "article_create": {"title": "t", "category": "c"},
        "category_create": {"name": "c", "icon": "user", "color": "#7c3aed"},
        "tag_create": {"name": "new"},
        "bulk": {"action": "update", "resource": "tickets", "ids": [ids["ticketId"], "x"], "data": {"priority": "low"}},
        "import_create": {"resource": "customers", "records": [{"name": "New", "email": "n@example.com"}, {}]},
        "webhook_create": {"name": "w", "url": "https://example.com/", "events": ["ticket.*"]},
        "webhook_trigger_test": {"event": "ticket.created"},
        "export": {"resources": [{"type": kind} for kind in ("tickets", "customers", "articles")]},
    }
    operation = SCHEMA[path][method.upper()]
    name = operation.definition.raw["operationId"]
    url = f"https://sandbox{MOUNT.rstrip('/')}{path.format(**ids)}"
    body = bodies.get(name, {}) if method in ("post", "patch") else None
    response = client().request(method, url, json=body, params={"q": "log"} if name == "search" else None)
    assert response.status_code in (200, 201), response.text
    operation.validate_response(response)


@pytest.mark.parametrize(("key", "status"), [("pk_test_" + "p" * 32, 403), ("nonsense", 401)])
def test_refusals_are_the_documented_ones(ids, key, status):
    for path, method in OPERATIONS:
        response = client(key).request(method, f"https://sandbox{MOUNT.rstrip('/')}{path.format(**ids)}")
        assert response.status_code in (status, 200, 400)
        SCHEMA[path][method.upper()].validate_response(response)


def test_the_document_holds_every_url_and_nothing_else():
    documented = {path.format(**dict.fromkeys(ids_of(path), "x")).strip("/") for path in DOCUMENT["paths"]}
    assert {url.replace("<>", "x") for url in urls(get_resolver("sandbox.urls").url_patterns)} == documented


def ids_of(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def urls(patterns, before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            found += urls(pattern.url_patterns, text)
        elif not text.startswith("^"):
            found.append("/".join("x" if part.startswith("<") else part for part in text.split("/")))
    return found
