"""The heartbeat of open pages: /live/, and what changed in a list or on a ticket since."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from cstar.http import ConnectError
from live import presence
from live.models import Presence
from replica import upsert
from replica.models import TeamState
from replica.refresh import refresh
from sandbox.models import Ticket as SandboxTicket
from teams.clients import client_for
from tickets.models import Ticket


class Tab:
    """A page in somebody's browser, as live-page.js keeps it true."""

    def __init__(self, person, about=None, key="tab-1"):
        self.person, self.about, self.key, self.told = person, about, key, {}

    def beat(self, **said):
        given = self.told | {"page": self.key} | ({} if self.about is None else {"about": self.about}) | said
        response = self.person.get("/live/", given)
        if "X-Live" in response:
            self.told = {name: values[0] for name, values in parse_qs(response["X-Live"]).items()}
        return response


@pytest.fixture(autouse=True)
def _look_anew():
    presence._looks.clear()


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").order_by("-message_count").first()


def change(ticket: Ticket, **fields) -> None:
    upsert.apply("tickets", ticket.team, [{"id": ticket.cstar_id, **fields}])


def number(team) -> int:
    return TeamState.objects.get(team=team).change_number


# The heartbeat -----------------------------------------------------------------------------------------------------


def test_nothing_new_is_204_and_costs_little(agent, ticket, wire, django_assert_max_num_queries):
    tab = Tab(agent, ticket.cstar_id)
    assert tab.beat().status_code == 200
    with django_assert_max_num_queries(6):
        quiet = tab.beat()
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert wire.calls == []


def test_a_page_begins_with_what_it_was_drawn_with(agent):
    told = re.search(r'data-told="([^"]+)"', agent.get("/tickets/").content.decode())[1]
    assert agent.get(f"/live/?{told}&about=&page=tab").status_code == 204


def test_a_change_brings_the_rail_with_its_counts(agent, ticket):
    tab = Tab(agent)
    tab.beat()
    before = agent.get("/tickets/?status=active").context["page"].total
    change(ticket, status="resolved")
    html = tab.beat().content.decode()
    assert re.search(rf'All open</span>\s*<span class="count">\s*{before - 1}\s*<', html)
    assert tab.beat().status_code == 204


def test_trouble_with_cstar_is_said(agent, acme):
    tab = Tab(agent)
    tab.beat()
    TeamState.objects.filter(team=acme).update(problem="cStar does not answer as it should.")
    assert "cStar does not answer" in tab.beat().content.decode()
    assert tab.beat().status_code == 204


def test_a_heartbeat_neither_writes_nor_prolongs_the_session(agent, ticket):
    before = Session.objects.get(pk=agent.session.session_key)
    response = Tab(agent, ticket.cstar_id).beat()
    after = Session.objects.get(pk=agent.session.session_key)
    assert (after.expire_date, after.session_data) == (before.expire_date, before.session_data)
    assert not response.cookies


def test_a_page_of_another_team_learns_nothing(agent, globex):
    response = agent.get("/live/", {"team": str(globex.pk)})
    assert (response.status_code, response.content) == (409, b"")


def test_who_is_signed_out_is_sent_to_sign_in(client, world):
    assert client.get("/live/").status_code == 302


def test_a_message_for_the_next_page_is_not_swallowed(agent, ticket):
    agent.post(f"/tickets/{ticket.cstar_id}/edit/", {"priority": "urgent"})
    Tab(agent).beat()
    assert b"Saved." in agent.get("/tickets/").content


# Presence ----------------------------------------------------------------------------------------------------------


def test_others_are_seen_and_oneself_is_not(agent, manager, ticket):
    mine, theirs = Tab(agent, ticket.cstar_id), Tab(manager, ticket.cstar_id)
    mine.beat()
    html = theirs.beat(typing="note").content.decode()
    assert f"{agent.person.display_name} is viewing" in html
    assert manager.person.display_name not in html.partition('id="presence"')[2]
    assert f"{manager.person.display_name} is writing a note" in mine.beat().content.decode()


def test_the_list_shows_who_is_at_which_ticket(agent, manager, ticket):
    inbox = Tab(agent, "")
    inbox.beat()
    Tab(manager, ticket.cstar_id).beat()
    html = inbox.beat().content.decode()
    assert f'data-into="#ticket-{ticket.cstar_id} > .cell-subject"' in html
    assert f"{manager.person.display_name} is viewing" in html


def test_a_spectator_is_seen_but_never_writing(agent, spectator, ticket):
    mine = Tab(agent, ticket.cstar_id)
    mine.beat()
    Tab(spectator, ticket.cstar_id).beat(typing="reply")
    assert f"{spectator.person.display_name} is viewing" in mine.beat().content.decode()


def test_another_teams_people_are_not_there(agent, outsider, ticket):
    mine = Tab(agent, ticket.cstar_id)
    mine.beat()
    Tab(outsider, ticket.cstar_id).beat(typing="reply")
    assert mine.beat().status_code == 204


def test_who_leaves_or_falls_silent_is_gone(agent, manager, ticket):
    mine, theirs = Tab(agent, ticket.cstar_id), Tab(manager, ticket.cstar_id)
    theirs.beat()
    mine.beat()
    assert theirs.beat(gone="").status_code == 204
    assert manager.person.display_name not in mine.beat().content.decode()
    theirs.beat()
    Presence.objects.filter(user=manager.person).update(until=timezone.now() - timedelta(seconds=1))
    Tab(agent, ticket.cstar_id, "tab-2").beat()  # a new page looks anew, and clears away
    assert not Presence.objects.filter(user=manager.person).exists()


def test_one_of_two_tabs_closed_leaves_the_other(agent, manager, ticket):
    mine = Tab(agent, ticket.cstar_id)
    first, second = (Tab(manager, ticket.cstar_id, key) for key in ("first", "second"))
    first.beat(typing="reply")
    second.beat()
    assert "is writing a reply" in mine.beat().content.decode()
    first.beat(gone="")
    assert "is viewing" in mine.beat().content.decode()


def test_presence_is_written_only_when_something_changed_or_time_is_short(agent, ticket):
    tab = Tab(agent, ticket.cstar_id)
    tab.beat()
    (written,) = Presence.objects.values_list("until", flat=True)
    tab.beat()
    assert list(Presence.objects.values_list("until", flat=True)) == [written]
    tab.beat(typing="reply")
    assert Presence.objects.get().until > written
    tab.beat(typing="reply", hidden="")
    assert Presence.objects.get().until > written + timedelta(seconds=30)


def test_nobody_can_fill_the_table(agent):
    for count in range(60):
        Tab(agent, f"tkt_{count}", f"tab-{count}").beat()
    assert Presence.objects.count() == 50


def test_lists_and_other_pages_are_not_kept(agent):
    Tab(agent, "").beat()
    Tab(agent).beat()
    Tab(agent, "not an id").beat()
    assert not Presence.objects.exists()


# Lists -------------------------------------------------------------------------------------------------------------


class Inbox:
    """A list as it was drawn, which asks for what changed in it."""

    def __init__(self, person, **query):
        self.person, self.query = person, query
        page = person.get("/tickets/", query)
        self.shown = [ticket.cstar_id for ticket in page.context["page"].items]
        self.since = self.drawn = re.search(r'data-since="(\d+)"', page.content.decode())[1]

    def changes(self, **headers):
        address = f"/tickets/live/?{urlencode(self.query | {'since': self.since, 'drawn': self.drawn}, doseq=True)}"
        response = self.person.get(address, headers={"X-Shown": ",".join(self.shown)})
        self.since = response["X-Live"]
        return response


def rows_in(response) -> list[str]:
    return re.findall(r'<tr id="ticket-(\w+)"', response.content.decode())


def test_exactly_the_changed_rows_come(agent, acme, wire):
    inbox = Inbox(agent, status="active", page_size="25")
    assert inbox.changes().status_code == 204
    ticket = Ticket.objects.get(team=acme, cstar_id=inbox.shown[3])
    change(ticket, priority="low" if ticket.priority != "low" else "high")
    answer = inbox.changes()
    assert rows_in(answer) == [ticket.cstar_id]
    assert b"row-mark" not in answer.content
    assert inbox.changes().status_code == 204
    assert wire.calls == []


def test_a_row_that_no_longer_belongs_there_is_marked(agent, acme):
    inbox = Inbox(agent, status="active")
    change(Ticket.objects.get(team=acme, cstar_id=inbox.shown[0]), status="closed")
    upsert.forget("tickets", acme, [inbox.shown[1]])
    html = inbox.changes().content.decode()
    assert re.search(rf'id="mark-{inbox.shown[0]}"[^<]*>Moved on<', html)
    assert re.search(rf'id="mark-{inbox.shown[1]}"[^<]*>Deleted<', html)


def test_new_tickets_are_counted_on_page_one_alone(agent, acme):
    first, second = Inbox(agent, page_size="25"), Inbox(agent, page_size="25", page="2")
    for count in range(2):
        moment = (timezone.now() + timedelta(seconds=count)).isoformat()
        new = {"id": f"tkt_new{count}", "title": "New", "status": "new", "createdAt": moment, "updatedAt": moment}
        upsert.apply("tickets", acme, [new])
    assert "2 new tickets" in first.changes().content.decode()
    assert second.changes().status_code == 204


def test_a_renamed_member_or_customer_changes_the_rows(agent, acme):
    inbox = Inbox(agent)
    ticket = Ticket.objects.filter(team=acme, cstar_id__in=inbox.shown).exclude(assigned_to="").first()
    upsert.apply("members", acme, [{"id": ticket.assigned_to, "name": "Somebody Else"}])
    assert ticket.cstar_id in rows_in(inbox.changes())


def test_another_teams_rows_never_come(agent, globex):
    inbox = Inbox(agent)
    inbox.shown, inbox.since = list(Ticket.objects.filter(team=globex).values_list("cstar_id", flat=True)[:5]), "0"
    assert rows_in(inbox.changes()) == []


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 40, "٣", "1.5"])
def test_nonsense_is_the_beginning(agent, text):
    response = agent.get(
        "/tickets/live/", {"since": text, "drawn": text}, headers={"X-Shown": "a b,<i>,#, ," + "x" * 90}
    )
    assert response.status_code == 200


# A ticket ----------------------------------------------------------------------------------------------------------


def changes_of(person, ticket, since):
    return person.get(f"/tickets/{ticket.cstar_id}/live/", {"since": since})


@pytest.fixture
def opened(agent, ticket) -> int:
    """The change number at which the ticket's page was drawn."""
    agent.get(f"/tickets/{ticket.cstar_id}/")
    return number(ticket.team)


def test_a_ticket_that_did_not_change_is_204(agent, acme, ticket, opened, wire):
    change(Ticket.objects.filter(team=acme).exclude(customer=ticket.customer).first(), title="Another one")
    answer = changes_of(agent, ticket, opened)
    assert (answer.status_code, answer["X-Live"]) == (204, str(number(acme)))
    assert wire.calls == []


def test_a_change_brings_the_panels_and_never_the_composer(agent, ticket, opened):
    change(ticket, title="Renamed by somebody")
    html = changes_of(agent, ticket, opened).content.decode()
    for part in ("ticket-head", "ticket-thread", "ticket-props", "ticket-customer", "ticket-notes"):
        assert f'id="{part}"' in html
    assert "Renamed by somebody" in html
    assert 'id="ticket-composer"' not in html


def test_only_the_customer_changed(agent, acme, ticket, opened):
    upsert.apply("customers", acme, [{"id": ticket.customer, "email": "new@example.com"}])
    html = changes_of(agent, ticket, opened).content.decode()
    assert "new@example.com" in html
    assert 'id="ticket-thread"' not in html


def test_a_message_is_fetched_once_for_all_who_have_it_open(agent, manager, acme, ticket, opened, wire):
    client_for(acme).messages.create(ticket.cstar_id, content="One more thing", sender="customer")
    refresh(acme)
    wire.calls.clear()
    assert b"One more thing" in changes_of(agent, ticket, opened).content
    assert b"One more thing" in changes_of(manager, ticket, opened).content
    assert len(wire.calls) == 1


def test_who_asked_while_it_was_fetched_gets_it_the_next_time(agent, acme, ticket, opened):
    client_for(acme).messages.create(ticket.cstar_id, content="One more thing", sender="customer")
    refresh(acme)
    ticket.refresh_from_db()
    Ticket.objects.filter(pk=ticket.pk).update(thread_seen=ticket.thread_mark)  # somebody else is fetching it
    early = changes_of(agent, ticket, opened)
    assert b"One more thing" not in early.content
    agent.get(f"/tickets/{ticket.cstar_id}/thread/")  # now it is there
    assert b"One more thing" in changes_of(agent, ticket, early["X-Live"]).content


def test_cstar_away_shows_what_is_held_and_tries_again_with_the_next_change(agent, acme, ticket, opened, wire):
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(updated_at=timezone.now(), title="Renamed elsewhere")
    refresh(acme)
    wire.answer(ConnectError("refused"))
    answer = changes_of(agent, ticket, opened)
    assert b"Renamed elsewhere" in answer.content
    ticket.refresh_from_db()
    assert ticket.thread_seen != ticket.thread_mark


def test_a_ticket_that_is_gone_says_so_without_a_call(agent, acme, ticket, opened, wire):
    upsert.forget("tickets", acme, [ticket.cstar_id])
    answer = changes_of(agent, ticket, opened)
    assert answer.status_code == 404
    assert b"What you wrote is still here" in answer.content
    assert wire.calls == []


def test_an_open_page_does_not_follow_into_another_team(agent, globex):
    theirs = Ticket.objects.filter(team=globex).first()
    assert changes_of(agent, theirs, 0).status_code == 404
    assert agent.get("/tickets/").context["desk"].team.name == "Acme Support"


def test_without_javascript_the_pages_are_as_they_were(agent, ticket):
    html = agent.get(f"/tickets/{ticket.cstar_id}/").content.decode()
    assert '<span class="presence" id="presence" hx-preserve></span>' in html
    assert re.search(r"<thread-news[^>]*>\s*<a\s[^>]*hidden>", html)
