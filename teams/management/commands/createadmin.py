"""`manage.py createadmin ada --email ada@corp.example`: the first admin, or one more."""

import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from teams.models import Membership, Team, User
from teams.policy import Role


class Command(BaseCommand):
    help = "Make a person, or one who is there already, an admin of all teams or of those named with --team."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")
        parser.add_argument("--team", action="append", default=[], help="a team's name; may be given several times")
        parser.add_argument(
            "--no-password",
            action="store_true",
            help="for somebody who signs in at a provider with trust_email, which knows them by their e-mail address",
        )

    def handle(self, *, username: str, email: str, team: list[str], no_password: bool, **options) -> None:
        teams = self._teams(team)
        user = User.objects.filter(username=username).first() or self._made(username, email, no_password)
        User.objects.filter(pk=user.pk).update(is_active=True, is_superuser=True)
        for one in teams:
            Membership.objects.update_or_create(user=user, team=one, defaults={"role": Role.ADMIN, "from_rules": False})
        names = ", ".join(one.name for one in teams) or "no team yet, there is none"
        self.stdout.write(f"{username} is an admin of {names}.")

    def _teams(self, names: list[str]) -> list[Team]:
        teams = list(Team.objects.filter(name__in=names) if names else Team.objects.all())
        if missing := set(names) - {one.name for one in teams}:
            raise CommandError(f"There is no team {', '.join(sorted(missing))}.")
        return teams

    def _made(self, username: str, email: str, no_password: bool) -> User:
        try:
            User.username_validator(username)
            if email:
                validate_email(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if no_password and not email:
            raise CommandError("Without a password the provider must know them: give their --email.")
        user = User(username=username, email=email)
        if no_password:
            user.set_unusable_password()
        else:
            user.set_password(self._password(user))
        user.save()
        return user

    def _password(self, user: User) -> str:
        """Asked for twice at a terminal; else the first line that comes in, for scripts."""
        if not sys.stdin.isatty():
            password = sys.stdin.readline().rstrip("\n")
        elif (password := getpass("Password: ")) != getpass("Again: "):
            raise CommandError("The two are not the same.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password
