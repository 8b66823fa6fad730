"""An upgrade keeps what the version before has written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.utils.module_loading import import_string

from replica.tasks import poll_feed

ROOT = Path(__file__).resolve().parent.parent.parent
TASK = """
    INSERT INTO django_tasks_database_dbtaskresult (id, args_kwargs, priority, task_path, queue_name, backend_name,
        run_after, enqueued_at, exception_class_path, traceback, worker_ids, status)
    VALUES ('00000000000000000000000000000001', '{}', 0, 'sync.tasks.poll_feed', 'default', 'default',
        '2026-01-01', '2026-01-01', '', '', '[]', 'READY')
"""


def migrate(folder: Path, *target: str) -> sqlite3.Connection:
    """A database of its own, for the others' holds the world that all tests share."""
    own = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")} | own
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", *target]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    return sqlite3.connect(folder / "desk.sqlite3")


def test_the_outbox_and_waiting_tasks_survive_the_move(tmp_path):
    before = migrate(tmp_path)
    migrate(tmp_path, "sync", "0009_capabilities").close()
    with before:
        before.execute(TASK)
        before.execute("INSERT INTO sync_callcount (lane, status, calls) VALUES ('read', '418', 3)")
    before.close()
    after = migrate(tmp_path)
    [(path,)] = after.execute("SELECT task_path FROM django_tasks_database_dbtaskresult")
    assert import_string(path) is poll_feed
    assert after.execute("SELECT calls FROM sync_callcount").fetchall() == [(3,)]
    after.close()
