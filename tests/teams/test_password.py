"""A person's own password, where there is one."""

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import User
from tests.conftest import Person

PATH = "/settings/password/"
OLD, NEW = "the-first-password", "between-the-engines"
FORM = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def someone(world) -> Person:
    person = Person("agent").person
    person.set_password(OLD)
    person.save()
    return Person("agent")


def test_it_is_changed_and_other_sessions_end(someone):
    assert PATH in someone.get("/settings/").content.decode()
    elsewhere = Person("agent")
    page = someone.post(PATH, FORM, follow=True).content.decode()
    assert "Password changed" in page
    assert someone.get("/tickets/").status_code == 200
    assert elsewhere.get("/tickets/").status_code == 302
    again = Client()
    again.post("/accounts/sign-in/", {"username": "agent", "password": NEW})
    assert again.get("/tickets/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"old_password": "another"}, {"new_password2": "another-one-than"}, {"new_password1": "x", "new_password2": "x"}],
)
def test_what_is_wrong_changes_nothing_and_no_password_comes_back(someone, wrong):
    response = someone.post(PATH, FORM | wrong)
    assert response.status_code == 400
    assert not [word for word in (OLD, NEW) if word in response.content.decode()]
    someone.person.refresh_from_db()
    assert someone.person.check_password(OLD)


def test_who_has_none_is_told_so(agent, someone, settings):
    settings.LOCAL_PASSWORDS = False
    assert PATH not in someone.get("/settings/").content.decode()
    assert "You have no password here" in someone.get(PATH, follow=True).content.decode()


@pytest.mark.parametrize("path", [PATH, "/settings/people/create/", "/settings/team/key/"])
def test_secrets_do_not_come_back_on_an_error_page(agent, path):
    """Words of a form that cannot be processed are given back; these are not."""
    User.objects.update(sessions_since=timezone.now())
    data = {"new_password1": "my-secret", "new-password": "my-secret", "key": "my-secret", "name": "my words"}
    response = agent.post(path, data)
    assert response.status_code == 401
    assert "my words" in response.content.decode()
    assert "my-secret" not in response.content.decode()
