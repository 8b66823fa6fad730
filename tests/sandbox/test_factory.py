from types import SimpleNamespace as Row

import pytest

from sandbox import seeding
from sandbox.factory import create_key, create_team, insert_story
from sandbox.models import ApiKey, Message, Team, Ticket
from sandbox.times import now
from tests.sandbox.conftest import client, got

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

CUSTOMER, TICKET = "cus_" + "c" * 32, "tkt_" + "a" * 32
CATEGORY = "55555555-5555-4555-8555-555555555555"


def story() -> Row:
    at = now()
    person = Row(id="mem_1", user_id="usr_1", name="Ann", email="ann@x.io", role="agent", level=1, xp=5, joined_at=at)
    customer = Row(id=CUSTOMER, name="Bo", email="Bo@x.io", status="active", sentiment="neutral", tags=["vip"])
    customer.notes, customer.created_at = None, at
    message = Row(id="msg_0123456789ab", content="Hi", sender="customer", sender_name="Bo", is_internal=False)
    message.created_at = at
    ticket = Row(id=TICKET, title="Help", status="open", priority="high", customer_id=CUSTOMER, assigned_to="mem_1")
    ticket.tags, ticket.notes, ticket.metadata, ticket.messages = ["a", "b"], None, {"externalId": 7}, [message]
    ticket.created_at = ticket.updated_at = at
    ticket.resolved_at = None
    category = Row(id=CATEGORY, name="How to", description="d", icon="i", color="#112233", sort_order=0, is_public=True)
    category.created_at = at
    reply = Row(id="qr_1", title="Hi", content="Hello", shortcut="hi")
    lists = {"members": [person], "customers": [customer], "categories": [category]}
    return Row(**lists, tickets=iter([ticket]), articles=[], quick_replies=[reply])


def test_a_story_becomes_wire_objects_and_is_told_once(api, team):
    assert insert_story(team, story()) is True
    assert insert_story(team, story()) is False
    ticket = got(api.get(f"tickets/{TICKET}"))
    assert (ticket["assignedTo"], ticket["customerId"], ticket["messageCount"]) == ("mem_1", CUSTOMER, 1)
    assert {tag["name"]: tag["count"] for tag in got(api.get("tags"))} == {"a": 1, "b": 1}
    assert [row["id"] for row in got(api.get("customers?tag=vip"))] == [CUSTOMER]
    assert [(row["id"], row["slug"]) for row in got(api.get("categories"))] == [(CATEGORY, "how-to")]
    assert team.tickets.get().external_id == "7"


def test_teams_and_keys_are_made_once(team):
    before = (Team.objects.count(), ApiKey.objects.count())
    assert create_team(team.uuid, "Another name", "other", ["sk_test_" + "s" * 32]) == team
    assert (Team.objects.count(), ApiKey.objects.count()) == before
    with pytest.raises(ValueError, match="32 characters"):
        create_key(team, "sk_test_short")


def test_demo_teams_are_seeded_once_and_open_with_their_keys():
    seeding.seed_demo(40)
    before = (Ticket.objects.count(), Message.objects.count())
    seeding.seed_demo(40)
    assert (Ticket.objects.count(), Message.objects.count()) == before
    for name in ("acme", "globex"):
        demo = getattr(seeding, name.upper())
        assert demo.key("sk") == f"sk_test_{name}{'0' * (32 - len(name))}"
        assert got(client(demo.key("sk"), demo.id).get("tickets"))
        assert got(client(demo.key("pk"), demo.id).get("https://sandbox/api/v1/auth/whoami"))["teamName"] == demo.name
