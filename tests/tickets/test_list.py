"""The inbox: /tickets/."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from teams.models import User
from tickets.models import Draft, Ticket

URL = "/tickets/"


def subjects(response) -> list[str]:
    return [ticket.title for ticket in response.context["page"].items]


def test_lists_the_teams_tickets_without_any_api_call(agent, wire, acme):
    response = agent.get(URL)
    assert response.status_code == 200
    assert response.context["page"].total == Ticket.objects.filter(team=acme).count() > 40
    assert wire.calls == []


def test_another_teams_tickets_are_not_there(agent, globex):
    ids = set(Ticket.objects.filter(team=globex).values_list("cstar_id", flat=True))
    shown = {ticket.cstar_id for ticket in agent.get(URL, {"page_size": 100}).context["page"].items}
    assert ids
    assert not ids & shown


def test_needs_few_queries(agent, django_assert_max_num_queries):
    agent.get(URL)
    with django_assert_max_num_queries(8):
        agent.get(URL, {"sort": "-priority", "page_size": "25"})


def test_fragment_is_chosen_by_its_target(agent):
    fragment = agent.fragment(f"{URL}?status=open", "ticket-list")
    assert re.match(rb'\s*<div\s+id="ticket-list"', fragment.content)
    assert fragment["Vary"].count("HX-Target") == 1
    assert b"<html" in agent.fragment(URL, "something-else").content
    assert "HX-Target" in agent.get(URL)["Vary"]


def test_anonymous_is_sent_to_sign_in_and_back(client, world):
    response = client.get(f"{URL}?status=open")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/sign-in/?next=%2Ftickets%2F%3Fstatus%3Dopen"


def test_wrong_method(agent):
    assert agent.post(URL).status_code == 405


@pytest.mark.parametrize("status", ["new", "open", "pending", "resolved", "closed"])
def test_filters_by_status(agent, status):
    found = agent.get(URL, {"status": status, "page_size": 100}).context["page"].items
    assert {ticket.status for ticket in found} == {status}


def test_filters_by_several_statuses_and_words_for_several(agent):
    both = agent.get(URL, {"status": ["new", "open"], "page_size": 100}).context["page"].items
    assert {ticket.status for ticket in both} == {"new", "open"}
    active = agent.get(URL, {"status": "active", "page_size": 100}).context["page"].items
    assert {ticket.status for ticket in active} == {"new", "open", "pending"}


def test_filters_by_me_nobody_and_a_member(agent):
    mine = agent.get(URL, {"assigned_to": "me", "page_size": 100}).context["page"].items
    assert len({ticket.assigned_to for ticket in mine}) == 1
    assert all(ticket.assigned_to == "" for ticket in agent.get(URL, {"assigned_to": "nobody"}).context["page"].items)
    same = agent.get(URL, {"assigned_to": mine[0].assigned_to, "page_size": 100}).context["page"].items
    assert [ticket.pk for ticket in same] == [ticket.pk for ticket in mine]


def test_filters_by_tag_customer_and_text(agent, acme):
    ticket = Ticket.objects.filter(team=acme).exclude(tags=[]).exclude(customer="").first()
    for query in (
        {"tag": ticket.tags[0]},
        {"customer": ticket.customer},
        {"search": ticket.title[:20].upper()},
        {"search": ticket.customer_name.casefold()},
        {"search": ticket.cstar_id},
    ):
        assert ticket.title in subjects(agent.get(URL, {**query, "page_size": 100})), query


@pytest.mark.parametrize(
    "key", ["updated", "created", "subject", "customer", "assignee", "status", "priority", "messages"]
)
def test_sorts_both_ways(agent, key):
    up = [t.pk for t in agent.get(URL, {"sort": key, "page_size": 100}).context["page"].items]
    down = [t.pk for t in agent.get(URL, {"sort": f"-{key}", "page_size": 100}).context["page"].items]
    assert sorted(up) == sorted(down)
    assert up != down


def test_pages_keep_filters_and_pills_remove_them(agent):
    page = agent.get(URL, {"status": ["active", "done"], "sort": "created", "page_size": "25"})
    assert page.context["page"].next_url == "?status=active&status=done&sort=created&page_size=25&page=2"
    page = agent.get(URL, {"status": "active", "sort": "created", "page_size": "25", "page": "2"})
    (pill,) = page.context["pills"]
    assert (pill.value, pill.url) == ("All open", "?sort=created&page_size=25")


def test_a_row_carries_the_list_to_the_ticket(agent):
    html = agent.get(URL, {"status": "active", "sort": "-created"}).content.decode()
    assert re.search(r'href="/tickets/tkt_\w+/\?status=active&amp;sort=-created"', html)


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=99999999999999999999",
        "page_size=7",
        "sort=password",
        "sort=team__key",
        "sort=-",
        "status=%00",
        "status=" + "x" * 5000,
        "priority=%F0%9F%98%80",
        "assigned_to=%27%20OR%201%3D1--",
        "tag=%ff%fe",
        "customer=../../x",
        "search=%25%25_%5C",
        "search=" + "a%20" * 90,
        "team__key__startswith=sk",
    ],
)
def test_nonsense_in_the_address_is_a_list(agent, query):
    assert agent.get(f"{URL}?{query}").status_code == 200


def test_three_kinds_of_empty(agent, acme):
    assert b"No ticket matches" in agent.get(URL, {"search": "zzzzzz"}).content
    Ticket.objects.filter(team=acme).delete()
    acme.state.change_number += 1
    acme.state.save()
    assert b"No tickets yet" in agent.get(URL).content
    acme.state.filled_at = None
    acme.state.save()
    assert b"on their way" in agent.get(URL).content


def test_rail_counts_are_what_the_views_show(agent):
    rail = agent.get(URL).context["desk"].rail
    for link in rail[1].links:
        assert agent.get(link.url).context["page"].total == link.count, link.label
        assert agent.get(link.url).context["heading"] == link.label


def test_unknown_words_are_shown_not_fatal(agent, acme):
    Ticket.objects.filter(team=acme).update(status="waiting_on_moon", priority="cosmic", status_rank=99)
    html = agent.get(URL).content.decode()
    assert "Waiting on moon" in html
    assert "Cosmic" in html


def test_rows_that_were_drawn_before_follow_their_values_and_who_reads_them(agent, manager, acme):
    def row(person, path=URL) -> str:
        html = person.get(path).content.decode()
        return re.search(rf'<tr id="ticket-{ticket.cstar_id}">.*?</tr>', html, re.DOTALL)[0]

    ticket = agent.get(URL).context["page"].items[0]
    first = row(agent)
    assert row(manager) == first
    assert "?sort=subject" in row(agent, f"{URL}?sort=subject&page_size=100")
    User.objects.filter(pk=manager.person.pk).update(language="de", time_zone="Asia/Tokyo")
    theirs = row(manager)
    assert f"{ticket.updated_at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}" in theirs
    assert theirs != first
    assert row(agent) == first
    Ticket.objects.filter(pk=ticket.pk).update(title="Another <b>title</b>", updated_at=timezone.now())
    assert "Another &lt;b&gt;title&lt;/b&gt;" in row(agent)
    Draft.objects.create(team=acme, user=agent.person, ticket=ticket.cstar_id, kind="reply", text="x")
    assert ">Draft<" in row(agent)
    assert ">Draft<" not in row(manager)


def test_the_head_has_a_cell_for_each_of_a_row_and_the_chosen_can_be_edited(manager):
    for url in ("/tickets/", "/customers/", "/articles/", "/categories/"):
        html = manager.get(url).content.decode()
        head, row = re.search(r"<thead>(.*?)</thead>", html, re.S)[1], re.search(r"<tbody>(<tr.*?)</tr>", html, re.S)[1]
        assert len(re.findall(r"<th\b", head)) == len(re.findall(r"<td\b", row)), url
        assert ("data-select-all" in html) == ("bulk-bar" in html) == ('name="ids"' in html) == (url != "/categories/")
