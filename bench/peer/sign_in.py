"""Signs people in to the peer and prints, as JSON, their cookies and the values that paths name (bench/pages.py)."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peer.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

from bench.threads import MESSAGES  # noqa: E402

USERNAMES = ("agent", "manager")


def cookie(username: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return f"sessionid={client.cookies['sessionid'].value}"


def main() -> None:
    ticket = Ticket.objects.annotate(length=Count("followup")).filter(length=MESSAGES).earliest("id")
    values = {
        "ticket": ticket.pk,
        "me": User.objects.get(username="agent").pk,
        "queue": Queue.objects.get(slug="billing").pk,
    }
    print(json.dumps({"cookies": {username: cookie(username) for username in USERNAMES}, "values": values}))


if __name__ == "__main__":
    main()
