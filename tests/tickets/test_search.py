"""Asking cStar itself: /tickets/search/."""

from httpx import ConnectError

from sandbox.models import Message as SandboxMessage
from tickets.models import Ticket

URL = "/tickets/search/"


def test_finds_what_was_written_and_what_is_not_held(agent, wire, acme):
    message = SandboxMessage.objects.filter(ticket__team__uuid=acme.cstar_team_id).exclude(content="").first()
    word = max(message.content.split(), key=len).strip(".,!?*`")
    Ticket.objects.filter(team=acme, cstar_id=message.ticket_id).delete()
    page = agent.get(URL, {"search": word})
    assert message.ticket_id in {ticket.cstar_id for ticket in page.context["tickets"]}
    assert len(wire.calls) == 1
    assert page.content.decode().count("<tr id=") == len(page.context["tickets"])


def test_the_list_offers_it(agent):
    assert f"{URL}?search=a%20b" in agent.get("/tickets/", {"search": "a b"}).content.decode()


def test_nothing_asked_costs_nothing(agent, wire):
    assert agent.get(URL).status_code == 200
    assert wire.calls == []


def test_cstar_away(agent, wire):
    wire.answer(ConnectError("refused"))
    answer = agent.get(URL, {"search": "x"})
    assert answer.status_code == 503
    assert "cannot be reached" in answer.content.decode()
