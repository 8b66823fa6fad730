from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections

from sandbox.models import ApiKey
from tests.sandbox.conftest import OTHER_TEAM, client, refused

pytestmark = pytest.mark.django_db(databases=["sandbox"])


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


@pytest.mark.django_db(transaction=True, databases=["sandbox"])
def test_exactly_the_limit_passes_however_many_ask_at_once(team):
    ApiKey.objects.update(limit=25)

    def ask(_: int) -> tuple[int, str]:
        try:
            response = client().get("tags")
            return response.status_code, response.headers["X-RateLimit-Remaining"]
        finally:
            connections.close_all()

    with time_machine.travel("2025-12-10T14:10:00Z", tick=False), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    passed = sorted(int(remaining) for status, remaining in answers if status == 200)
    assert passed == list(range(25))
    assert [status for status, _ in answers].count(429) == 15
