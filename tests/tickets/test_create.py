"""A new ticket: /tickets/new/."""

from uuid import uuid4

import pytest
from httpx import ReadTimeout

from customers.models import Customer
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
    assert fragment.lstrip().startswith('<div class="field field--wide customer-choice" id="customer-choice"')


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
    failed = agent.post(URL, typed)
    assert failed.status_code == 503
    assert 'value="Printer on fire"' in failed.content.decode()
    assert "It burns!</textarea>" in failed.content.decode()
    lost.clear()
    assert agent.post(URL, typed).status_code == 302
    assert SandboxTicket.objects.filter(title="Printer on fire").count() == 1
    assert SandboxCustomer.objects.filter(email="nora@new.example").count() == 1
    assert Ticket.objects.get(team=acme, title="Printer on fire").message_count == 1


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
        ({"tags": "x" * 51}, "tags"),
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
