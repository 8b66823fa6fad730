"""Home: each number is a link to the list that it counts, and none costs an API call."""

import pytest

from cstar.http import ConnectError
from replica import upsert
from replica.models import TeamState
from teams.models import User
from tests.conftest import Person
from tickets.models import Draft, Status, Ticket


def home_of(person):
    return person.get("/").context["home"]


@pytest.fixture
def ticket(acme) -> Ticket:
    """One of the agent's that waits for an answer."""
    return Ticket.objects.filter(team=acme, done=False, status="open").exclude(assigned_to=None).first()


@pytest.mark.parametrize("username", ["admin", "manager", "agent", "spectator", "globex-agent"])
def test_each_number_is_that_of_the_list_it_leads_to(world, username):
    person = Person(username)
    home = home_of(person)
    numbers = [(one.label, one.url, one.count) for one in home.figures + (home.load if home.leads else [])]
    numbers += [(panel.title, panel.url, panel.count) for panel in home.panels]
    assert numbers
    for label, url, count in numbers:
        assert person.get(url).context["page"].total == count, label


def test_it_costs_no_call_and_few_queries(manager, wire, django_assert_max_num_queries):
    home_of(manager)
    with django_assert_max_num_queries(20):
        manager.get("/")
    assert wire.calls == []


def test_who_waited_longest_stands_first_and_links_keep_the_list(manager, ticket):
    for panel in home_of(manager).panels:
        times = [one.updated_at for one in panel.tickets]
        assert times == sorted(times)
        assert all(one.carried == "?" + panel.url.partition("?")[2] for one in panel.tickets)


def test_what_waits_for_the_customer_is_not_asked_for(agent, acme):
    kinds = {"on hold": "pending", "at the lab": "open", "shipped": "closed"}
    payloads = [{"id": key, "name": key, "kind": kind} for key, kind in kinds.items()]
    payloads.append({"id": "asked back", "name": "asked back", "category": "Pending"})
    upsert.apply("statuses", acme, payloads)
    assert Status.objects.filter(team=acme, key="shipped", closes=True).exists()
    statuses = home_of(agent).panels[0].url
    assert "at+the+lab" in statuses
    assert not any(word in statuses for word in ("on+hold", "asked+back", "shipped", "status=pending", "status=closed"))


def test_a_person_without_a_member_reads_why_nothing_is_theirs(agent):
    assert "can be assigned to you" not in agent.get("/").content.decode()
    User.objects.filter(pk=agent.person.pk).update(email="elsewhere@example.com")
    html = agent.get("/").content.decode()
    assert "no ticket can be assigned to you" in html
    assert "Assigned to me" not in html


def test_who_may_not_answer_sees_what_is_open(spectator):
    home = home_of(spectator)
    assert [str(panel.title) for panel in home.panels] == ["Open, longest wait first"]
    assert "Open tickets by person" not in spectator.get("/").content.decode()


def test_what_is_not_sent_yet_is_listed(agent, manager, ticket, wire):
    word = "A thought"
    Draft.objects.create(team=ticket.team, user=agent.person, ticket=ticket.cstar_id, kind="reply", text=word)
    wire.answer(ConnectError("away"))
    agent.post("/tickets/new/", {"title": f"Kept {word}", "name": "A", "email": "a@example.com", "content": "x"})
    assert {words for _, _, words in home_of(agent).unsent} >= {"Draft"}
    assert ticket.title in [title for title, _, _ in home_of(agent).unsent]
    assert ticket.title not in [title for title, _, _ in home_of(manager).unsent]


def test_an_open_page_gets_all_of_it_anew_after_a_change(agent, acme, ticket):
    before = agent.get("/home/live/?since=0")
    assert before.status_code == 200
    assert b'id="home"' in before.content
    assert agent.get(f"/home/live/?since={before['X-Live']}").status_code == 204
    changed = ticket.payload | {"status": "closed", "updatedAt": "2100-01-01T00:00:00Z"}
    upsert.apply("tickets", acme, [changed])
    after = agent.get(f"/home/live/?since={before['X-Live']}")
    assert after.status_code == 200
    assert int(after["X-Live"]) > int(before["X-Live"])


def test_before_the_first_copy_is_there_it_says_so(agent):
    TeamState.objects.update(filled_at=None)
    assert "Your tickets are on their way" in agent.get("/").content.decode()
