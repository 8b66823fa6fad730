"""Undoing a run: only what the run did is taken back, and only as long as nobody else has touched it since."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import islice

import pytest

from cstar.http import Response
from customers.models import Customer
from replica.refresh import refresh
from sandbox import errors
from sandbox import models as there
from sandbox.resources import exports
from sandbox.resources import tickets as sandbox_tickets
from teams.clients import client_for
from tests.transfers import histories
from tests.transfers.test_bulk import asked, choose
from tests.transfers.test_import import Import, outcomes
from tickets.models import Ticket
from transfers import executor, import_batches, remote_objects
from transfers.models import Run, RunBatch


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.TRANSFERS_DIR = tmp_path / "transfers"


@pytest.fixture
def colleague(acme):
    """Somebody else at cStar: what they do is not known here until the copy is refreshed."""
    return client_for(acme)


@pytest.fixture
def undo(manager, work, newest):
    """`undo(run)`: as a person does it; answers the undo when it has ended or waits."""

    def go(run):
        address = manager.post(f"/transfers/{run.pk}/undo/").url
        assert address != f"/transfers/{run.pk}/", "There is nothing to undo"
        if newest().state == Run.State.CHECKING:
            work(newest())
        manager.get(address)
        manager.post(address)
        return work(newest())

    return go


@pytest.fixture
def undo_page(manager, work, newest):
    """`undo_page(run)`: what undoing it says beforehand."""

    def look(run):
        address = manager.post(f"/transfers/{run.pk}/undo/").url
        if newest().state == Run.State.CHECKING:
            work(newest())
        return " ".join(manager.get(address).content.decode().split())

    return look


def imported(person, work, text, resource="customers", strategy="update", **columns):
    return Import(person, text, resource).columns(strategy=strategy, **columns).words(work).go(work)


def known(acme, **fields) -> Customer:
    return Customer.objects.filter(team=acme, **fields).exclude(tags=[]).order_by("pk").first()


def customer_at_cstar(customer) -> there.Customer:
    return there.Customer.objects.get(id=customer.cstar_id)


# --- only what the run created is deleted --------------------------------------------------------------------------


def test_undoing_changed_metadata_deletes_nobody_and_puts_it_back(manager, acme, work, undo):
    customer = known(acme)
    there.Customer.objects.filter(id=customer.cstar_id).update(metadata={"Company": "Old", "Plan": "Gold"})
    refresh(acme)
    text = f"Email,Name,Company,City\n{customer.email},{customer.name},New,Rome\n"
    run = imported(manager, work, text, Company="metadata", City="metadata")
    assert customer_at_cstar(customer).metadata == {"Company": "New", "City": "Rome", "Plan": "Gold"}
    assert set(run.rows.get().differences) == {("metadata.Company", "Old", "New"), ("metadata.City", None, "Rome")}
    undone = undo(run)
    assert customer_at_cstar(customer).metadata == {"Company": "Old", "Plan": "Gold"}
    assert outcomes(undone) == ["updated"]


def test_changed_metadata_is_shown_before_in_the_receipt_and_in_the_history(manager, acme, work):
    customer = known(acme)
    text = f"Email,Company\n{customer.email},Initech\n"
    asked = Import(manager, text, "customers").columns(strategy="update", Company="metadata").words(work)
    assert "Initech" in asked.check()
    run = asked.go(work)
    assert "Initech" in manager.get(f"/transfers/{run.pk}/").content.decode()
    assert "Initech" in b"".join(manager.get(f"/transfers/{run.pk}/receipt.csv").streaming_content).decode()
    assert "Initech" in manager.get(f"/customers/{customer.cstar_id}/history/").content.decode()
    assert Customer.objects.get(pk=customer.pk).metadata["Company"] == "Initech"


def test_a_customer_whom_a_colleague_created_before_the_start_is_not_deleted(manager, acme, work, undo, colleague):
    text = "Email,Name\nada@between.example,Ada\nbob@between.example,Bob\n"
    asked = Import(manager, text, "customers").columns(strategy="skip").words(work)
    theirs = colleague.customers.create(name="Ada by hand", email="Ada@between.example")
    run = asked.go(work)
    assert dict(run.rows.values_list("key", "outcome")) == {
        "ada@between.example": "skipped",
        "bob@between.example": "created",
    }
    assert "meanwhile" in run.rows.get(key="ada@between.example").reason
    undo(run)
    assert there.Customer.objects.get(id=theirs.id).name == "Ada by hand"
    assert not there.Customer.objects.filter(email="bob@between.example").exists()


def test_one_whom_a_colleague_created_is_changed_where_that_was_asked_for_and_put_back(
    manager, acme, work, undo, colleague
):
    text = "Email,Name,Tags\nada@between.example,Ada,imported\n"
    asked = Import(manager, text, "customers").columns(strategy="update").words(work)
    theirs = colleague.customers.create(name="Ada by hand", email="ada@between.example", tags=["theirs"])
    run = asked.go(work)
    assert outcomes(run) == ["updated"]
    assert there.Customer.objects.get(id=theirs.id).tags == ["imported"]
    undone = undo(run)
    assert outcomes(undone) == ["updated"]
    now = there.Customer.objects.get(id=theirs.id)
    assert (now.name, now.tags, now.metadata) == ("Ada by hand", ["theirs"], {})


def test_a_customer_who_was_deleted_meanwhile_and_came_back_by_the_import_is_said_and_undone(
    manager, acme, work, undo, colleague
):
    customer = known(acme)
    asked = Import(manager, f"Email,Name\n{customer.email},New Name\n", "customers")
    asked.columns(strategy="update").words(work)
    colleague.customers.delete(customer.cstar_id)
    run = asked.go(work)
    row = run.rows.get()
    assert row.outcome == "created"
    assert "deleted meanwhile" in row.reason
    assert there.Customer.objects.filter(email=customer.email).exists()
    undo(run)
    assert not there.Customer.objects.filter(email=customer.email).exists()


# --- read at cStar first -------------------------------------------------------------------------------------------


def test_undo_directly_after_an_update_needs_no_fresh_copy(manager, acme, work, undo):
    customer = known(acme)
    run = imported(manager, work, f"Email,Name\n{customer.email},Somebody Else\n")
    undone = undo(run)
    assert outcomes(undone) == ["updated"]
    assert customer_at_cstar(customer).name == customer.name


def bulk_edit(manager, work, newest, tickets, **fields):
    chosen = {"ids": [ticket.cstar_id for ticket in tickets], "address": "?"}
    address = manager.post("/transfers/bulk/tickets/", chosen).url
    manager.post(address, {"review": "1", **fields})
    manager.post(address, {"start": "1", "number": len(tickets)})
    return work(newest())


@pytest.fixture
def tickets(acme):
    found = Ticket.objects.filter(team=acme, status__in=["open", "new"], priority__in=["normal", "high"])
    return list(found.order_by("pk")[:3])


def test_what_a_colleague_changed_a_moment_ago_stays(manager, tickets, work, newest, undo, colleague):
    run = bulk_edit(manager, work, newest, tickets, status="pending", priority="urgent")
    colleague.tickets.update(tickets[0].cstar_id, priority="low")  # not known here yet
    undone = undo(run)
    now = there.Ticket.objects.get(id=tickets[0].cstar_id)
    assert (now.status, now.priority) == (tickets[0].status, "low")
    row = undone.rows.get(cstar_id=tickets[0].cstar_id)
    assert row.outcome == "updated"
    assert row.reason == "Changed since: priority is now low."
    other = there.Ticket.objects.get(id=tickets[1].cstar_id)
    assert (other.status, other.priority) == (tickets[1].status, tickets[1].priority)


def test_tags_of_others_stay_where_those_of_the_run_go(manager, tickets, work, newest, undo, colleague):
    there.Ticket.objects.filter(id=tickets[0].cstar_id).update(tags=["old", "kept"])
    Ticket.objects.filter(pk=tickets[0].pk).update(payload={**tickets[0].payload, "tags": ["old", "kept"]})
    run = bulk_edit(manager, work, newest, tickets[:1], add_tags="vip", remove_tags="old")
    colleague.tickets.update(tickets[0].cstar_id, tags=["kept", "vip", "theirs"])
    undo(run)
    assert set(there.Ticket.objects.get(id=tickets[0].cstar_id).tags) == {"old", "kept", "theirs"}


def test_what_the_copy_did_not_know_before_the_edit_is_what_comes_back(manager, tickets, work, newest, undo, colleague):
    colleague.tickets.update(tickets[0].cstar_id, priority="low")  # seconds before, not known here
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    undo(run)
    assert there.Ticket.objects.get(id=tickets[0].cstar_id).priority == "low"


def test_what_a_colleague_had_done_alike_is_theirs(manager, tickets, work, newest, undo, colleague):
    colleague.tickets.update(tickets[0].cstar_id, priority="urgent")  # seconds before, not known here
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    undo(run)
    assert there.Ticket.objects.get(id=tickets[0].cstar_id).priority == "urgent"
    assert there.Ticket.objects.get(id=tickets[1].cstar_id).priority == tickets[1].priority


def test_an_undo_that_met_an_outage_is_offered_again(manager, acme, tickets, work, newest, undo, wire):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    manager.post(manager.post(f"/transfers/{run.pk}/undo/").url)
    wire.answer(Response(503))
    waiting = work(newest())
    assert waiting.wait_until
    manager.post(f"/transfers/{waiting.pk}/control/", {"do": "cancel"})
    wire.answer()
    undone = undo(run)
    assert outcomes(undone) == ["updated"] * 3
    for ticket in tickets:
        assert there.Ticket.objects.get(id=ticket.cstar_id).priority == ticket.priority
    assert manager.post(f"/transfers/{run.pk}/undo/").url == f"/transfers/{run.pk}/"


def test_an_undo_that_was_only_looked_at_does_not_stand_in_the_way(manager, tickets, work, newest, undo):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    manager.post(f"/transfers/{run.pk}/undo/")  # and then away
    assert outcomes(undo(run)) == ["updated"] * 3


# --- what something else still needs -------------------------------------------------------------------------------


def test_a_created_customer_whom_a_ticket_needs_is_kept(manager, acme, work, undo, undo_page, colleague):
    run = imported(manager, work, "Email,Name\nada@kept.example,Ada\nbob@gone.example,Bob\n")
    ada = there.Customer.objects.get(email="ada@kept.example")
    ticket = colleague.tickets.create(title="Hello", customer_id=ada.id)
    page = undo_page(run)
    assert "Deletes <strong>1 customer</strong>" in page
    assert "1 because tickets still need it" in page
    undone = undo(run)
    assert there.Ticket.objects.get(id=ticket.id).customer_id == ada.id
    assert not there.Customer.objects.filter(email="bob@gone.example").exists()
    assert undone.rows.get(cstar_id=ada.id).outcome == "skipped"
    # Once the ticket is gone, the rest can be undone.
    colleague.tickets.delete(ticket.id)
    undo(run)
    assert not there.Customer.objects.filter(email="ada@kept.example").exists()


def test_an_answered_ticket_is_kept_and_with_it_its_customer(manager, acme, work, undo, colleague):
    text = (
        "Id,Subject,Requester name,Requester email\n"
        "1,One,Ada Byron,ada@new.example\n2,Two,Ada Byron,ada@new.example\n3,Three,Bob,bob@new.example\n"
    )
    run = imported(manager, work, text, "tickets", strategy="skip", customers="on")
    answered = there.Ticket.objects.get(title="One")
    colleague.messages.create(answered.id, content="Hello Ada")
    undone = undo(run)
    assert set(there.Ticket.objects.filter(title__in=["One", "Two", "Three"]).values_list("title", flat=True)) == {
        "One"
    }
    assert there.Ticket.objects.get(title="One").customer.email == "ada@new.example"
    assert not there.Customer.objects.filter(email="bob@new.example").exists()
    assert "Answered" in undone.rows.get(cstar_id=answered.id).reason


CHANGES = {
    "notes": {"notes": "Call back"},
    "tags": {"tags": ["theirs"]},
    "another name": {"name": "Ada Lovelace"},
    "metadata": {"metadata": {"Theirs": "1"}},
    "status": {"status": "inactive"},
}


TICKET_CHANGES = {
    "notes": {"notes": "Call back"},
    "tags": {"tags": ["theirs"]},
    "subject": {"title": "Another"},
    "status": {"status": "pending"},
    "metadata": {"metadata": {"Theirs": "1"}},
}


@pytest.mark.parametrize("change", [*TICKET_CHANGES, "assignee"])
def test_a_created_ticket_whom_somebody_changed_is_kept(manager, acme, work, undo, colleague, change):
    run = imported(manager, work, "Ticket ID,Subject\nX-1,Imported here\nX-2,And another\n", "tickets", strategy="skip")
    ticket = there.Ticket.objects.get(external_id="X-1")
    fields = TICKET_CHANGES.get(change) or {"assigned_to": there.Member.objects.filter(team=ticket.team).first().id}
    colleague.tickets.update(ticket.id, **fields)
    undone = undo(run)
    assert outcomes(undone) == ["deleted", "skipped"]
    assert there.Ticket.objects.filter(id=ticket.id).exists()
    assert undone.rows.get(cstar_id=ticket.id).reason.startswith("Changed since:")


def test_a_created_article_whose_text_somebody_wrote_is_kept(manager, acme, work, undo, colleague):
    run = imported(manager, work, "Title,Category\nHow to,Help\nWhy,Help\n", "articles", strategy="skip")
    article = there.Article.objects.get(title="How to")
    colleague.articles.update(article.id, content="Written by hand")
    assert outcomes(undo(run)) == ["deleted", "skipped"]
    assert there.Article.objects.filter(id=article.id).exists()


def test_metadata_alone_of_a_ticket_comes_back(manager, acme, work, undo):
    ticket = Ticket.objects.filter(team=acme).first()
    text = f"Ticket ID,Subject,Plan\n{ticket.cstar_id},{ticket.title},Gold\n"
    run = imported(manager, work, text, "tickets", Plan="metadata")
    assert there.Ticket.objects.get(id=ticket.cstar_id).metadata["Plan"] == "Gold"
    assert outcomes(undo(run)) == ["updated"]
    assert there.Ticket.objects.get(id=ticket.cstar_id).metadata == ticket.metadata


def test_a_key_that_was_there_before_comes_back_with_its_value(manager, acme, work, undo, colleague):
    customer = known(acme)
    colleague.customers.update(customer.cstar_id, metadata={"Plan": {"name": "Silver", "seats": 3}})
    refresh(acme)
    run = imported(manager, work, f"Email,Plan\n{customer.email},Gold\n", Plan="metadata")
    undo(run)
    assert customer_at_cstar(customer).metadata["Plan"] == {"name": "Silver", "seats": 3}


@pytest.mark.parametrize("change", CHANGES)
def test_a_created_customer_whom_somebody_changed_is_kept(manager, acme, work, undo, colleague, change):
    run = imported(manager, work, "Email,Name\nada@new.example,Ada\n")
    ada = there.Customer.objects.get(email="ada@new.example")
    colleague.customers.update(ada.id, **CHANGES[change])
    undone = undo(run)
    assert there.Customer.objects.filter(id=ada.id).exists()
    assert undone.rows.get().reason.startswith("Changed since:")


# --- what the numbers of an answer do not bear out -----------------------------------------------------------------


def test_one_known_row_does_not_make_the_whole_batch_unknown(manager, acme, work, undo):
    imported(manager, work, "Email,Name\nada@twice.example,Ada\n")  # and the copy does not know of it
    run = imported(manager, work, "Email,Name\nada@twice.example,Ada\nbob@twice.example,Bob\n", strategy="skip")
    assert outcomes(run) == ["created", "skipped"]
    undo(run)
    assert set(there.Customer.objects.filter(email__endswith="@twice.example").values_list("name", flat=True)) == {
        "Ada"
    }


def test_tickets_and_articles_that_are_known_are_told_apart_too(manager, acme, work, undo):
    for resource, head, first, second in (
        ("tickets", "Ticket ID,Subject", "X-1,One", "X-2,Two"),
        ("articles", "Title,Category", "How to,Help", "Why,Help"),
    ):
        imported(manager, work, f"{head}\n{first}\n", resource, strategy="skip")
        run = imported(manager, work, f"{head}\n{first}\n{second}\n", resource, strategy="skip")
        assert outcomes(run) == ["created", "skipped"]
        undone = undo(run)
        assert outcomes(undone) == ["deleted"]
    assert there.Ticket.objects.filter(title="One").exists()
    assert not there.Ticket.objects.filter(title="Two").exists()
    assert there.Article.objects.filter(title="How to").exists()
    assert not there.Article.objects.filter(title="Why").exists()


@pytest.fixture
def nameless_errors(wire, monkeypatch, tickets):
    """A cStar that refuses to change the first ticket, and says of which ids it refuses nothing."""
    original, edit = wire.handle_request, sandbox_tickets.edit

    def refuses_one(call, ticket, patch):
        if ticket.id == tickets[0].cstar_id:
            raise errors.invalid("Not this one")
        edit(call, ticket, patch)

    def leaves_out_ids(request):
        answer = original(request)
        if not request.url.path.endswith("/bulk"):
            return answer
        document = json.loads(answer.read())
        document["data"]["errors"] = [error["message"] for error in document["data"]["errors"]]
        return Response(200, json=document, request=request)

    monkeypatch.setattr(sandbox_tickets, "edit", refuses_one)
    wire.handle_request = leaves_out_ids


def test_what_an_answer_does_not_name_is_read_back_and_not_tried_for_ever(
    manager, tickets, work, newest, nameless_errors, monkeypatch, undo
):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    assert run.state == Run.State.DONE
    assert outcomes(run) == ["failed", "updated", "updated"]
    assert run.rows.get(outcome="failed").cstar_id == tickets[0].cstar_id
    undone = undo(run)
    assert outcomes(undone) == ["updated", "updated"]


# --- more than an export brings ------------------------------------------------------------------------------------


@pytest.fixture
def small_exports(monkeypatch):
    """cStar's export ends at 20 rows."""
    monkeypatch.setattr(exports, "MAX_ROWS", 20)
    monkeypatch.setattr(remote_objects, "MAX_EXPORT_ROWS", 20)


@pytest.mark.parametrize("newest_first", [True, False])
def test_an_undo_of_more_rows_than_an_export_brings_ends(
    manager, acme, work, undo, small_exports, monkeypatch, newest_first
):
    rows = "".join(f"p{number}@many.example,Person {number}\n" for number in range(50))
    run = imported(manager, work, f"Email,Name\n{rows}")
    if not newest_first:
        there.Customer.objects.filter(email__endswith="@many.example").update(updated_at="2001-01-01T00:00:00Z")
    undone = undo(run)
    assert undone.state == Run.State.DONE, undone.problem
    assert set(outcomes(undone)) == {"deleted"}
    assert not there.Customer.objects.filter(email__endswith="@many.example").exists()


# --- a plan is whole or not there ----------------------------------------------------------------------------------


def test_a_plan_that_broke_off_is_made_whole_before_the_run_ends(manager, acme, work, monkeypatch):
    monkeypatch.setattr("transfers.import_batches.MAX_IMPORT_RECORDS", 5)
    rows = "".join(f"p{number}@plan.example,Person {number}\n" for number in range(60))
    asked = Import(manager, f"Email,Name\n{rows}", "customers").columns().words(work)
    made = []
    original = RunBatch.objects.create

    def breaks_down(**fields):
        if len(made) == 5:
            raise RuntimeError("Somebody else writes")
        made.append(fields)
        return original(**fields)

    monkeypatch.setattr(RunBatch.objects, "create", breaks_down)
    run = asked.go(work)
    assert run.state == Run.State.PAUSED
    monkeypatch.setattr(RunBatch.objects, "create", original)
    manager.post(f"/transfers/{run.pk}/control/", {"do": "resume"})
    run = work(run)
    assert run.state == Run.State.DONE
    assert outcomes(run) == ["created"] * 60
    assert there.Customer.objects.filter(email__endswith="@plan.example").count() == 60


def test_what_a_plan_left_out_is_planned_before_the_run_ends(manager, acme, work, monkeypatch):
    monkeypatch.setattr("transfers.import_batches.MAX_IMPORT_RECORDS", 5)
    parts, times = import_batches._parts, []

    def gives_up_early(run):
        times.append(run)
        return islice(parts(run), 3) if len(times) < 3 else parts(run)

    rows = "".join(f"p{number}@plan.example,Person {number}\n" for number in range(60))
    asked = Import(manager, f"Email,Name\n{rows}", "customers").columns().words(work)
    monkeypatch.setattr(import_batches, "_parts", gives_up_early)
    manager.post(f"{asked.address}?step=check", {"number": 60})
    run = work(asked.run)
    assert run.state == Run.State.DONE
    assert outcomes(run) == ["created"] * 60


def test_a_run_whose_rows_get_no_outcome_is_never_done(manager, acme, work, monkeypatch):
    asked = Import(manager, "Email,Name\nada@plan.example,Ada\n", "customers").columns().words(work)
    monkeypatch.setattr(import_batches, "_parts", lambda run: iter(()))
    manager.post(f"{asked.address}?step=check", {"number": 1})
    run = work(asked.run)
    assert run.state == Run.State.PAUSED
    assert "Resume" in run.problem
    with pytest.raises(executor.UnfinishedError):
        executor._finish(run)
    monkeypatch.undo()
    manager.post(f"/transfers/{run.pk}/control/", {"do": "resume"})
    assert outcomes(work(run)) == ["created"]


def test_resuming_a_run_that_nobody_started_only_looks_at_it_again(manager, acme, work, monkeypatch):
    asked = Import(manager, "Email,Name\nada@plan.example,Ada\n", "customers").columns()

    def breaks_down(run, renew):
        raise RuntimeError

    monkeypatch.setitem(executor._CHECK, Run.Kind.IMPORT, breaks_down)
    asked.words(work)
    assert asked.run.state == Run.State.PAUSED
    monkeypatch.undo()
    manager.post(f"/transfers/{asked.run.pk}/control/", {"do": "resume"})
    assert work(asked.run).state == Run.State.DRAFT
    assert not there.Customer.objects.filter(email="ada@plan.example").exists()


# --- calls ---------------------------------------------------------------------------------------------------------


def test_new_and_known_rows_take_a_call_each(manager, acme, work, wire):
    customer = known(acme)
    text = f"Email,Name\n{customer.email},Renamed\nada@new.example,Ada\nbob@new.example,Bob\n"
    asked = Import(manager, text, "customers").columns(strategy="update").words(work)
    assert "<strong>2 requests</strong>" in asked.check()
    wire.calls.clear()
    asked.go(work)
    assert wire.calls == [("POST", "import")] * 2


def test_an_undo_costs_what_its_page_says(manager, acme, tickets, work, newest, wire):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    address = manager.post(f"/transfers/{run.pk}/undo/").url
    said = int(re.search(r"<strong>(\d+) requests</strong>", manager.get(address).content.decode())[1])
    wire.calls.clear()
    manager.post(address)
    work(newest())
    assert len(wire.calls) == said


# --- what its page says --------------------------------------------------------------------------------------------


def test_the_page_says_in_numbers_what_goes_and_what_comes_back(manager, acme, work, undo_page, undo, colleague):
    first, second = Customer.objects.filter(team=acme).order_by("pk")[:2]
    text = f"Email,Name,Plan\n{first.email},Renamed,Gold\n{second.email},Renamed,Gold\nada@new.example,Ada,Gold\n"
    run = imported(manager, work, text, Plan="metadata")
    colleague.customers.update(second.cstar_id, name="By a colleague")
    page = undo_page(run)
    assert "Deletes <strong>1 customer</strong>" in page
    assert "Restores <strong>3 values on 2 customers</strong>" in page
    assert re.search(r'<button class="button button--danger-fill"> ?Undo and delete 1 customer ?</button>', page)
    assert outcomes(undo(run)) == ["deleted", "updated", "updated"]
    now = customer_at_cstar(second)
    assert (now.name, now.metadata) == ("By a colleague", second.metadata)


def test_the_page_says_what_is_left_and_why(manager, tickets, work, newest, undo_page, colleague):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    colleague.tickets.update(tickets[0].cstar_id, priority="low")
    colleague.tickets.delete(tickets[1].cstar_id)
    page = undo_page(run)
    assert "Restores <strong>1 value on 1 ticket</strong>" in page
    assert "1 because somebody changed it since" in page
    assert "1 because it no longer exists" in page
    assert "button--danger-fill" not in page


def test_where_there_is_nothing_left_to_undo_there_is_no_button(manager, tickets, work, newest, undo_page, colleague):
    run = bulk_edit(manager, work, newest, tickets[:1], priority="urgent")
    colleague.tickets.update(tickets[0].cstar_id, priority="low")
    page = undo_page(run)
    assert "There is nothing left to undo" in page
    assert "button--primary" not in page[page.index("<main") :]


def test_a_large_undo_is_looked_at_by_the_worker(manager, tickets, work, newest, monkeypatch):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    monkeypatch.setattr("transfers.undoing.ROWS_AT_ONCE", 2)
    address = manager.post(f"/transfers/{run.pk}/undo/").url
    assert newest().state == Run.State.CHECKING
    page = manager.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "button--primary" not in page[page.index("<main") :]
    manager.post(address)  # too early: nobody has seen the numbers
    assert work(newest()).state == Run.State.DRAFT
    assert "3 values on 3 tickets" in manager.get(address).content.decode()
    manager.post(address)
    assert outcomes(work(newest())) == ["updated"] * 3


def test_an_undo_that_could_not_be_looked_at_says_so_and_looks_when_it_starts(
    manager, tickets, work, newest, wire, colleague
):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    wire.answer(Response(500))
    address = manager.post(f"/transfers/{run.pk}/undo/").url
    wire.answer()
    page = manager.get(address).content.decode()
    assert "cStar is read again before anything is changed" in page
    assert "3 values on 3 tickets" in page
    colleague.tickets.update(tickets[0].cstar_id, priority="low")
    manager.post(address)
    assert outcomes(work(newest())) == ["skipped", "updated", "updated"]


# --- answers that never came ---------------------------------------------------------------------------------------


def test_an_undo_whose_answer_was_lost_looks_what_became_of_it(manager, tickets, work, newest, wire, colleague):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    address = manager.post(f"/transfers/{run.pk}/undo/").url
    manager.post(address)
    original = wire.handle_request

    def does_it_and_goes_away(request):
        if request.url.path.endswith("/bulk"):
            original(request)
            wire.answer(Response(500))
        return original(request)

    wire.handle_request = does_it_and_goes_away
    waiting = work(newest())
    assert waiting.state == Run.State.RUNNING
    wire.handle_request = original
    wire.answer()
    colleague.tickets.update(tickets[0].cstar_id, priority="low")
    manager.post(f"/transfers/{waiting.pk}/control/", {"do": "hurry"})
    undone = work(waiting)
    assert undone.state == Run.State.DONE
    assert there.Ticket.objects.get(id=tickets[0].cstar_id).priority == "low"
    assert outcomes(undone) == ["skipped", "updated", "updated"]


def test_what_was_sent_before_a_run_was_stopped_is_not_said_to_be_undone_work(
    manager, tickets, work, newest, wire, undo
):
    address = choose(manager, tickets)
    asked(manager, address, priority="urgent")
    manager.post(address, {"start": "1", "number": 3})
    run, original = newest(), wire.handle_request

    def loses_the_answer(request):
        answer = original(request)
        return Response(500, request=request) if request.url.path.endswith("/bulk") else answer

    wire.handle_request = loses_the_answer
    work(run)
    manager.post(f"/transfers/{run.pk}/control/", {"do": "cancel"})
    wire.handle_request = original
    page = manager.get(f"/transfers/{run.pk}/").content.decode()
    assert page.count("Not known") == 3
    assert outcomes(undo(run)) == ["updated"] * 3
    for ticket in tickets:
        assert there.Ticket.objects.get(id=ticket.cstar_id).priority == ticket.priority


def test_a_bulk_edit_that_is_tried_again_much_later_keeps_what_others_did(
    manager, tickets, work, newest, wire, colleague, monkeypatch
):
    address = choose(manager, tickets[:2])
    asked(manager, address, add_tags="vip")
    manager.post(address, {"start": "1", "number": 2})
    wire.answer(Response(500))  # it never arrived
    run = work(newest())
    wire.answer()
    colleague.tickets.update(tickets[0].cstar_id, tags=["theirs"])
    monkeypatch.setattr("transfers.batch_sending.RETRY_BY_KEY", timedelta(0))
    manager.post(f"/transfers/{run.pk}/control/", {"do": "hurry"})
    run = work(run)
    assert run.state == Run.State.DONE
    assert there.Ticket.objects.get(id=tickets[0].cstar_id).tags == ["theirs"]
    assert run.rows.get(cstar_id=tickets[0].cstar_id).outcome == "unsure"
    assert there.Ticket.objects.get(id=tickets[1].cstar_id).tags == [*tickets[1].tags, "vip"]


# --- other kinds of cStar ------------------------------------------------------------------------------------------


@pytest.fixture
def without_metadata(monkeypatch):
    """Exports whose rows have no metadata."""
    for name, entry in histories.without_metadata().items():
        monkeypatch.setitem(exports.EXPORTED, name, entry)


@pytest.mark.parametrize("resource", ["customers", "tickets"])
def test_what_was_created_is_found_where_exports_show_no_metadata(
    manager, acme, work, undo, without_metadata, resource
):
    text = {
        "customers": "Email,Name\nada@plain.example,Ada\nbob@plain.example,Bob\n",
        "tickets": "Ticket ID,Subject\nX-1,First of them\nX-2,Second of them\n",
    }[resource]
    run = imported(manager, work, text, resource, strategy="skip")
    assert outcomes(undo(run)) == ["deleted", "deleted"]
    assert not there.Customer.objects.filter(email__endswith="@plain.example").exists()
    assert not there.Ticket.objects.filter(title__endswith="of them").exists()


def test_exports_that_are_refused_are_done_without(manager, tickets, work, newest, wire, monkeypatch, undo):
    run = bulk_edit(manager, work, newest, tickets, priority="urgent")
    monkeypatch.setattr(remote_objects, "FEW", 0)
    original = wire.handle_request
    refused = {"success": False, "error": {"message": "Not with this key", "code": "insufficient_permissions"}}

    def refuses_exports(request):
        if request.url.path.endswith("/export"):
            return Response(403, json=refused, request=request)
        return original(request)

    wire.handle_request = refuses_exports
    assert outcomes(undo(run)) == ["updated"] * 3


def test_a_run_of_the_version_before_deletes_nothing_that_it_cannot_prove(manager, acme, work, undo):
    run = imported(manager, work, "Email,Name\nada@old.example,Ada\n")
    run.batches.update(data={"strategy": "update"}, began_at=None, answered_at=None)
    undone = undo(run)
    assert outcomes(undone) == ["skipped"]
    assert "not certain" in undone.rows.get().reason
    assert there.Customer.objects.filter(email="ada@old.example").exists()
