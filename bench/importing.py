"""Measures an import: `python -m bench.importing 100000 --rehearse` where DATA_DIR is empty. Prints JSON lines.

The rows are checked by the worker that serves the transfers, whose memory is looked at.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files.uploadedfile import TemporaryUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402

from bench.desk import prepare, say  # noqa: E402
from bench.figures import Figure  # noqa: E402
from bench.inside import counting  # noqa: E402
from bench.server import ROOT  # noqa: E402
from bench.transfers import work_off  # noqa: E402
from replica.refresh import refresh  # noqa: E402
from teams.models import Team, User  # noqa: E402
from transfers.models import Run, RunRow  # noqa: E402

THERE_BEFORE = 200
MEMORY_BAR, OWN_BAR, OF_ONE_CALL = 150, 20, 500
HEADER = ("Ticket ID", "Subject", "Status", "Priority", "Requester Name", "Tags", "Description", "Created at")
WORKER = (sys.executable, "manage.py", "worker", "--queue-name", "transfers", "--batch", "--no-startup-delay")


def main(rows: int, *, rehearse_only: bool) -> None:
    team = prepare(THERE_BEFORE)
    if not refresh(team):
        raise RuntimeError("The working copy could not be filled")
    run = uploaded(team, rows)
    start = time.perf_counter()
    mapped(team, run)
    peak = rehearsed(run)
    seconds = time.perf_counter() - start
    if rehearse_only:
        say(Figure(f"import of {rows:,} rows: parsed, mapped and rehearsed", seconds, "s"))
        say(Figure(f"import of {rows:,} rows: peak memory until then", peak, "MB", MEMORY_BAR))
        return
    sent(team, run, rows)


def manager() -> Client:
    person = Client(headers={"host": "127.0.0.1"})
    person.force_login(User.objects.get(username="manager"), backend="django.contrib.auth.backends.ModelBackend")
    return person


def uploaded(team: Team, rows: int) -> Run:
    """A file with so many tickets, received as the upload does it."""
    file = TemporaryUploadedFile("export.csv", "text/csv", 0, "utf-8")
    path = Path(file.temporary_file_path())
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        words = "A description of the usual length, as people write them. " * 3
        writer.writerows(
            (number, f"Number {number}", ("Open", "Solved")[number % 2], "Critical", "Ada", "a,b", words, "2026-05-01")
            for number in range(rows)
        )
    file.size = path.stat().st_size
    file.seek(0)
    with file:
        manager().post("/transfers/import/", {"team": str(team.pk), "resource": "tickets", "file": file})
    return Run.objects.latest("created_at")


def mapped(team: Team, run: Run) -> None:
    """Columns and words as they are guessed."""
    form = {"team": str(team.pk)}
    address = f"/transfers/{run.pk}/import/"
    chosen = {f"column-{column}": field for field, columns in run.import_options.columns.items() for column in columns}
    manager().post(f"{address}?step=columns", {**form, **chosen, "strategy": "skip"})
    words = {"status-0": "open", "status-1": "resolved", "priority-0": "urgent"}
    manager().post(f"{address}?step=values", {**form, **words})


def rehearsed(run: Run) -> float:
    """Every row checked by the worker that serves the transfers; answers the most memory that it took, in MB."""
    peak = 0
    with subprocess.Popen(
        [*WORKER, "--no-reload"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        while worker.poll() is None:
            # The kernel's own high-water mark; that of `resource` begins with this process's, before the worker is one.
            status = Path(f"/proc/{worker.pid}/status").read_text()
            peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
            time.sleep(0.05)
    run.refresh_from_db()
    if not run.import_options.checked:
        raise RuntimeError(f"The rehearsal ended as {run.state}: {run.import_options.fault} {run.problem}")
    return peak / 1000


def sent(team: Team, run: Run, rows: int) -> None:
    manager().post(f"/transfers/{run.pk}/import/?step=check", {"team": str(team.pk), "number": rows})
    start = time.perf_counter()
    with counting() as wire:
        work_off(run)
    seconds = time.perf_counter() - start
    if run.rows.filter(outcome=RunRow.Outcome.CREATED).count() != rows:
        raise RuntimeError("Not all rows were created")
    own = 100 * (seconds - wire.seconds) / wire.seconds
    # One call more, once a day: whether cStar takes messages with tickets.
    say(Figure(f"import of {rows:,} rows: calls", wire.calls, "calls", -(-rows // OF_ONE_CALL) + 1))
    say(Figure(f"import of {rows:,} rows", seconds, "s"))
    say(Figure(f"import of {rows:,} rows: our own time beyond the API's", own, "%", OWN_BAR))


if __name__ == "__main__":
    main(int(sys.argv[1]), rehearse_only="--rehearse" in sys.argv)
