"""Measures one size: `python -m bench.at_size 10000` in an environment whose DATA_DIR is empty. Prints JSON lines."""

import json
import os
import sys
import time

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from bench import pages  # noqa: E402
from bench.figures import Figure, percentile  # noqa: E402
from bench.inside import cost, counting  # noqa: E402
from bench.server import Browser, serving  # noqa: E402
from replica import upsert  # noqa: E402
from replica.refresh import refresh  # noqa: E402
from sandbox.demo import story  # noqa: E402
from sandbox.factory import create_team, insert_story  # noqa: E402
from sandbox.models import ApiKey  # noqa: E402
from sandbox.seeding import ACME  # noqa: E402
from sandbox.times import now  # noqa: E402
from teams import demo  # noqa: E402
from teams.clients import client_for  # noqa: E402
from teams.models import Team, User  # noqa: E402
from tickets.models import Ticket  # noqa: E402

WARM_UP, ROUNDS, REQUESTS = 30, 10, 60
CHANGES = 50
LIST_BARS = {10_000: 15, 100_000: 25}  # milliseconds
TICKET_BAR, COLD_BAR = 12, 40


def main(size: int) -> None:
    team = prepare(size)
    for figure in filled(team, size):
        say(figure)
    person = Client()
    person.force_login(User.objects.get(username="agent"), backend="django.contrib.auth.backends.ModelBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={person.cookies[settings.SESSION_COOKIE_NAME].value}"
    with serving(cookie) as browser:
        found = [Page(f"list: {name}", path, LIST_BARS[size]) for name, path in pages.lists(team).items()]
        measure(browser, person, [*found, ticket_page(person, team)])
        after_changes(browser, team)


def prepare(size: int) -> Team:
    """The demo's team with so many tickets in the sandbox, its people in the desk, and nothing copied yet."""
    call_command("migrate", verbosity=0)
    call_command("migrate", database="sandbox", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    acme = create_team(ACME.id, ACME.name, ACME.slug, [ACME.key("sk")])
    ApiKey.objects.update(limit=None)
    insert_story(acme, story.build(ACME.name, size, now(), seed=ACME.seed))
    demo.seed()
    return Team.objects.get(name=ACME.name)


def filled(team: Team, size: int) -> list[Figure]:
    """The first fill of the working copy, from nothing."""
    start = time.perf_counter()
    with counting() as wire:
        if not refresh(team):
            raise RuntimeError("The working copy could not be filled")
    seconds, held = time.perf_counter() - start, Ticket.objects.filter(team=team).count()
    note = "" if held == size else "an export ends at 10,000 rows of a status and priority"
    return [
        Figure("first fill of the working copy", seconds, "s"),
        Figure("first fill: API calls", wire.calls, "calls"),
        Figure("first fill: tickets held", held, "rows", note=note),
    ]


class Page:
    """A page that nothing changes meanwhile, and what its rounds took."""

    def __init__(self, name: str, path: str, bar: float):
        self.name, self.path, self.bar = name, path, bar
        self.rounds: list[list[float]] = []
        self.processor = 0.0
        self.size = 0

    def warm_up(self, browser: Browser) -> None:
        for _ in range(WARM_UP):
            browser.get(self.path)

    def go_round(self, browser: Browser) -> None:
        before = browser.processor_milliseconds()
        answers = [browser.get(self.path) for _ in range(REQUESTS)]
        self.processor += browser.processor_milliseconds() - before
        self.rounds.append([milliseconds for milliseconds, _ in answers])
        self.size = answers[-1][1]

    def figures(self, person: Client) -> list[Figure]:
        times = [milliseconds for each in self.rounds for milliseconds in each]
        quietest = min(percentile(each, 0.5) for each in self.rounds)
        cost(person, self.path)  # fills this process's cache, as the warm-up did the server's
        queries, calls = cost(person, self.path)
        return [
            Figure(f"{self.name}, p50", percentile(times, 0.5), "ms", self.bar, f"{self.size / 1000:.1f} kB"),
            Figure(f"{self.name}, p50 of the quietest round", quietest, "ms"),
            Figure(f"{self.name}, p95", percentile(times, 0.95), "ms"),
            Figure(f"{self.name}, processor time", self.processor / len(times), "ms"),
            Figure(f"{self.name}, queries", queries),
            Figure(f"{self.name}, API calls", calls, "calls", 0),
        ]


def measure(browser: Browser, person: Client, found: list[Page]) -> None:
    """All pages in turns, so that what slows the machine for a while is no page's alone."""
    for page in found:
        page.warm_up(browser)
    for _ in range(ROUNDS):
        for page in found:
            page.go_round(browser)
    for page in found:
        for figure in page.figures(person):
            say(figure)


def after_changes(browser: Browser, team: Team) -> None:
    """The first page after something in the team changed: all counts and choices are computed anew."""
    times = []
    for _ in range(CHANGES):
        upsert.touch(team)
        times.append(browser.get("/tickets/?status=active&sort=-priority")[0])
    say(Figure("list: first one after a change, p50", percentile(times, 0.5), "ms", note=f"aim: {COLD_BAR} ms"))
    say(Figure("list: first one after a change, p95", percentile(times, 0.95), "ms"))


def ticket_page(person: Client, team: Team) -> Page:
    """A ticket's page, opened for the first time."""
    cstar_id = pages.long_ticket(team, client_for(team))
    path = f"/tickets/{cstar_id}/"
    say(Figure("ticket page: first opening, API calls", cost(person, path).calls, "calls", 1))
    held = Ticket.objects.get(team=team, cstar_id=cstar_id).messages.count()
    if held != pages.MESSAGES:
        raise RuntimeError(f"The ticket's thread has {held} messages")
    return Page(f"ticket page with {pages.MESSAGES} messages", path, TICKET_BAR)


def say(figure: Figure) -> None:
    print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
