"""How many tickets a customer has: as cStar counts them, whoever makes and deletes tickets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from replica import feed
from replica.refresh import refresh
from sandbox.models import Ticket as SandboxTicket
from teams.clients import client_for
from tests.tickets.test_create import form
from tickets import thread
from tickets.models import Ticket


@pytest.fixture
def colleague(acme):
    assert feed.poll(acme)
    return client_for(acme)


def count(acme, cstar_id) -> int:
    return Customer.objects.get(team=acme, cstar_id=cstar_id).ticket_count


def test_all_are_as_cstar_counts_them(acme):
    for customer in Customer.objects.filter(team=acme):
        assert customer.ticket_count == SandboxTicket.objects.filter(customer=customer.cstar_id).count()


def test_tickets_of_a_new_customer_come_and_go(acme, colleague):
    customer = colleague.customers.create(name="New", email="new@counted.example")
    feed.poll(acme)
    assert count(acme, customer.id) == 0
    tickets = [colleague.tickets.create(title=f"Number {n}", customer_id=customer.id) for n in range(3)]
    feed.poll(acme)
    assert count(acme, customer.id) == 3
    colleague.tickets.delete(tickets[0].id)
    feed.poll(acme)
    assert count(acme, customer.id) == 2


def test_a_customer_who_comes_with_tickets(acme, colleague):
    customer = colleague.customers.create(name="New", email="new@counted.example")
    colleague.tickets.create(title="At once", customer_id=customer.id)
    feed.poll(acme)
    assert count(acme, customer.id) == 1


def test_those_too_old_to_be_held_count_too(acme, colleague):
    ticket = Ticket.objects.filter(team=acme).exclude(customer="").first()
    total = SandboxTicket.objects.filter(customer=ticket.customer).count()
    long_ago = timezone.now() - timedelta(days=200)
    SandboxTicket.objects.filter(pk=ticket.cstar_id).update(
        status="closed", created_at=long_ago, updated_at=long_ago, resolved_at=long_ago
    )
    Ticket.objects.filter(pk=ticket.pk).delete()
    refresh(acme)
    assert count(acme, ticket.customer) == total
    colleague.tickets.create(title="One more", customer_id=ticket.customer)
    feed.poll(acme)
    assert count(acme, ticket.customer) == total + 1
    thread.fetch_ticket(acme, ticket.cstar_id)  # somebody opens the old one, which is held for a while
    assert Ticket.objects.filter(team=acme, cstar_id=ticket.cstar_id).exists()
    assert count(acme, ticket.customer) == total + 1


def test_the_next_sweep_puts_right_what_nobody_told(acme):
    ticket = Ticket.objects.filter(team=acme).exclude(customer="").first()
    before = count(acme, ticket.customer)
    SandboxTicket.objects.filter(pk=ticket.cstar_id).delete()
    refresh(acme)
    assert count(acme, ticket.customer) == before - 1


def test_our_own_new_ticket_is_counted_at_once(agent, acme):
    customer = Customer.objects.filter(team=acme).first()
    agent.post("/tickets/new/", form(customer=customer.cstar_id))
    assert count(acme, customer.cstar_id) == SandboxTicket.objects.filter(customer=customer.cstar_id).count()
