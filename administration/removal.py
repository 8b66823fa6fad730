"""Removes a team: access, key and outbox at once, the working copy and the records bit by bit."""

from __future__ import annotations

import time

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from activity.record import record_for
from outbox.models import Outgoing
from replica.models import WebhookEndpoint
from teams.models import GroupRule, Membership, Team, User

# Rows of one model at a time, with all that hangs on them, and seconds until a task gives way to others.
_ROWS = 200
_SECONDS = 5.0


def unsent(team: Team) -> int:
    """How many messages and changes still wait in the team's outbox."""
    return Outgoing.objects.filter(team=team, state__in=Outgoing.OPEN).count()


def remove(team: Team, by: User) -> None:
    """Close the team for everybody and delete its key; a task deletes the rest."""
    with transaction.atomic():
        for model in (Membership, GroupRule, WebhookEndpoint, Outgoing):
            model._default_manager.filter(team=team).delete()
        Team.objects.filter(pk=team.pk).update(removed_at=timezone.now(), key="")
        record_for((None, by, by.display_name), "team.removed", ("team", str(team.pk), team.name))
    erase.enqueue(str(team.pk))


@task()
def erase(team_id: str) -> None:
    """Delete the rows of a removed team, a few at a time, and the team last. May be started again if interrupted."""
    team = Team.with_removed.filter(pk=team_id).exclude(removed_at=None).first()
    if team is None:
        return
    end = time.monotonic() + _SECONDS
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    for field in fields:
        if field.related_model is not Team:
            continue
        rows = field.model._base_manager
        while keys := list(rows.filter(**{field.name: team}).values_list("pk", flat=True)[:_ROWS]):
            rows.filter(pk__in=keys).delete()
            if time.monotonic() > end:
                erase.enqueue(team_id)
                return
    team.delete()


def take_up() -> None:
    """Go on with what a killed worker left; called when a worker starts."""
    for team in Team.with_removed.exclude(removed_at=None):
        erase.enqueue(str(team.pk))
