"""One hour of one team, measured: `python -m bench.hour 25 [webhooks|proxy]` with an empty DATA_DIR. Prints JSON lines.

Time is moved, not waited for: the clock of this process, which holds the desk, its worker and the sandbox, jumps from
one event to the next. All calls are real: HTTP over a socket, to the sandbox with its limit on. In an hour, each
agent has the list in view all the time, opens 12 tickets, sends 8 replies, makes 5 edits and searches 3 times, while
customers write 200 messages, a fifth of them new tickets. In six of ten cases agents open what a customer just wrote.
"""

import asyncio
import heapq
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from threading import Thread
from typing import Any
from uuid import uuid4

import django
import httpx
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import Sum  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402

import cstar  # noqa: E402
from bench.cstar_server import Server, serving_cstar  # noqa: E402
from bench.figures import percentile  # noqa: E402
from budget.models import Lane, Spending  # noqa: E402
from live.context_processors import SOON, USUALLY  # noqa: E402
from outbox import delivery  # noqa: E402
from replica import refresh as sweeping  # noqa: E402
from replica import webhooks  # noqa: E402
from replica.tasks import start_clocks  # noqa: E402
from sandbox.deliveries import send_due  # noqa: E402
from sandbox.demo import story  # noqa: E402
from sandbox.factory import create_key, create_team, insert_story  # noqa: E402
from sandbox.seeding import ACME  # noqa: E402
from teams import demo  # noqa: E402
from teams.models import Team, User  # noqa: E402
from tickets.models import Ticket  # noqa: E402

TICKETS = 2_000
OPENED, REPLIES, EDITS, SEARCHES = 12, 8, 5, 3
MESSAGES = 200
PROXY_REFRESH = 15.0  # seconds, as dashboards without a copy do it
BEGIN = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    """Moves time to the next event, and lets the worker run what has come due, as it does once a second."""

    def __init__(self, traveller: Any, worker: Callable[[], None]) -> None:
        self._traveller, self._worker = traveller, worker
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def at(self, moment: datetime, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), event))

    def run_until(self, end: datetime) -> None:
        tick = timezone.now()
        while tick < end:
            tick += timedelta(seconds=1)
            while self._events and self._events[0][0] <= tick:
                moment, _, event = heapq.heappop(self._events)
                self._traveller.move_to(moment)
                event()
            self._traveller.move_to(tick)
            self._worker()


class Others:
    """What happens at cStar without us, and how long it takes until the desk shows it."""

    def __init__(self, team: Team, api: cstar.Client, rng: Random, heartbeat: float) -> None:
        self.team, self._api, self._rng, self._heartbeat = team, api, rng, heartbeat
        self._awaited: list[tuple[datetime, str, int]] = []
        self.latest: list[str] = []
        self.seconds: list[float] = []

    def write(self) -> None:
        """A customer writes: a new ticket, or one message more in an open one."""
        if self._rng.random() < 0.2:
            ticket = self._api.tickets.create(title="It happened again").id
            self._api.messages.create(ticket, content="Can you help?", sender="customer")
            messages = 1
        else:
            held = self._rng.choice(_open(self.team))
            ticket = held.cstar_id
            self._api.messages.create(ticket, content="Any news?", sender="customer")
            messages = len(self._api.messages.list(ticket).items)
        self.latest = [*self.latest[-19:], ticket]
        self._awaited.append((timezone.now(), ticket, messages))

    def look(self) -> None:
        """What has come into the working copy is on the screen at a page's next heartbeat."""
        for awaited in list(self._awaited):
            written, ticket, messages = awaited
            if Ticket.objects.filter(team=self.team, cstar_id=ticket, message_count__gte=messages).exists():
                self._awaited.remove(awaited)
                waited = (timezone.now() - written).total_seconds()
                self.seconds.append(waited + self._rng.uniform(0, self._heartbeat))

    @property
    def missed(self) -> int:
        return len(self._awaited)


class Agent:
    """One person with the list in view, and what they do in the hour."""

    def __init__(self, person: User, others: Others, rng: Random) -> None:
        self._team, self._others, self._rng = others.team, others, rng
        self._browser = Client()
        self._browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self._opened: list[str] = []
        self.refused = 0

    def plan(self, clock: Clock) -> None:
        deeds = [self.open] * OPENED + [self.reply] * REPLIES + [self.edit] * EDITS + [self.search] * SEARCHES
        deeds.remove(self.open)
        self._rng.shuffle(deeds)
        moments = sorted(self._rng.uniform(0, 3500) for _ in range(len(deeds) + 1))
        for after, deed in zip(moments, [self.open, *deeds], strict=True):
            clock.at(BEGIN + timedelta(seconds=after), deed)

    def open(self) -> None:
        if self._others.latest and self._rng.random() < 0.6:
            ticket = self._rng.choice(self._others.latest)
        else:
            ticket = self._rng.choice(_open(self._team)).cstar_id
        if 'hx-trigger="load"' in self._get(f"/tickets/{ticket}/"):
            self._get(f"/tickets/{ticket}/thread/")
        self._opened.append(ticket)

    def reply(self) -> None:
        kind = self._rng.choice(["reply", "reply", "reply", "note"])
        self._post("reply", {"kind": kind, kind: "We look into it.", "nonce": str(uuid4())})

    def edit(self) -> None:
        what, data = self._rng.choice(
            [
                ("edit", {"priority": self._rng.choice(["low", "normal", "high", "urgent"])}),
                ("edit", {"status": self._rng.choice(["open", "pending"])}),
                ("edit", {"assigned_to": ""}),
                ("tags", {"add": f"topic-{self._rng.randrange(50)}"}),
            ]
        )
        self._post(what, data)

    def search(self) -> None:
        """In the working copy, which most searches end with; each third one asks cStar itself."""
        self._get("/tickets/?search=invoice")
        if self._rng.random() < 1 / 3:
            self._get("/tickets/search/?search=invoice")

    def _get(self, path: str) -> str:
        answer = self._browser.get(path)
        if answer.status_code == 503:  # the budget keeps the call for replies; the page says so
            self.refused += 1
        elif answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.content.decode()

    def _post(self, what: str, data: dict[str, str]) -> None:
        path = f"/tickets/{self._rng.choice(self._opened)}/{what}/"
        answer = self._browser.post(path, {"team": str(self._team.pk), **data})
        if answer.status_code == 503:
            self.refused += 1
        elif answer.status_code != 302:
            raise RuntimeError(f"{path} answered {answer.status_code}")


def _open(team: Team) -> list[Ticket]:
    return list(Ticket.objects.filter(team=team, done=False).only("cstar_id").order_by("-updated_at")[:500])


def main(agents: int, kind: str) -> None:
    rng = Random(42)
    with time_machine.travel(BEGIN - timedelta(minutes=10), tick=False) as traveller, serving_cstar(Server()) as server:
        settings.CSTAR_API_URL, settings.CSTAR_TRANSPORT = server.url, "cstar.http.HTTPTransport"
        settings.ALLOWED_HOSTS.append("testserver")
        settings.SANDBOX_WEBHOOKS_PRIVATE = True
        team, elsewhere = prepare(server, agents)
        if not sweeping.refresh(team):
            raise RuntimeError("The working copy could not be filled")
        traveller.move_to(BEGIN)
        server.answered.clear()
        Spending.objects.all().delete()
        if kind == "proxy":
            told = proxy(agents, rng, server, traveller)
        elif kind == "feed":
            told = desk(Others(team, elsewhere, rng, USUALLY), rng, traveller, lambda: None)
        else:
            with serving_desk() as port:
                register(port)
                told = desk(Others(team, elsewhere, rng, SOON), rng, traveller, lambda: asyncio.run(send_due()))
        print(json.dumps({"agents": agents, "kind": kind, "refused": server.answered[429], **told}))


def prepare(server: Server, agents: int) -> tuple[Team, cstar.Client]:
    """The demo's team with its key's limit on, people enough, and a way to cStar that is not the desk's."""
    for database in ("default", "sandbox"):
        call_command("migrate", database=database, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    acme = create_team(ACME.id, ACME.name, ACME.slug, [ACME.key("sk")])
    insert_story(acme, story.build(ACME.name, TICKETS, timezone.now(), seed=ACME.seed))
    other = create_key(acme, "sk_test_" + "e" * 32)
    other.limit = None
    other.save()
    demo.seed()
    Team.objects.exclude(name=ACME.name).delete()
    team = Team.objects.get(name=ACME.name)
    for number in range(agents):
        person = User.objects.create(username=f"agent-{number}", first_name="Agent", last_name=str(number))
        team.memberships.create(user=person, role="agent")
    return team, cstar.Client(key="sk_test_" + "e" * 32, team_id=str(team.cstar_team_id), base_url=server.url)


@contextmanager
def serving_desk() -> Iterator[int]:
    """The desk on a port of its own, for cStar to deliver to."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def register(port: int) -> None:
    """An admin's one click."""
    team = Team.objects.get()
    admin = Client(headers={"host": f"127.0.0.1:{port}"})
    admin.force_login(User.objects.get(username="admin"), backend="django.contrib.auth.backends.ModelBackend")
    admin.post("/settings/webhook/register/", {"team": str(team.pk)})
    if not webhooks.is_proven(team):
        raise RuntimeError("The webhook could not be registered")


def desk(others: Others, rng: Random, traveller: Any, deliver: Callable[[], None]) -> dict:
    """The hour as the desk spends it."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="bench",
        excluded_queue_names=[],
    )

    def turn() -> None:
        deliver()
        worker.run()
        for team, line in delivery.due_lines():
            delivery.send_line(team, line)
        others.look()

    start_clocks()
    clock = Clock(traveller, turn)
    people = [Agent(person, others, rng) for person in User.objects.filter(username__startswith="agent-")]
    for person in people:
        person.plan(clock)
    for _ in range(MESSAGES):
        clock.at(BEGIN + timedelta(seconds=rng.uniform(0, 3500)), others.write)
    clock.run_until(BEGIN + HOUR - timedelta(seconds=1))
    return {
        "lanes": {lane: _spent("lane").get(lane, 0) for lane in Lane.values},
        "purposes": _spent("purpose"),
        "p50": percentile(others.seconds, 0.5),
        "p95": percentile(others.seconds, 0.95),
        "missed": others.missed,
        "reads_refused": sum(person.refused for person in people),
    }


def _spent(by: str) -> dict[str, int]:
    return dict(Spending.objects.values_list(by).annotate(Sum("calls")).order_by(by))


def proxy(agents: int, rng: Random, server: Server, traveller) -> dict:
    """The same hour where each page view and each refresh is a call: so work dashboards that keep no copy."""
    moments = [seconds for _ in range(agents) for seconds in _refreshes(rng)]
    for seconds in sorted(moments):
        traveller.move_to(BEGIN + timedelta(seconds=seconds))
        httpx.get(f"{server.url}/teams/{ACME.id}/tickets", headers={"Authorization": f"Bearer {ACME.key('sk')}"})
    return {"calls": len(moments)}


def _refreshes(rng: Random) -> Iterator[float]:
    """The list again and again, and each page that an agent opens, sends or searches."""
    phase = rng.uniform(0, PROXY_REFRESH)
    yield from (phase + PROXY_REFRESH * number for number in range(int(3600 / PROXY_REFRESH)))
    yield from (rng.uniform(0, 3600) for _ in range(OPENED + REPLIES + EDITS + SEARCHES))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "feed")
