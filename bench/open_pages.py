"""Open pages as the server sees them: `python -m bench.open_pages` in an environment whose DATA_DIR is empty.

First one browser asks again and again with nothing new. Then 500 people ask every five seconds, as pages do, while
tickets change now and then; what changed is asked for as well, as the pages would. Prints JSON lines.
"""

import asyncio
import os
import random
import time
from collections import defaultdict
from urllib.parse import parse_qsl, urlencode

from bench.desk import cookie, prepare, say, sign_in  # sets Django up, so it comes first
from bench.figures import Figure, percentile
from bench.server import Browser, Server, serving
from replica import upsert
from replica.refresh import refresh
from teams.models import Membership, Team, User
from tickets import thread
from tickets.models import Ticket

TICKETS = 10_000
WARM_UP, REQUESTS = 50, 500
QUIET_BAR, BUSY_BAR = 3, 100  # milliseconds
PEOPLE, EVERY, SECONDS, CHANGE_EVERY = 500, 5, 30, 10
KEPT_ALIVE = 4  # seconds, a little less than config/gunicorn.py says
IN_TICKETS = 200  # so many have a ticket open, the others the list


def main() -> None:
    team = prepare(TICKETS)
    if not refresh(team):
        raise RuntimeError("The working copy could not be filled")
    people = [Open(cookie) for cookie in sessions(team)]
    tickets = list(Ticket.objects.filter(team=team, done=False).values_list("cstar_id", flat=True)[:IN_TICKETS])
    for ticket in tickets:
        thread.fetch_ticket(team, ticket)
    with serving(dict(os.environ)) as server:
        browser = Browser(server.port, people[0].cookie)
        quiet(server, browser, "a list", "/live/?page=bench&about=")
        quiet(server, browser, "a ticket", f"/live/?page=bench&about={tickets[0]}")
        busy(server, team, people, tickets)


def sessions(team: Team) -> list[str]:
    """The cookies of so many people of the team, all signed in."""
    people = User.objects.bulk_create(
        User(username=f"bench-{number}", first_name="Bench", last_name=str(number)) for number in range(PEOPLE)
    )
    Membership.objects.bulk_create(Membership(user=person, team=team, role="agent") for person in people)
    return [cookie(sign_in(person.username)) for person in people]


def quiet(server: Server, browser: Browser, name: str, path: str) -> None:
    """One browser, one connection, nothing new."""
    told = browser.first_news(path)
    for _ in range(WARM_UP):
        browser.get(f"{path}&{told}", status=204)
    before = server.processor_milliseconds()
    times = [browser.get(f"{path}&{told}", status=204).milliseconds for _ in range(REQUESTS)]
    processor = (server.processor_milliseconds() - before) / REQUESTS
    say(Figure(f"heartbeat of {name}, nothing new, p50", percentile(times, 0.5), "ms", QUIET_BAR))
    say(Figure(f"heartbeat of {name}, nothing new, p95", percentile(times, 0.95), "ms"))
    say(Figure(f"heartbeat of {name}, processor time", processor, "ms"))


class Open:
    """A page that somebody has open: what it was told last, and the change number that its own part is at.

    It speaks HTTP itself, over a connection that it keeps as long as gunicorn does: a client's pool of 500 connections
    takes more time than the server.
    """

    def __init__(self, cookie: str):
        self.cookie, self.told, self.since = cookie, {}, 0
        self.page, self.about, self.changes, self.shown = f"bench-{id(self)}", "", "/tickets/live/?status=active&", ""
        self._used, self._streams = 0.0, None

    async def beat(self, port: int, times: dict[str, list[float]]) -> None:
        said = self.told | {"page": self.page, "about": self.about}
        if told := await self._timed(port, times["heartbeat"], f"/live/?{urlencode(said)}"):
            self.told = dict(parse_qsl(told))
        number = int(self.told["copy"].partition(".")[0])
        if number > self.since:
            said = {"since": self.since, "drawn": self.since}
            await self._timed(port, times["what changed"], f"{self.changes}{urlencode(said)}")
            self.since = number

    async def _timed(self, port: int, times: list[float], path: str) -> str:
        """The header X-Live, if there is one."""
        start = time.perf_counter()
        status, headers = await self._get(port, path)
        times.append((time.perf_counter() - start) * 1000)
        if status not in {200, 204}:
            raise RuntimeError(f"{path} answered {status}")
        return headers.get("x-live", "")

    async def _get(self, port: int, path: str) -> tuple[int, dict[str, str]]:
        if time.monotonic() - self._used > KEPT_ALIVE:
            if self._streams:
                self._streams[1].close()
            self._streams = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = self._streams
        asked = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookie}", f"X-Shown: {self.shown}")
        writer.write("\r\n".join((*asked, "Accept-Encoding: gzip", "", "")).encode())
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        await reader.readexactly(int(headers.get("content-length", 0)))
        self._used = time.monotonic()
        return int(first.split()[1]), headers


def busy(server: Server, team: Team, people: list[Open], tickets: list[str]) -> None:
    """Everybody at once; the first round, in which each page learns where it is, does not count."""
    rows = Ticket.objects.filter(team=team, done=False).order_by("-updated_at").values_list("cstar_id", flat=True)
    listed = ",".join(rows[:50])
    for person, ticket in zip(people, tickets, strict=False):
        person.about, person.changes = ticket, f"/tickets/{ticket}/live/?"
    for person in people:
        person.shown = "" if person.about else listed
        person.since = 10**9
    times = asyncio.run(_everybody(server, team, people, tickets))
    for name, taken in times.items():
        note = f"{len(taken):,} requests"
        say(Figure(f"{PEOPLE} people: {name}, p50", percentile(taken, 0.5), "ms", note=note))
        say(Figure(f"{PEOPLE} people: {name}, p95", percentile(taken, 0.95), "ms", BUSY_BAR))


async def _everybody(server: Server, team: Team, people: list[Open], tickets: list[str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    await asyncio.gather(*(_live(person, server.port, defaultdict(list), 2 * EVERY) for person in people))
    for person in people:
        person.since = int(person.told["copy"].partition(".")[0])
    before = server.processor_milliseconds()
    await asyncio.gather(_others(team, tickets), *(_live(person, server.port, times, SECONDS) for person in people))
    spent = server.processor_milliseconds() - before
    say(Figure(f"{PEOPLE} people: processors in use by the server", spent / 1000 / SECONDS, "cores"))
    return times


async def _live(person: Open, port: int, times: dict[str, list[float]], seconds: float) -> None:
    """One page for so many seconds; no two in step."""
    end = time.monotonic() + seconds
    await asyncio.sleep(random.uniform(0, EVERY))
    while True:
        start = time.monotonic()
        await person.beat(port, times)
        await asyncio.sleep(max(0, EVERY * random.uniform(0.9, 1.1) - (time.monotonic() - start)))
        if time.monotonic() > end:
            return


async def _others(team: Team, tickets: list[str]) -> None:
    """A ticket changes every few seconds, as a sweep or a colleague would change it."""
    for count in range(SECONDS // CHANGE_EVERY):
        await asyncio.sleep(CHANGE_EVERY)
        change = {"id": random.choice(tickets), "priority": random.choice(["low", "normal", "high"]), "bench": count}
        await asyncio.to_thread(upsert.apply, "tickets", team, [change])


if __name__ == "__main__":
    main()
