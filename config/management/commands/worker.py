"""The background worker. First it starts the clocks of its queues: a worker that was killed took its clocks along.

One serves everything. Where several share the work, the one with the queue "default" also sends the outbox:
`worker --exclude-queues transfers` beside `worker --queue-name transfers` (scripts/run).
"""

from django_tasks.base import DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands import db_worker

from outbox.sender import Sender
from replica import worker_hooks


class Command(db_worker.Command):
    help = "Run background work: the outbox, refreshes of the working copy, and whatever else was enqueued."
    # They load every page and its template, which a worker never needs; `migrate` before it has made them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*")

    def handle(self, *args, queue_name: str, exclude_queues: str, **options) -> None:
        named, excluded = queue_name.split(","), exclude_queues.split(",")

        def serves(queue: str) -> bool:
            return queue not in excluded and not {queue, "*"}.isdisjoint(named)

        worker_hooks.start(serves)
        sender = Sender() if serves(DEFAULT_TASK_QUEUE_NAME) else None
        if sender:
            sender.start()
        try:
            super().handle(*args, queue_name=queue_name, exclude_queues=exclude_queues, **options)
        finally:
            if sender:
                sender.stop()
