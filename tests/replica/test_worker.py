"""Which work a worker process takes, by the queues that it is started for."""

import pytest
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from config.management.commands import worker

FEED, TRANSFERS = "replica.tasks.poll_feed", "transfers.tasks.watch"


@pytest.fixture
def begun(acme, monkeypatch):
    """`begun(**options)`: what a worker with these options begins with, before it takes up its first task."""

    def begin(**options) -> set[str]:
        found = set()
        monkeypatch.setattr(worker.Sender, "start", lambda self: found.add("outbox"))
        monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda self: None)
        monkeypatch.setattr(db_worker.Worker, "run", lambda self: None)
        call_command("worker", **options)
        return found | set(DBTaskResult.objects.values_list("task_path", flat=True))

    return begin


def test_one_worker_does_everything(begun):
    assert {"outbox", FEED, TRANSFERS} <= begun()


def test_a_worker_for_transfers_does_nothing_else(begun):
    assert begun(queue_name="transfers") == {TRANSFERS}


def test_the_worker_beside_it_leaves_transfers_alone(begun):
    found = begun(exclude_queues="transfers")
    assert {"outbox", FEED} <= found
    assert TRANSFERS not in found
