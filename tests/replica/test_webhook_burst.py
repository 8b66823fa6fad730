"""A thousand deliveries at once, from the embedded cStar's courier to the desk as people run it."""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from teams import demo
from tests.browser.server import ROOT, environment, served

ACME = demo.TEAMS[0]
ROUNDS, IDS = 17, 60
PATIENCE = 240  # seconds, on a machine that has other things to do


def rows(file: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(file, timeout=20)) as database:
        return database.execute(query).fetchall()


def register(url: str) -> str:
    """What the page says after its one button was pressed."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as admin:
        page = admin.get("/accounts/sign-in/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        admin.post("/accounts/demo/", data={"username": "admin", "csrfmiddlewaretoken": token})
        page = admin.get("/settings/webhook/").text
        form = page[page.index('action="/settings/webhook/register/"') :]
        data = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', form)[:2])
        return admin.post("/settings/webhook/register/", data=data).text


def change_much(url: str) -> int:
    """Change the same tickets again and again; answers how many changes that were."""
    base, headers = f"{url}/api/v1/teams/{ACME.id}/", {"Authorization": f"Bearer {ACME.key}"}
    with httpx.Client(base_url=base, headers=headers, timeout=60) as others:
        ids = [row["id"] for row in others.get(f"tickets?pageSize={IDS}").json()["data"]]
        for number in range(ROUNDS):
            body = {"action": "update", "resource": "tickets", "ids": ids, "data": {"tags": [f"round-{number}"]}}
            assert others.post("bulk", json=body).json()["data"]["succeeded"] == IDS
    return IDS * ROUNDS


@contextmanager
def courier(settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "manage.py", "sandbox"], cwd=ROOT, env=settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_a_burst_is_applied_each_once(tmp_path):
    desk, sandbox = tmp_path / "desk.sqlite3", tmp_path / "sandbox.sqlite3"
    # Looked into from here, so they are files also where the suite has services.
    files = {"DATABASE_URL": f"sqlite:///{desk}", "SANDBOX_DATABASE_URL": f"sqlite:///{sandbox}", "CACHE_URL": ""}
    own = {"DATA_DIR": str(tmp_path), "DEMO_TICKETS": str(IDS)} | files
    with served(**own) as url:
        assert "a test delivery arrived" in register(url)
        changes = change_much(url)
        began = time.monotonic()
        with courier(environment(str(tmp_path)) | own):
            while rows(sandbox, "SELECT count(*) FROM sandbox_delivery WHERE due_at IS NOT NULL") != [(0,)]:
                assert time.monotonic() - began < PATIENCE
                time.sleep(0.3)
        took = time.monotonic() - began
    [(delivered, slowest, usual)] = rows(
        sandbox, "SELECT count(*), max(response_ms), avg(response_ms) FROM sandbox_delivery WHERE error = ''"
    )
    print(f"{delivered} deliveries in {took:.1f} s; the slowest took {slowest} ms, the usual one {usual:.0f} ms")  # noqa: T201
    assert delivered == changes
    applied = "SELECT count(DISTINCT event_id), sum(replays) FROM sync_webhookevent WHERE outcome = 'applied'"
    assert rows(desk, applied) == [(changes, 0)]
    assert rows(desk, "SELECT count(*) FROM sync_webhookrefusal") == [(0,)]
    last = f"SELECT count(*) FROM tickets_ticket WHERE tags = '[\"round-{ROUNDS - 1}\"]'"
    assert rows(desk, last) == [(IDS,)]
