"""A new ticket: /tickets/new/."""

import re
from uuid import uuid4

import pytest
from httpx import ConnectError, ReadTimeout, Response

from customers.models import Customer
from outbox.delivery import send_line
from outbox.models import Outgoing
from sandbox.models import Customer as SandboxCustomer
from sandbox.models import Ticket as SandboxTicket
from tickets.models import Ticket

URL = "/tickets/new/"


def form(**typed) -> dict:
    return {"nonce": str(uuid4()), "title": "Printer on fire", "priority": "high", "sender": "customer", **typed}


@pytest.fixture
def customer(acme) -> Customer:
    return Customer.objects.filter(team=acme).order_by("name").first()


def test_customers_are_found_by_name_or_address(agent, customer):
    for who in (customer.name, customer.email.upper()):
        assert customer in agent.get(URL, {"who": who}).context["found"]
    fragment = agent.fragment(f"{URL}?who={customer.email}", "customer-choice").content.decode()
    assert re.match(r'\s*<div\s+class="field field--wide customer-choice"\s+id="customer-choice"', fragment)


def test_for_an_existing_customer(agent, wire, acme, customer):
    answer = agent.post(URL, form(customer=customer.cstar_id, tags="hot, paper", content="It burns!"))
    ticket = Ticket.objects.get(team=acme, title="Printer on fire")
    assert answer["Location"] == f"/tickets/{ticket.cstar_id}/"
    assert [method for method, _ in wire.calls] == ["POST", "POST"]
    assert (ticket.customer, ticket.customer_name, ticket.tags) == (customer.cstar_id, customer.name, ["hot", "paper"])
    at_cstar = SandboxTicket.objects.get(pk=ticket.cstar_id)
    assert (at_cstar.priority, at_cstar.status) == ("high", "new")
    page = agent.get(answer["Location"])
    assert [(m.content, m.sender, m.author) for m in page.context["thread"]] == [
        ("It burns!", "customer", customer.name)
    ]


def test_for_a_new_customer(agent, acme):
    agent.post(URL, form(name="Nora Neu", email="nora@new.example"))
    ticket = Ticket.objects.get(team=acme, title="Printer on fire")
    assert ticket.customer_name == "Nora Neu"
    assert SandboxCustomer.objects.get(email="nora@new.example").name == "Nora Neu"


def test_a_second_try_after_a_lost_answer_makes_one_of_each(agent, wire, acme, monkeypatch):
    real = type(wire).__mro__[1].handle_request
    lost = {"POST tickets"}

    def loses_an_answer(request):
        answer = real(wire, request)
        if f"{request.method} {request.url.path.rpartition('/')[2]}" in lost:
            raise ReadTimeout("cut")
        return answer

    monkeypatch.setattr(wire, "handle_request", loses_an_answer)
    typed = form(name="Nora Neu", email="nora@new.example", content="It burns!")
    kept = agent.post(URL, typed)["Location"]
    page = agent.get(kept).content.decode()
    assert "New ticket “Printer on fire”" in page
    assert "It burns!" in page
    assert "1 new ticket waiting for cStar" in agent.get("/tickets/").content.decode()
    lost.clear()
    assert agent.post(URL, typed)["Location"] == kept
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, Outgoing.objects.get().line)
    ticket = Ticket.objects.get(team=acme, title="Printer on fire")
    assert agent.get(kept)["Location"] == f"/tickets/{ticket.cstar_id}/"
    assert SandboxTicket.objects.filter(title="Printer on fire").count() == 1
    assert SandboxCustomer.objects.filter(email="nora@new.example").count() == 1
    assert Ticket.objects.get(team=acme, title="Printer on fire").message_count == 1


@pytest.mark.parametrize("dies_before", ["POST customers", "POST tickets", "POST messages"])
@pytest.mark.parametrize("answered", [False, True])
def test_the_chain_goes_on_where_it_stopped(agent, wire, acme, monkeypatch, dies_before, answered):
    """Stopped at any step, before or after cStar did it: one customer, one ticket, one message."""
    real = type(wire).__mro__[1].handle_request

    def stops(request):
        here = f"{request.method} {request.url.path.rpartition('/')[2]}" == dies_before
        if here and not answered:
            raise ConnectError("refused")
        answer = real(wire, request)
        if here:
            raise ReadTimeout("cut")
        return answer

    with monkeypatch.context() as broken:
        broken.setattr(wire, "handle_request", stops)
        agent.post(URL, form(name="Nora Neu", email="nora@new.example", content="It burns!"))
    entry = Outgoing.objects.get()
    assert entry.state == "waiting"
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, entry.line)
    at_cstar = SandboxTicket.objects.get(title="Printer on fire")
    assert SandboxCustomer.objects.filter(email="nora@new.example").count() == 1
    assert [m.content for m in at_cstar.messages.all()] == ["It burns!"]
    held = Ticket.objects.get(team=acme, title="Printer on fire")
    assert (held.message_count, held.messages.count(), held.customer_name) == (1, 1, "Nora Neu")


def test_refused_after_waiting_it_can_be_put_right(agent, wire, acme, customer):
    wire.answer(ConnectError("refused"))
    kept = agent.post(URL, form(name="Somebody", email=customer.email, content="Typed with care"))["Location"]
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, Outgoing.objects.get().line)
    page = agent.get(kept).content.decode()
    assert "Not sent" in page
    edit = f"{URL}?entry={Outgoing.objects.get().pk}"
    assert edit in page
    again = agent.get(edit).context["form"]
    assert again["content"].value() == "Typed with care"
    typed = form(name="Somebody", email="other@new.example", content="Typed with care", nonce=again["nonce"].value())
    assert agent.post(URL, typed).status_code == 302
    assert SandboxTicket.objects.filter(title="Printer on fire").count() == 1
    assert Outgoing.objects.get().state == "sent"


def test_an_address_that_is_taken_is_said_beside_it(agent, customer):
    answer = agent.post(URL, form(name="Somebody", email=customer.email, content="Typed with care"))
    assert answer.status_code == 409
    assert answer.context["form"].errors["email"]
    assert "Typed with care</textarea>" in answer.content.decode()
    assert not SandboxTicket.objects.filter(title="Printer on fire").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"name": ""}, "name"),
        ({"email": "not an address"}, "email"),
        ({"priority": "extreme"}, "priority"),
        ({"sender": "the cat"}, "sender"),
        ({"tags": "x" * 101}, "tags"),
        ({"nonce": "1"}, "nonce"),
    ],
)
def test_what_makes_no_sense_is_said_and_all_is_kept(agent, wire, typed, field):
    answer = agent.post(URL, form(name="Nora Neu", email="nora@new.example", content="Kept", **{}) | typed)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert "Kept</textarea>" in answer.content.decode()
    assert wire.calls == []


def test_spectators_may_not(spectator):
    assert spectator.get(URL).status_code == 403
    assert spectator.post(URL, form()).status_code == 403


REFUSED = Response(400, json={"success": False, "error": {"message": "Too rude", "code": "rude"}})


def refuse(wire, monkeypatch, what: str) -> None:
    """cStar refuses this step alone."""
    real = type(wire).__mro__[1].handle_request

    def refuses(request):
        here = f"{request.method} {request.url.path.rpartition('/')[2]}" == what
        return REFUSED if here else real(wire, request)

    monkeypatch.setattr(wire, "handle_request", refuses)


def test_a_refused_form_is_not_in_the_outbox_as_well(agent, wire, customer, monkeypatch):
    refuse(wire, monkeypatch, "POST tickets")
    answer = agent.post(URL, form(customer=customer.cstar_id, content="Typed with care"))
    assert answer.status_code == 400
    assert "Typed with care</textarea>" in answer.content.decode()
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("step", ["POST tickets", "POST messages"])
def test_what_was_refused_in_part_goes_on_in_the_outbox_alone(agent, wire, acme, monkeypatch, step):
    typed = form(name="Nora Neu", email="nora@new.example", content="Typed with care")
    with monkeypatch.context() as broken:
        refuse(wire, broken, step)
        kept = agent.post(URL, typed)
    entry = Outgoing.objects.get()
    assert kept["Location"] == f"/outbox/{entry.pk}/"
    page = agent.get(kept["Location"]).content.decode()
    assert "Too rude" in page
    assert f"{URL}?entry={entry.pk}" in page
    # Sent once more, it goes on where it stopped.
    assert agent.post(URL, {**typed, "content": "Typed politely"}).status_code == 302
    assert SandboxCustomer.objects.filter(email="nora@new.example").count() == 1
    at_cstar = SandboxTicket.objects.get(title="Printer on fire")
    assert [message.content for message in at_cstar.messages.all()] == ["Typed politely"]
