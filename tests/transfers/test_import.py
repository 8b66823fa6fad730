"""Another helpdesk's file becomes tickets, customers and articles: step by step, rehearsed, in batches, undone."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from cstar.http import Response
from customers.models import Customer
from replica.refresh import refresh
from sandbox import models as there
from tests.helpdesk_export import CRITICAL, ROWS, helpdesk_export
from transfers.models import KnownValue, Run, SavedMapping


def upload(person, text, resource="tickets", name="export.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return person.post("/transfers/import/", {"resource": resource, "file": SimpleUploadedFile(name, data)})


class Import:
    """An import on its way through its steps, as a person takes them."""

    def __init__(self, person, text, resource="tickets", name="export.csv"):
        self.person = person
        answer = upload(person, text, resource, name)
        assert answer.status_code == 302, answer.content.decode()
        self.address = answer.url

    @property
    def run(self) -> Run:
        return Run.objects.get(pk=self.address.split("/")[2])

    def columns(self, strategy="skip", **fields):
        """Takes what was guessed, but for these: header -> field."""
        options = self.run.options
        chosen = {column: field for field, columns in options["columns"].items() for column in columns}
        data = {f"column-{at}": fields.get(name, chosen.get(at, "")) for at, name in enumerate(options["header"])}
        own = {"customers", "save_as"}
        extra = {name: value for name, value in fields.items() if name in own or name.startswith("fixed-")}
        answer = self.person.post(f"{self.address}?step=columns", {**data, "strategy": strategy, **extra})
        assert answer.status_code == 302, answer.content.decode()
        return self

    def words(self, work, **changes):
        """Takes what was guessed, but for these: word in the file -> ours."""
        form = self.person.get(f"{self.address}?step=values").context["form"]
        data = {name: changes.get(field.label, field.initial) for name, field in form.fields.items()}
        assert self.person.post(f"{self.address}?step=values", data).status_code == 302
        work(self.run)
        return self

    def check(self):
        return self.person.get(f"{self.address}?step=check").content.decode()

    def go(self, work, newest=None):
        plans = self.run.rows.filter(plan__in=["create", "update"]).count()
        self.person.post(f"{self.address}?step=check", {"number": plans})
        return work(self.run)


def outcomes(run):
    return sorted(run.rows.values_list("outcome", flat=True))


TWO = (
    "Ticket ID,Subject,Status,Priority,Tags,Description\n"
    '7,Printer on fire,In progress,Critical,"hot,printer",Help!\n'
    "8,Question,Solved,Low,,\n"
)


def test_a_file_becomes_tickets(manager, acme, work, wire):
    asked = Import(manager, TWO).columns().words(work)
    assert "2 rows" in asked.check()
    wire.calls.clear()
    run = asked.go(work)
    assert run.state == Run.State.DONE
    # The second one looks, once a day, whether cStar takes messages with tickets.
    assert wire.calls == [("POST", "import"), ("GET", "tickets")]
    assert outcomes(run) == ["created", "created"]
    ticket = there.Ticket.objects.get(title="Printer on fire")
    assert (ticket.status, ticket.priority, ticket.tags) == ("open", "urgent", ["hot", "printer"])
    assert ticket.metadata["externalId"] == "7"
    assert [m.content for m in ticket.messages.all()] == ["Help!"]
    assert there.Ticket.objects.get(title="Question").status == "resolved"


def test_a_second_upload_is_noticed_and_creates_nothing(manager, acme, work):
    Import(manager, TWO).columns().words(work).go(work)
    refresh(acme)
    number = there.Ticket.objects.count()
    again = Import(manager, TWO)
    assert "This file was already imported" in manager.get(again.address).content.decode()
    again.columns().words(work)
    assert "Nothing to import" in again.check()
    again.go(work)
    assert there.Ticket.objects.count() == number


def test_lines_without_an_id_are_known_by_what_they_say(manager, acme, work):
    text = "Subject,Tags\nSame,a\nSame,a\nOther,b\n"
    first = Import(manager, text).columns().words(work).go(work)
    assert outcomes(first) == ["created"] * 3
    refresh(acme)
    number = there.Ticket.objects.count()
    Import(manager, text + "New,c\n").columns().words(work).go(work)
    assert there.Ticket.objects.count() == number + 1


def test_customers_of_the_tickets_are_created_first(manager, acme, work):
    text = (
        "Id,Subject,Requester name,Requester email\n1,One,Ada Byron,ada@new.example\n2,Two,Ada Byron,ADA@new.example\n"
    )
    run = Import(manager, text).columns(customers="on").words(work).go(work)
    assert list(run.batches.values_list("resource", flat=True)) == ["customers", "tickets"]
    customer = there.Customer.objects.get(email="ada@new.example")
    assert set(there.Ticket.objects.filter(customer=customer).values_list("title", flat=True)) == {"One", "Two"}


def test_first_and_last_name_become_one(manager, acme, work):
    text = "First Name,Last Name,E-mail 1 - Value,Plan\nAda,Byron,ada@joined.example,Gold\n"
    Import(manager, text, "customers").columns(Plan="metadata").words(work).go(work)
    customer = there.Customer.objects.get(email="ada@joined.example")
    assert customer.name == "Ada Byron"
    assert customer.metadata["Plan"] == "Gold"


def test_an_update_shows_before_and_after_and_can_be_undone(manager, acme, work, newest):
    customer = Customer.objects.filter(team=acme).exclude(tags=[]).first()
    text = f"Email,Name,Tags\n{customer.email},{customer.name},brand-new\nnobody@known.example,Nobody,x\n"
    asked = Import(manager, text, "customers").columns(strategy="update").words(work)
    assert "brand-new" in asked.check()
    run = asked.go(work)
    assert outcomes(run) == ["created", "updated"]
    assert there.Customer.objects.get(id=customer.cstar_id).tags == ["brand-new"]
    refresh(acme)
    address = manager.post(f"/transfers/{run.pk}/undo/").url
    manager.post(address)
    undone = work(newest())
    assert undone.state == Run.State.DONE, undone.problem
    assert there.Customer.objects.get(id=customer.cstar_id).tags == customer.tags
    assert not there.Customer.objects.filter(email="nobody@known.example").exists()
    assert outcomes(undone) == ["deleted", "updated"]


def test_undo_deletes_what_was_created_but_not_what_somebody_worked_on(manager, acme, work, newest):
    run = Import(manager, TWO).columns().words(work).go(work)
    ticket = there.Ticket.objects.get(title="Printer on fire")
    there.Ticket.objects.filter(pk=ticket.pk).update(priority="low")
    manager.post(manager.post(f"/transfers/{run.pk}/undo/").url)
    undone = work(newest())
    assert outcomes(undone) == ["deleted", "skipped"]
    assert there.Ticket.objects.filter(title="Printer on fire").exists()
    assert not there.Ticket.objects.filter(title="Question", metadata__externalId="8").exists()


def test_everything_wrong_is_told_at_once_with_its_line_and_given_back(manager, acme, work):
    text = (
        "Id,Subject,Requester email,Created at\n"
        "1,Fine,ada@x.example,2026-01-02\n"
        "2,,ada@x.example,2026-01-02\n"
        "3,Bad mail,not an address,yesterday\n"
        "1,Again,ada@x.example,2026-01-02\n"
        "5,Too,many,cells,here\n"
    )
    asked = Import(manager, text).columns().words(work)
    wrong = {row.line: row.reason for row in asked.run.rows.filter(plan__in=["wrong", "conflict"])}
    assert wrong[3] == "Subject is empty."
    assert "not an address" in wrong[4]
    assert "yesterday" in wrong[4]
    assert wrong[5] == "The same as line 2: it would be imported once."
    assert "5 cells" in wrong[6]
    file = b"".join(manager.get(f"/transfers/{asked.run.pk}/failed.csv").streaming_content).decode()
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[0] == ["Id", "Subject", "Requester email", "Created at", "Why it was not imported"]
    assert [row[0] for row in rows[1:]] == ["2", "3", "1", "5"]
    run = asked.go(work)
    assert outcomes(run) == ["created", "failed", "failed", "failed", "failed"]
    # Corrected, it is uploaded as it is.
    rows[1][1] = "Now with a subject"
    again = io.StringIO()
    csv.writer(again).writerows(rows[:2])
    assert outcomes(Import(manager, again.getvalue()).columns().words(work).go(work)) == ["created"]


def test_columns_are_kept_by_name_and_words_remembered(manager, acme, work):
    text = "Betreff,Zustand\nHallo,Irgendwo\n"
    asked = Import(manager, text).columns(Betreff="title", Zustand="status", save_as="Our old helpdesk")
    asked.words(work, Irgendwo="pending")
    assert KnownValue.objects.get(team=acme, word="irgendwo").value == "pending"
    assert SavedMapping.objects.get(team=acme).columns == {"title": ["Betreff"], "status": ["Zustand"]}
    again = Import(manager, "Zustand,Betreff\nIrgendwo,Welt\n")
    manager.post(f"{again.address}?step=columns", {"use": "Our old helpdesk"})
    assert again.run.options["columns"] == {"title": [1], "status": [0]}
    again.columns()
    assert again.words(work).run.rows.get().after["status"] == "pending"


def test_letters_are_asked_for_where_they_are_not_sure(manager, acme, work):
    data = "Subject;Status\nGrüße aus Köln;offen\n".encode("cp1252")
    asked = Import(manager, data)
    page = manager.get(asked.address).content.decode()
    assert "Grüße aus Köln" in page
    answer = manager.post(f"{asked.address}?step=read", {"encoding": "cp1252", "delimiter": ";", "quote": '"'})
    assert answer.status_code == 302
    asked.columns().words(work).go(work)
    assert there.Ticket.objects.get(title="Grüße aus Köln").status == "open"


def bomb() -> bytes:
    """A workbook that is small on the disk and a gigabyte once it is unpacked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(400):
                sheet.write(b" " * 1_000_000)
    return made.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "header only": (b"Subject,Status\n", "no rows"),
    "a program": (b"MZ\x90\x00\x03\x00\x00\x00", "program"),
    "10 MB in one cell": (b"Subject\n" + b"x" * 10_000_000 + b"\n", "Line 2"),
    "a quote never closed": (b'Subject,Notes\nOne,"never closed\nTwo,b\n', "Line 2"),
    "NUL": (b"Subject\nA\x00B\n", "Line 2"),
    "a zip that is no workbook": (b"PK\x03\x04" + b"x" * 100, "cannot be read"),
    "too many rows": (b"Subject\n" + b"a\n" * 100_001, "100,000 rows"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("file", ["export.csv", "export.xlsx"])
def test_what_is_no_table_is_refused_in_a_sentence(manager, name, file, settings):
    data, words = REFUSED[name]
    answer = upload(manager, data, name=file)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Run.objects.filter(kind="import").exists()
    assert list(settings.TRANSFERS_DIR.glob("*")) == []


def test_a_zip_bomb_is_refused(manager):
    answer = upload(manager, bomb(), name="export.xlsx")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


TEXT = "Subject;Status\nGrüße;Solved\n"
UNUSUAL = {
    "semicolons": TEXT.encode(),
    "tabs": TEXT.replace(";", "\t").encode(),
    "bars": TEXT.replace(";", "|").encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 big end first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "CR alone": TEXT.replace("\n", "\r").encode(),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "blank lines": TEXT.replace("\n", "\n\n\n").encode(),
    "double headers": TEXT.replace("Subject;", "Subject;Note;Note;").replace("Grüße;", "Grüße;a;b;").encode(),
    "quotes": TEXT.replace("Grüße", '"Grüße"').encode(),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_however_a_table_is_written_it_is_read(manager, acme, work, name):
    run = Import(manager, UNUSUAL[name]).columns().words(work).go(work)
    assert outcomes(run) == ["created"]
    assert there.Ticket.objects.get(title="Grüße").status == "resolved"


def test_a_formula_is_text(manager, acme, work):
    Import(manager, "Subject,Status\n=1+1,Open\n").columns().words(work).go(work)
    assert there.Ticket.objects.filter(title="=1+1").exists()


def test_a_workbook_with_two_sheets_asks_which(manager, acme, work, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write(0, 0, "Nothing here")
        sheet = book.add_worksheet("Tickets")
        sheet.write_row(0, 0, ["Ticket ID", "Subject"])
        sheet.write_row(1, 0, [7, "From a sheet"])
    asked = Import(manager, path.read_bytes(), name="book.xlsx")
    assert "Cover" in manager.get(asked.address).content.decode()
    assert manager.post(f"{asked.address}?step=read", {"sheet": "Tickets"}).status_code == 302
    run = asked.columns().words(work).go(work)
    assert there.Ticket.objects.get(title="From a sheet").metadata["externalId"] == "7"
    assert run.state == Run.State.DONE


def test_an_import_that_is_told_to_wait_goes_on_where_it_was(manager, acme, work, wire):
    asked = Import(manager, TWO).columns().words(work)
    wire.answer(Response(503))
    waiting = asked.go(work)
    assert waiting.state == Run.State.RUNNING
    assert waiting.wait_until
    assert "cStar" in waiting.problem
    wire.answer()
    manager.post(f"/transfers/{waiting.pk}/control/", {"do": "hurry"})
    run = work(waiting)
    assert run.state == Run.State.DONE
    assert outcomes(run) == ["created", "created"]
    assert there.Ticket.objects.filter(title="Printer on fire").count() == 1


def test_the_whole_export_of_another_helpdesk_in_seventeen_calls(manager, acme, work, wire):
    before = there.Ticket.objects.count()
    asked = Import(manager, helpdesk_export().read_bytes()).columns(TicketType="tags").words(work)
    wire.calls.clear()
    run = asked.go(work)
    assert run.state == Run.State.DONE
    assert len(wire.calls) == 17
    assert there.Ticket.objects.count() == before + ROWS
    assert run.rows.filter(outcome="created").count() == ROWS
    logs = there.ImportLog.objects.order_by("-created_at")[:17]
    assert sum(log.created for log in logs) == ROWS
    assert there.Ticket.objects.filter(priority="urgent", metadata__importRun=run.pk.hex[:12]).count() == CRITICAL
