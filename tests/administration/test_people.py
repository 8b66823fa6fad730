"""Who is in the team and what they may do, as its admins arrange it."""

import pytest
from django.test import Client

from activity.models import Activity
from teams.models import Membership, User
from tests.conftest import Person

PATH = "/settings/people/"
NEW = {
    "new-username": "ada",
    "new-first_name": "Ada",
    "new-last_name": "Lovelace",
    "new-email": "ada@corp.example",
    "new-password": "between-the-engines",
    "new-role": "agent",
}


def role_of(username: str, team) -> str | None:
    return Membership.objects.filter(user__username=username, team=team).values_list("role", flat=True).first()


def member(username: str, team) -> dict[str, str]:
    return {"member": str(Membership.objects.get(user__username=username, team=team).pk)}


def recorded() -> list[tuple]:
    return list(Activity.objects.order_by("pk").values_list("action", "target_label", "changes"))


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("who", ["globex-agent", "AGENT@globex.example"])
def test_somebody_with_an_account_is_added(admin, acme, who):
    page = admin.post(f"{PATH}add/", {"who": who, "role": "manager"}, follow=True)
    assert "Leila Haddad was added to the team." in text(page)
    assert role_of("globex-agent", acme) == "manager"
    assert recorded() == [("member.added", "Leila Haddad", {"role": ["", "manager"]})]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("nobody-here", "No account has this username or address"),
        ("agent", "This person is already in the team"),
        ("", "This field is required"),
        ("x" * 255, "at most 254"),
    ],
)
def test_who_cannot_be_added_is_told_beside_the_field(admin, acme, who, words):
    page = admin.post(f"{PATH}add/", {"who": who, "role": "agent"})
    assert page.status_code == 400
    assert words in text(page)
    assert recorded() == []


def test_an_account_is_made_and_signs_in(admin, acme):
    page = admin.post(f"{PATH}create/", NEW, follow=True)
    assert "Ada Lovelace now has an account and was added to the team." in text(page)
    assert role_of("ada", acme) == "agent"
    assert recorded() == [("account.created", "Ada Lovelace", {"role": ["", "agent"]})]
    someone = Client()
    someone.post("/accounts/sign-in/", {"username": "ada", "password": NEW["new-password"]})
    assert someone.get("/tickets/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"new-username": "AGENT"}, "This username is taken"),
        ({"new-username": "a b"}, "Enter a valid username"),
        ({"new-email": "Agent@acme.example"}, "An account has this address already"),
        ({"new-email": "nonsense"}, "Enter a valid email address"),
        ({"new-password": "password1234"}, "too common"),
        ({"new-password": ""}, "This field is required"),
        ({"new-role": "wizard"}, "Select a valid choice"),
        ({"new-role": "owner"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_account_is_told_beside_the_field(admin, wrong, words):
    page = admin.post(f"{PATH}create/", NEW | wrong)
    assert page.status_code == 400
    assert words in text(page)
    assert "Lovelace" in text(page)
    assert NEW["new-password"] not in text(page)
    assert not User.objects.filter(last_name="Lovelace").exists()


def test_without_local_passwords_the_provider_has_to_know_the_address(admin, settings, acme):
    settings.LOCAL_PASSWORDS = False
    assert 'name="new-password"' not in text(admin.get(PATH))
    assert admin.post(f"{PATH}create/", NEW | {"new-email": ""}).status_code == 400
    admin.post(f"{PATH}create/", NEW)
    assert not User.objects.get(username="ada").has_usable_password()


def test_a_role_is_changed_and_rules_do_not_take_it_back(admin, acme):
    Membership.objects.filter(user__username="agent", team=acme).update(from_rules=True)
    page = admin.post(f"{PATH}role/", {**member("agent", acme), "role": "manager"}, follow=True)
    assert "Tomasz Wilk now has the role Manager." in text(page)
    assert role_of("agent", acme) == "manager"
    assert not Membership.objects.get(user__username="agent", team=acme).from_rules
    assert recorded() == [("member.changed", "Tomasz Wilk", {"role": ["agent", "manager"]})]


def test_who_is_removed_is_out_at_once(admin, agent, acme):
    assert agent.get("/tickets/").status_code == 200
    page = admin.post(f"{PATH}remove/", member("agent", acme), follow=True)
    assert "Tomasz Wilk was removed from the team." in text(page)
    assert agent.get("/tickets/").status_code == 302
    assert User.objects.filter(username="agent").exists()
    assert recorded() == [("member.removed", "Tomasz Wilk", {"role": ["agent", ""]})]


def test_a_team_keeps_an_admin(admin, acme):
    for action in ({"role": "agent"}, {"role": "spectator"}):
        page = admin.post(f"{PATH}role/", {**member("admin", acme), **action}, follow=True)
        assert "A team needs at least one admin." in text(page)
    page = admin.post(f"{PATH}remove/", member("admin", acme), follow=True)
    assert "You cannot remove yourself." in text(page)
    assert role_of("admin", acme) == "admin"


def test_who_gives_up_the_right_is_led_to_a_page_that_they_may_see(admin, acme):
    admin.post(f"{PATH}role/", {**member("manager", acme), "role": "admin"})
    page = admin.post(f"{PATH}role/", {**member("admin", acme), "role": "agent"}, follow=True)
    assert page.status_code == 200
    assert page.redirect_chain == [("/settings/", 302)]


def test_only_owners_make_and_unmake_owners(admin, acme):
    page = admin.post(f"{PATH}role/", {**member("agent", acme), "role": "owner"}, follow=True)
    assert "Only owners can" in text(page)
    Membership.objects.filter(user__username="manager", team=acme).update(role="owner")
    for action, data in (("role", {"role": "agent"}), ("remove", {})):
        page = admin.post(f"{PATH}{action}/", {**member("manager", acme), **data}, follow=True)
        assert "Only owners can" in text(page)
    assert role_of("manager", acme) == "owner"
    Person("manager").post(f"{PATH}role/", {**member("agent", acme), "role": "owner"})
    assert role_of("agent", acme) == "owner"


@pytest.mark.parametrize("action", ["role", "remove"])
def test_people_of_another_team_are_out_of_reach(admin, globex, action):
    data = {**member("globex-agent", globex), "role": "spectator"}
    assert admin.post(f"{PATH}{action}/", data).status_code == 302
    assert role_of("globex-agent", globex) == "agent"


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 40, "\0"])
def test_nonsense_is_nobody(admin, number):
    assert admin.post(f"{PATH}remove/", {"member": number}).status_code == 302
    assert recorded() == []
