"""Bulk edits, imports, their undoing, and exports."""

import pytest

from tests.interop.conftest import CUSTOMERS, member
from tests.interop.desk import case, lose_answers_to, on, outcomes
from tests.strict_cstar.printed import OBJECT
from tests.strict_cstar.story import TICKETS
from tickets.models import Ticket
from transfers import message_posting
from transfers.models import Run

WHOLE = {"statuses": "keys", "quick_replies": True}
TWO_CUSTOMERS = [
    {"Name": "Ada Lovelace", "Email": "ada@example.org"},
    {"Name": "Alan Turing", "Email": "alan@example.org"},
]
TWO_TICKETS = [
    {
        "Subject": "Printer on fire",
        "Status": "closed",
        "Requester": "Ada Lovelace",
        "Requester email": "ada@example.org",
    },
    {"Subject": "Question", "Status": "open", "Requester": "Alan Turing", "Requester email": "alan@example.org"},
]


def unfinished(cstar, number: int) -> list[dict]:
    return [one for one in cstar.store.newest_first("tickets") if one["status"] in {"new", "open"}][:number]


def with_notes(cstar) -> dict:
    return next(one for one in cstar.store.objects["customers"].values() if one["tags"] and one["notes"])


# Bulk edits --------------------------------------------------------------------------------------------------------


def test_tickets_are_changed_in_one_call(filled, cstar):
    tickets = unfinished(cstar, 5)
    cstar.requests.clear()
    run = filled.bulk("tickets", [one["id"] for one in tickets], status="pending", priority="high")
    assert {(one["status"], one["priority"]) for one in tickets} == {("pending", "high")}
    assert (outcomes(run), len(cstar.requests)) == (["updated"] * 5, 1)
    held = Ticket.objects.filter(team=filled.team, cstar_id__in=[one["id"] for one in tickets])
    assert set(held.values_list("status", flat=True)) == {"pending"}


def test_tickets_are_given_to_somebody(filled, cstar):
    tickets, tess = unfinished(cstar, 3), member(cstar, "Tess Novak")
    filled.bulk("tickets", [one["id"] for one in tickets], assigned_to=tess["id"])
    assert {one["assignedTo"] for one in tickets} == {tess["id"]}


def test_tickets_are_taken_from_whoever_has_them(filled, cstar):
    tickets = [one for one in unfinished(cstar, 60) if one["assignedTo"]][:3]
    filled.bulk("tickets", [one["id"] for one in tickets], assigned_to="-")
    assert {one["assignedTo"] for one in tickets} == {None}


def test_tags_of_tickets_are_added_to_their_own(filled, cstar):
    tickets = unfinished(cstar, 5)
    own = {one["id"]: set(one["tags"]) for one in tickets}
    filled.bulk("tickets", list(own), add_tags="bulk")
    assert all(set(one["tags"]) == own[one["id"]] | {"bulk"} for one in tickets)


def test_tags_of_customers_are_added_to_their_own(filled, cstar):
    customer = with_notes(cstar)
    filled.bulk("customers", [customer["id"]], add_tags="bulk")
    assert set(customer["tags"]) == {"vip", "bulk"}


def test_undoing_a_bulk_edit_puts_a_customers_tags_back(filled, cstar):
    customer = with_notes(cstar)
    run = filled.bulk("customers", [customer["id"]], add_tags="bulk")
    filled.undo(run)
    assert customer["tags"] == ["vip"]


def test_undoing_a_bulk_assignment_gives_tickets_back(filled, cstar):
    tickets = [one for one in unfinished(cstar, 60) if one["assignedTo"]][:3]
    before = [one["assignedTo"] for one in tickets]
    run = filled.bulk("tickets", [one["id"] for one in tickets], assigned_to=member(cstar, "Ruth Abara")["id"])
    filled.undo(run)
    assert [one["assignedTo"] for one in tickets] == before


def test_undoing_that_tickets_were_taken_from_somebody_gives_them_back(filled, cstar):
    tickets = [one for one in unfinished(cstar, 60) if one["assignedTo"]][:3]
    tickets += [one for one in unfinished(cstar, 60) if not one["assignedTo"]][:1]
    before = [one["assignedTo"] for one in tickets]
    run = filled.bulk("tickets", [one["id"] for one in tickets], assigned_to="-")
    assert outcomes(run) == ["unchanged", "updated", "updated", "updated"]
    filled.undo(run)
    assert [one["assignedTo"] for one in tickets] == before


def test_a_bulk_edit_of_more_than_a_few_keeps_tags_that_were_never_read(filled, cstar):
    customers = list(cstar.store.objects["customers"].values())[:12]
    own = {one["id"]: list(one["tags"]) for one in customers}
    run = filled.bulk("customers", list(own), add_tags="bulk")
    assert all(set(one["tags"]) == {*own[one["id"]], "bulk"} for one in customers)
    filled.undo(run)
    assert {one["id"]: one["tags"] for one in customers} == own


def test_removing_a_tag_keeps_the_others_that_were_never_read(filled, cstar):
    customer = with_notes(cstar)
    customer["tags"] = ["vip", "berlin"]
    filled.bulk("customers", [customer["id"]], remove_tags="berlin")
    assert customer["tags"] == ["vip"]


@on(case(), case(patch_answers="object"))
def test_undo_leaves_an_assignee_whom_somebody_chose_meanwhile(filled, cstar):
    ticket = next(one for one in unfinished(cstar, 60) if one["assignedTo"])
    run = filled.bulk("tickets", [ticket["id"]], assigned_to="-")
    ticket["assignedTo"] = member(cstar, "Tess Novak")["id"]
    undone = filled.undo(run)
    assert ticket["assignedTo"] == member(cstar, "Tess Novak")["id"]
    assert outcomes(undone) == ["skipped"]


def test_a_preview_says_what_is_not_known_yet(filled, cstar):
    customer = with_notes(cstar)
    address = filled.manager.post("/transfers/bulk/customers/", {"ids": [customer["id"]], "address": "?"}).url
    page = filled.manager.post(address, {"review": "1", "add_tags": "bulk"}).content.decode()
    assert "Not known here, so it is read at cStar first: tags." in page


def test_tags_that_cstar_never_tells_are_left_alone(filled, cstar, monkeypatch):
    monkeypatch.setitem(OBJECT, "customers", tuple(name for name in OBJECT["customers"] if name != "tags"))
    customer = with_notes(cstar)
    run = filled.bulk("customers", [customer["id"]], add_tags="bulk")
    assert (outcomes(run), customer["tags"]) == (["failed"], ["vip"])


@on(refuses_unknown_fields=True)
def test_an_assignment_in_bulk_that_is_refused_is_said_to_have_failed(filled, cstar):
    tickets = unfinished(cstar, 3)
    before = [one["assignedTo"] for one in tickets]
    run = filled.bulk("tickets", [one["id"] for one in tickets], assigned_to=member(cstar, "Ruth Abara")["id"])
    assert outcomes(run) == ["failed"] * 3
    assert [one["assignedTo"] for one in tickets] == before
    assert "assignedTo" in filled.page(f"/transfers/{run.pk}/", filled.manager)


def test_undoing_a_bulk_edit_puts_statuses_back(filled, cstar):
    tickets = unfinished(cstar, 4)
    before = [one["status"] for one in tickets]
    run = filled.bulk("tickets", [one["id"] for one in tickets], status="pending")
    assert outcomes(filled.undo(run)) == ["updated"] * 4
    assert [one["status"] for one in tickets] == before


@on(meta_everywhere=True)
def test_a_look_at_the_feed_after_a_bulk_edit_costs_one_call_where_answers_have_a_time(filled, cstar):
    filled.poll()
    filled.bulk("tickets", [one["id"] for one in unfinished(cstar, 5)], status="pending")
    assert filled.poll_costs() == 1


def test_a_look_at_the_feed_after_a_bulk_edit_costs_one_call(filled, cstar):
    filled.poll()
    filled.bulk("tickets", [one["id"] for one in unfinished(cstar, 5)], status="pending")
    assert filled.poll_costs() == 1


@on(case(item_errors="messages"), case(item_errors="objects"))
def test_a_ticket_that_is_gone_is_not_said_to_be_changed(filled, cstar):
    tickets = unfinished(cstar, 2)
    cstar.others.delete("tickets", tickets[0]["id"])
    run = filled.bulk("tickets", [one["id"] for one in tickets], status="pending")
    assert run.rows.get(cstar_id=tickets[0]["id"]).outcome in {"failed", "unsure"}
    assert run.rows.get(cstar_id=tickets[1]["id"]).outcome in {"updated", "unsure"}


# Imports -----------------------------------------------------------------------------------------------------------


def test_customers_are_imported(filled, cstar):
    run = filled.import_file("customers", TWO_CUSTOMERS)
    assert outcomes(run) == ["created", "created"]
    assert cstar.store.customer_with_email("ada@example.org")["name"] == "Ada Lovelace"


def test_the_same_file_again_creates_nothing(filled, cstar):
    filled.import_file("customers", TWO_CUSTOMERS)
    cstar.pass_time(seconds=5)
    filled.poll()
    filled.import_file("customers", [*TWO_CUSTOMERS, {"Name": "Grace Hopper", "Email": "grace@example.org"}])
    assert len(cstar.store.objects["customers"]) == CUSTOMERS + 3


@on(row_extras=frozenset({"metadata"}))
def test_imported_customers_are_deleted_by_an_undo_where_rows_have_metadata(filled, cstar):
    run = filled.import_file("customers", TWO_CUSTOMERS)
    assert outcomes(filled.undo(run)) == ["deleted", "deleted"]
    assert len(cstar.store.objects["customers"]) == CUSTOMERS


def test_imported_customers_are_deleted_by_an_undo(filled, cstar):
    run = filled.import_file("customers", TWO_CUSTOMERS)
    assert outcomes(filled.undo(run)) == ["deleted", "deleted"]
    assert len(cstar.store.objects["customers"]) == CUSTOMERS


def test_imported_tickets_are_deleted_by_an_undo(filled, cstar):
    run = filled.import_file("tickets", TWO_TICKETS)
    filled.undo(run)
    assert len(cstar.store.objects["tickets"]) == TICKETS


def test_imported_tickets_belong_to_their_customers(filled, cstar):
    filled.import_file("tickets", TWO_TICKETS, customers="on")
    ada = cstar.store.customer_with_email("ada@example.org")
    made = next(one for one in cstar.store.objects["tickets"].values() if one["title"] == "Printer on fire")
    assert made["customerId"] == ada["id"]


def test_imported_tickets_have_their_first_message(filled, cstar):
    filled.import_file("tickets", [{"Subject": "Printer on fire", "Description": "Help!"}])
    made = next(one for one in cstar.store.objects["tickets"].values() if one["title"] == "Printer on fire")
    assert [message["content"] for message in made["messages"]] == ["Help!"]


def test_tickets_that_were_imported_before_are_not_imported_again(filled, cstar):
    rows = [{"Ticket ID": "7", "Subject": "Printer on fire"}]
    filled.import_file("tickets", rows)
    cstar.pass_time(seconds=5)
    filled.poll()
    filled.import_file("tickets", [*rows, {"Ticket ID": "8", "Subject": "Question"}])
    assert len(cstar.store.objects["tickets"]) == TICKETS + 2


def test_tickets_that_were_imported_just_now_are_not_imported_again(filled, cstar):
    rows = [{"Ticket ID": "7", "Subject": "Printer on fire"}]
    filled.import_file("tickets", rows)
    filled.import_file("tickets", [*rows, {"Ticket ID": "8", "Subject": "Question"}])
    assert len(cstar.store.objects["tickets"]) == TICKETS + 2


def test_tickets_whose_import_was_undone_can_be_imported_again(filled, cstar):
    filled.undo(filled.import_file("tickets", TWO_TICKETS))
    filled.import_file("tickets", TWO_TICKETS)
    assert len(cstar.store.objects["tickets"]) == TICKETS + 2


def test_messages_arrive_once_though_an_answer_was_lost(filled, cstar):
    lose_answers_to(cstar, "messages", times=1)
    filled.import_file("tickets", [{"Subject": "Printer on fire", "Description": "Help!"}])
    made = next(one for one in cstar.store.objects["tickets"].values() if one["title"] == "Printer on fire")
    assert [message["content"] for message in made["messages"]] == ["Help!"]


def test_what_messages_cost_is_said_before(filled):
    rows = [{"Subject": f"Printer {number}", "Description": "Help!"} for number in range(3)]
    filled.import_file("tickets", rows[:1])
    run = filled.check_import("tickets", rows)
    page = filled.page(f"/transfers/{run.pk}/import/?step=check", filled.manager)
    assert "cStar takes no messages with tickets: the 2 messages are sent after them" in page
    assert "<strong>4 requests</strong>" in page  # the import, a look for its tickets, two messages


def test_imported_tickets_with_messages_are_deleted_by_an_undo(filled, cstar):
    run = filled.import_file("tickets", [{"Subject": "Printer on fire", "Description": "Help!"}])
    assert outcomes(filled.undo(run)) == ["deleted"]
    assert len(cstar.store.objects["tickets"]) == TICKETS


def test_undoing_an_update_of_customers_puts_their_notes_back(filled, cstar):
    customer = with_notes(cstar)
    rows = [{"Email": customer["email"], "Name": customer["name"], "Notes": "From the file."}]
    run = filled.import_file("customers", rows, strategy="update")
    assert customer["notes"] == "From the file."
    filled.undo(run)
    assert customer["notes"] == "Prefers to be called."


# Exports -----------------------------------------------------------------------------------------------------------


@on(**WHOLE)
def test_the_list_is_exported(filled, cstar, ticket):
    rows = {row["Ticket ID"]: row for row in filled.export("tickets", "id", "subject", "status", "customer")}
    assert len(rows) == TICKETS
    assert rows[ticket["id"]]["Subject"] == ticket["title"]


def test_the_list_is_exported_without_what_no_page_prints(filled):
    assert len(filled.export("tickets", "id", "subject")) == TICKETS


@on(**WHOLE)
def test_an_export_has_the_assignees(filled, cstar, ticket):
    rows = {row["Ticket ID"]: row for row in filled.export("tickets", "id", "assignee")}
    assert rows[ticket["id"]]["Assignee"] == "Robin Vega"


@on(**WHOLE)
def test_an_export_has_the_customers_tags_and_notes(filled, cstar):
    customer = with_notes(cstar)
    rows = {row["Customer ID"]: row for row in filled.export("customers", "id", "tags", "notes")}
    assert (rows[customer["id"]]["Tags"], rows[customer["id"]]["Notes"]) == ("vip", "Prefers to be called.")


def test_an_export_says_what_is_not_known_and_never_nobody(filled, cstar, monkeypatch):
    monkeypatch.setattr("transfers.export_details.MOST", 2)
    page = filled.page("/transfers/export/tickets/", filled.manager)
    assert f"cStar's lists do not include everything about {TICKETS} tickets" in page
    assert "up to 2 requests" in page
    cells = [row["Assignee"] for row in filled.export("tickets", "id", "assignee")]
    assert cells.count("(not known)") == TICKETS - 2
    page = filled.page(f"/transfers/{Run.objects.latest('created_at').pk}/", filled.manager)
    assert f"{TICKETS - 2} rows say “(not known)”" in page


def test_an_export_without_such_columns_reads_nothing(filled, cstar):
    cstar.requests.clear()
    filled.export("tickets", "id", "subject", "tags")
    assert cstar.requests == []


def test_what_an_export_does_not_know_changes_nothing_when_it_is_imported(filled, cstar):
    customer = with_notes(cstar)
    rows = [{"Email": customer["email"], "Name": "Renamed", "Tags": "(not known)", "Notes": "(not known)"}]
    filled.import_file("customers", rows, strategy="update")
    assert (customer["name"], customer["tags"], customer["notes"]) == ("Renamed", ["vip"], "Prefers to be called.")


REFUSING = case(refuses_unknown_fields=True), case(refuses_unknown_fields=True, item_errors="objects")


@on(*REFUSING)
def test_tickets_are_imported_where_undocumented_fields_are_refused(filled, cstar):
    rows = [{**row, "Description": "Help!", "Created at": "2026-05-01"} for row in TWO_TICKETS]
    run = filled.import_file("tickets", rows, customers="on")
    made = {one["title"]: one for one in cstar.store.objects["tickets"].values()}
    for row in TWO_TICKETS:
        customer = cstar.store.customer_with_email(row["Requester email"])
        assert made[row["Subject"]]["customerId"] == customer["id"]
        assert [message["content"] for message in made[row["Subject"]]["messages"]] == ["Help!"]
    assert set(outcomes(run)) == {"created"}
    assert "cStar did not take: created at." in run.rows.filter(resource="tickets").first().reason


@on(*REFUSING)
def test_customers_are_imported_where_undocumented_fields_are_refused(filled, cstar):
    run = filled.import_file("customers", [{**row, "Created at": "2026-05-01"} for row in TWO_CUSTOMERS])
    assert outcomes(run) == ["created", "created"]
    assert len(cstar.store.objects["customers"]) == CUSTOMERS + 2


@on(*REFUSING)
def test_only_rows_with_a_refused_field_are_sent_again(filled, cstar):
    rows = [{"Subject": f"Moved {at}", "Description": "Help!" if at % 2 else ""} for at in range(4)]
    run = filled.import_file("tickets", rows)
    made = {one["title"]: one for one in cstar.store.objects["tickets"].values() if one["title"].startswith("Moved")}
    assert len(cstar.store.objects["tickets"]) == TICKETS + 4
    assert [len(made[f"Moved {at}"]["messages"]) for at in range(4)] == [0, 1, 0, 1]
    assert outcomes(run) == ["created"] * 4


def test_messages_that_were_queued_before_a_worker_was_killed_are_sent_once(filled, cstar, monkeypatch):
    monkeypatch.setattr("transfers.batching.CHUNK", 1)
    make, killed = message_posting._make_batches, []

    def dies_once(run, rows):
        make(run, rows)
        if not killed:
            killed.append(run)
            raise KeyboardInterrupt

    monkeypatch.setattr(message_posting, "_make_batches", dies_once)
    rows = [{"Subject": f"Moved {at}", "Description": "Help!"} for at in range(3)]
    with pytest.raises(KeyboardInterrupt):
        filled.import_file("tickets", rows)
    Run.objects.update(lease_until=None)
    filled.work(killed[0])
    made = [one for one in cstar.store.objects["tickets"].values() if one["title"].startswith("Moved")]
    assert [len(one["messages"]) for one in made] == [1, 1, 1]
