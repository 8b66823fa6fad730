"""How the messages of a thread are shown: whose words they are, when they were written, and what they are made of."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cstar.http import Response
from teams.clients import client_for
from tickets import thread
from tickets.models import Message, Ticket

WRITTEN = "# 7\n\\\\server\\_x\n> quoted\nanswer &copy; *.txt\n\n   __init__"


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()


def url(ticket: Ticket) -> str:
    return f"/tickets/{ticket.cstar_id}/"


def bodies(person, ticket: Ticket) -> list[str]:
    html = person.get(url(ticket)).content.decode()
    return re.findall(r'<div class="message__body prose" dir="auto">(.*?)</div>', html, re.DOTALL)


def write(acme, ticket: Ticket, content: str, **fields) -> None:
    client_for(acme).messages.create(ticket.cstar_id, content=content, **fields)
    thread.fetch_ticket(acme, ticket.cstar_id)


def test_a_customers_words_are_shown_as_they_wrote_them(agent, acme, ticket):
    write(acme, ticket, WRITTEN, sender="customer")
    assert unescape(re.sub("<[^>]+>", "", bodies(agent, ticket)[-1])) == WRITTEN


def test_what_agents_write_stays_markdown(agent, acme, ticket):
    write(acme, ticket, "**bold**", sender="agent")
    write(acme, ticket, "- a\n- b", sender="agent", is_internal=True)
    reply, note = bodies(agent, ticket)[-2:]
    assert "<strong>bold</strong>" in reply
    assert "<li>a</li>" in note


@pytest.mark.parametrize("sender", ["system", "robot", ""])
def test_what_others_write_is_text(agent, acme, ticket, sender):
    write(acme, ticket, "x", sender="customer")
    latest = ticket.messages.last()
    Message.objects.filter(pk=latest.pk).update(sender=sender, content="*a* <b>", html_version=0)
    assert "*a* &lt;b&gt;" in bodies(agent, ticket)[-1]


def test_html_that_an_older_version_stored_is_made_anew(agent, acme, ticket, django_assert_max_num_queries):
    for number in range(5):
        write(acme, ticket, f"*{number}*", sender="customer")
    bodies(agent, ticket)
    with CaptureQueriesContext(connection) as usual:
        bodies(agent, ticket)
    Message.objects.filter(ticket=ticket).update(html="<p>old</p>", html_version=2)
    with django_assert_max_num_queries(len(usual) + 4):  # one for the texts, three to store what is made of them
        assert "*4*" in bodies(agent, ticket)[-1]
    assert not Message.objects.filter(ticket=ticket, html="<p>old</p>").exists()


def test_a_message_that_turns_out_to_be_a_customers_is_drawn_anew(agent, acme, ticket, wire):
    write(acme, ticket, "**x**", sender="agent")
    raw = client_for(acme).tickets.get(ticket.cstar_id).raw
    raw["messages"][-1]["sender"] = "customer"
    wire.answer(Response(200, json={"success": True, "data": raw}))
    thread.fetch_ticket(acme, ticket.cstar_id)
    assert "**x**" in bodies(agent, ticket)[-1]


def test_the_source_of_each_message_can_be_seen(agent, acme, ticket):
    write(acme, ticket, "<div>Hello <b>you</b></div>", sender="customer")
    latest = ticket.messages.last()
    assert "Hello <b>you</b>" in bodies(agent, ticket)[-1] + agent.get(url(ticket)).content.decode()
    link = f"{url(ticket)}source/?message={latest.pk}"
    assert link in agent.get(url(ticket)).content.decode()
    for address in (link, f"{url(ticket)}source/"):
        assert "&lt;div&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/div&gt;</pre>" in agent.get(address).content.decode()
    assert agent.get(link).content.decode().count("<pre") == 1


def test_a_page_shows_the_source_of_the_newest_messages(agent, acme, ticket):
    for number in range(30):
        client_for(acme).messages.create(ticket.cstar_id, content=f"number {number}", sender="customer")
    thread.fetch_ticket(acme, ticket.cstar_id)
    page = agent.get(f"{url(ticket)}source/").content.decode()
    assert page.count("<pre") == 20
    assert "number 29" in page
    assert agent.get(f"{url(ticket)}source/?message=0").status_code == 404


def test_each_day_of_a_thread_has_its_date(agent, acme, ticket):
    for text in ("one", "two"):
        write(acme, ticket, text, sender="customer")
    agent.person.time_zone = "Europe/Berlin"
    agent.person.save()
    for at, message in enumerate(ticket.messages.all()):
        # One before midnight in Berlin, the others after it, on one day of UTC.
        moment = datetime(2025, 3, 4, 23 if at else 22, at, tzinfo=UTC)
        Message.objects.filter(pk=message.pk).update(created_at=moment, position=at)
    html = agent.get(url(ticket)).content.decode()
    assert re.findall(r'<time datetime="([\d-]{10})">', html) == ["2025-03-04", "2025-03-05"]
    assert "Tuesday, 4 Mar 2025" in html
    assert ">23:00</time>" in html
    assert ">00:01</time>" in html
