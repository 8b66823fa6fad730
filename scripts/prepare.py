"""All that must be done before the servers start, in one process, since starting Python costs the most."""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402

from replica.models import TeamState  # noqa: E402
from replica.refresh import refresh  # noqa: E402
from teams.models import Team  # noqa: E402

call_command("migrate", verbosity=0, interactive=False)
if settings.SANDBOX:
    # Its own app alone: no table of the others is there, and stepping through their migrations takes seconds.
    call_command("migrate", "sandbox", database="sandbox", verbosity=0, interactive=False)
call_command("demo", if_empty=True)
call_command("collectstatic", verbosity=0, interactive=False)
for team in Team.objects.exclude(pk__in=TeamState.objects.filter(filled_at__isnull=False).values("team")):
    refresh(team)
