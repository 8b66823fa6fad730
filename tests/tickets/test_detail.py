"""A ticket's page: /tickets/<id>/."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cstar.http import ConnectError, Response
from replica.models import TeamState
from replica.refresh import refresh
from sandbox.models import Ticket as SandboxTicket
from teams.clients import client_for
from teams.models import Membership
from tickets.models import Message, Ticket


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").order_by("-message_count").first()


def url(ticket: Ticket) -> str:
    return f"/tickets/{ticket.cstar_id}/"


def test_the_first_opening_costs_one_call_the_second_none(agent, wire, ticket):
    page = agent.get(url(ticket))
    assert [method for method, _ in wire.calls] == ["GET"]
    assert len(page.context["thread"]) == ticket.message_count > 1
    wire.calls.clear()
    assert len(agent.get(url(ticket)).context["thread"]) == ticket.message_count
    assert wire.calls == []


def test_few_queries(agent, ticket, django_assert_max_num_queries):
    agent.get(url(ticket))
    with django_assert_max_num_queries(9):
        agent.get(f"{url(ticket)}?status=active")


def test_the_thread_is_in_its_order_and_its_latest_message_can_be_gone_to(agent, acme, ticket):
    for number in range(5):
        client_for(acme).messages.create(ticket.cstar_id, content=f"Number {number}", sender="customer")
    agent.get(url(ticket))
    for place, message in enumerate(reversed(ticket.messages.all())):
        Message.objects.filter(pk=message.pk).update(position=place)
    html = agent.get(url(ticket)).content.decode()
    marks = re.findall(r'id="message-([^"]+)"', html)
    *earlier, latest = ticket.messages.values_list("cstar_id", flat=True)
    assert marks == [*earlier, latest]
    assert f'href="#message-{latest}"' in html


def test_an_old_thread_costs_no_call_while_the_feed_tells_of_changes(agent, wire, acme, ticket):
    agent.get(url(ticket))
    Ticket.objects.filter(pk=ticket.pk).update(thread_fetched_at=timezone.now() - timedelta(hours=5))
    TeamState.objects.filter(team=acme).update(refreshed_at=timezone.now())
    wire.calls.clear()
    assert "thread/" not in agent.get(url(ticket)).content.decode()
    assert wire.calls == []


def test_an_old_thread_is_shown_at_once_and_then_updates_itself(agent, wire, acme, ticket):
    agent.get(url(ticket))
    long_ago = timezone.now() - timedelta(minutes=5)
    Ticket.objects.filter(pk=ticket.pk).update(thread_fetched_at=long_ago)
    TeamState.objects.filter(team=acme).update(refreshed_at=long_ago)
    wire.calls.clear()
    page = agent.get(url(ticket))
    assert wire.calls == []
    assert f'hx-get="{url(ticket)}thread/"' in page.content.decode()

    client_for(acme).messages.create(ticket.cstar_id, content="One more thing", sender="customer")
    wire.calls.clear()
    update = agent.fragment(f"{url(ticket)}thread/")
    assert "One more thing" in update.content.decode()
    assert 'id="ticket-thread"' in update.content.decode()
    assert len(wire.calls) == 1


def test_a_thread_that_moved_is_fetched_again(agent, wire, acme, ticket):
    agent.get(url(ticket))
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(updated_at=timezone.now(), title="Renamed elsewhere")
    refresh(acme)
    page = agent.get(url(ticket))
    assert "Renamed elsewhere" in page.content.decode()
    assert page.context["stale"]


def test_what_cstar_deleted_is_gone(agent, ticket):
    SandboxTicket.objects.filter(pk=ticket.cstar_id).delete()
    assert agent.get(url(ticket)).status_code == 404
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def test_a_ticket_not_held_is_fetched(agent, wire, ticket):
    Ticket.objects.filter(pk=ticket.pk).delete()
    assert agent.get(url(ticket)).context["ticket"].title == ticket.title
    assert len(wire.calls) == 1


def test_cstar_away_shows_what_is_held_and_says_so(agent, wire, ticket):
    wire.answer(ConnectError("refused"))
    page = agent.get(url(ticket))
    assert page.status_code == 200
    assert "could not be fetched" in page.content.decode()


def test_html_in_a_message_is_text(agent, ticket):
    agent.get(url(ticket))
    Message.objects.filter(ticket=ticket).update(
        content="<script>alert(1)</script> ![](https://evil.example/p.png)", html="", html_version=0
    )
    html = agent.get(url(ticket)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "<img" not in html


def test_neighbours_follow_the_list(agent, acme):
    listed = [
        t.cstar_id for t in agent.get("/tickets/", {"status": "active", "sort": "priority"}).context["page"].items
    ]
    page = agent.get(f"/tickets/{listed[1]}/", {"status": "active", "sort": "priority"})
    assert page.context["previous_url"] == f"/tickets/{listed[0]}/?status=active&sort=priority"
    assert page.context["next_url"] == f"/tickets/{listed[2]}/?status=active&sort=priority"


@pytest.mark.parametrize("sort", ["updated", "-created", "subject", "-customer", "assignee", "-status", "messages"])
def test_walking_by_next_visits_every_ticket_once(agent, sort):
    listed = [t.cstar_id for t in agent.get("/tickets/", {"sort": sort, "page_size": "100"}).context["page"].items]
    walked, next_url = [], f"/tickets/{listed[0]}/?sort={sort}"
    while next_url:
        page = agent.get(next_url)
        walked.append(page.context["ticket"].cstar_id)
        next_url = page.context["next_url"]
    assert walked == listed


def test_another_teams_ticket_is_not_there(agent, globex):
    theirs = Ticket.objects.filter(team=globex).first()
    assert agent.get(url(theirs)).status_code == 404
    assert agent.post(f"{url(theirs)}edit/", {"status": "closed"}).status_code == 404


def test_a_link_to_ones_other_team_opens_it_there(agent, globex):
    Membership.objects.create(user=agent.person, team=globex, role="agent")
    theirs = Ticket.objects.filter(team=globex).first()
    page = agent.get(url(theirs))
    assert page.context["ticket"].pk == theirs.pk
    assert page.context["desk"].team == globex


def test_spectators_read_and_are_offered_nothing(spectator, ticket):
    html = spectator.get(url(ticket)).content.decode()
    assert ticket.title in html
    assert "<textarea" not in html
    assert "/edit/" not in html
    assert "/delete/" not in html


def test_an_unknown_answer_says_so(agent, wire, ticket):
    wire.answer(Response(200, text="<html>maintenance</html>"))
    page = agent.get(url(ticket))
    assert page.status_code == 200
    assert "makes no sense" in page.content.decode()
