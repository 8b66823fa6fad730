"""The main jobs in front of a cStar that has the printed endpoints and fields, and no others."""

import re

from activity.models import Activity
from articles.models import Article
from cstar.http import HTTPTransport
from customers.models import Customer
from members.models import Member
from replica.models import TeamState
from teams import clients
from tests.interop.conftest import member
from tests.interop.desk import on
from tests.strict_cstar import listening
from tests.strict_cstar.story import TICKETS
from tickets.models import Ticket


def row_of(html: str, ticket_id: str) -> str:
    """The ticket's row in a list's page."""
    found = re.search(rf'<tr id="ticket-{ticket_id}">.*?</tr>', html, re.DOTALL)
    assert found, f"{ticket_id} is not in the list"
    return found[0]


def others_tickets(cstar) -> list[dict]:
    """Unfinished tickets that somebody has, as cStar knows."""
    held = cstar.store.objects["tickets"].values()
    return [one for one in held if one["assignedTo"] and one["status"] not in {"resolved", "closed"}]


def test_over_http_it_is_the_same(desk, cstar, ticket, monkeypatch):
    with HTTPTransport() as network, listening(cstar) as desk.team.api_url:
        monkeypatch.setattr(clients, "_transport", lambda path: network)
        desk.team.save()
        desk.fill()
        desk.reply(ticket["id"], "Hello.")
    assert Ticket.objects.filter(team=desk.team).count() == TICKETS
    assert ticket["messages"][-1]["content"] == "Hello."


# The first fill and the list ---------------------------------------------------------------------------------------


def test_the_first_fill_brings_every_ticket_customer_member_and_article(filled, cstar):
    for model, resource in ((Ticket, "tickets"), (Customer, "customers"), (Member, "members"), (Article, "articles")):
        held = set(model.objects.filter(team=filled.team).values_list("cstar_id", flat=True))
        assert held == set(cstar.store.objects[resource])
    assert Ticket.objects.filter(team=filled.team).count() == TICKETS


def test_a_fill_is_whole_without_what_no_page_prints(filled):
    state = TeamState.objects.get(team=filled.team)
    assert state.filled_at
    assert state.problem == ""


def test_the_list_shows_subjects_customers_and_statuses(filled, cstar, ticket):
    html = filled.page("/tickets/?status=open&sort=created&page_size=100")
    row = row_of(html, ticket["id"])
    assert ticket["title"] in row
    assert cstar.store.objects["customers"][ticket["customerId"]]["name"] in row
    assert "status--open" in row


def test_an_assignee_who_is_not_known_is_not_shown_as_nobody(filled, cstar):
    html = filled.page("/tickets/?page_size=100&sort=-created&status=active")
    theirs = next(one for one in others_tickets(cstar) if f"ticket-{one['id']}" in html)
    assert "Nobody" not in row_of(html, theirs["id"])


def test_unassigned_counts_only_what_nobody_has(filled, cstar):
    unfinished = [one for one in cstar.store.objects["tickets"].values() if one["status"] not in {"resolved", "closed"}]
    assert filled.counts()["Unassigned"] <= sum(1 for one in unfinished if not one["assignedTo"])


def test_ones_own_tickets_are_found_with_spare_calls(filled, cstar, worker):
    robin = member(cstar, "Robin Vega")["id"]
    worker(minutes=10)
    assert filled.counts()["My tickets"] == sum(1 for one in others_tickets(cstar) if one["assignedTo"] == robin)


@on(assignee_filter=True)
def test_ones_own_tickets_are_found_within_minutes_where_the_list_can_be_asked(filled, cstar, worker):
    robin = member(cstar, "Robin Vega")["id"]
    worker(minutes=3)
    assert filled.counts()["My tickets"] == sum(1 for one in others_tickets(cstar) if one["assignedTo"] == robin)


# One ticket --------------------------------------------------------------------------------------------------------


def test_opening_a_ticket_shows_its_thread_for_one_call_and_then_for_none(filled, cstar, ticket):
    cstar.requests.clear()
    contents = [content for _, content in filled.messages(ticket["id"])]
    assert contents == [message["content"] for message in ticket["messages"]]
    assert len(cstar.requests) == 1
    filled.messages(ticket["id"])
    assert len(cstar.requests) == 1


def test_notes_of_others_are_shown_as_notes(filled, ticket):
    assert [kind for kind, _ in filled.messages(ticket["id"])] == ["customer", "agent", "note", "customer"]


@on(thread_has_is_internal=True)
def test_notes_of_others_are_shown_as_notes_where_the_thread_says_so(filled, ticket):
    assert [kind for kind, _ in filled.messages(ticket["id"])] == ["customer", "agent", "note", "customer"]


def test_a_reply_arrives_once_under_the_persons_name(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    assert filled.reply(ticket["id"], "Please try **again**.").status_code == 200
    posted = ticket["messages"][4:]
    assert [(one["content"], one["senderName"], one["isInternal"]) for one in posted] == [
        ("Please try **again**.", "Robin Vega", False)
    ]
    assert filled.messages(ticket["id"])[-1] == ("agent", "Please try **again**.")


def test_a_reply_sets_the_status(filled, ticket):
    filled.reply(ticket["id"], "Done.", then="resolved")
    assert ticket["status"] == filled.held(ticket["id"]).status == "resolved"


def test_a_note_stays_internal(filled, ticket):
    filled.note(ticket["id"], "The proxy again.")
    assert [(one["content"], one["isInternal"]) for one in ticket["messages"][4:]] == [("The proxy again.", True)]
    assert filled.messages(ticket["id"])[-1] == ("note", "The proxy again.")
    assert Activity.objects.get(target_id=ticket["id"]).action == "ticket.noted"


@on(message_answer="embedded")
def test_a_note_is_shown_as_one_whatever_the_answer_repeats(filled, ticket):
    filled.open_ticket(ticket["id"])
    filled.note(ticket["id"], "The proxy again.")
    assert filled.messages(ticket["id"])[-1] == ("note", "The proxy again.")


def test_a_ticket_is_given_to_somebody(filled, cstar, ticket):
    tess = member(cstar, "Tess Novak")
    assert filled.edit(ticket["id"], assigned_to=tess["id"]).status_code == 200
    assert ticket["assignedTo"] == tess["id"]
    assert filled.held(ticket["id"]).assignee_name == "Tess Novak"


def test_properties_are_changed(filled, ticket):
    for field, value in (("status", "pending"), ("priority", "urgent"), ("title", "Another subject")):
        assert filled.edit(ticket["id"], **{field: value}).status_code == 200
        assert ticket[field] == getattr(filled.held(ticket["id"]), field) == value


def test_a_tag_is_added_beside_one_that_a_colleague_added(filled, cstar, ticket):
    cstar.others.change("tickets", ticket["id"], tags=[*ticket["tags"], "theirs"])
    filled.tag(ticket["id"], add="ours")
    assert {"theirs", "ours"} <= set(ticket["tags"])
    filled.tag(ticket["id"], remove="ours")
    assert "theirs" in ticket["tags"]
    assert "ours" not in ticket["tags"]


def test_notes_are_saved_and_a_colleagues_are_not_overwritten(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    assert filled.save_notes(ticket["id"], "Call before noon.").status_code == 200
    assert ticket["notes"] == "Call before noon."
    cstar.others.change("tickets", ticket["id"], notes="Theirs.")
    assert filled.save_notes(ticket["id"], "Mine.").status_code == 409
    assert ticket["notes"] == "Theirs."


def test_notes_that_were_never_fetched_are_not_overwritten(filled, cstar, ticket):
    ticket["notes"] = "Written before the desk came."
    cstar.variant.away = "503"
    page = filled.page(f"/tickets/{ticket['id']}/")
    cstar.variant.away = ""
    assert filled.save_notes(ticket["id"], "Mine.", on_page=page).status_code == 409
    assert ticket["notes"] == "Written before the desk came."


# New tickets and customers -----------------------------------------------------------------------------------------


def test_a_ticket_is_made_with_a_new_customer_and_a_first_message(filled, cstar):
    answer = filled.create_ticket(title="Brand new", name="Zoe Ek", email="zoe@example.org", content="Hello?")
    made = cstar.store.newest_first("tickets")[0]
    assert answer.url == f"/tickets/{made['id']}/"
    assert cstar.store.objects["customers"][made["customerId"]]["email"] == "zoe@example.org"
    assert [(one["content"], one["sender"], one["senderName"]) for one in made["messages"]] == [
        ("Hello?", "customer", "Zoe Ek")
    ]
    assert filled.held(made["id"]).customer_name == "Zoe Ek"


def test_an_address_that_is_taken_is_said(filled, cstar, ticket):
    taken = cstar.store.objects["customers"][ticket["customerId"]]["email"]
    answer = filled.create_ticket(title="Brand new", name="Zoe Ek", email=taken)
    assert answer.status_code == 409
    assert len(cstar.store.objects["tickets"]) == TICKETS


def vip(cstar) -> dict:
    return next(one for one in cstar.store.objects["customers"].values() if one["tags"] and one["notes"])


def test_a_customers_page_shows_tags_and_notes(filled, cstar):
    customer = vip(cstar)
    html = filled.page(f"/customers/{customer['id']}/")
    assert "vip" in html
    assert customer["notes"] in html


def test_a_customers_tags_and_notes_survive_an_edit_of_the_name(filled, cstar):
    customer = vip(cstar)
    filled.edit_customer(customer["id"], name="Renamed")
    assert (customer["name"], customer["tags"], customer["notes"]) == ("Renamed", ["vip"], "Prefers to be called.")


def test_a_customers_tag_is_added_beside_those_never_fetched(filled, cstar):
    customer = vip(cstar)
    filled.edit_customer(customer["id"], opened_while_away=True, tags="new")
    assert set(customer["tags"]) == {"vip", "new"}


# What others do ----------------------------------------------------------------------------------------------------


def test_a_customers_answer_is_seen(filled, cstar, ticket):
    filled.messages(ticket["id"])
    cstar.pass_time(seconds=5)
    cstar.others.customer_writes(ticket["id"], "Any news?")
    assert filled.poll()
    assert filled.messages(ticket["id"])[-1] == ("customer", "Any news?")
    assert filled.held(ticket["id"]).message_count == 5


def test_a_colleagues_changes_are_seen(filled, cstar, ticket):
    cstar.pass_time(seconds=5)
    tess = member(cstar, "Tess Novak")
    cstar.others.change("tickets", ticket["id"], status="pending", tags=["theirs"], assignedTo=tess["id"])
    made = cstar.others.create("tickets", title="From the dashboard", customerId=ticket["customerId"])
    cstar.others.change("customers", ticket["customerId"], name="Married Name")
    gone = next(one["id"] for one in cstar.store.objects["tickets"].values() if one["customerId"] is not None)
    cstar.others.delete("tickets", gone)
    assert filled.poll()
    held = filled.held(ticket["id"])
    assert (held.status, held.tags, held.assignee_name) == ("pending", ["theirs"], "Tess Novak")
    assert held.customer_name == filled.held(made["id"]).customer_name == "Married Name"
    assert not Ticket.objects.filter(team=filled.team, cstar_id=gone).exists()


def test_a_quiet_look_at_the_feed_costs_one_call(filled, cstar):
    filled.poll()
    assert filled.poll_costs() == 1


def test_cstars_search_finds_what_was_written(filled, ticket):
    html = filled.page("/tickets/search/?search=The+count+on+the+page")
    assert ticket["id"] in html


@on(searches_content=False)
def test_a_search_over_subjects_alone_finds_subjects(filled, ticket):
    assert ticket["id"] not in filled.page("/tickets/search/?search=The+count+on+the+page")
    assert ticket["id"] in filled.page("/tickets/search/?search=export+stops")
