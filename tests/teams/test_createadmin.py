import io
import sys

import pytest
from django.core.management import CommandError, call_command

from teams.models import Membership, User

GOOD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """`typed("...")` is what comes in by standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))


def create(*arguments: str) -> str:
    out = io.StringIO()
    call_command("createadmin", *arguments, stdout=out)
    return out.getvalue()


def roles(username: str) -> dict[str, str]:
    return {held.team.name: held.role for held in Membership.objects.filter(user__username=username)}


def test_the_first_admin_signs_in_and_manages_all_teams(world, typed, client):
    typed(GOOD)
    assert create("ada", "--email", "ada@corp.example") == "ada is an admin of Acme Support, Globex Care.\n"
    client.post("/accounts/sign-in/", {"username": "ada", "password": GOOD})
    assert client.get("/settings/groups/").status_code == 200


def test_somebody_who_is_there_becomes_one_and_keeps_the_password(world):
    before = User.objects.get(username="agent").password
    create("agent", "--team", "Globex Care")
    assert roles("agent") == {"Acme Support": "agent", "Globex Care": "admin"}
    assert User.objects.get(username="agent").password == before


def test_who_signs_in_at_a_provider_has_no_password(world):
    create("ada", "--email", "ada@corp.example", "--no-password")
    assert not User.objects.get(username="ada").has_usable_password()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ada", "--team", "Nobody's"], "no team Nobody's"),
        (["ada lovelace"], "valid username"),
        (["ada", "--email", "nonsense"], "valid email"),
        (["ada", "--no-password"], "--email"),
        (["ada"], "too short"),
    ],
)
def test_a_mistake_is_a_sentence_and_makes_nobody(arguments, said, world, typed):
    typed("short")
    with pytest.raises(CommandError, match=said):
        create(*arguments)
    assert not User.objects.filter(username__startswith="ada").exists()
