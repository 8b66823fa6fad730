"""The demo's teams and people on the desk's side. Their tickets and customers are the sandbox's.

A person is the cStar member with the same e-mail address, so their names are those of the sandbox's story.
"""

from dataclasses import dataclass

from django.db import transaction

from teams.models import Membership, Team, User
from teams.policy import Role


@dataclass(frozen=True, slots=True)
class DemoTeam:
    id: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    email: str
    roles: tuple[tuple[str, Role], ...]  # (team name, role)


TEAMS = (
    DemoTeam("11111111-1111-4111-8111-111111111111", "Acme Support", "sk_test_acme" + "0" * 28),
    DemoTeam("22222222-2222-4222-8222-222222222222", "Globex Care", "sk_test_globex" + "0" * 26),
)
PEOPLE = (
    DemoPerson(
        "admin", "Nadia", "Ferreira", "admin@acme.example", (("Acme Support", Role.ADMIN), ("Globex Care", Role.ADMIN))
    ),
    DemoPerson("manager", "Owen", "Castellano", "manager@acme.example", (("Acme Support", Role.MANAGER),)),
    DemoPerson("agent", "Tomasz", "Wilk", "agent@acme.example", (("Acme Support", Role.AGENT),)),
    DemoPerson("spectator", "Greta", "Lindqvist", "spectator@acme.example", (("Acme Support", Role.SPECTATOR),)),
    DemoPerson("globex-agent", "Leila", "Haddad", "agent@globex.example", (("Globex Care", Role.AGENT),)),
)
USERNAMES = frozenset(person.username for person in PEOPLE)


@transaction.atomic
def seed() -> None:
    """Make the demo's teams, people and roles. Running it again changes nothing."""
    teams = {
        team.name: Team.objects.get_or_create(
            id=team.id, defaults={"name": team.name, "cstar_team_id": team.id, "key": team.key}
        )[0]
        for team in TEAMS
    }
    for person in PEOPLE:
        user, new = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "is_superuser": person.username == "admin",
            },
        )
        if new:
            user.set_unusable_password()
            user.save()
        for team_name, role in person.roles:
            Membership.objects.get_or_create(user=user, team=teams[team_name], defaults={"role": role})


def accounts() -> list[Membership]:
    """The demo's accounts that exist, one entry a person, in the order in which they are offered."""
    found = (
        Membership.objects.filter(user__username__in=USERNAMES, user__is_active=True)
        .select_related("user", "team")
        .order_by("team__name")
    )
    first = {membership.user.username: membership for membership in reversed(found)}
    return [first[person.username] for person in PEOPLE if person.username in first]
