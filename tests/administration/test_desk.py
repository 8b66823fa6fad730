"""Teams come and go: what admins of the desk do, and what stays of a team that went."""

import uuid

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from activity.models import Activity
from administration import removal
from customers.models import Customer
from outbox.models import Outgoing
from replica.refresh import refresh
from sandbox.factory import create_team
from teams import key_rotation
from teams.models import GroupRule, Membership, Team, User
from tests.conftest import Person
from tickets.models import Message, Ticket
from transfers.models import Run

PATH = "/settings/teams/"
KEY = "sk_test_newteam" + "0" * 25


@pytest.fixture
def new_team(world) -> dict[str, str]:
    """A team that cStar has and the desk has not, as the form names it."""
    team = create_team(uuid.uuid4(), "Initech", "initech", [KEY])
    return {"name": "Initech Help", "cstar_team_id": str(team.uuid), "key": KEY}


@pytest.fixture
def first_admin(world) -> Person:
    """An admin of the desk who is in no team yet."""
    someone = Person("admin")
    someone.person.memberships.all().delete()
    return someone


def erased(team: Team) -> None:
    """As the worker does it."""
    assert DBTaskResult.objects.filter(task_path=removal.erase.module_path).count() == 1
    removal.erase.call(str(team.pk))


def text(response) -> str:
    return response.content.decode()


def test_a_team_is_added_by_somebody_who_is_in_none(first_admin, new_team, wire):
    assert "Add a team" in text(first_admin.get("/tickets/"))
    assert first_admin.get(PATH).status_code == 200
    page = first_admin.post(f"{PATH}add/", new_team, follow=True)
    assert "Initech Help was added." in text(page)
    assert KEY not in text(page)
    assert wire.calls == [("GET", "members")]
    team = Team.objects.get(name="Initech Help")
    assert Membership.objects.get(team=team).role == "admin"
    assert {(one.action, one.team) for one in Activity.objects.all()} == {("team.added", team), ("team.added", None)}
    assert refresh(team)
    assert first_admin.get("/tickets/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"key": "sk_test_wrong" + "0" * 27}, "cStar does not know this key"),
        ({"key": "sk_test_acme" + "0" * 28}, "does not belong to the team with this ID"),
        ({"key": ""}, "This field is required"),
        ({"name": ""}, "This field is required"),
        ({"cstar_team_id": "nonsense"}, "Enter a valid UUID"),
        ({"cstar_team_id": "11111111-1111-4111-8111-111111111111"}, "This cStar team was already added"),
    ],
)
def test_a_team_that_cannot_be_added_is_told_beside_the_field(admin, new_team, wrong, words):
    page = admin.post(f"{PATH}add/", new_team | wrong)
    assert page.status_code == 400
    assert words in text(page)
    assert KEY not in text(page)
    assert Team.objects.count() == 2


def test_two_people_who_add_the_same_team_make_one(admin, new_team, monkeypatch):
    """The second one's form was looked at before the first one's team was there."""
    admin.post(f"{PATH}add/", new_team)
    monkeypatch.setattr("administration.forms.TeamForm.clean_cstar_team_id", lambda form: new_team["cstar_team_id"])
    page = admin.post(f"{PATH}add/", new_team)
    assert page.status_code in {400, 409}  # 409: they now work in the new team
    assert Team.objects.filter(cstar_team_id=new_team["cstar_team_id"]).count() == 1


@pytest.mark.parametrize("username", ["manager", "agent"])
def test_a_teams_own_people_are_not_admins_of_the_desk(acme, new_team, username):
    someone = Person(username)
    Membership.objects.filter(user=someone.person).update(role="owner")
    assert "All teams" not in text(someone.get("/settings/"))
    assert someone.post(f"{PATH}add/", new_team).status_code == 403
    assert someone.post(f"{PATH}remove/", {"which": str(acme.pk), "name": acme.name}).status_code == 403
    assert Team.objects.count() == 2


def test_nothing_is_left_of_a_removed_team(admin, agent, acme, globex):
    GroupRule.objects.create(team=acme, group="acme", role="agent")
    run = Run.objects.create(team=acme, person="x", kind=Run.Kind.IMPORT, resource="tickets", file="x.upload")
    run.path.parent.mkdir(exist_ok=True)
    run.path.write_text("Subject")
    others = Ticket.objects.filter(team=globex).count()
    page = admin.post(f"{PATH}remove/", {"which": str(acme.pk), "name": "Acme Support"}, follow=True)
    assert "Acme Support was removed" in text(page)
    assert not Membership.objects.filter(team=acme).exists()
    assert agent.get("/tickets/").status_code == 403
    assert Team.with_removed.get(pk=acme.pk).key == ""
    assert not Team.objects.filter(pk=acme.pk).exists()
    erased(acme)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Team:
                assert not model._base_manager.filter(**{field.name: acme.pk}).exists(), model
    assert not Team.with_removed.filter(pk=acme.pk).exists()
    assert not run.path.exists()
    assert Ticket.objects.filter(team=globex).count() == others
    assert Activity.objects.get(team=None).action == "team.removed"
    assert "Removed the team" in text(admin.get(PATH))


def test_what_a_killed_worker_left_is_erased_by_the_next(acme, admin, monkeypatch):
    monkeypatch.setattr(removal, "_SECONDS", 0)  # it gives way after a few rows
    monkeypatch.setattr(removal, "_ROWS", 10)
    removal.remove(acme, admin.person)
    removal.erase.call(str(acme.pk))
    assert Team.with_removed.filter(pk=acme.pk).exists()
    monkeypatch.undo()
    removal.take_up()
    assert DBTaskResult.objects.filter(task_path=removal.erase.module_path).count() == 3
    removal.erase.call(str(acme.pk))
    assert not Team.with_removed.filter(pk=acme.pk).exists()
    assert not Customer.objects.filter(team=acme.pk).exists()
    assert not Message.objects.filter(ticket__team=acme.pk).exists()


def test_the_name_has_to_be_typed_and_what_waits_is_told(admin, agent, acme):
    User.objects.filter(username="agent").update(undo_seconds=20)
    ticket = Ticket.objects.filter(team=acme).first()
    agent.post(f"/tickets/{ticket.cstar_id}/reply/", {"kind": "reply", "reply": "x", "nonce": str(uuid.uuid4())})
    assert Outgoing.objects.count() == 1
    assert "One message or change has not reached cStar yet" in text(admin.get(f"{PATH}remove/?which={acme.pk}"))
    page = admin.post(f"{PATH}remove/", {"which": str(acme.pk), "name": "acme"})
    assert page.status_code == 400
    assert "This is not the team's name." in text(page)
    assert Team.objects.filter(pk=acme.pk).exists()


@pytest.mark.parametrize("which", ["", "x", "\0", "99999999-9999-4999-8999-999999999999"])
def test_removing_nonsense_leads_back(admin, which):
    assert "This team no longer exists." in text(admin.get(f"{PATH}remove/", {"which": which}, follow=True))


def test_stored_secrets_move_to_a_new_encryption_key(admin, acme, settings):
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    assert "encrypted with" not in text(admin.get(PATH))
    settings.ENCRYPTION_KEYS = [new, old]
    assert key_rotation.outdated() == 2
    assert "2 stored secrets were encrypted with older keys" in text(admin.get(PATH))
    page = admin.post(f"{PATH}encryption/", follow=True)
    assert "2 secrets were re-encrypted." in text(page)
    settings.ENCRYPTION_KEYS = [new]
    assert Team.objects.get(pk=acme.pk).key == acme.key
    assert key_rotation.outdated() == 0
    assert Activity.objects.get(team=None).action == "encryption.rotated"


def test_the_command_does_the_same(world, settings, capsys):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    call_command("rotateencryption")
    assert "2 stored secrets" in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert all(team.key for team in Team.objects.all())


def test_a_removed_teams_place_is_free_again(admin, acme):
    removal.remove(acme, admin.person)
    form = {"name": "Acme", "cstar_team_id": str(acme.cstar_team_id), "key": "sk_test_acme" + "0" * 28}
    assert Person("admin").post(f"{PATH}add/", form).status_code == 302
