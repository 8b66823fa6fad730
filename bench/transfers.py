"""Measures the transfers: `python -m bench.transfers` in an environment whose DATA_DIR is empty. Prints JSON lines.

What is measured is a function of the team that gives its figures; `MEASURED` lists them.
"""

import os
import time
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["WORKING_SET_DAYS"] = "36500"  # everything is held, and can be chosen
django.setup()

from django.test import Client  # noqa: E402

from bench.desk import prepare, say  # noqa: E402
from bench.figures import Figure  # noqa: E402
from bench.inside import counting  # noqa: E402
from replica.refresh import refresh  # noqa: E402
from teams.models import Team, User  # noqa: E402
from transfers import executor  # noqa: E402
from transfers.models import Run, RunRow  # noqa: E402

EDITED, CALLS_BAR = 1_000, 10


def main() -> None:
    team = prepare(EDITED)
    if not refresh(team):
        raise RuntimeError("The working copy could not be filled")
    for measure in MEASURED:
        for figure in measure(team):
            say(figure)


def bulk_edit(team: Team) -> Iterator[Figure]:
    """The same tags for all of 1,000 tickets, worked off as the worker does it."""
    manager = Client(headers={"host": "127.0.0.1"})
    manager.force_login(User.objects.get(username="manager"), backend="django.contrib.auth.backends.ModelBackend")
    form = {"team": str(team.pk), "number": EDITED}
    chosen = manager.post("/transfers/bulk/tickets/", {**form, "all": "1"}).url
    manager.post(chosen, {**form, "review": "1", "clear_tags": "on", "add_tags": "moved"})
    manager.post(chosen, {**form, "start": "1"})
    run = Run.objects.latest("created_at")
    start = time.perf_counter()
    with counting() as wire:
        work_off(run)
    seconds = time.perf_counter() - start
    changed = run.rows.filter(outcome=RunRow.Outcome.UPDATED).count()
    if changed != EDITED:
        raise RuntimeError(f"{changed} tickets were changed")
    yield Figure(f"bulk edit of {EDITED:,} tickets: calls", wire.calls, "calls", CALLS_BAR)
    yield Figure(f"bulk edit of {EDITED:,} tickets", seconds, "s")
    yield Figure(f"bulk edit of {EDITED:,} tickets: our own part of it", seconds - wire.seconds, "s")


def work_off(run: Run) -> None:
    """One step after another until there is nothing more to do."""
    while executor.advance(str(run.pk)) is not None:
        pass
    run.refresh_from_db()
    if run.state != Run.State.DONE:
        raise RuntimeError(f"The run ended as {run.state}: {run.problem}")


MEASURED: tuple[Callable[[Team], Iterator[Figure]], ...] = (bulk_edit,)


if __name__ == "__main__":
    main()
