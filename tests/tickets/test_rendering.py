"""Threads that want to take all day: what is drawn of them is bounded, and all of it can be read."""

import re

import pytest
from django.utils import timezone
from django.utils.html import escape

from core import markdown, plain_text
from teams.clients import client_for
from tickets import message_html, thread
from tickets.models import Message, Ticket

PARAGRAPH = "A sentence that somebody wrote in a hurry, and then another one.\n\n"


def wide(columns: int, rows: int) -> str:
    return "|" + "h|" * columns + "\n|" + "-|" * columns + "\n" + ("|" + "c|" * columns + "\n") * rows


def narrow(columns: int, rows: int) -> str:
    """Rows that say nothing, each of which the library fills up to the header's width."""
    return "|" + "h|" * columns + "\n|" + "-|" * columns + "\n" + "|\n" * rows


HOSTILE = {
    "wide tables": wide(1_000, 12),
    "long tables": wide(8, 1_500),
    "empty rows": narrow(90, 5_000),
    "many tables": (wide(10, 3) + "\n") * 300,
    "tables in quotes": "".join(f"> {line}\n" for line in narrow(90, 3_000).splitlines()),
    "pictures": "![](x)" * 6_000,
    "links": "[a](b)" * 6_000,
    "code": "`a`" * 12_000,
    "paragraphs": "a\n\n" * 12_000,
}


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").order_by("message_count").first()


@pytest.fixture
def renders(monkeypatch) -> list[str]:
    """The texts that were made into HTML."""
    texts = []
    for module in (markdown, plain_text):
        render = module.render
        monkeypatch.setattr(
            module, "render", lambda text, *more, render=render: texts.append(text) or render(text, *more)
        )
    return texts


def write(ticket: Ticket, *contents: str) -> None:
    """Messages that cStar has, and the desk after a look at the thread."""
    for content in contents:
        client_for(ticket.team).messages.create(ticket.cstar_id, content=content, sender="agent")
    thread.fetch_ticket(ticket.team, ticket.cstar_id)


def hold(ticket: Ticket, *contents: str) -> None:
    """Messages that the desk holds and nobody has looked at."""
    Ticket.objects.filter(pk=ticket.pk).update(thread_fetched_at=timezone.now(), thread_seen=ticket.thread_mark)
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            cstar_id=f"msg_{number:05}",
            content=content,
            html_version=0,
            sender="agent",
            created_at=timezone.now(),
            position=number,
        )
        for number, content in enumerate(contents)
    )


def url(ticket: Ticket, rest: str = "") -> str:
    return f"/tickets/{ticket.cstar_id}/{rest}"


def bodies(html: str) -> list[str]:
    return re.findall(r'<div class="message__body prose" dir="auto">(.*?)</div>', html, re.DOTALL)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_comes_out_of_one_message_is_bounded(text):
    html = markdown.render(text)
    assert html.count("<td") + html.count("<th") <= markdown.MAX_CELLS + markdown.MAX_COLUMNS
    assert len(html) < 25 * len(text)


@pytest.mark.parametrize("text", [wide(8, 100), wide(100, 3), wide(1, 500)])
def test_a_table_as_people_make_them_is_one(text):
    rows = text.count("\n") - 1
    assert markdown.render(text).count("<tr>") == rows


def test_a_table_that_is_too_long_goes_on_as_text():
    html = markdown.render(wide(8, 1_500))
    assert html.count("<td>") == markdown.MAX_CELLS - markdown.MAX_CELLS % 8 - 8
    assert html.count("|c|c|c|c|c|c|c|c|") == 1_500 - html.count("<td>") // 8


def test_a_table_that_is_too_wide_is_text():
    assert "<table" not in markdown.render(wide(150, 2))
    assert "|c|c|" in markdown.render(wide(150, 2))


def test_after_a_large_table_a_small_one_is_one_as_long_as_cells_are_left():
    html = markdown.render(f"{wide(10, 90)}\n{wide(2, 2)}")
    assert html.count("<table>") == 2


def test_the_worker_draws_nothing(ticket, renders):
    write(ticket, *[PARAGRAPH] * 3)
    thread.add(ticket, {"id": "msg_1", "content": "x", "sender": "agent"})
    thread.take_in(ticket.team, {"id": ticket.cstar_id, "messageCount": 9}, {"id": "msg_2", "content": "x"})
    assert renders == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_threads_page_is_bounded(text, agent, ticket, renders):
    hold(ticket, *[text[:100_000]] * 30)
    for _ in range(2):
        renders.clear()
        page = agent.get(url(ticket))
        assert page.status_code == 200
        assert len(page.content) < 700_000
        assert sum(map(len, renders)) <= message_html.WORK + message_html.OPENING
    assert len(bodies(page.content.decode())) == ticket.messages.count()


def test_the_newest_messages_are_drawn_first(agent, ticket):
    hold(ticket, *[f"*number {number}*\n\n" + PARAGRAPH * 100 for number in range(40)])
    shown = bodies(agent.get(url(ticket)).content.decode())
    assert "<em>number 39</em>" in shown[-1]
    assert "*number 0*" in shown[-40]


def test_what_the_budget_does_not_reach_is_drawn_by_the_next_opening(agent, ticket):
    hold(ticket, *[f"*number {number}*\n\n" + PARAGRAPH * 30 for number in range(60)])
    assert "*number 0*" in agent.get(url(ticket)).content.decode()
    for _ in range(4):
        page = agent.get(url(ticket)).content.decode()
    assert "<em>number 0</em>" in page


def test_each_message_is_drawn_once(agent, ticket, renders):
    write(ticket, "**one**", "**two**")
    agent.get(url(ticket))
    count = len(renders)
    assert count == ticket.messages.count()
    agent.get(url(ticket))
    thread.fetch_ticket(ticket.team, ticket.cstar_id)
    assert "<strong>two</strong>" in agent.get(url(ticket)).content.decode()
    assert len(renders) == count


def test_a_long_message_shows_its_beginning_and_all_of_it_on_demand(agent, ticket):
    write(ticket, PARAGRAPH * 300 + "**the end**")
    html = agent.get(url(ticket)).content.decode()
    message = ticket.messages.get(content__contains="the end")
    assert "the end" not in html
    assert "Show all of it" in html
    address = url(ticket, f"messages/?whole={message.pk}&place=message")
    assert f'hx-get="{escape(address)}"' in html
    whole = agent.fragment(address).content.decode()
    assert "<strong>the end</strong>" in whole
    assert f'id="message-{message.cstar_id}"' in whole
    assert "Show all of it" not in whole
    assert "<html" not in whole
    # Without JavaScript it is a page.
    page = agent.get(address).content.decode()
    assert "<strong>the end</strong>" in page
    assert "<html" in page


def test_the_beginning_ends_with_a_line(agent, ticket):
    write(ticket, "a line of words\n" * 2_000)
    [shown] = [body for body in bodies(agent.get(url(ticket)).content.decode()) if "a line of words" in body]
    assert shown.rstrip().endswith("a line of words</p>")


def test_a_short_message_is_whole(agent, ticket):
    write(ticket, "x" * message_html.OPENING)
    assert "Show all of it" not in agent.get(url(ticket)).content.decode()


def test_a_message_of_another_ticket_or_team_is_not_there(agent, outsider, ticket, globex):
    write(ticket, "secret")
    message = ticket.messages.last()
    other = Ticket.objects.filter(team=ticket.team).exclude(pk=ticket.pk).first()
    for name in ("whole", "before"):
        assert agent.get(url(other, f"messages/?{name}={message.pk}")).status_code == 404
        assert outsider.get(url(ticket, f"messages/?{name}={message.pk}")).status_code == 404
        for nonsense in ("", "x", "-1", "9" * 40, "\0"):
            assert agent.get(url(ticket, "messages/"), {name: nonsense}).status_code == 404


@pytest.mark.parametrize("place", ["", "x", '"><script>', "newer"])
def test_a_place_that_makes_no_sense_is_none(place, agent, ticket):
    write(ticket, "x")
    message = ticket.messages.last()
    html = agent.get(url(ticket, "messages/"), {"whole": message.pk, "place": place}).content.decode()
    assert f'id="{"newer" if place == "newer" else "message"}-{message.cstar_id}"' in html


def test_of_thousands_of_messages_a_page_shows_the_newest(agent, ticket):
    hold(ticket, *[f"number {number}." for number in range(500)])
    html = agent.get(url(ticket)).content.decode()
    assert len(bodies(html)) == thread.MOST_SHOWN
    assert "number 300." in html
    seen = {f"number {number}." for number in range(300, 500)}
    while link := re.search(r'hx-get="([^"]+/messages/\?before=[^"]+)"', html):
        html = agent.fragment(link[1]).content.decode()
        seen |= set(re.findall(r"number \d+\.", html))
    assert seen == {f"number {number}." for number in range(500)}


def test_what_is_on_its_way_is_not_drawn_whole_either(agent, ticket, renders):
    type(agent.person).objects.filter(pk=agent.person.pk).update(undo_seconds=20)
    agent.post(url(ticket, "reply/"), {"kind": "reply", "reply": PARAGRAPH * 500, "nonce": "1" * 32, "then": ""})
    renders.clear()
    html = agent.get(url(ticket)).content.decode()
    assert "Will be sent in" in html
    assert max(map(len, renders)) <= message_html.OPENING
