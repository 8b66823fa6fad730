"""The working copy's clock: one short task a team that enqueues its own next run."""

from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sync import outbox
from sync.models import TeamState
from sync.refresh import INTERVAL, interval, refresh
from teams.models import Team


@task()
def refresh_team(team_id: str) -> None:
    """Refresh a team if it is due, then come again. A double finds nothing due, and ends there."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None or not _claim(team):
        return
    try:
        refresh(team)
    finally:
        due = timezone.now() + interval(TeamState.objects.get(team=team))
        # A little earlier than it comes, so that the run finds it due.
        TeamState.objects.filter(team=team).update(next_refresh_at=due - timedelta(seconds=10))
        refresh_team.using(run_after=due).enqueue(str(team.pk))


@task()
def tidy() -> None:
    """Drop what nobody needs any more, once a day: finished tasks, sent entries, ended sessions, sign-in attempts."""
    tidy.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    call_command("prune_db_task_results", min_age_days=1, failed_min_age_days=14, verbosity=0)
    outbox.prune()
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=30, verbosity=0)


def start_clocks() -> None:
    """Enqueue a run for each team; called when the worker starts, since a killed worker takes its clock along."""
    TeamState.objects.update(next_refresh_at=None)
    for team in Team.objects.all():
        refresh_team.enqueue(str(team.pk))
    DBTaskResult.objects.filter(task_path=tidy.module_path, status=TaskResultStatus.READY).delete()
    tidy.enqueue()


def _claim(team: Team) -> bool:
    TeamState.objects.get_or_create(team=team)
    now = timezone.now()
    due = TeamState.objects.filter(Q(next_refresh_at=None) | Q(next_refresh_at__lte=now), team=team)
    # Should this run die, another may come after a while.
    return bool(due.update(next_refresh_at=now + INTERVAL))
