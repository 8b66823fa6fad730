"""The working copy's clock: one short task a team that enqueues its own next run."""

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from sync.models import TeamState
from sync.refresh import INTERVAL, refresh
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
        refresh_team.using(run_after=timezone.now() + INTERVAL).enqueue(str(team.pk))


def start_clocks() -> None:
    """Enqueue a run for each team; called when the worker starts, since a killed worker takes its clock along."""
    TeamState.objects.update(next_refresh_at=None)
    for team in Team.objects.all():
        refresh_team.enqueue(str(team.pk))


def _claim(team: Team) -> bool:
    TeamState.objects.get_or_create(team=team)
    now = timezone.now()
    due = TeamState.objects.filter(Q(next_refresh_at=None) | Q(next_refresh_at__lte=now), team=team)
    # A little less than the interval: the next run comes exactly one interval from now.
    return bool(due.update(next_refresh_at=now + INTERVAL * 0.9))
