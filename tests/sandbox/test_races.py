"""Many at once, on committed rows: no test transaction here, the fixture clears up."""

import time_machine

from tests.sandbox.conftest import client, in_threads

KEY = {"Idempotency-Key": "unique-request-id-123"}


def test_exactly_the_limit_passes_however_many_ask_at_once(committed_team):
    committed_team.keys.update(limit=25)
    with time_machine.travel("2025-12-10T14:10:00Z", tick=False):
        answers = in_threads(lambda: client().get("tags"), 40)
    passed = sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in answers if answer.status_code == 200)
    assert passed == list(range(25))
    assert [answer.status_code for answer in answers].count(429) == 15


def test_twins_at_the_same_moment_run_once(committed_team):
    answers = in_threads(lambda: client().post("tickets", json={"title": "twin"}, headers=KEY), 16)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert committed_team.tickets.count() == 1
