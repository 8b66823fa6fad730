"""Bring the working copy up to date now, without waiting for the worker."""

from django.core.management.base import BaseCommand, CommandError

from replica.refresh import refresh
from teams.models import Team


class Command(BaseCommand):
    help = "Refresh every team's working copy from cStar, once."

    def handle(self, *args, **options) -> None:
        failed = [team.name for team in Team.objects.all() if not refresh(team)]
        if failed:
            raise CommandError(f"Not refreshed: {', '.join(failed)}. The reason is in the log above.")
