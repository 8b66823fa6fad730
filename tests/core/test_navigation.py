"""The rails: what they hold for whom, and which one a page has."""

import pytest

from core.navigation import Rail, sections
from teams.models import User
from tests.conftest import Person


def rail_of(person: Person, address: str) -> list[tuple[str, list[str]]]:
    desk = person.get(address).context["desk"]
    return [(section.title, [link.label for link in section.links]) for section in desk.settings_rail or desk.rail]


def test_nothing_stands_alone_under_a_heading(world):
    for username in ("admin", "manager", "agent", "spectator"):
        for address in ("/", "/settings/"):
            for title, links in rail_of(Person(username), address):
                assert bool(title) == (len(links) > 1), (username, title, links)


def test_the_main_rail(agent):
    assert [title or links[0] for title, links in rail_of(agent, "/tickets/")] == [
        "Home",
        "Inbox",
        "Customers",
        "Knowledge",
    ]


def test_the_settings_have_a_rail_of_their_own(manager, world):
    assert rail_of(manager, "/settings/") == [
        ("", ["Preferences"]),
        ("Data", ["Transfers", "Activity", "Outbox"]),
    ]
    User.objects.filter(username="admin").update(is_superuser=True)
    admins = dict(rail_of(Person("admin"), "/settings/people/"))
    assert admins["Team"] == ["Name and key", "Members", "Sign-in groups", "cStar requests", "Webhook"]
    assert admins["Desk"] == ["Teams", "Accounts"]


@pytest.mark.parametrize("address", ["/settings/", "/transfers/", "/activity/"])
def test_pages_of_the_settings_know_where_they_are(manager, address):
    html = manager.get(address).content.decode()
    assert 'id="settings-rail"' in html
    assert 'id="rail"' not in html
    assert html.count('aria-current="page"') == 1
    assert 'popovertarget="settings-rail"' in html


def test_the_rail_is_as_narrow_as_this_browser_likes(agent):
    assert "rail-narrow" not in agent.get("/").content.decode()
    agent.cookies["rail"] = "narrow"
    assert "rail-narrow" in agent.get("/").content.decode()
    agent.cookies["rail"] = '"><script>'
    html = agent.get("/").content.decode()
    assert "rail-narrow" not in html
    assert "<script>" not in html
    # In a portal the rail is a menu at any width.
    agent.cookies["rail"] = "narrow"
    assert "rail-narrow" not in agent.get("/?embed=1").content.decode()


def test_a_section_of_several_apps_is_one(rf, manager):
    request = manager.get("/settings/").wsgi_request
    assert [section.title for section in sections(request, Rail.SETTINGS)].count("Data") == 1
