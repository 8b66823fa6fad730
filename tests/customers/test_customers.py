"""Customers: list, profile, and looking after them."""

import re
from uuid import uuid4

import pytest
from httpx import ConnectError

from activity.models import Activity
from customers.models import Customer
from outbox.delivery import send_line
from outbox.models import Outgoing
from sandbox.models import Customer as SandboxCustomer
from sandbox.models import Ticket as SandboxTicket
from tickets.models import Ticket

URL = "/customers/"


@pytest.fixture
def customer(acme) -> Customer:
    """One with tickets."""
    return Customer.objects.filter(team=acme, ticket_count__gt=0).order_by("-ticket_count", "name").first()


def path(customer: Customer, action: str = "") -> str:
    return f"{URL}{customer.cstar_id}/{action}"


def form(customer: Customer | None = None, **typed) -> dict:
    fields = {"nonce": str(uuid4()), "name": "Nora Neu", "email": "nora@new.example", "tags": "", "notes": ""}
    if customer:
        fields |= {
            "name": customer.name,
            "email": customer.email,
            "status": customer.status,
            "sentiment": customer.sentiment,
            "tags": ", ".join(customer.tags),
            "notes": customer.notes,
        }
        # What the page showed, beside what was typed.
        fields |= {f"initial-{name}": value for name, value in fields.items() if name != "nonce"}
    return fields | typed


def test_lists_the_teams_customers_without_any_api_call(agent, wire, acme):
    page = agent.get(URL)
    assert page.context["page"].total == Customer.objects.filter(team=acme).count() > 10
    assert wire.calls == []


def test_filters_and_sorts(agent, customer):
    def shown(**query):
        return agent.get(URL, {**query, "page_size": "100"}).context["page"].items

    assert {c.status for c in shown(status="inactive")} <= {"inactive"}
    assert {c.sentiment for c in shown(sentiment="positive")} == {"positive"}
    assert customer in shown(search=customer.name.upper())
    assert customer in shown(search=customer.email)
    counts = [c.ticket_count for c in shown(sort="-tickets")]
    assert counts == sorted(counts, reverse=True)
    tagged = next(c for c in shown() if c.tags)
    assert tagged in shown(tag=tagged.tags[0])


def test_fragment(agent):
    html = agent.fragment(f"{URL}?status=active", "customer-list").content
    assert re.match(rb'\s*<div\s+id="customer-list"', html)


@pytest.mark.parametrize("query", ["status=%00", "sort=notes", "page=x", "tag=" + "y" * 4000, "search=%25"])
def test_nonsense_in_the_address_is_a_list(agent, query):
    assert agent.get(f"{URL}?{query}").status_code == 200


def test_profile_shows_tickets_and_links_them(agent, wire, customer):
    html = agent.get(path(customer)).content.decode()
    for ticket in Ticket.objects.filter(customer=customer.cstar_id):
        assert f"/tickets/{ticket.cstar_id}/?customer={customer.cstar_id}" in html
    assert wire.calls == []


def test_create(agent, wire):
    answer = agent.post(f"{URL}new/", form(tags="vip, vip, new", notes="Met at the fair"))
    made = SandboxCustomer.objects.get(email="nora@new.example")
    assert answer["Location"] == f"{URL}{made.pk}/"
    assert (made.tags, made.notes) == (["vip", "new"], "Met at the fair")
    assert wire.calls == [("POST", "customers")]
    assert Customer.objects.get(cstar_id=made.pk).tags == ["vip", "new"]
    assert Activity.objects.get().action == "customer.created"


def test_a_taken_address_is_said_beside_it_and_all_is_kept(agent, customer):
    answer = agent.post(f"{URL}new/", form(email=customer.email, notes="Typed with care"))
    assert answer.status_code == 409
    assert answer.context["form"].errors["email"] == ["Another customer has this address."]
    assert "Typed with care</textarea>" in answer.content.decode()


def test_edit_sends_only_what_differs(agent, wire, customer):
    mood = "positive" if customer.sentiment == "negative" else "negative"
    answer = agent.post(path(customer, "edit/"), form(customer, name="Renamed Person", sentiment=mood))
    assert answer["Location"] == path(customer)
    assert wire.calls == [("PATCH", f"customers/{customer.cstar_id}")]
    at_cstar = SandboxCustomer.objects.get(pk=customer.cstar_id)
    assert (at_cstar.name, at_cstar.sentiment, at_cstar.tags) == ("Renamed Person", mood, customer.tags)
    assert set(Activity.objects.get().changes) == {"name", "sentiment"}
    renamed = Ticket.objects.filter(customer=customer.cstar_id).values_list("customer_name", flat=True)
    assert set(renamed) == {"Renamed Person"}


def test_what_others_changed_meanwhile_is_left_alone(agent, customer):
    opened = form(customer, notes="Mine")
    agent.post(path(customer, "edit/"), form(customer, name="Renamed by another"))
    agent.post(path(customer, "edit/"), opened)
    at_cstar = SandboxCustomer.objects.get(pk=customer.cstar_id)
    assert (at_cstar.name, at_cstar.notes) == ("Renamed by another", "Mine")


def test_anothers_tags_stay_and_anothers_notes_are_shown(agent, customer):
    SandboxCustomer.objects.filter(pk=customer.cstar_id).update(tags=[*customer.tags, "theirs"], notes="Theirs")
    tagged = form(customer, tags=", ".join([*customer.tags, "mine"]))
    assert agent.post(path(customer, "edit/"), tagged).status_code == 302
    assert {"theirs", "mine"} <= set(SandboxCustomer.objects.get(pk=customer.cstar_id).tags)
    refused = agent.post(path(customer, "edit/"), form(customer, notes="Mine"))
    assert refused.status_code == 409
    assert "Theirs" in refused.content.decode()
    assert "Mine</textarea>" in refused.content.decode()
    again = form(customer, notes="Both") | {"initial-notes": refused.context["form"].data["initial-notes"]}
    assert agent.post(path(customer, "edit/"), again).status_code == 302
    assert SandboxCustomer.objects.get(pk=customer.cstar_id).notes == "Both"


def test_an_unchanged_form_costs_nothing(agent, wire, customer):
    assert agent.post(path(customer, "edit/"), form(customer)).status_code == 302
    assert wire.calls == []


def test_edit_to_a_taken_address(agent, customer, acme):
    other = Customer.objects.filter(team=acme).exclude(pk=customer.pk).first()
    answer = agent.post(path(customer, "edit/"), form(customer, email=other.email))
    assert answer.status_code == 409
    assert answer.context["form"].errors["email"]


def test_cstar_away_keeps_what_was_typed_and_does_it_later(agent, wire, customer):
    wire.answer(ConnectError("refused"))
    answer = agent.post(path(customer, "edit/"), form(customer, notes="A whole page of notes"))
    assert "A whole page of notes" in agent.get(answer["Location"]).content.decode()
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(customer.team, f"customer:{customer.cstar_id}")
    assert SandboxCustomer.objects.get(pk=customer.cstar_id).notes == "A whole page of notes"
    assert agent.get(answer["Location"])["Location"] == path(customer)


def test_a_new_customer_waits_for_cstar(agent, wire, acme):
    wire.answer(ConnectError("refused"))
    kept = agent.post(f"{URL}new/", form())["Location"]
    assert "New customer Nora Neu" in agent.get(kept).content.decode()
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, Outgoing.objects.get().line)
    made = SandboxCustomer.objects.get(email="nora@new.example")
    assert agent.get(kept)["Location"] == f"{URL}{made.pk}/"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"email": "x"}, "email"), ({"status": "gone"}, "status"), ({"tags": "t" * 101}, "tags")],
)
def test_what_makes_no_sense_is_refused_before_cstar(agent, wire, customer, typed, field):
    answer = agent.post(path(customer, "edit/"), form(customer, **typed))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert wire.calls == []


def test_deleting_says_what_happens_and_unlinks_the_tickets(agent, manager, customer):
    assert agent.post(path(customer, "delete/")).status_code == 403
    assert ", without a customer" in manager.get(path(customer, "delete/")).content.decode()
    tickets = list(Ticket.objects.filter(customer=customer.cstar_id))
    assert manager.post(path(customer, "delete/"))["Location"] == URL
    assert not SandboxCustomer.objects.filter(pk=customer.cstar_id).exists()
    assert not Customer.objects.filter(pk=customer.pk).exists()
    for ticket in tickets:
        ticket.refresh_from_db()
        assert ticket.customer == ""
        assert SandboxTicket.objects.filter(pk=ticket.cstar_id).exists()


def test_another_teams_customer_is_not_there(agent, globex):
    theirs = Customer.objects.filter(team=globex).first()
    assert agent.get(path(theirs)).status_code == 404
    assert agent.post(path(theirs, "edit/"), form(theirs)).status_code == 404


def test_spectators_read_only(spectator, customer):
    html = spectator.get(path(customer)).content.decode()
    assert "/edit/" not in html
    assert spectator.get(f"{URL}new/").status_code == 403
    assert spectator.post(path(customer, "edit/"), form(customer)).status_code == 403
