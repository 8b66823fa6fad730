"""A transfer in trouble: its worker is killed again and again, or its cStar is hard to reach. Each row is done once.

`python -m tests.faults.runs --rows 1000 --kills 10 --seed 1` runs it on data of its own and prints what it saw and what
is wrong. As soon as a call has changed tickets a colleague changes one of them: a call that is done twice undoes that,
and cStar's audit log then tells of the change twice.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import msgspec  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402

from activity.models import Activity  # noqa: E402
from bench.cstar_server import Handler, Server, serving_cstar  # noqa: E402
from cstar.http import Request, Response  # noqa: E402
from sandbox import models as there  # noqa: E402
from teams.models import Team, User  # noqa: E402
from tests.faults.apart import ROOT, apart  # noqa: E402
from tests.faults.proxy import FaultyHandler, FaultyServer  # noqa: E402
from tests.faults.run import KEPT, seeded  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from transfers import executor  # noqa: E402
from transfers.models import Run, RunBatch, RunRow  # noqa: E402
from transfers.progress import progress  # noqa: E402

END = 120  # seconds until a run must have ended
# A call takes up to twice so long, and a worker is killed up to so long after it has taken the run up: about a step
# each time, at any point of it.
ANSWER, LIFE = 0.2, 0.7  # seconds
COLLEAGUE = ["by a colleague"]
# What the calls meet, each as often; they stop to fail when the deck is through.
FAULTS = ("lost before", "lost after", "cut off", "late", "twice", "500 before", "500 after", "502 before", "429")
UNHARMED = 2


class Work(NamedTuple):
    """A kind of run: starts one of so many rows, and says in sentences what is wrong with it in the end."""

    start: Callable[[Team, int], Run]
    wrong: Callable[[Run, dict[str, list[str]]], Iterator[str]]


# --- a bulk edit ---------------------------------------------------------------------------------------------------


def replace_tags(team: Team, rows: int) -> Run:
    """The same tags for all: 100 tickets a call."""
    return _bulk(team, rows, {"clear_tags": "on", "add_tags": "moved"})


def add_a_tag(team: Team, rows: int) -> Run:
    """Each keeps its own tags, so that there are about as many calls as sets of tags."""
    return _bulk(team, rows, {"add_tags": "moved"})


def _bulk(team: Team, rows: int, change: dict[str, str]) -> Run:
    """As a manager does it: all that the list shows, what to change, go."""
    manager = Client(headers={"host": "127.0.0.1"})
    manager.force_login(User.objects.get(username="manager"), backend="django.contrib.auth.backends.ModelBackend")
    form = {"team": str(team.pk)}
    address = manager.post("/transfers/bulk/tickets/", {**form, "all": "1", "address": "?", "number": rows}).url
    manager.post(address, {**form, "review": "1", **change})
    manager.post(address, {**form, "start": "1", "number": rows})
    return Run.objects.get()


def wrong_after_bulk(run: Run, before: dict[str, list[str]]) -> Iterator[str]:
    """cStar's tickets and its audit log, and our receipt and record, against what was asked for."""
    cleared = run.bulk_options.change.get("clear_tags")
    told = Counter(
        _told(there.AuditEntry.objects.filter(action="ticket.updated").values_list("resource_id", "details"))
    )
    recorded = Counter(Activity.objects.filter(action="ticket.updated").values_list("target_id", flat=True))
    receipt = {row.cstar_id: row for row in run.rows.all()}
    now = dict(there.Ticket.objects.values_list("id", "tags"))
    held = {ticket.cstar_id: ticket.payload["tags"] for ticket in Ticket.objects.filter(team=run.team)}
    for cstar_id, tags in before.items():
        wanted = ["moved"] if cleared else [*tags, "moved"]
        row = receipt.get(cstar_id)
        if now[cstar_id] not in (wanted, COLLEAGUE):
            yield f"{cstar_id} has the tags {now[cstar_id]} and not {wanted}"
        if held[cstar_id] != wanted:
            yield f"{cstar_id} is held with the tags {held[cstar_id]}"
        if told[cstar_id] != 1:
            yield f"{cstar_id} was changed {told[cstar_id]} times"
        if recorded[cstar_id] != 1:
            yield f"{cstar_id} is recorded {recorded[cstar_id]} times"
        if not row or (row.outcome, row.before, row.after) != ("updated", {"tags": tags}, {"tags": wanted}):
            yield f"{cstar_id} has no true line in the receipt: {row and (row.outcome, row.before, row.after)}"
    if run.rows.count() != len(before):
        yield f"The receipt has {run.rows.count()} lines"


def _told(entries) -> Iterator[str]:
    return (cstar_id for cstar_id, details in entries if "tags" in details["changes"])


# --- an import -----------------------------------------------------------------------------------------------------


def import_tickets(team: Team, rows: int) -> Run:
    """As a manager does it: a file with so many tickets, its columns and words as guessed, checked, go."""
    lines = [f"{number},Imported number {number},In progress,Critical" for number in range(rows)]
    file = SimpleUploadedFile("export.csv", "\n".join(["Ticket ID,Subject,Status,Priority", *lines]).encode())
    manager = Client(headers={"host": "127.0.0.1"})
    manager.force_login(User.objects.get(username="manager"), backend="django.contrib.auth.backends.ModelBackend")
    form = {"team": str(team.pk)}
    address = manager.post("/transfers/import/", {**form, "resource": "tickets", "file": file}).url
    run = Run.objects.get()
    chosen = {f"column-{column}": field for field, columns in run.import_options.columns.items() for column in columns}
    manager.post(f"{address}?step=columns", {**form, **chosen, "strategy": "skip"})
    manager.post(f"{address}?step=values", {**form, "status-0": "open", "priority-0": "urgent"})
    while executor.advance(str(run.pk)) is not None:
        pass
    manager.post(f"{address}?step=check", {**form, "number": rows})
    run.refresh_from_db()
    return run


def wrong_after_import(run: Run, before: dict[str, list[str]]) -> Iterator[str]:
    """cStar's tickets and its audit log, and our receipt, against the file."""
    made = there.Ticket.objects.exclude(id__in=before)
    found = Counter(str(metadata["externalId"]) for metadata in made.values_list("metadata", flat=True))
    told = Counter(there.AuditEntry.objects.filter(action="ticket.created").values_list("resource_id", flat=True))
    receipt = Counter(run.rows.filter(outcome="created").values_list("key", flat=True))
    for number in map(str, range(run.total)):
        if found[number] != 1:
            yield f"Line {number} is at cStar {found[number]} times"
        if receipt[number] != 1:
            yield f"Line {number} stands in the receipt as created {receipt[number]} times"
    for ticket in made:
        if told[ticket.id] != 1:
            yield f"{ticket.id} was created {told[ticket.id]} times"
        if (ticket.status, ticket.priority) != ("open", "urgent"):
            yield f"{ticket.id} is {ticket.status} and {ticket.priority}"
    if len(made) != run.total or run.rows.count() != run.total:
        yield f"{len(made)} tickets were made, and the receipt has {run.rows.count()} lines"


WORKS = {
    "bulk": Work(replace_tags, wrong_after_bulk),
    "bulk-tags": Work(add_a_tag, wrong_after_bulk),
    "import": Work(import_tickets, wrong_after_import),
}
# How many tickets there are before an import; a bulk edit is of all that there are.
THERE_BEFORE = 50


# --- cStar ---------------------------------------------------------------------------------------------------------


class WithColleague(Handler):
    """Somebody at cStar who changes the first ticket of each call that has just changed tickets."""

    def ask(self, request: Request) -> Response:
        response = super().ask(request)
        if request.url.path.endswith("/bulk") and response.status_code == 200 and not _is_replay(response):
            first = msgspec.json.decode(request.content)["ids"][0]
            there.Ticket.objects.filter(id=first).update(tags=COLLEAGUE)
        return response


def _is_replay(response: Response) -> bool:
    return "Idempotent-Replayed" in response.headers


class SlowHandler(WithColleague):
    """Takes a moment before and after the work, so that whoever asked can be killed at every point of a call."""

    server: SlowServer

    def answer(self) -> None:
        request = self.read_request()
        time.sleep(self.server.rng.uniform(0, ANSWER))
        response = self.ask(request)
        time.sleep(self.server.rng.uniform(0, ANSWER))
        self.send(response)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815


class SlowServer(Server):
    def __init__(self, seed: int) -> None:
        super().__init__(SlowHandler)
        self.rng = Random(seed)


class FaultyHandlerWithColleague(WithColleague, FaultyHandler):
    pass


class Deck(FaultyServer):
    """Every fault comes up, in an order of the seed's; once an answer never comes. Then all is well."""

    def __init__(self, seed: int, of_each: int) -> None:
        super().__init__(seed, FaultyHandlerWithColleague)
        self._deck = [*FAULTS * of_each, "never", *["none"] * UNHARMED]
        self._rng.shuffle(self._deck)

    def next_fault(self) -> str:
        with self._lock:
            fault = self._deck.pop() if self._deck else "none"
            self.met[fault] += 1
            return fault


# --- the desk ------------------------------------------------------------------------------------------------------


class Worker:
    """The process that serves the transfers, as `scripts/run` starts it."""

    def __init__(self, api_url: str) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._env = kept | {"CSTAR_API_URL": api_url}
        self._log = (Path(os.environ["DATA_DIR"]) / "worker.log").open("ab")
        self.start()

    def start(self) -> None:
        command = ("manage.py", "worker", "--queue-name", "transfers", "--interval", "1", "--no-startup-delay")
        self.process = subprocess.Popen(
            [sys.executable, *command, "--no-reload"], cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self._log.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.stop()


def kill_again_and_again(worker: Worker, run: Run, kills: int, rng: Random) -> list[str]:
    """Each time a moment after the worker has taken the run up; answers where the run then was, if it was at work."""
    points = []
    for _ in range(kills):
        mine = Q(lease_by__endswith=f":{worker.process.pid}")
        _wait_until(lambda mine=mine: Run.objects.filter(mine | Q(state__in=Run.ENDED), pk=run.pk).exists())
        time.sleep(rng.uniform(0, LIFE))
        worker.kill()
        run.refresh_from_db()
        if run.is_at_work:
            points.append(_where(run))
        worker.start()
    return points


def _where(run: Run) -> str:
    batches = Counter(run.batches.values_list("state", flat=True))
    open_ = "one sent" if batches[RunBatch.State.SENDING] else "between two"
    return f"{batches[RunBatch.State.DONE]} done, {open_}" if batches else "being planned"


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + END
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError(f"Nothing happened in {END} seconds")
        time.sleep(0.01)


# --- all together --------------------------------------------------------------------------------------------------


def disturb(work: Work, rows: int, kills: int, of_each: int, seed: int) -> list[str]:
    """Without `kills` cStar is the one in trouble, with so many faults of each kind.

    Prints what was seen; answers what is wrong, in sentences.
    """
    begin = time.monotonic()
    there_before = THERE_BEFORE if work.start is import_tickets else rows
    team = seeded(there_before)
    before = dict(there.Ticket.objects.values_list("id", "tags"))
    with serving_cstar(SlowServer(seed) if kills else Deck(seed, of_each)) as cstar:
        run = work.start(team, rows)
        worker = Worker(cstar.url)
        with worker.at_work():
            points = kill_again_and_again(worker, run, kills, Random(seed))
            _wait_until(lambda: Run.objects.filter(pk=run.pk, state__in=[*Run.ENDED, Run.State.PAUSED]).exists())
    run.refresh_from_db()
    far = progress(run)
    _say(f"{run.state}: {far.outcomes}, {run.batches.count()} batches, {far.calls} calls noted, {run.problem}")
    _say(f"killed at: {points}" if kills else f"met: {cstar.met}")
    _say(f"{time.monotonic() - begin:.0f} s")
    wrong = list(work.wrong(run, before))
    if run.state != Run.State.DONE:
        wrong.append(f"It ended as {run.state}: {run.problem}")
    if len(points) < kills:
        wrong.append(f"It was killed only {len(points)} times before its end")
    if run.rows.filter(outcome=RunRow.Outcome.WAITING).exists() or len(before) != there_before:
        wrong.append("Not all rows are done")
    if not kills and any(not cstar.met[fault] for fault in (*FAULTS, "never")):
        wrong.append("It ended before it met every fault")
    return wrong


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", choices=WORKS, default="bulk")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10, help="0: cStar is in trouble instead")
    parser.add_argument("--faults", type=int, default=2, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help="in this very process, whose DATA_DIR is empty")
    chosen = parser.parse_args()
    if not chosen.here:
        asked = {name: value for name, value in vars(chosen).items() if name != "here"}
        done = apart("tests.faults.runs", **asked)
        _say(done.stdout + (done.stderr[-3000:] if done.returncode else ""))
        return done.returncode
    wrong = disturb(WORKS[chosen.work], chosen.rows, chosen.kills, chosen.faults, chosen.seed)
    for sentence in wrong[:20]:
        _say(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
