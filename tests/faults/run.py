"""Many writes through a cStar that is hard to reach, while processes of the desk are killed.

`python -m tests.faults.run --writes 10000 --seed 1` runs it on data of its own and prints what it counted: every write
that the desk took must be at cStar once, and a ticket's writes in their order. `make bench-faults` is the large run.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import uuid4

from tests import services
from tests.faults.apart import ROOT, apart

WRITERS = 8
WORKERS = 2
TICKETS_EACH = 5
TICKETS = WRITERS * TICKETS_EACH
DRAIN = 1200  # seconds; a killed sender's entry is taken over after 90 of them
KEPT = ("PATH", "HOME", "DATA_DIR", "DATABASE_URL", "SANDBOX_DATABASE_URL", "CACHE_URL", *services.SECRETS)
BETWEEN_KILLS = (2.0, 5.0)  # seconds


class Outcome(NamedTuple):
    """What was counted in the end."""

    writes: int
    lost: int
    twice: int
    out_of_order: int
    waiting: int
    kills: int
    faults: dict[str, int]
    seconds: float

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.out_of_order or self.waiting)


def run(writes: int, seed: int) -> Outcome:
    """In a process of its own whose DATA_DIR is empty: this one is cStar, and the desk's processes are its children."""
    from bench.cstar_server import serving_cstar  # noqa: PLC0415 - Django is set up by the caller
    from tests.faults.proxy import FaultyServer  # noqa: PLC0415

    start = time.monotonic()
    with serving_cstar(FaultyServer(seed)) as cstar:
        cookies = prepare()
        with Desk(cstar.url) as desk:
            killer = Killer(desk, Random(seed))
            killer.start()
            write(desk, cookies, writes, seed)
            killer.stop()
            waiting = drained()
        return compare(writes, waiting, killer.kills, dict(cstar.met), time.monotonic() - start)


def prepare() -> list[str]:
    """Tickets at cStar, the desk's copy of them, and a session for each writer."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from teams.models import User  # noqa: PLC0415

    team = seeded(TICKETS)
    cookies = []
    for number in range(WRITERS):
        # Half of them have no undo window: their words leave within the request.
        person = User.objects.create(username=f"writer-{number}", undo_seconds=5 * (number % 2))
        team.memberships.create(user=person, role="agent")
        browser = Client()
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookies.append(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


def seeded(tickets: int):
    """The one team of a new desk, with so many tickets at cStar (where calls have no limit) and in the desk's copy."""
    from django.core.management import call_command  # noqa: PLC0415

    from replica.refresh import refresh  # noqa: PLC0415
    from sandbox.demo import story  # noqa: PLC0415
    from sandbox.factory import create_team, insert_story  # noqa: PLC0415
    from sandbox.models import ApiKey  # noqa: PLC0415
    from sandbox.seeding import ACME  # noqa: PLC0415
    from sandbox.times import now  # noqa: PLC0415
    from teams import demo  # noqa: PLC0415
    from teams.models import Team  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("migrate", "sandbox", database="sandbox", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    acme = create_team(ACME.id, ACME.name, ACME.slug, [ACME.key("sk")])
    ApiKey.objects.update(limit=None)
    insert_story(acme, story.build(ACME.name, tickets, now(), seed=ACME.seed))
    demo.seed()
    Team.objects.exclude(name=ACME.name).delete()
    team = Team.objects.get()
    if not refresh(team):
        raise RuntimeError("The working copy could not be filled")
    return team


class Desk:
    """Two web processes and two workers, each restarted when it was killed."""

    def __init__(self, api_url: str) -> None:
        from tests.browser.server import free_port  # noqa: PLC0415

        self.port = free_port()
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._env = kept | {"PORT": str(self.port), "CSTAR_API_URL": api_url}
        self._log = (Path(os.environ["DATA_DIR"]) / "desk.log").open("ab")
        self.web: subprocess.Popen
        self.workers: list[subprocess.Popen]

    def __enter__(self) -> Desk:
        self.web = self._start("-m", "gunicorn", "--config", "config/gunicorn.py", "--log-level", "warning")
        self.workers = [self._start_worker() for _ in range(WORKERS)]
        return self

    def __exit__(self, *failure) -> None:
        for process in (self.web, *self.workers):
            process.terminate()
        for process in (self.web, *self.workers):
            process.wait(30)
        self._log.close()

    def _start_worker(self) -> subprocess.Popen:
        return self._start("manage.py", "worker", "--interval", "1", "--no-startup-delay", "--no-reload")

    def kill_worker(self, rng: Random) -> None:
        worker = self.workers.pop(rng.randrange(WORKERS))
        worker.kill()
        worker.wait()
        self.workers.append(self._start_worker())

    def kill_web(self, rng: Random) -> None:
        """One of gunicorn's workers, which it replaces by itself."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        if children:
            os.kill(int(rng.choice(children)), signal.SIGKILL)

    def _start(self, *command: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log)


class Killer(threading.Thread):
    """Kills one of the desk's processes every few seconds, without warning."""

    def __init__(self, desk: Desk, rng: Random) -> None:
        super().__init__(daemon=True)
        self._desk, self._rng, self._end = desk, rng, threading.Event()
        self.kills = 0

    def run(self) -> None:
        while not self._end.wait(self._rng.uniform(*BETWEEN_KILLS)):
            if self._rng.random() < 0.5:
                self._desk.kill_worker(self._rng)
            else:
                self._desk.kill_web(self._rng)
            self.kills += 1

    def stop(self) -> None:
        self._end.set()
        self.join()


def write(desk: Desk, cookies: list[str], writes: int, seed: int) -> None:
    """Writers side by side, each on tickets of its own; a write that was not taken is sent again as it is."""
    from sandbox.models import Ticket  # noqa: PLC0415

    tickets = list(Ticket.objects.order_by("id").values_list("id", flat=True))
    shares = [tickets[number::WRITERS] for number in range(WRITERS)]
    threads = [
        threading.Thread(target=_writer, args=(desk, cookies[number], shares[number], writes // WRITERS, seed + number))
        for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _writer(desk: Desk, session: str, tickets: list[str], writes: int, seed: int) -> None:
    import httpx  # noqa: PLC0415

    from teams.models import Team  # noqa: PLC0415

    rng, token = Random(seed), "a" * 32
    form = {"team": str(Team.objects.get().pk), "csrfmiddlewaretoken": token}
    counts: Counter[str] = Counter()
    with httpx.Client(
        base_url=f"http://127.0.0.1:{desk.port}", cookies={"session": session, "csrf": token}, timeout=60
    ) as browser:
        for _ in range(writes):
            ticket = rng.choice(tickets)
            counts[ticket] += 1
            kind = rng.choice(["reply", "note"])
            words = {"kind": kind, kind: f"write {counts[ticket]} of {ticket}", "nonce": str(uuid4())}
            _until_taken(browser, f"/tickets/{ticket}/reply/", form | words)


def _until_taken(browser, path: str, form: dict[str, str]) -> None:
    import httpx  # noqa: PLC0415

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            answer = browser.post(path, data=form)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 302:
            return
        if answer.status_code < 500:
            raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:2000]}")
        time.sleep(0.1)
    raise RuntimeError(f"{path} was not taken in two minutes")


def drained() -> int:
    """How many entries still wait when the time is over."""
    from outbox.models import Outgoing  # noqa: PLC0415

    waiting, deadline = 1, time.monotonic() + DRAIN
    while waiting and time.monotonic() < deadline:
        time.sleep(1)
        waiting = Outgoing.objects.filter(state__in=Outgoing.OPEN).count()
    return waiting


def compare(writes: int, waiting: int, kills: int, faults: dict[str, int], seconds: float) -> Outcome:
    """What cStar has against what was written."""
    from sandbox.models import Message  # noqa: PLC0415

    found: dict[str, list[int]] = defaultdict(list)
    for content in (
        Message.objects.filter(content__startswith="write ").order_by("pk").values_list("content", flat=True)
    ):
        number, ticket = re.fullmatch(r"write (\d+) of (\w+)", content).groups()
        found[ticket].append(int(number))
    there = sum(len(set(numbers)) for numbers in found.values())
    return Outcome(
        writes=writes // WRITERS * WRITERS,
        lost=writes // WRITERS * WRITERS - there,
        twice=sum(len(numbers) - len(set(numbers)) for numbers in found.values()),
        out_of_order=sum(numbers != sorted(numbers) for numbers in found.values()),
        waiting=waiting,
        kills=kills,
        faults=faults,
        seconds=seconds,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help="in this very process, whose DATA_DIR is empty")
    chosen = parser.parse_args()
    if not chosen.here:
        done = apart("tests.faults.run", writes=chosen.writes, seed=chosen.seed)
        print(done.stdout, done.stderr[-3000:] if done.returncode else "")  # noqa: T201
        return done.returncode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415

    django.setup()
    outcome = run(chosen.writes, chosen.seed)
    for name, value in outcome._asdict().items():
        print(f"{name}: {value}")  # noqa: T201
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
