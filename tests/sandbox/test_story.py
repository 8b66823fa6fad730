"""The demo's story: the same on each run, coherent, and free of leftovers of how it is written."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from random import Random

import pytest

from sandbox.demo.people import LONG_NAME, profiles
from sandbox.demo.scenarios import everyday_scenarios, singular_scenarios
from sandbox.demo.slots import BRANDS, Slots
from sandbox.demo.story import MEMBER_BY_ROLE, build

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
TEAMS = ("Acme Support", "Globex Care")


@pytest.fixture(scope="module", params=TEAMS)
def story(request):
    return build(request.param, 420, NOW)


@pytest.fixture(scope="module")
def acme():
    return build("Acme Support", 420, NOW)


def test_same_arguments_same_story(acme):
    assert build("Acme Support", 420, NOW) == acme


def test_other_seed_other_story(acme):
    assert build("Acme Support", 420, NOW, seed=43).tickets[0].id != acme.tickets[0].id


def test_teams_share_no_ids(acme):
    globex = build("Globex Care", 420, NOW)
    assert not _ids(acme) & _ids(globex)


def test_a_person_in_both_teams_is_one_user(acme):
    globex = build("Globex Care", 10, NOW)
    admins = [next(m for m in each.members if m.email == MEMBER_BY_ROLE["admin"]) for each in (acme, globex)]
    assert admins[0].user_id == admins[1].user_id
    assert admins[0].id != admins[1].id


def test_counts(story):
    assert len(story.tickets) == 420
    assert len(story.customers) >= 150
    assert len({customer.email for customer in story.customers}) == len(story.customers)
    assert len(story.articles) >= 12
    assert {article.category for article in story.articles} == {category.name for category in story.categories}
    assert len(story.categories) == 4
    assert len(story.quick_replies) == 12


def test_members_have_every_role(story):
    roles = Counter(member.role for member in story.members)
    assert roles == {"owner": 1, "admin": 1, "manager": 1, "librarian": 1, "agent": 3, "spectator": 1}


def test_demo_accounts_find_their_member():
    members = {member.email: member for team in TEAMS for member in build(team, 1, NOW).members}
    roles = {username: members[email].role for username, email in MEMBER_BY_ROLE.items()}
    assert roles == {
        "admin": "admin",
        "manager": "manager",
        "agent": "agent",
        "spectator": "spectator",
        "globex-agent": "agent",
    }


def test_ids_are_unique_and_well_formed(story):
    messages = [message for ticket in story.tickets for message in ticket.messages]
    assert len({message.id for message in messages}) == len(messages)
    for rows, pattern in (
        (story.tickets, r"tkt_[0-9a-f]{32}"),
        (story.customers, r"cus_[0-9a-f]{32}"),
        (story.articles, r"art_[0-9a-f]{32}"),
        (story.categories, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        (messages, r"msg_[0-9a-f]{12}"),
        (story.members, r"mem_[0-9a-f]{12}"),
        (story.quick_replies, r"qr_[0-9a-f]{8}"),
    ):
        assert len({row.id for row in rows}) == len(rows)
        assert all(re.fullmatch(pattern, row.id) for row in rows)
    assert all(re.fullmatch(r"usr_[0-9a-f]{12}", member.user_id) for member in story.members)


def test_references_exist(story):
    customers = {customer.id for customer in story.customers}
    members = {member.id for member in story.members}
    assert {ticket.customer_id for ticket in story.tickets} <= customers
    assert {ticket.assigned_to for ticket in story.tickets} <= members | {None}


def test_times_ascend_within_the_window(story):
    created = {customer.id: customer.created_at for customer in story.customers}
    for ticket in story.tickets:
        moments = [message.created_at for message in ticket.messages]
        assert all(earlier < later for earlier, later in pairwise(moments))
        assert ticket.created_at == moments[0]
        assert ticket.updated_at == max(moments[-1], ticket.resolved_at or moments[-1])
        assert NOW - timedelta(days=90, seconds=1) <= ticket.created_at <= ticket.updated_at <= NOW
        assert created[ticket.customer_id] < ticket.created_at


def test_most_of_it_happens_in_office_hours(story):
    moments = [message.created_at for ticket in story.tickets for message in ticket.messages]
    office = [moment for moment in moments if moment.weekday() < 5 and 8 <= moment.hour < 18]
    assert 0.8 < len(office) / len(moments) < 0.99


def test_recent_days_are_busier(story):
    ages = [(NOW - ticket.created_at).days for ticket in story.tickets]
    assert sum(age < 30 for age in ages) > sum(age >= 30 for age in ages)
    assert sum(NOW - ticket.updated_at < timedelta(hours=1) for ticket in story.tickets) >= 5


def test_status_fits_the_thread(story):
    for ticket in story.tickets:
        public = [message for message in ticket.messages if not message.is_internal]
        last = public[-1].sender
        if ticket.status == "new":
            assert {message.sender for message in ticket.messages} == {"customer"}
        elif ticket.status == "open":
            assert last == "customer"
        elif ticket.status == "pending":
            assert last == "agent"
        else:
            assert ticket.resolved_at > ticket.created_at
            assert any(message.sender == "agent" for message in public)
        assert (ticket.resolved_at is not None) == (ticket.status in {"resolved", "closed"})


@pytest.mark.parametrize(
    ("field", "shares"),
    [
        ("status", {"new": 14, "open": 22, "pending": 18, "resolved": 26, "closed": 20}),
        ("priority", {"low": 15, "normal": 55, "high": 22, "urgent": 8}),
    ],
)
def test_shares(story, field, shares):
    counts = Counter(getattr(ticket, field) for ticket in story.tickets)
    assert counts.keys() == shares.keys()
    for value, share in shares.items():
        assert counts[value] / 4.2 == pytest.approx(share, abs=6)


def test_some_open_tickets_wait_for_an_owner(story):
    unassigned = [ticket.assigned_to is None for ticket in story.tickets if ticket.status == "open"]
    assert 0.1 < sum(unassigned) / len(unassigned) < 0.3


def test_tickets_read_as_different(story):
    assert len({ticket.messages[0].content for ticket in story.tickets}) >= 300
    assert len({ticket.title for ticket in story.tickets}) >= 200
    lengths = [len(ticket.messages) for ticket in story.tickets]
    assert sum(length <= 8 for length in lengths) / 420 > 0.9
    assert max(lengths) >= 12


def test_no_slot_is_left(story):
    texts = [text for ticket in story.tickets for text in (ticket.title, ticket.notes or "", *_contents(ticket))]
    texts += [text for article in story.articles for text in (article.title, article.content)]
    assert not [text for text in texts if re.search(r"\{[a-z_]+\}", text)]
    assert not [text for text in texts if not text.strip() and text]
    placeholders = {name for reply in story.quick_replies for name in re.findall(r"\{+([^{}]+)\}+", reply.content)}
    assert placeholders == {"customer.first_name", "customer.email", "agent.name", "ticket.id"}


@pytest.mark.parametrize("product", ["tidepool", "harbor"])
def test_scenarios_are_complete(product):
    everyday = everyday_scenarios(product)
    assert len(everyday) >= 60
    for scenario in [*everyday, *singular_scenarios(product)]:
        assert scenario.openings_count
        assert scenario.beats[-1].role in {"agent", "thanks"}
        assert any(beat.role == "agent" for beat in scenario.beats)
        assert set(scenario.priorities) <= {"low", "normal", "high", "urgent"}


@pytest.mark.parametrize("product", ["tidepool", "harbor"])
def test_every_slot_of_every_scenario_can_be_filled(product):
    for scenario in [*everyday_scenarios(product), *singular_scenarios(product)]:
        slots = _slots(product)
        beats = [text for beat in scenario.beats for text in beat.texts]
        for text in (*scenario.subjects, *scenario.openings, *scenario.one_liners, *beats):
            assert not re.search(r"\{[a-z_]+\}", slots.fill(text))


def test_what_pages_should_survive_is_there(acme):
    texts = [text for ticket in acme.tickets for text in (ticket.title, *_contents(ticket))]
    assert any("<script" in text for text in texts)
    assert any("![" in text for text in texts)
    assert any(len(word) > 100 for text in texts for word in text.split())
    assert any(len(ticket.title) > 300 for ticket in acme.tickets)
    names = {customer.name for customer in acme.customers}
    assert LONG_NAME in names
    for script in (
        "\u3040-\u9fff",
        "\u0600-\u06ff",
        "\u0370-\u03ff",
        "\u0400-\u04ff",
        "łśżćń",
        "ğşİı",
        "\u1e00-\u1eff",
    ):
        assert any(re.search(f"[{script}]", name) for name in names), script


def test_tags_are_a_small_vocabulary(story):
    assert 20 <= len({tag for ticket in story.tickets for tag in ticket.tags}) <= 32


def test_many_tickets_are_made_on_the_way():
    story = build("Acme Support", 100_000, NOW)
    assert len(story.tickets) == 100_000
    first = list(islice(story.tickets, 50))
    assert first == list(islice(story.tickets, 50))
    assert first[0].customer_id in {customer.id for customer in story.customers}


def _contents(ticket):
    return [message.content for message in ticket.messages]


def _ids(story):
    rows = [*story.members, *story.customers, *story.articles, *story.quick_replies, *story.tickets, *story.categories]
    return {row.id for row in rows}


def _slots(product):
    rng = Random(1)
    names = {"agent": "Priya", "peer": "Daniel", "lead": "Owen"}
    return Slots(rng, BRANDS[product], next(profiles(rng, 1)), NOW, names)
