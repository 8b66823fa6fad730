"""A team with its keys on the sandbox, and clients that call it in process."""

import httpx
import pytest
from django.db import connections

from sandbox.factory import create_team
from sandbox.models import Member
from sandbox.times import parse
from sandbox.transport import SandboxTransport

# A run of these tests alone opens the sandbox's database alone; Django would have it wait for the default one.
connections["sandbox"].settings_dict["TEST"]["DEPENDENCIES"] = []

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
    """Acme with both keys and two members, in a database that is empty but for the other team."""
    made = create_team(TEAM, "Acme Support", "acme", [SECRET, PUBLISHABLE])
    create_team(OTHER_TEAM, "Globex Care", "globex", [OTHER_SECRET])
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
