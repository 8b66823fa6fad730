"""Signing in and out, teams, settings, the stored key."""

from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from teams.checks import demo_is_not_public, processes_share_a_cache
from teams.models import Membership, Team, User
from teams.policy import May, Permissions, Role, allows


def test_the_demos_people_are_one_click_away(client, world):
    page = client.get("/accounts/sign-in/")
    assert [account.user.username for account in page.context["accounts"]] == [
        "admin",
        "manager",
        "agent",
        "spectator",
        "globex-agent",
    ]
    assert client.post("/accounts/demo/", {"username": "agent"})["Location"] == "/"
    assert client.get("/").context["home"].is_member
    assert client.post("/accounts/sign-out/")["Location"] == "/accounts/sign-in/"
    assert client.get("/tickets/").status_code == 302


@pytest.mark.parametrize("username", ["", "root", "agent'--"])
def test_only_the_demos_people(client, world, username):
    User.objects.create_superuser("root", password="x")
    assert client.post("/accounts/demo/", {"username": username}).status_code == 404


def test_password_sign_in_and_the_lock_after_ten_tries(client, world):
    User.objects.create_user("ada", password="correct horse battery")
    wrong = {"username": "ada", "password": "wrong"}
    page = client.post("/accounts/sign-in/", wrong)
    assert "correct username and password" in page.content.decode()
    for _ in range(9):
        page = client.post("/accounts/sign-in/", wrong)
    assert page.status_code == 429
    assert "Too many attempts" in page.content.decode()
    assert client.post("/accounts/sign-in/", {**wrong, "password": "correct horse battery"}).status_code == 429


def test_password_sign_in(client, world):
    User.objects.create_user("ada", password="correct horse battery")
    answer = client.post(
        "/accounts/sign-in/", {"username": "ada", "password": "correct horse battery", "next": "/customers/"}
    )
    assert answer["Location"] == "/customers/"
    assert client.get("/tickets/").status_code == 403
    assert "not a member of a team" in client.get("/tickets/").content.decode()


def test_switching_team(world, agent, globex):
    assert agent.post("/teams/switch/", {"team": str(globex.pk)}).status_code == 404
    Membership.objects.create(user=agent.person, team=globex, role=Role.AGENT)
    assert agent.post("/teams/switch/", {"team": str(globex.pk)}).status_code == 302
    assert agent.get("/tickets/").context["desk"].team == globex
    for nonsense in ("", "x", "../", "0" * 36):
        assert agent.post("/teams/switch/", {"team": nonsense}).status_code == 404


def test_teams_are_in_the_order_of_their_names(agent, acme, globex):
    Team.objects.filter(pk=globex.pk).update(name="aachen")  # small letters come after all capitals in ASCII
    Membership.objects.create(user=agent.person, team=globex, role=Role.AGENT)
    desk = agent.get("/tickets/").context["desk"]
    assert [team["name"] for team in desk.teams] == ["aachen", acme.name]
    assert desk.team == globex


def test_settings_are_saved_and_shown(agent):
    typed = {"first_name": "Ada", "last_name": "L", "time_zone": "Asia/Tokyo", "theme": "dark", "undo_seconds": "5"}
    assert agent.post("/settings/", typed).status_code == 302
    html = agent.get("/settings/").content.decode()
    assert 'data-theme="dark"' in html
    assert 'data-time-zone="Asia/Tokyo"' in html
    assert "<hot-keys>" in html
    refused = agent.post("/settings/", typed | {"time_zone": "Moon/Base", "first_name": "Kept"})
    assert 'value="Kept"' in refused.content.decode()


def test_times_are_in_the_persons_zone(agent, acme):
    User.objects.filter(pk=agent.person.pk).update(time_zone="Asia/Tokyo")
    ticket = agent.get("/tickets/").context["page"].items[0]
    local = ticket.updated_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f'title="{local.day} {local:%b %Y, %H:%M}"' in agent.get("/tickets/").content.decode()


def test_only_admins_see_the_team_and_nobody_the_key(agent, acme, world):
    assert agent.get("/settings/team/").status_code == 403
    Membership.objects.filter(user=agent.person).update(role=Role.ADMIN)
    html = agent.get("/settings/team/").content.decode()
    assert "Secret key" in html
    assert f"…{acme.key_ending}" in html
    assert acme.key not in html


def test_the_key_is_encrypted_and_keys_rotate(acme, settings):
    def stored() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM teams_team WHERE name = 'Acme Support'")
            return cursor.fetchone()[0]

    assert acme.key.startswith("sk_test_")
    assert "sk_test" not in stored()
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    before = stored()
    rotated = Team.objects.get(pk=acme.pk)
    rotated.save()
    assert stored() != before
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert Team.objects.get(pk=acme.pk).key == acme.key
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        Team.objects.get(pk=acme.pk)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.OWNER, set(May) - {May.MANAGE_DESK}),
        (Role.ADMIN, set(May) - {May.MANAGE_DESK}),
        (Role.MANAGER, set(May) - {May.MANAGE_DESK, May.MANAGE_TEAM}),
        (Role.AGENT, {May.VIEW, May.EDIT_TICKETS, May.EDIT_CUSTOMERS}),
        (Role.LIBRARIAN, {May.VIEW, May.WRITE_ARTICLES}),
        (Role.SPECTATOR, {May.VIEW}),
        ("wizard", set()),
    ],
)
def test_roles(role, rights):
    assert {may for may in May if allows(role, may)} == rights
    for may in May:
        assert getattr(Permissions(role), may.name.lower()) is (may in rights)


def test_a_misspelt_right_is_an_error():
    with pytest.raises(AttributeError):
        _ = Permissions(Role.OWNER).fly


@pytest.mark.parametrize(
    ("sandbox", "https", "warned"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_public_demo_is_warned_of(settings, sandbox, https, warned):
    settings.SANDBOX, settings.HTTPS = sandbox, https
    assert bool(demo_is_not_public(None)) is warned


@pytest.mark.parametrize(
    ("engine", "cache", "warned"),
    [
        ("postgresql", "locmem.LocMemCache", True),
        ("postgresql", "redis.RedisCache", False),
        ("sqlite3", "locmem.LocMemCache", False),
    ],
)
def test_machines_that_share_a_database_are_to_share_a_cache(settings, monkeypatch, engine, cache, warned):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", f"django.core.cache.backends.{cache}")
    assert bool(processes_share_a_cache(None)) is warned
