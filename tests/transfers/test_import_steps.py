"""What an import asks, and what it finds out by itself: header, dates, tags, metadata, customers, what comes of it."""

from __future__ import annotations

import csv
import io

import pytest
import xlsxwriter

from replica.refresh import refresh
from sandbox import models as there
from tests.transfers.test_import import Import, outcomes, upload
from transfers.models import Run, SavedMapping


def form_of(asked: Import, step: str):
    return asked.person.get(f"{asked.address}?step={step}").context["form"]


def values(asked: Import, work, **chosen) -> Run:
    """Takes the values as they are suggested, but for these."""
    form = form_of(asked, "values")
    data = {name: field.initial or "" for name, field in form.fields.items()} | chosen
    answer = asked.person.post(f"{asked.address}?step=values", data)
    assert answer.status_code == 302, answer.content.decode()
    return work(asked.run)


def made(run: Run) -> list[there.Ticket]:
    return list(there.Ticket.objects.filter(metadata__importRun=run.pk.hex[:12]).order_by("title"))


# --- dates ---------------------------------------------------------------------------------------------------------


def test_a_file_whose_dates_are_clear_asks_nothing(manager, acme, work):
    asked = Import(manager, "Id,Subject,Created\n1,A,3/4/2025\n2,B,3/17/2025 2:30 PM\n").columns()
    field = form_of(asked, "values").fields["created_at-format"]
    assert field.initial == "mdy"
    assert "Month first: 3/4/2025 is 4 Mar 2025" in [str(label) for _, label in field.choices]
    values(asked, work)
    a, b = made(asked.go(work))
    assert (str(a.created_at), str(b.created_at)) == ("2025-03-04 00:00:00+00:00", "2025-03-17 14:30:00+00:00")


def test_a_file_whose_dates_mean_two_days_asks_once(manager, acme, work):
    asked = Import(manager, "Id,Subject,Created\n1,A,3/4/2025\n2,B,5/6/2025\n").columns()
    form = form_of(asked, "values")
    assert form.fields["created_at-format"].initial == ""
    refused = manager.post(f"{asked.address}?step=values", {"created_at-format": "", "created_at-zone": "UTC"})
    assert refused.status_code == 400
    assert "choose which comes first" in refused.content.decode()
    values(asked, work, **{"created_at-format": "dmy"})
    assert [str(ticket.created_at)[:10] for ticket in made(asked.go(work))] == ["2025-04-03", "2025-06-05"]


def test_cells_that_do_not_fit_are_told_with_line_and_format(manager, acme, work):
    asked = Import(manager, "Id,Subject,Created\n1,A,17.3.2025\n2,B,soon\n3,C,n/a\n").columns()
    assert "1 cell cannot be read this way." in manager.get(f"{asked.address}?step=values").content.decode()
    values(asked, work)
    row = asked.run.rows.get(plan="wrong")
    assert row.line == 3
    assert "“soon” is not a date" in row.reason
    assert "the day first, like 31/12/2025" in row.reason
    assert len(made(asked.go(work))) == 2


def test_dates_can_be_left_out(manager, acme, work):
    asked = Import(manager, "Id,Subject,Created\n1,A,whenever\n").columns()
    values(asked, work, **{"created_at-format": "-"})
    assert outcomes(asked.go(work)) == ["created"]


def test_times_are_in_the_zone_that_the_head_names_or_that_is_chosen(manager, acme, work):
    manager.person.time_zone = "Europe/Berlin"
    manager.person.save()
    asked = Import(manager, "Id,Subject,Created at (UTC)\n1,A,2025-07-01 12:00:00\n").columns()
    assert form_of(asked, "values").fields["created_at-zone"].initial == "UTC"
    values(asked, work)
    assert str(made(asked.go(work))[0].created_at) == "2025-07-01 12:00:00+00:00"
    asked = Import(manager, "Id,Subject,Created at\n2,B,2025-07-01 12:00:00\n").columns()
    assert form_of(asked, "values").fields["created_at-zone"].initial == "Europe/Berlin"
    refused = manager.post(f"{asked.address}?step=values", {"created_at-zone": "Moon/Base"})
    assert refused.status_code == 400
    values(asked, work, **{"created_at-zone": "America/New_York"})
    assert str(made(asked.go(work))[0].created_at) == "2025-07-01 16:00:00+00:00"


def test_an_abbreviation_that_may_mean_several_zones_is_asked_for(manager, acme, work):
    asked = Import(manager, "Id,Subject,Created\n1,A,2025-07-01 12:00 CST\n2,B,2025-07-01 12:00 UTC\n").columns()
    page = manager.get(f"{asked.address}?step=values")
    assert "“CST” may mean several time zones" in page.content.decode()
    assert page.context["form"].fields["created_at-zone"].initial == ""
    values(asked, work, **{"created_at-zone": "America/Chicago"})
    assert [str(ticket.created_at)[11:16] for ticket in made(asked.go(work))] == ["17:00", "12:00"]


def test_date_and_time_in_two_columns_are_put_together(manager, acme, work):
    asked = Import(manager, "Id,Subject,Day,Hour\n1,A,17.3.2025,14:30\n").columns(Day="created_at", Hour="created_at")
    values(asked, work)
    assert str(made(asked.go(work))[0].created_at) == "2025-03-17 14:30:00+00:00"


def test_real_dates_of_a_workbook_are_taken_as_they_are(manager, acme, work, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "d/m/yy h:mm"})
        sheet.write_row(0, 0, ["All tickets"])
        sheet.write_row(2, 0, ["Ticket ID", "Subject", "Created at", "Solved at"])
        sheet.write_row(3, 0, [7, "Shown as a date"])
        sheet.write_number(3, 2, 46022.604166667, style)
        sheet.write_number(3, 3, 46023.5)
    asked = Import(manager, path.read_bytes(), name="book.xlsx")
    assert asked.run.options["header_line"] == 3
    values(asked.columns(), work)
    ticket = made(asked.go(work))[0]
    assert str(ticket.created_at) == "2025-12-31 14:30:00+00:00"
    assert ticket.metadata["resolvedAt"] == "2026-01-01T12:00:00Z"


def test_resolved_and_updated_dates_are_kept_in_the_metadata_and_this_is_said(manager, acme, work):
    text = "Id,Subject,Solved at,Updated at\n1,A,17.3.2025 10:00,18.3.2025\n2,B,,when it rains\n"
    asked = Import(manager, text)
    assert "Resolved at, kept in the metadata" in manager.get(asked.address).content.decode()
    values(asked.columns(), work)
    a, b = made(asked.go(work))
    assert (a.metadata["resolvedAt"], a.metadata["updatedAt"]) == ("2025-03-17T10:00:00Z", "2025-03-18T00:00:00Z")
    assert "resolvedAt" not in b.metadata
    assert b.metadata["updatedAt"] == "when it rains"


# --- how the file is read ------------------------------------------------------------------------------------------


def test_the_line_of_the_header_can_be_changed(manager, acme, work):
    asked = Import(manager, "a,b,c\nId,Subject,Tags\n1,One,x\n")
    assert asked.run.options["header_line"] == 2
    form = form_of(asked, "read")
    assert form.initial["header_line"] == 2
    data = {"encoding": "utf-8", "delimiter": ",", "quote": '"', "header_line": "1"}
    assert manager.post(f"{asked.address}?step=read", data).status_code == 302
    assert asked.run.options["header"] == ["a", "b", "c"]
    manager.post(f"{asked.address}?step=read", data | {"header_line": "0"})
    assert asked.run.options["header"] == ["Column 1", "Column 2", "Column 3"]
    manager.post(f"{asked.address}?step=read", data | {"header_line": ""})
    assert asked.run.options["header"] == ["Id", "Subject", "Tags"]
    assert manager.post(f"{asked.address}?step=read", data | {"header_line": "-1"}).status_code == 400


def test_the_settings_of_a_file_that_is_no_unicode_are_suggested(manager, acme):
    asked = Import(manager, "Betreff|Name\n'Grüße; aus|Köln'|Müller\n'Öl'|Weiß\n".encode("cp850"))
    form = form_of(asked, "read")
    assert form.initial == {"encoding": "cp850", "delimiter": "|", "quote": "'", "sheet": False}
    assert "Grüße; aus|Köln" in manager.get(asked.address).content.decode()


def test_lines_that_failed_come_back_below_their_own_header(manager, acme, work):
    asked = Import(manager, "sep=;\nId;Subject;Created\n1;A;17.3.2025\n2;B;soon\n").columns()
    values(asked, work)
    file = b"".join(manager.get(f"/transfers/{asked.run.pk}/failed.csv").streaming_content).decode()
    assert [row[:3] for row in csv.reader(io.StringIO(file))] == [["Id", "Subject", "Created"], ["2", "B", "soon"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendar"),
        ('{"tickets": []', "export the table as CSV"),
        ("[[1], [2]]", "export the table as CSV"),
        ("BEGIN:VCARD\n", "as CSV"),
    ],
)
def test_what_is_no_table_is_named_with_the_way_on(manager, content, words, settings):
    answer = upload(manager, content)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert list(settings.TRANSFERS_DIR.glob("*")) == []


# --- columns -------------------------------------------------------------------------------------------------------


def test_a_field_without_a_column_gets_a_value_for_all_rows(manager, acme, work):
    text = "Title,Content,Tags\nReset a password,Do this.,a\nInvoices,Do that.,\n"
    asked = Import(manager, text, "articles")
    page = manager.get(asked.address).content.decode()
    assert "Values for rows that have none" in page
    refused = manager.post(f"{asked.address}?step=columns", {"column-0": "title", "strategy": "skip"})
    assert "Choose one, or set a value for all rows" in refused.content.decode()
    asked.columns(**{"fixed-category": "Help", "fixed-status": "draft", "fixed-tags": "b, c", "save_as": "Ours"})
    values(asked, work)
    asked.go(work)
    first, second = (there.Article.objects.get(title=title) for title in ("Reset a password", "Invoices"))
    assert (first.category, first.status, first.tags) == ("Help", "draft", ["a"])
    assert (second.category, second.tags) == ("Help", ["b", "c"])
    assert SavedMapping.objects.get(team=acme).fixed == {"category": "Help", "status": "draft", "tags": "b, c"}
    again = Import(manager, "Content,Title\nx,New\n", "articles")
    manager.post(f"{again.address}?step=columns", {"use": "Ours"})
    assert again.run.options["fixed"]["category"] == "Help"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("fixed-title", "x" * 501), ("fixed-customer_email", "nobody"), ("fixed-status", "asleep")),
        *(("fixed-tags", "t" * 101), ("fixed-created_at", "soon"), ("fixed-assigned_to", "mem_x")),
    ],
)
def test_a_value_for_all_rows_is_checked(manager, acme, name, value):
    asked = Import(manager, "Id,Subject\n1,A\n")
    data = {"column-1": "title", "strategy": "skip", name: value}
    answer = manager.post(f"{asked.address}?step=columns", data)
    assert answer.status_code == 400
    assert value in answer.content.decode() or "status" in name or "assigned" in name


def test_values_for_all_rows_of_tickets(manager, acme, work):
    member = form_of(Import(manager, "Subject\nA\n"), "columns").fields["fixed-assigned_to"].choices[-1][0]
    fixed = {"fixed-status": "pending", "fixed-priority": "high", "fixed-created_at": "2025-03-17"}
    asked = Import(manager, "Subject\nOnly this\n").columns(**fixed, **{"fixed-assigned_to": member})
    values(asked, work)
    (ticket,) = made(asked.go(work))
    assert (ticket.status, ticket.priority, ticket.assigned_to_id) == ("pending", "high", member)
    assert str(ticket.created_at)[:10] == "2025-03-17"


def test_all_other_columns_go_to_the_metadata_at_once(manager, acme, work):
    many = ",".join(f"Field {at}" for at in range(60))
    asked = Import(manager, f"Id,Subject,Status,{many}\n1,A,Open,{','.join(map(str, range(60)))}\n")
    form = form_of(asked, "columns")
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("column-")}
    answer = manager.post(f"{asked.address}?step=columns", data | {"strategy": "update", "rest": "metadata"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "47 columns go to the metadata. 13 more are left out: cStar takes 50 keys." in page
    form = answer.context["form"]
    assert form["strategy"].value() == "update"
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("column-")}
    assert manager.post(f"{asked.address}?step=columns", data | {"strategy": "skip"}).status_code == 302
    values(asked, work)
    run = asked.go(work)
    assert outcomes(run) == ["created"]
    assert {f"Field {at}" for at in range(47)} <= set(made(run)[0].metadata)


def test_too_many_columns_for_the_metadata_are_refused_with_the_number(manager, acme):
    asked = Import(manager, "Subject," + ",".join(f"F{at}" for at in range(60)) + "\nA" + ",x" * 60 + "\n")
    data = {"column-0": "title", "strategy": "skip"} | {f"column-{at}": "metadata" for at in range(1, 61)}
    answer = manager.post(f"{asked.address}?step=columns", data)
    assert "At most 48 columns" in answer.content.decode()


def test_the_first_name_comes_first_wherever_it_stands(manager, acme, work):
    text = "Last Name,First Name,Email\nByron,Ada,ada@order.example\n"
    asked = Import(manager, text, "customers").columns(**{"Last Name": "name", "First Name": "name"})
    values(asked, work)
    asked.go(work)
    assert there.Customer.objects.get(email="ada@order.example").name == "Ada Byron"


def test_of_several_addresses_the_first_counts_and_the_others_are_kept(manager, acme, work):
    text = "Email,Name\nada@two.example; ada@home.example,Ada\nBo Ek <bo@two.example>,\n"
    values(asked := Import(manager, text, "customers").columns(), work)
    asked.go(work)
    assert there.Customer.objects.get(email="ada@two.example").metadata["otherEmails"] == "ada@home.example"
    assert there.Customer.objects.get(email="bo@two.example").name == "Bo Ek"


def test_a_state_of_a_country_is_no_status(manager, acme):
    asked = Import(manager, "Email,Name,City,State\na@x.example,A,Austin,TX\nb@x.example,B,Reno,NV\n", "customers")
    assert "status" not in asked.run.options["columns"]
    asked = Import(manager, "Number,Subject,State\n1,A,In Progress\n2,B,New\n")
    assert asked.run.options["columns"]["status"] == [2]


def test_tags_are_taken_apart_as_their_column_writes_them(manager, acme, work):
    asked = Import(manager, 'Id,Subject,Tags\n1,A,"Smith, John; late"\n2,B,late\n').columns()
    assert form_of(asked, "values").fields["tags-way"].initial == "semicolons"
    values(asked, work, **{"tags-way": "commas"})
    assert [sorted(ticket.tags) for ticket in made(asked.go(work))] == [["John; late", "Smith"], ["late"]]


def test_our_own_export_changes_nothing(manager, acme, work):
    customer = there.Customer.objects.filter(team__name="Acme Support").first()
    tags = ["Smith, John", "a;b", "c|d", 'say "x"', "[1]", "'12"]
    there.Customer.objects.filter(pk=customer.pk).update(tags=tags)
    refresh(acme)
    text = "Customer ID,Name,Email,Status,Sentiment,Tags,Notes,Tickets,Created at,Updated at,Metadata\n"
    out = io.StringIO()
    cells = '"Smith, John", a;b, c|d, "say ""x""", [1], \'12'
    csv.writer(out).writerow(
        [customer.id, customer.name, customer.email, customer.status, customer.sentiment, cells, *[""] * 5]
    )
    asked = Import(manager, text + out.getvalue(), "customers")
    assert asked.run.options["tool"] == "cStar Desk"
    values(asked.columns(strategy="update"), work)
    assert [(row.plan, row.reason) for row in asked.run.rows.all()] == [
        ("skip", "It is there already, and says the same.")
    ]


# --- customers of tickets ------------------------------------------------------------------------------------------


def test_customers_are_created_by_default_where_there_are_addresses(manager, acme):
    asked = Import(manager, "Id,Subject,Requester email\n1,A,ada@x.example\n")
    assert form_of(asked, "columns")["customers"].value() is True
    assert "their addresses are kept only" in manager.get(asked.address).content.decode()


def test_an_address_that_no_customer_has_is_not_lost(manager, acme, work):
    there_already = there.Customer.objects.filter(team__name="Acme Support").first().email
    text = f"Id,Subject,Requester email\n1,A,nobody@kept.example\n2,B,{there_already.upper()}\n"
    values(asked := Import(manager, text).columns(), work)
    a, b = made(asked.go(work))
    assert (a.customer, a.metadata["customerEmail"]) == (None, "nobody@kept.example")
    assert (b.customer.email, "customerEmail" in b.metadata) == (there_already, False)


def test_a_ticket_that_is_there_without_its_customer_gets_the_address(manager, acme, work):
    values(asked := Import(manager, "Id,Subject\n1,A\n").columns(), work)
    asked.go(work)
    refresh(acme)
    text = "Id,Subject,Requester email\n1,A,late@kept.example\n"
    values(again := Import(manager, text).columns(strategy="update", customers="on"), work)
    assert [row.plan for row in again.run.rows.all()] == ["create", "update"]
    again.go(work)
    ticket = there.Ticket.objects.get(metadata__externalId="1", title="A")
    assert ticket.metadata["customerEmail"] == "late@kept.example"
    refresh(acme)
    values(third := Import(manager, text + "\n").columns(strategy="update", customers="on"), work)
    assert third.run.rows.get().reason == "It is there already, and says the same."


def test_a_file_without_customers_is_warned_of(manager, acme):
    asked = Import(manager, "Id,Subject\n1,A\n")
    page = manager.get(asked.address)
    assert "will have no customer" in page.content.decode()
    assert page.context["form"]["customers"].value() is False


def test_an_address_beside_the_name_counts(manager, acme, work):
    asked = Import(manager, "Id,Subject,Requester\n1,A,Ada Byron <ada@beside.example>\n").columns(customers="on")
    values(asked, work)
    (ticket,) = made(asked.go(work))
    assert (ticket.customer.name, ticket.customer.email) == ("Ada Byron", "ada@beside.example")


def test_an_assignee_who_left_is_kept_as_text(manager, acme, work):
    asked = Import(manager, "Id,Subject,Assignee\n1,A,Long Gone\n2,B,No Agent\n3,C,-\n").columns()
    values(asked, work)
    a, b, c = made(asked.go(work))
    assert (a.assigned_to_id, a.metadata["assignee"]) == (None, "Long Gone")
    assert "assignee" not in b.metadata
    assert "assignee" not in c.metadata


def test_a_ticket_without_a_subject_is_called_by_its_first_message(manager, acme, work):
    text = "Id,First message\n1,<p>Hello</p><p>it burns</p>\n2,\n"
    values(asked := Import(manager, text).columns(), work)
    no_subject, hello = made(asked.go(work))
    assert (hello.title, hello.messages.get().content) == ("Hello", "Hello\n\nit burns")
    assert no_subject.title == "(no subject)"


def test_html_can_be_left_as_it_is(manager, acme, work):
    asked = Import(manager, "Id,Subject,Description\n1,A,<p>Hello <b>you</b></p>\n").columns()
    values(asked, work, **{"message-html": "as_is"})
    assert made(asked.go(work))[0].messages.get().content == "<p>Hello <b>you</b></p>"


def test_an_article_in_html_becomes_markdown(manager, acme, work):
    asked = Import(manager, "Title,Body,Category\nHow,<h2>One</h2><p>Do <b>it</b>.</p>,Help\n", "articles").columns()
    values(asked, work)
    asked.go(work)
    assert there.Article.objects.get(title="How").content == "## One\n\nDo **it**."


# --- what comes of it ----------------------------------------------------------------------------------------------


def test_tickets_and_customers_are_counted_apart(manager, acme, work):
    text = "Id,Subject,Requester email\n1,A,a@apart.example\n2,B,b@apart.example\n3,C,b@apart.example\n"
    asked = Import(manager, text).columns(customers="on")
    values(asked, work)
    run = asked.go(work)
    assert "Import of 3 tickets and 2 customers" in manager.get(f"/transfers/{run.pk}/").content.decode()
    assert "Import of 3 tickets and 2 customers" in manager.get("/transfers/").content.decode()


def test_old_and_new_ids_are_a_file(manager, acme, work):
    text = "Id,Subject,Requester email\nT-1,A,a@ids.example\n,B,\n"
    values(asked := Import(manager, text).columns(customers="on"), work)
    run = asked.go(work)

    def file():
        answer = manager.get(f"/transfers/{run.pk}/ids.csv")
        return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert "not known yet" in file()[1]["note"]
    refresh(acme)
    customer, ticket, other = file()
    assert ticket["old id"] == "T-1"
    assert ticket["new id"] == there.Ticket.objects.get(title="A", metadata__externalId="T-1").id
    assert (customer["known by"], customer["new id"][:4]) == ("a@ids.example", "cus_")
    assert (other["old id"], other["new id"][:4], other["note"]) == ("", "tkt_", "")


def test_ids_are_for_imports_that_ended_alone(manager, outsider, acme, work):
    asked = Import(manager, "Id,Subject\n1,A\n")
    assert manager.get(f"/transfers/{asked.run.pk}/ids.csv").status_code == 302
    assert outsider.get(f"/transfers/{asked.run.pk}/ids.csv").status_code in (403, 404)


def test_a_draft_of_the_version_before_goes_on(manager, acme, work):
    asked = Import(manager, 'Id,Subject,Status,Tags,Created\n1,A,Open,"x, y",2026-01-02\n')
    run = asked.run
    for name in ("header_line", "footer", "tool", "fixed", "values", "dates", "tags"):
        run.options.pop(name)
    run.options |= {"columns": {"external_id": [0], "title": [1], "created_at": [4], "tags": [3]}, "mapped": True}
    run.options["values"] = {}
    run.save()
    values(asked, work)
    (ticket,) = made(asked.go(work))
    assert (ticket.tags, str(ticket.created_at)[:10]) == (["x", "y"], "2026-01-02")
