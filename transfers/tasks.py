"""Background work: a step of a run is a task, in a queue of its own, so that no import holds up the feed."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from transfers import executor

QUEUE = "transfers"
WATCH = timedelta(seconds=30)


@task(queue_name=QUEUE)
def advance_run(run_id: str) -> None:
    """Do a step of the run, then come again if there is more to do."""
    pause = executor.advance(run_id)
    if pause is not None:
        advance_run.using(run_after=timezone.now() + pause if pause else None).enqueue(run_id)


@task(queue_name=QUEUE)
def watch() -> None:
    """Go on with what a killed worker left behind. A double finds the run taken, and ends there."""
    watch.using(run_after=timezone.now() + WATCH).enqueue()
    for run in executor.waiting():
        advance_run.enqueue(str(run.pk))


def start_watching() -> None:
    """Called when a worker starts: the one before may have been killed in the middle."""
    DBTaskResult.objects.filter(task_path=watch.module_path, status=TaskResultStatus.READY).delete()
    watch.enqueue()
