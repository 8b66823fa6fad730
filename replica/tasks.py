"""The working copy's clocks: short tasks, two a team, that enqueue their own next runs."""

from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from activity import record
from budget.account import budget_of
from budget.models import Spending
from core import logs
from replica import backfill, capabilities, feed, retention, webhooks
from replica.models import TeamState
from replica.refresh import interval, refresh
from teams.models import Team

# A run that died is taken over by another after this long.
LEASE = timedelta(minutes=2)
SPENDING_KEPT = timedelta(days=8)


@task()
def poll_feed(team_id: str) -> None:
    """Bring what others changed since the last poll, if the team is due; then read some of what lists leave out."""
    _run_clock(poll_feed, team_id, "next_poll_at", _poll, _until_next_poll)


@task()
def refresh_team(team_id: str) -> None:
    """Read everything anew, if the team is due."""
    _run_clock(
        refresh_team, team_id, "next_refresh_at", refresh, lambda team: interval(TeamState.objects.get(team=team))
    )


@task()
def tidy() -> None:
    """Drop what nobody needs any more, once a day: finished tasks, ended sessions, old counts, what apps registered."""
    tidy.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    call_command("prune_db_task_results", min_age_days=1, failed_min_age_days=14, verbosity=0)
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=30, verbosity=0)
    webhooks.drop_old_events()
    Spending.objects.filter(hour__lt=timezone.now() - SPENDING_KEPT).delete()
    record.drop_old_records(timezone.now())
    retention.run(timezone.now())


def start_clocks() -> None:
    """Enqueue the runs of each team; called when a worker starts, since a killed worker takes its clocks along."""
    TeamState.objects.update(next_refresh_at=None, next_poll_at=None)
    for team in Team.objects.all():
        _start(team)
    DBTaskResult.objects.filter(task_path=tidy.module_path, status=TaskResultStatus.READY).delete()
    tidy.enqueue()


def start_clocks_of(team: Team) -> None:
    """Read everything of a team at once, because it is new or has a new key. Second clocks end by themselves."""
    capabilities.forget(team)
    TeamState.objects.filter(team=team).update(next_refresh_at=None, next_poll_at=None, small_read_at=None)
    _start(team)


def _start(team: Team) -> None:
    refresh_team.enqueue(str(team.pk))
    poll_feed.enqueue(str(team.pk))


def _run_clock(
    clock: Task, team_id: str, due: str, work: Callable[[Team], object], pause: Callable[[Team], timedelta]
) -> None:
    """Do the work if it is due, then enqueue the next run. A second clock of a team finds nothing due and ends."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None or not _claim(team, due):
        return
    try:
        with logs.about(team=team_id):
            work(team)
    finally:
        after = timezone.now() + pause(team)
        # A little earlier than the run, so that the run finds it due.
        TeamState.objects.filter(team=team).update(**{due: after - timedelta(seconds=1)})
        clock.using(run_after=after).enqueue(team_id)


def _poll(team: Team) -> None:
    if feed.poll(team):
        backfill.fill(team)


def _until_next_poll(team: Team) -> timedelta:
    price = TeamState.objects.values_list("poll_calls", flat=True).get(team=team)
    return feed.interval(budget_of(team), webhooks_arrive=webhooks.is_proven(team), price=price or 1)


def _claim(team: Team, due: str) -> bool:
    TeamState.objects.get_or_create(team=team)
    now = timezone.now()
    is_due = TeamState.objects.filter(Q(**{due: None}) | Q(**{f"{due}__lte": now}), team=team)
    return bool(is_due.update(**{due: now + LEASE}))
