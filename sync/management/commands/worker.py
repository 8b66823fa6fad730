"""The background worker. It starts the teams' clocks first, since a worker that was killed took its clocks along."""

from django_tasks_db.management.commands import db_worker

from sync.sender import Sender
from sync.tasks import start_clocks


class Command(db_worker.Command):
    help = "Run background work: the outbox, refreshes of the working copy, and whatever else was enqueued."

    def handle(self, *args, **options) -> None:
        start_clocks()
        sender = Sender()
        sender.start()
        try:
            super().handle(*args, **options)
        finally:
            sender.stop()
