"""`/metrics`: figures for those with the token, nothing for others."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from budget.models import KeyBudget
from outbox.models import Outgoing
from replica.models import TeamState
from tests.browser.server import served
from tickets.models import Ticket
from transfers.models import Run

TOKEN = "a-token-for-the-suite"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def figures(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple, float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        return parsed(answer.content.decode())

    return read


def parsed(text: str) -> dict[tuple, float]:
    """{(name, label value, ...): number}, the labels in the order of their names."""
    families = text_string_to_metric_families(text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", TOKEN, f"bearer {TOKEN}", f"Bearer {TOKEN}ü"])
def test_without_the_token_there_is_nothing_here(client, settings, world, header):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_without_a_token_in_the_settings_there_is_nothing_here(client, world):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_calls_to_cstar_are_counted_by_lane_and_status(agent, wire, figures):
    before = figures().get(("desk_cstar_calls_total", "write", "201"), 0)
    ticket = Ticket.objects.filter(team=agent.team_id).first()
    agent.post(f"/tickets/{ticket.cstar_id}/reply/", {"kind": "reply", "reply": "Hello", "nonce": "1" * 32})
    assert figures()["desk_cstar_calls_total", "write", "201"] == before + 1


def test_the_outbox_the_budget_the_feed_and_runs_are_told(acme, figures):
    now = timezone.now()
    for minutes in (5, 9):
        due = now - timedelta(minutes=minutes)
        Outgoing.objects.create(team=acme, kind="reply", line="t", key=str(minutes), due_at=due, person="")
    Run.objects.create(team=acme, kind=Run.Kind.IMPORT, resource="tickets", state=Run.State.RUNNING)
    TeamState.objects.filter(team=acme).update(refreshed_at=now - timedelta(seconds=30), problem="")
    KeyBudget.objects.filter(team=acme).update(limit=1000, used=400, reset_at=now + timedelta(minutes=9))
    found, team = figures(), str(acme.pk)
    assert found["desk_outbox", "waiting", team] == 2
    assert found["desk_outbox_oldest_seconds", "waiting", team] == pytest.approx(540, abs=20)
    assert found["desk_feed_age_seconds", team] == pytest.approx(30, abs=20)
    assert found["desk_copy_in_trouble", team] == 0
    assert found["desk_budget_left", "write", team] == 600
    assert found["desk_budget_left", "read", team] == 500
    assert (found["desk_runs_at_work", "import"], found["desk_runs_at_work", "bulk"]) == (1, 0)


def test_no_name_no_content_and_no_key_is_among_them(agent, wire, client, settings):
    settings.METRICS_TOKEN = TOKEN
    agent.get("/tickets/?search=invoice")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert not re.search(r"sk_(test|live)|invoice|Acme|agent|@", text)


def test_every_process_counts_and_a_killed_ones_counts_stay():
    """Two web processes as they are started in production; each answers with what all of them counted."""
    with served(METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2") as url:
        for _ in range(20):
            urlopen(f"{url}/accounts/sign-in/").read()
        asked = Request(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        for _ in range(4):
            found = parsed(urlopen(asked).read().decode())
            assert found["desk_requests_total", "GET", "accounts/sign-in/", "200"] == 20
            assert found["desk_request_seconds_count", "accounts/sign-in/"] == 20
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{url}/metrics")


def test_a_short_token_stops_the_start(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "METRICS_TOKEN": "short"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "METRICS_TOKEN must have 16 characters" in done.stderr
