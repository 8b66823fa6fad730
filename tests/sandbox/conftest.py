"""A team with its keys on the sandbox, and clients that call it in process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import connections

from sandbox.factory import create_team
from sandbox.models import Member, Team
from sandbox.times import parse
from sandbox.transport import SandboxTransport

TEAM = "33333333-3333-4333-8333-333333333333"
OTHER_TEAM = "44444444-4444-4444-8444-444444444444"
SECRET = "sk_test_" + "s" * 32
PUBLISHABLE = "pk_test_" + "p" * 32
OTHER_SECRET = "sk_test_" + "o" * 32


def client(key: str | None = SECRET, team: str = TEAM) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(transport=SandboxTransport(), base_url=f"https://sandbox/api/v1/teams/{team}/", headers=headers)


@pytest.fixture
def team():
    """Acme with both keys and two members, and nothing else. There is another team, and whatever the suite made."""
    return make_team()


def make_team() -> Team:
    made = create_team(TEAM, "Acme Support", "acme-tests", [SECRET, PUBLISHABLE])
    create_team(OTHER_TEAM, "Globex Care", "globex-tests", [OTHER_SECRET])
    for name, role in (("jane", "agent"), ("olga", "owner")):
        Member.objects.create(
            id=f"mem_{name}",
            team=made,
            user_id=f"usr_{name}",
            name=name.title(),
            email=f"{name}@team.com",
            role=role,
            level=12,
            xp=4850,
            joined_at=parse("2025-06-15T10:00:00Z"),
        )
    return made


@pytest.fixture
def committed_team(django_db_setup, django_db_blocker):
    """The same team, committed, so that other threads see it; taken away again afterwards."""
    with django_db_blocker.unblock():
        try:
            yield make_team()
        finally:
            Team.objects.filter(uuid__in=[TEAM, OTHER_TEAM]).delete()


def in_threads(ask: Callable[[], httpx.Response], times: int) -> list[httpx.Response]:
    """The answers to the same question asked by eight threads at once."""

    def run(_: int) -> httpx.Response:
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def api(team):
    """The team's secret key."""
    return client()


@pytest.fixture
def public(team):
    """The team's publishable key."""
    return client(PUBLISHABLE)


@pytest.fixture
def stranger(team):
    """Another team's secret key, on that team."""
    return client(OTHER_SECRET, OTHER_TEAM)


@pytest.fixture
def ticket(api) -> str:
    """The id of a ticket."""
    return made(api.post("tickets", json={"title": "Cannot log in", "tags": ["login"]}))["id"]


@pytest.fixture
def customer(api) -> str:
    """The id of a customer."""
    return made(api.post("customers", json={"name": "Jane Smith", "email": "jane@example.com"}))["id"]


@pytest.fixture
def article(api) -> str:
    return made(api.post("articles", json={"title": "Reset a password", "category": "Account"}))["id"]


def made(response: httpx.Response) -> dict:
    """The data of a 201."""
    assert response.status_code == 201, response.text
    return response.json()["data"]


def got(response: httpx.Response):
    """The data of a 200."""
    assert response.status_code == 200, response.text
    return response.json()["data"]


def refused(response: httpx.Response, status: int) -> dict:
    """The error of a refusal, after a look at its envelope."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["success"] is False
    assert body.keys() == {"success", "error", "meta"}
    assert body["meta"].keys() == {"timestamp"}
    assert body["error"]["request_id"].startswith("req_")
    return body["error"]


def audited(api) -> list[tuple[str, str]]:
    """Action and object of every audit entry, oldest first."""
    rows = got(api.get("audit-log?pageSize=100"))
    return [(row["action"], row["resourceId"]) for row in reversed(rows)]
