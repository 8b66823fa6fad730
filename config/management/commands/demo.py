"""The demo: the sandbox's customers and tickets, and the desk's teams and people. Running it again changes nothing."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sandbox.seeding import seed_demo
from teams import demo
from teams.models import Team


class Command(BaseCommand):
    help = "Fill an empty installation with the demo's teams, people and tickets (sandbox only)."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--tickets", type=int, default=int(os.environ.get("DEMO_TICKETS") or 420), help="how many (DEMO_TICKETS)"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a team already")

    def handle(self, *args, tickets: int, if_empty: bool, **options) -> None:
        if not settings.SANDBOX:
            if if_empty:
                return
            raise CommandError("CSTAR_API_URL is set: the demo belongs on the embedded sandbox alone.")
        if if_empty and Team.objects.exists():
            return
        seed_demo(tickets)
        demo.seed()
        self.stdout.write("The demo's teams, people and tickets are in place.")
