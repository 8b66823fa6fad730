"""`manage.py account ada deactivate`: what admins of the desk do at /settings/accounts/."""

from django.core.management.base import BaseCommand, CommandError

from administration.accounts import CHANGES, change
from teams.models import User


class Command(BaseCommand):
    help = (
        "Switch an account off (deactivate) or on (activate), or make it an admin of the desk (grant) or none (revoke)."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("do", choices=CHANGES)

    def handle(self, *, username: str, do: str, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        change(do, user, by=None)
        self.stdout.write(str(CHANGES[do].done % {"person": username}))
