"""The team's name and key, as its admins look after them."""

import pytest
from django_tasks_db.models import DBTaskResult
from httpx import ConnectError

from activity.models import Activity
from sandbox.factory import create_key
from sandbox.models import Team as SandboxTeam
from teams.models import Team

PATH = "/settings/team/"
SECOND = "sk_test_second" + "0" * 26


@pytest.fixture
def second_key(acme) -> str:
    """Another key of the team's, made at cStar."""
    create_key(SandboxTeam.objects.get(uuid=acme.cstar_team_id), SECOND)
    return SECOND


def text(response) -> str:
    return response.content.decode()


def test_it_is_renamed(admin, acme):
    page = admin.post(f"{PATH}name/", {"name": "Acme Care"}, follow=True)
    assert "The team is now called Acme Care." in text(page)
    assert Activity.objects.get().changes == {"name": ["Acme Support", "Acme Care"]}
    assert admin.post(f"{PATH}name/", {"name": ""}).status_code == 400


def test_a_new_key_is_checked_then_used_by_the_next_call(admin, acme, second_key, wire):
    page = admin.post(f"{PATH}key/", {"key": second_key}, follow=True)
    assert "The new key works and is in use." in text(page)
    assert second_key not in text(page)
    assert wire.calls == [("GET", "members")]
    assert Team.objects.get(pk=acme.pk).key == second_key
    record = Activity.objects.get()
    assert (record.action, record.changes) == ("team.key_changed", {"key": ["…0000", "…0000"]})
    due = DBTaskResult.objects.values_list("task_path", flat=True)
    assert {path.rpartition(".")[2] for path in due} == {"refresh_team", "poll_feed"}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sk_test_wrong" + "0" * 27, "cStar does not know this key"),
        ("sk_test_globex" + "0" * 26, "does not belong to the team with this ID"),
        ("pk_test_acme" + "0" * 28, "A secret key begins with sk_"),
        ("sk_nonsense", "cStar does not know this key"),
        ("nonsense", "A secret key begins with sk_"),
        ("", "This field is required"),
    ],
)
def test_a_key_that_cstar_does_not_accept_is_not_kept(admin, acme, key, words):
    page = admin.post(f"{PATH}key/", {"key": key})
    assert page.status_code == 400
    assert words in text(page)
    assert not key or key not in text(page)
    assert Team.objects.get(pk=acme.pk).key == acme.key
    assert not Activity.objects.exists()


def test_while_cstar_is_away_the_old_key_stays(admin, acme, second_key, wire):
    wire.answer(ConnectError("refused"))
    page = admin.post(f"{PATH}key/", {"key": second_key})
    assert "The key could not be verified, so it was not saved." in text(page)
    assert Team.objects.get(pk=acme.pk).key == acme.key
