"""A desk to be measured: `python -m bench.desk 10000` in an environment whose DATA_DIR is empty.

Prints JSON lines: figures, the cost of each page, then the cookies and values that its pages need. After that it reads
one command a line, "poll" or "touch", and answers each with an empty line.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
logging.disable(logging.INFO)  # a line for each request

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.figures import Figure  # noqa: E402
from bench.inside import cost, counting  # noqa: E402
from bench.pages import PAGES  # noqa: E402
from bench.threads import MESSAGES, filler  # noqa: E402
from replica import feed, upsert  # noqa: E402
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

USERNAMES = ("agent", "manager")
TAG = "billing"


def main(size: int) -> None:
    team = prepare(size)
    for figure in fill(team, size):
        say(figure)
    people = {username: sign_in(username) for username in USERNAMES}
    values = {"ticket": long_ticket(team), "tag": TAG}
    say(first_opening(people["agent"], team, values["ticket"]))
    costs = {page.name: cost_when_cached(people[page.username], page.path.format(**values)) for page in PAGES}
    cookies = {username: cookie(person) for username, person in people.items()}
    print(json.dumps({"cookies": cookies, "values": values, "costs": costs}), flush=True)
    run_commands(team)


def run_commands(team: Team) -> None:
    """Run the commands of the rounds, one a line, until the input ends."""
    commands = {"poll": feed.poll, "touch": upsert.touch}
    for line in sys.stdin:
        commands[line.strip()](team)
        print(flush=True)


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


def fill(team: Team, size: int) -> Iterator[Figure]:
    """The first fill of the working copy, from nothing."""
    start = time.perf_counter()
    with counting() as wire:
        if not refresh(team):
            raise RuntimeError("The working copy could not be filled")
    seconds, held = time.perf_counter() - start, Ticket.objects.filter(team=team).count()
    note = "" if held == size else "an export ends at 10,000 rows of a status and priority"
    yield Figure("first fill of the working copy", seconds, "s")
    yield Figure("first fill: API calls", wire.calls, "calls")
    yield Figure("first fill: tickets held", held, "rows", note=note)


def sign_in(username: str) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def cookie(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def long_ticket(team: Team) -> str:
    """The cStar id of a ticket whose thread cStar has, with exactly `MESSAGES` messages."""
    some = Ticket.objects.filter(team=team, message_count__lte=MESSAGES, customer__gt="")
    ticket = some.order_by("-message_count", "id").first()
    for number in range(ticket.message_count, MESSAGES):
        client_for(team).messages.create(
            ticket.cstar_id,
            content=filler(number),
            sender="customer" if number % 2 else "agent",
            sender_name=ticket.customer_name if number % 2 else "Priya Raman",
        )
    return ticket.cstar_id


def first_opening(person: Client, team: Team, cstar_id: str) -> Figure:
    calls = cost(person, f"/tickets/{cstar_id}/").calls
    held = Ticket.objects.get(team=team, cstar_id=cstar_id).messages.count()
    if held != MESSAGES:
        raise RuntimeError(f"The ticket's thread has {held} messages")
    return Figure("ticket: first opening, API calls", calls, "calls", 1)


def cost_when_cached(person: Client, path: str) -> dict[str, int]:
    """Queries and API calls of a page that this process has shown before, like those of gunicorn."""
    cost(person, path)
    return cost(person, path)._asdict()


def say(figure: Figure) -> None:
    print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
