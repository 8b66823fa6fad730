"""Members, tags, search, settings, whoami."""

import pytest

from sandbox.models import QuickReply
from tests.sandbox.conftest import TEAM, audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_members(api):
    rows = got(api.get("members"))
    keys = {"id", "name", "email", "role", "roleDisplayName", "level", "xp", "joinedAt"}
    assert [row.keys() for row in rows] == [keys, keys]
    assert [row["id"] for row in got(api.get("members?role=agent"))] == ["mem_jane"]
    jane = got(api.get("members/mem_jane"))
    assert jane.keys() == keys | {"userId", "avatarUrl", "permissions"}
    assert (jane["userId"], jane["roleDisplayName"]) == ("usr_jane", "The Hero")
    assert refused(api.get("members/mem_x"), 404)["message"] == "Member not found"
    refused(api.get("members?role=king"), 400)


def test_member_roles_change_but_for_the_owners(api):
    assert got(api.patch("members/mem_jane", json={"role": "manager"}))["permissions"] == ["export_data"]
    assert got(api.get("audit-log"))[0]["details"] == {"changes": {"role": {"from": "agent", "to": "manager"}}}
    for member, role in (("mem_jane", "owner"), ("mem_olga", "agent"), ("mem_jane", "king")):
        assert refused(api.patch(f"members/{member}", json={"role": role}), 400)["param"] == "role"


def test_other_teams_members_do_not_exist(stranger):
    assert got(stranger.get("members")) == []
    refused(stranger.get("members/mem_jane"), 404)
    refused(stranger.patch("members/mem_jane", json={"role": "admin"}), 404)


def test_tags_are_counted_through_every_change(api):
    def counts() -> dict[str, int]:
        return {row["name"]: row["count"] for row in got(api.get("tags"))}

    one = made(api.post("tickets", json={"title": "1", "tags": "a,b"}))["id"]
    two = made(api.post("tickets", json={"title": "2", "tags": "a"}))["id"]
    assert counts() == {"a": 2, "b": 1}
    api.patch(f"tickets/{one}", json={"tags": ["b", "c"]})
    assert counts() == {"a": 1, "b": 1, "c": 1}
    api.delete(f"tickets/{two}")
    assert counts() == {"a": 0, "b": 1, "c": 1}
    assert made(api.post("tags", json={"name": " new-tag "})) == {"object": "tag", "name": "new-tag", "count": 0}
    assert audited(api)[-1] == ("tag.created", "new-tag")


def test_tags_refused(api):
    assert refused(api.post("tags", json={}), 400)["message"] == "name is required"
    made(api.post("tags", json={"name": "a"}))
    refused(api.post("tags", json={"name": "a"}), 409)
    refused(api.post("tags", json={"name": "x" * 101}), 400)


def test_search_ranks_titles_first_and_cuts_a_snippet(api, article, customer, ticket):
    long = "word " * 40 + "cannot process payment" + " word" * 40
    api.patch(f"articles/{article}", json={"content": "Payment by card"})
    api.post(f"tickets/{ticket}/messages", json={"content": long})
    other = made(api.post("tickets", json={"title": "Payment failed"}))["id"]
    rows = got(api.get("search?q=payment"))
    assert [row.keys() for row in rows] == [{"object", "type", "id", "title", "snippet"}] * 3
    assert [row["id"] for row in rows] == [other, ticket, article]
    assert rows[1]["snippet"].startswith("...")
    assert rows[1]["snippet"].endswith("...")
    assert "cannot process payment" in rows[1]["snippet"]
    assert [row["type"] for row in got(api.get("search?q=payment&types=articles"))] == ["article"]
    assert [row["id"] for row in got(api.get("search?q=jane@&types=customers,tickets"))] == [customer]
    assert len(got(api.get("search?q=payment&limit=1"))) == 1


@pytest.mark.parametrize(("query", "param"), [("", "q"), ("q=a&types=boats", "types"), ("q=a&limit=x", "limit")])
def test_search_refused(api, query, param):
    assert refused(api.get(f"search?{query}"), 400)["param"] == param


def test_settings(api, team):
    assert got(api.get("settings")) == {"object": "settings", "teamName": "Acme Support", "teamSlug": "acme-tests"}
    changed = got(api.patch("settings", json={"teamName": "New Name"}))
    assert changed == {"object": "settings", "teamName": "New Name", "teamSlug": "acme-tests"}
    assert audited(api) == [("settings.updated", TEAM)]
    refused(api.patch("settings", json={"teamSlug": "globex-tests"}), 409)
    refused(api.patch("settings", json={"teamSlug": "Not a slug"}), 400)
    refused(api.patch("settings", json={"teamName": " "}), 400)


def test_statuses_and_quick_replies(api, team):
    first, *_, last = got(api.get("settings/statuses"))
    assert first == {"object": "ticket_status", "id": "new", "name": "New", "kind": "open", "sortOrder": 0}
    assert (last["id"], last["kind"]) == ("closed", "closed")
    QuickReply.objects.create(id="qr_1", team=team, title="Hi", content="Hello there", shortcut="hi")
    [reply] = got(api.get("settings/quick-replies"))
    assert reply == {"object": "quick_reply", "id": "qr_1", "title": "Hi", "content": "Hello there", "shortcut": "hi"}


def test_whoami(api, public):
    data = got(api.get("https://sandbox/api/v1/auth/whoami"))
    team = {"teamId": TEAM, "teamName": "Acme Support", "teamSlug": "acme-tests"}
    assert data == {**team, "keyType": "secret", "environment": "test"}
    assert got(public.get("https://sandbox/api/v1/auth/whoami"))["keyType"] == "publishable"
