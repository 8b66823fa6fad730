import pytest
import time_machine

from sandbox.models import ApiKey
from tests.sandbox.conftest import OTHER_TEAM, client, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_the_hour_ends_and_begins_anew(api):
    ApiKey.objects.update(limit=2)
    with time_machine.travel("2025-12-10T14:10:00Z", tick=False):
        assert [api.get("tickets").headers["X-RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
        response = api.get("tickets")
        error = refused(response, 429)
        assert error["retryAfter"] == 3000
        assert response.headers["X-RateLimit-Remaining"] == "0"
        assert response.headers["X-RateLimit-Reset"] == "1765378800"
    with time_machine.travel("2025-12-10T15:00:00Z", tick=False):
        assert api.get("tickets").headers["X-RateLimit-Remaining"] == "1"


def test_refusals_count_too(api):
    for path in ("tickets/tkt_1", "tickets?page=x"):
        assert "X-RateLimit-Remaining" in api.get(path).headers
    assert client(team=OTHER_TEAM).get("tickets").headers["X-RateLimit-Remaining"] == "997"


def test_the_limit_can_be_switched_off(api):
    ApiKey.objects.update(limit=None)
    for _ in range(3):
        headers = api.get("tickets").headers
    assert headers["X-RateLimit-Limit"] == headers["X-RateLimit-Remaining"] == "1000000"
