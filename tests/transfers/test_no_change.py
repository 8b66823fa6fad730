"""What nobody changed stays: our own files imported again, columns that a file has not, tags of any letters."""

from __future__ import annotations

import pytest

from customers.models import Customer
from replica.refresh import refresh
from sandbox import models as there
from tests.transfers.test_bulk import asked, choose
from tests.transfers.test_import import Import
from tests.transfers.test_undo import imported, known
from tickets.models import Ticket
from transfers.models import Run
from transfers.resources import transfer_of

ODD_TAGS = ["Smith, John", "a;b", "c|d", 'she said "no"', "=1+1"]
ODD_NOTES = '  two\n\nparagraphs, "quoted"; =1+1\n'


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.TRANSFERS_DIR = tmp_path / "transfers"


@pytest.fixture
def odd(acme):
    """Objects with everything in them that a file could take apart."""
    customer, ticket = there.Customer.objects.first(), there.Ticket.objects.filter(team__name="Acme Support").first()
    there.Customer.objects.filter(team__name="Acme Support", id=customer.id).update(tags=ODD_TAGS, notes=ODD_NOTES)
    there.Ticket.objects.filter(id=ticket.id).update(tags=ODD_TAGS, notes=ODD_NOTES, title="=1+1, “odd”; |")
    there.Article.objects.filter(team__name="Acme Support").update(tags=ODD_TAGS)
    refresh(acme)


def exported(person, work, newest, resource, file_format) -> bytes:
    fields = {"format": file_format, "columns": [column.name for column in transfer_of(resource).columns]}
    person.post(f"/transfers/export/{resource}/?", fields)
    run = work(newest())
    assert run.state == Run.State.DONE, run.problem
    return b"".join(person.get(f"/transfers/{run.pk}/file").streaming_content)


@pytest.mark.parametrize("resource", ["customers", "tickets", "articles"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_our_own_export_says_the_same(manager, acme, odd, work, newest, resource, file_format):
    content = exported(manager, work, newest, resource, file_format)
    asked = Import(manager, content, resource, name=f"export.{file_format}").columns(strategy="update").words(work)
    changed = asked.run.rows.exclude(plan="skip")
    assert [(row.label, row.plan, row.before, row.after, row.reason) for row in changed] == []
    assert set(asked.run.rows.values_list("reason", flat=True)) == {"It is there already, and says the same."}


def test_a_column_that_is_not_in_the_file_changes_nothing(manager, acme, work):
    customer = known(acme)
    run = imported(manager, work, f"Email,Tags\n{customer.email},brand-new\n")
    assert run.rows.get().differences == [("tags", customer.tags, ["brand-new"])]
    now = there.Customer.objects.get(id=customer.cstar_id)
    assert (now.name, now.tags) == (customer.name, ["brand-new"])
    imported(manager, work, "Email,Tags\nunnamed@new.example,x\n")
    assert there.Customer.objects.get(email="unnamed@new.example").name == "unnamed"


def test_an_address_in_other_letters_is_the_same_address(manager, acme, work):
    customer = known(acme)
    text = f"Email,Name\n{customer.email.upper()},{customer.name}\n"
    asked = Import(manager, text, "customers").columns(strategy="update").words(work)
    assert asked.run.rows.get().plan == "skip"


def test_the_id_of_a_customer_with_another_address_is_said_and_creates_nobody(manager, acme, work):
    customer = known(acme)
    text = f"Customer ID,Email,Name\n{customer.cstar_id},moved@new.example,{customer.name}\n"
    row = Import(manager, text, "customers").columns(strategy="update").words(work).run.rows.get()
    assert row.plan == "wrong"
    assert customer.email in row.reason


def test_ids_of_elsewhere_are_kept_as_such(manager, acme, work):
    imported(manager, work, "Customer ID,Email,Name\ncus_of_another_team,new@else.example,New\n")
    assert there.Customer.objects.get(email="new@else.example").metadata["externalId"] == "cus_of_another_team"


def test_dates_that_say_utc_in_their_head_are_in_utc(manager, acme, work):
    manager.person.time_zone = "Europe/Berlin"
    manager.person.save()
    text = "Ticket ID,Subject,Created at (UTC)\nX-1,From a table in UTC,2025-07-01 12:00:00\n"
    imported(manager, work, text, "tickets", strategy="skip")
    ticket = there.Ticket.objects.get(title="From a table in UTC")
    assert ticket.created_at.isoformat() == "2025-07-01T12:00:00+00:00"


def test_a_bulk_edit_keeps_tags_that_hold_commas(manager, acme, odd, work, newest):
    ticket = Ticket.objects.filter(team=acme, tags=ODD_TAGS).first()
    address = choose(manager, [ticket])
    asked(manager, address, add_tags='"Doe, Jane"', remove_tags="a;b")
    manager.post(address, {"start": "1", "number": 1})
    work(newest())
    wanted = [*(tag for tag in ODD_TAGS if tag != "a;b"), "Doe, Jane"]
    assert there.Ticket.objects.get(id=ticket.cstar_id).tags == wanted


def test_a_bulk_edit_that_is_tried_again_has_what_was_asked_for_filled_in(manager, acme, work, newest):
    ticket = Ticket.objects.filter(team=acme).first()
    address = choose(manager, [ticket])
    there.Ticket.objects.filter(id=ticket.cstar_id).delete()
    asked(manager, address, add_tags='alpha, "Doe, Jane"', remove_tags="beta")
    manager.post(address, {"start": "1", "number": 1})
    run = work(newest())
    again = manager.post(f"/transfers/{run.pk}/again/").url
    form = manager.get(again).context["form"]
    assert form["add_tags"].value() == 'alpha, "Doe, Jane"'
    assert form["remove_tags"].value() == "beta"
    assert "['" not in manager.get(again).content.decode()


def test_a_customer_form_keeps_tags_that_hold_commas(manager, acme, odd):
    customer = Customer.objects.filter(team=acme, tags=ODD_TAGS).first()
    address = f"/customers/{customer.cstar_id}/edit/"
    form = manager.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"initial-{name}": form[name].value() or "" for name in form.FIELDS}
    manager.post(address, data | {"name": "Only the name"})
    now = there.Customer.objects.get(id=customer.cstar_id)
    assert (now.name, now.tags, now.notes) == ("Only the name", ODD_TAGS, ODD_NOTES)
    manager.post(address, data | {"tags": f'{data["tags"]}, "Doe, Jane"'})
    assert there.Customer.objects.get(id=customer.cstar_id).tags == [*ODD_TAGS, "Doe, Jane"]
