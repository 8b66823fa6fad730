"""A list taken away as a file: what stands in it equals the list, whatever is in the cells and whatever happens."""

import csv
import io
import json
import os
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.utils import timezone
from httpx import ConnectError, Response
from python_calamine import CalamineWorkbook

from activity.models import Activity
from articles.models import Article
from budget.account import budget_of
from budget.models import Lane, LaneStop
from customers.models import Customer
from replica import refresh, registry, retention
from replica.models import TeamState
from sandbox import models as there
from teams.viewer import Viewer
from tests.conftest import Person
from tickets import archive
from tickets.forms import TicketFilterForm
from tickets.models import Ticket
from tickets.queries import admitting, matching
from transfers import executor, exporter
from transfers.models import Run
from transfers.resources import listed, transfer_of
from transfers.tables.formulas import restored
from transfers.tables.guessing import guess_columns
from transfers.tables.tags import split_tags
from transfers.tables.tools import find_tool

NASTY = [
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+49 30 1234",
    "-5",
    "@SUM(A1)",
    "\tx",
    "a,b;c",
    'she said "no"',
    "two\nlines",
    "😀 ñ 漢",
    "  spaces  ",
    "'quoted",
]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.TRANSFERS_DIR = tmp_path / "transfers"


@pytest.fixture
def export(newest, work):
    """`export(person, "tickets", "?status=open", format="csv")` is the run, when it has ended or waits."""

    def make(person, resource, address="?", **fields):
        ask(person, resource, address, **fields)
        return work(newest())

    return make


def ask(person, resource, address="?", **fields):
    given = {"format": "csv", "columns": [column.name for column in transfer_of(resource).columns], **fields}
    answer = person.post(f"/transfers/export/{resource}/{address}", given)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def downloaded(person, run) -> bytes:
    answer = person.get(f"/transfers/{run.pk}/file")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def records(person, run) -> list[dict]:
    """The file's rows as a program reads them."""
    content = downloaded(person, run)
    match run.options["format"]:
        case "csv":
            cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            header, *rows = [[restored(cell) for cell in row] for row in cells]
        case "xlsx":
            header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        case "json":
            return json.loads(content)
    return [dict(zip(header, row, strict=True)) for row in rows]


def page_of(person, run) -> str:
    return " ".join(unescape(person.get(f"/transfers/{run.pk}/").content.decode()).split())


def age(acme, number=3, **fields) -> list[str]:
    """Make closed tickets at cStar that are too old for the working copy; answers their ids."""
    long_ago = timezone.now() - timedelta(days=200)
    fields = {"status": "closed", "resolved_at": long_ago, "updated_at": long_ago, **fields}
    ids = list(Ticket.objects.filter(team=acme).order_by("pk").values_list("cstar_id", flat=True)[:number])
    there.Ticket.objects.filter(id__in=ids).update(**fields)
    Ticket.objects.filter(team=acme, cstar_id__in=ids).delete()
    return ids


# The same as the list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        ("tickets", "?status=active"),
        ("tickets", "?status=open&status=pending&priority=high&sort=-created"),
        ("tickets", "?status=active&assigned_to=me&sort=customer"),
        ("tickets", "?status=active&search=a&sort=subject&page=2&page_size=25"),
        ("customers", "?sort=-name"),
        ("customers", "?sentiment=negative&sort=tickets"),
        ("articles", "?visibility=public&sort=title"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_holds_the_rows_of_the_list_in_its_order(manager, export, resource, address, kind, wire):
    run = export(manager, resource, address, format=kind)
    assert run.state == Run.State.DONE
    expected = listed(run.viewer, registry.get(resource), address)
    [key] = [column.head for column in transfer_of(resource).columns if column.name == "id"]
    rows = records(manager, run)
    assert [row[key] for row in rows] == list(expected.values_list("cstar_id", flat=True))
    assert run.total == run.options["listed"] == len(rows)
    assert f"The list showed {len(rows)}: the same" in page_of(manager, run)
    assert wire.calls == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_whatever_is_in_a_cell_comes_back_as_it_was(manager, acme, export, kind):
    held = list(Ticket.objects.filter(team=acme, done=False)[: len(NASTY)])
    for ticket, text in zip(held, NASTY, strict=True):
        ticket.title, ticket.tags = text, ["a", "=b", "ü"]
        ticket.payload |= {"notes": f"{text}\n{text}", "metadata": {"plan": text, "seats": 3}}
        ticket.save()
    run = export(manager, "tickets", "?status=active", format=kind)
    rows = {row["Ticket ID"]: row for row in records(manager, run)}
    for ticket, text in zip(held, NASTY, strict=True):
        row = rows[ticket.cstar_id]
        assert row["Subject"] == text
        assert row["Notes"] == f"{text}\n{text}"
        metadata, tags = row["Metadata"], row["Tags"]
        assert (metadata if kind == "json" else json.loads(metadata)) == {"plan": text, "seats": 3}
        assert (tags if kind == "json" else tags.split(", ")) == ["a", "=b", "ü"]
        assert int(row["Messages"]) == ticket.message_count
        assert row["Created at"] == ticket.payload["createdAt"]


def test_a_spreadsheet_finds_nothing_to_run_in_it(manager, acme, export):
    Ticket.objects.filter(team=acme, done=False).update(title="=1+1", customer_name="@x", assignee_name="\tx")
    run = export(manager, "tickets", "?status=active")
    for row in csv.reader(io.StringIO(downloaded(manager, run).decode(), newline="")):
        assert not [cell for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_customers_address_stands_beside_their_ticket(manager, acme, export):
    run = export(manager, "tickets", "?status=active", columns=["id", "customer_email"], format="json")
    ticket = Ticket.objects.filter(team=acme, done=False).exclude(customer="").first()
    emails = {row["Ticket ID"]: row["Customer email"] for row in records(manager, run)}
    assert emails[ticket.cstar_id] == Customer.objects.get(team=acme, cstar_id=ticket.customer).email


def test_columns_are_those_chosen_and_excel_gets_its_mark_on_request(manager, export):
    run = export(manager, "customers", columns=["email", "name"], bom="on")
    content = downloaded(manager, run)
    assert content.startswith(b'\xef\xbb\xbf"Name","Email"\r\n')
    plain = export(manager, "customers", columns=["email", "name"])
    assert downloaded(manager, plain) == content.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_list_without_rows_is_a_file_without_rows(manager, export, kind):
    run = export(manager, "customers", "?search=nothing-has-this", format=kind)
    assert (run.state, run.total, records(manager, run)) == (Run.State.DONE, 0, [])


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        (
            "tickets",
            {
                "external_id": "id",
                "title": "subject",
                "status": "status",
                "priority": "priority",
                "customer_name": "customer",
                "customer_email": "customer_email",
                "assigned_to": "assignee",
                "tags": "tags",
                "notes": "notes",
                "created_at": "created",
            },
        ),
        (
            "customers",
            {
                "external_id": "id",
                "name": "name",
                "email": "email",
                "tags": "tags",
                "notes": "notes",
                "status": "status",
                "sentiment": "sentiment",
                "created_at": "created",
            },
        ),
        (
            "articles",
            {
                "title": "title",
                "content": "content",
                "category": "category",
                "status": "status",
                "visibility": "visibility",
                "tags": "tags",
                "created_at": "created",
            },
        ),
    ],
)
def test_an_import_finds_its_fields_in_an_exported_file(resource, fields):
    columns = transfer_of(resource).columns
    wanted = [*fields, "message"] if resource == "tickets" else list(fields)
    heads = [column.head for column in columns]
    guessed = guess_columns(heads, resource, wanted, find_tool(heads, resource))
    assert {field: columns[place].name for field, [place] in guessed.items()} == fields


def test_an_article_whose_text_is_not_held_is_said(manager, acme, export):
    article = Article.objects.filter(team=acme).first()
    article.payload.pop("content")
    article.save()
    run = export(manager, "articles", format="json")
    assert "The text of 1 article is not held here" in page_of(manager, run)
    assert [row["Content"] for row in records(manager, run)].count(None) == 1
    assert "is not held here" not in page_of(manager, export(manager, "articles", columns=["id", "title"]))


# Closed tickets that are too old to be held --------------------------------------------------------------------------


def test_old_closed_tickets_come_from_cstar_in_one_call(manager, acme, export, wire):
    ids = age(acme)
    held = Ticket.objects.filter(team=acme).count()
    form = manager.get("/transfers/export/tickets/").content.decode()
    assert "too old to be kept here" in form
    run = export(manager, "tickets", older="on", format="json")
    rows = [row["Ticket ID"] for row in records(manager, run)]
    assert set(rows[held:]) == set(ids)
    assert len(rows) == len(set(rows)) == there.Ticket.objects.filter(team__uuid=acme.cstar_team_id).count()
    assert wire.calls == [("POST", "export")]
    assert (run.total, run.calls) == (held + 3, 1)
    text = page_of(manager, run)
    assert f"The list showed {held}: the same. 3 older closed ones were read from cStar." in text
    assert not Ticket.objects.filter(cstar_id__in=ids).exists()  # the working copy stays as it is


def test_the_lists_other_filters_hold_for_them_too(manager, acme, export):
    ids = age(acme)
    there.Ticket.objects.filter(id=ids[0]).update(priority="urgent")
    there.Ticket.objects.filter(id__in=ids[1:]).update(priority="low")
    run = export(manager, "tickets", "?status=closed&priority=urgent", older="on", format="json")
    rows = records(manager, run)
    assert ids[0] in [row["Ticket ID"] for row in rows]
    assert {row["Priority"] for row in rows} == {"urgent"}


def test_without_them_it_costs_nothing_and_is_said(manager, acme, export, wire):
    age(acme)
    run = export(manager, "tickets")
    assert wire.calls == []
    assert "Closed ones that are too old to be kept here are not included." in page_of(manager, run)


@pytest.mark.parametrize("address", ["?status=active", "?status=open&status=new", "?status=recently-resolved"])
def test_a_list_without_closed_tickets_does_not_ask_for_them(manager, export, address, wire):
    assert "too old to be kept here" not in manager.get(f"/transfers/export/tickets/{address}").content.decode()
    run = export(manager, "tickets", address, older="on")
    assert (run.options["older"], wire.calls) == (False, [])
    assert "too old" not in page_of(manager, run)


def test_more_than_one_call_brings_are_split_and_what_lacks_is_said(manager, acme, export, wire, monkeypatch):
    ids = age(acme, 4)
    monkeypatch.setattr(refresh, "MAX_EXPORT_ROWS", 2)
    run = export(manager, "tickets", "?status=closed", older="on", format="json")
    assert set(ids) <= {row["Ticket ID"] for row in records(manager, run)}
    assert [path for _, path in wire.calls] == ["export"] * 5 + ["tickets"]
    assert len(wire.calls) == archive.MOST_CALLS == run.calls
    assert "some of the older ones are missing" not in page_of(manager, run)
    there.Ticket.objects.filter(id=ids[0]).update(priority="odd")
    run = export(manager, "tickets", "?status=closed", older="on", format="json")
    assert ids[0] not in {row["Ticket ID"] for row in records(manager, run)}
    assert set(ids[1:]) <= {row["Ticket ID"] for row in records(manager, run)}
    assert "some of the older ones are missing" in page_of(manager, run)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "status=closed&status=new",
        "status=active",
        "status=done&priority=high&priority=low",
        "status=recently-resolved",
        "status=recently-resolved&status=open",
        "assigned_to=me",
        "assigned_to=nobody&status=active",
        "search=re",
        "search=A+E&priority=normal",
    ],
)
def test_one_ticket_is_asked_the_same_as_the_list(manager, acme, address, rf):
    run = Run(team=acme, user=manager.person)
    viewer = run.viewer
    form = TicketFilterForm(rf.get(f"/?{address}").GET)
    admits = admitting(viewer, form)
    held = Ticket.objects.filter(team=acme)
    assert {t.pk for t in held if admits(t)} == set(matching(viewer, form).values_list("pk", flat=True))


def test_one_ticket_is_asked_for_its_tags_and_customer_too(manager, acme, rf):
    viewer = Viewer(acme, manager.person)
    held = Ticket.objects.filter(team=acme)
    tagged = held.exclude(tags=[]).exclude(customer="").first()
    for given in ({"tag": tagged.tags}, {"customer": tagged.customer}, {"assigned_to": tagged.assigned_to or "x"}):
        form = TicketFilterForm(rf.get("/?" + urlencode(given, doseq=True)).GET)
        admits = admitting(viewer, form)
        assert {t.pk for t in held if admits(t)} == set(matching(viewer, form).values_list("pk", flat=True))


# Whatever happens on the way -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_killed_export_starts_over_and_is_whole(manager, acme, newest, work, monkeypatch, kind):
    monkeypatch.setattr(exporter, "CHUNK", 5)
    ask(manager, "tickets", "?status=active", format=kind)
    run, put = newest(), exporter._put

    class Killed(BaseException):
        pass

    def kill(run, *rest):
        if run.options["held"] >= 10:
            raise Killed
        put(run, *rest)

    monkeypatch.setattr(exporter, "_put", kill)
    with pytest.raises(Killed):
        work(run)
    run.refresh_from_db()
    assert (run.state, run.options["held"], run.file) == (Run.State.RUNNING, 10, "")
    monkeypatch.setattr(exporter, "_put", put)
    run = work(run)
    assert run.state == Run.State.DONE
    rows = [row["Ticket ID"] for row in records(manager, run)]
    assert rows == list(
        Ticket.objects.filter(team=acme, done=False).order_by("-updated_at", "-id").values_list("cstar_id", flat=True)
    )


@pytest.mark.parametrize(
    "trouble",
    [
        Response(429, headers={"Retry-After": "1800"}),
        ConnectError("refused"),
    ],
    ids=["429", "away"],
)
def test_it_waits_for_cstar_and_starts_over(manager, acme, newest, work, wire, trouble):
    ids = age(acme)
    wire.answer(trouble)
    ask(manager, "tickets", older="on", format="json")
    run = work(newest())
    assert (run.state, run.file) == (Run.State.RUNNING, "")
    assert run.wait_until > timezone.now()
    assert run.problem
    assert run.problem in page_of(manager, run)
    assert not [path for path in settings.TRANSFERS_DIR.iterdir() if path.suffix != ".part"]
    wire.instead = []
    LaneStop.objects.all().delete()
    Run.objects.update(wait_until=None)
    run = work(run)
    assert run.state == Run.State.DONE
    rows = [row["Ticket ID"] for row in records(manager, run)]
    assert set(ids) <= set(rows)
    assert len(rows) == len(set(rows)) == run.total


def test_an_hour_that_is_spent_is_waited_for(manager, acme, newest, work, wire):
    LaneStop.objects.create(budget=budget_of(acme), lane=Lane.BULK, until=timezone.now() + timedelta(minutes=9))
    ask(manager, "tickets", older="on")
    run = work(newest())
    assert run.wait_until > timezone.now() + timedelta(minutes=8)
    assert wire.calls == []


@pytest.mark.parametrize(("do", "state"), [("pause", Run.State.PAUSED), ("cancel", Run.State.CANCELLED)])
def test_it_can_be_stopped_between_two_parts(manager, newest, work, monkeypatch, do, state):
    monkeypatch.setattr(exporter, "CHUNK", 5)
    ask(manager, "tickets", "?status=active")
    run, put = newest(), exporter._put

    def stop(run, *rest):
        put(run, *rest)
        if run.options["held"] == 5:
            manager.post(f"/transfers/{run.pk}/control/", {"do": do})

    monkeypatch.setattr(exporter, "_put", stop)
    run = work(run)
    assert (run.state, run.file, run.options["held"]) == (state, "", 5)
    assert list(settings.TRANSFERS_DIR.iterdir()) == []
    monkeypatch.setattr(exporter, "_put", put)
    manager.post(f"/transfers/{run.pk}/control/", {"do": "resume"})
    run = work(run)
    assert run.state == (Run.State.DONE if do == "pause" else state)
    assert (do == "pause") == bool(run.file)


def test_rows_that_vanish_meanwhile_are_said(manager, acme, newest, work):
    ask(manager, "tickets", "?status=active")
    run = newest()
    assert f"Export of {run.options['listed']} tickets" in page_of(manager, run)
    Ticket.objects.filter(team=acme, done=False).first().delete()
    run = work(run)
    assert run.total == run.options["listed"] - 1
    assert f"but it had changed to {run.total} by the time the file was written" in page_of(manager, run)


def test_more_than_a_workbook_holds_is_said_before_and_after(manager, export, monkeypatch):
    monkeypatch.setattr("transfers.tables.writing.MAX_XLSX_ROWS", 3)
    run = export(manager, "customers", format="xlsx")
    assert run.state == Run.State.FAILED
    assert "Choose CSV" in page_of(manager, run)
    monkeypatch.setattr("transfers.forms.MAX_XLSX_ROWS", 3)
    answer = manager.post("/transfers/export/customers/", {"format": "xlsx", "columns": ["id"]})
    assert answer.status_code == 400
    assert "A workbook holds 2 rows at most." in answer.content.decode()


def test_it_is_on_record(manager, export):
    run = export(manager, "customers")
    record = Activity.objects.get(action="run.export", target_id=str(run.pk))
    assert record.target_label == f"Export of {run.total} customers"


# Who, and for how long -----------------------------------------------------------------------------------------------


def test_the_file_is_its_makers_and_the_admins(manager, acme, export):
    run = export(manager, "tickets", "?status=active")
    answer = manager.get(f"/transfers/{run.pk}/file")
    assert answer["Content-Disposition"] == f'attachment; filename="tickets-{timezone.localdate():%Y-%m-%d}.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer.streaming
    assert b"".join(answer.streaming_content) == run.path.read_bytes()
    assert downloaded(Person("admin"), run)
    other = Person("agent")
    other.person.memberships.update(role="manager")
    assert other.get(f"/transfers/{run.pk}/file").status_code == 404
    text = page_of(other, run)
    assert f"{run.pk}/file" not in text
    assert "admins can download it" in text


def test_nobody_else_gets_anywhere(manager, agent, spectator, outsider, globex, export):
    run = export(manager, "customers")
    for person in (agent, spectator, outsider):
        assert person.get(f"/transfers/{run.pk}/file").status_code == 403
        assert person.get("/transfers/export/tickets/").status_code == 403
        assert person.post("/transfers/export/tickets/", {"format": "csv", "columns": ["id"]}).status_code == 403
        assert "/transfers/export/" not in person.get("/tickets/").content.decode()
    outsider.person.memberships.update(role="owner")
    assert outsider.get(f"/transfers/{run.pk}/file").status_code == 404
    admin = Person("admin")
    admin.post("/teams/switch/", {"team": str(globex.pk)})
    assert admin.get(f"/transfers/{run.pk}/file").status_code == 404


def test_only_what_the_team_has_is_in_it(globex, export, newest, work):
    admin = Person("admin")
    admin.post("/teams/switch/", {"team": str(globex.pk)})
    admin.team_id = str(globex.pk)
    ask(admin, "tickets", older="on", format="json")
    run = work(Run.objects.get(team=globex))
    ids = {row["Ticket ID"] for row in records(admin, run)}
    assert ids == set(there.Ticket.objects.filter(team__uuid=globex.cstar_team_id).values_list("id", flat=True))


def test_after_a_week_the_file_is_gone_and_the_run_says_so(manager, export):
    old, young = export(manager, "customers"), export(manager, "customers")
    left, fresh = (settings.TRANSFERS_DIR / f"export-{name}.csv.part" for name in ("left", "fresh"))
    foreign = settings.TRANSFERS_DIR / "somebody-elses.csv"
    for path in (left, fresh, foreign):
        path.write_text("half a file")
    parts = settings.TRANSFERS_DIR / "export-left.xlsx.part.x1"
    parts.mkdir()
    (parts / "tmp1").write_text("half a sheet")
    long_ago = (timezone.now() - timedelta(days=8)).timestamp()
    for path in (left, parts, foreign, young.path):
        os.utime(path, (long_ago, long_ago))
    Run.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=7, minutes=1))
    retention.run(timezone.now())
    assert manager.get(f"/transfers/{old.pk}/file").status_code == 404
    assert "kept for a week and then deleted" in page_of(manager, old)
    assert not old.path.exists()
    assert downloaded(manager, young)
    assert [path.exists() for path in (left, parts, fresh, foreign)] == [False, False, True, True]


# What people may put into forms and addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "exe", "columns": ["id"]},
        {"format": "", "columns": ["id"]},
        {"format": "csv"},
        {"format": "csv", "columns": ["payload"]},
        {"format": "csv", "columns": ["id", "team__key"]},
        {"format": "../../x", "columns": ["id"]},
    ],
)
def test_what_is_not_on_offer_is_refused(manager, fields):
    answer = manager.post("/transfers/export/tickets/", fields)
    assert answer.status_code == 400
    assert not Run.objects.filter(kind="export").exists()


def test_a_form_without_columns_says_so_and_keeps_the_rest(manager):
    answer = manager.post("/transfers/export/tickets/", {"format": "json"})
    text = answer.content.decode()
    assert "Choose at least one column." in text
    assert re.search(r'<input[^>]*value="json"[^>]*checked', text)


@pytest.mark.parametrize("resource", ["members", "nothing", "webhooks"])
def test_what_is_no_list_is_not_there(manager, resource):
    assert manager.get(f"/transfers/export/{resource}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["?sort=payload&team=x", "?status=%01&page=-1", "?assigned_to=' OR 1=1 --", "?tag=%F0%9F%98%80&page_size=1e9"],
)
def test_an_address_that_makes_no_sense_is_the_list_it_shows(manager, export, address):
    run = export(manager, "tickets", address)
    assert run.state == Run.State.DONE
    assert run.total == run.options["listed"]


def test_the_list_leads_to_its_export_with_its_filters(manager, acme):
    for address in ("/tickets/?status=open&sort=subject", "/customers/?search=a", "/articles/?visibility=public"):
        path, _, query = address.partition("?")
        fragment = manager.fragment(address, f"{path.strip('/').removesuffix('s')}-list").content.decode()
        assert f"/transfers/export{path}?{query.replace('&', '&amp;')}" in fragment


def test_nothing_is_exported_before_the_first_copy_is_whole(manager, acme):
    TeamState.objects.filter(team=acme).update(filled_at=None)
    answer = manager.post("/transfers/export/tickets/", {"format": "csv", "columns": ["id"]})
    assert "still being fetched from cStar" in answer.content.decode()
    assert not Run.objects.filter(kind="export").exists()


def test_a_worker_that_lost_the_run_leaves_it_alone(manager, newest, monkeypatch):
    ask(manager, "customers")
    run = newest()
    executor.advance(str(run.pk))
    put = exporter._put

    def overtaken(run, *rest):
        put(run, *rest)
        Run.objects.filter(pk=run.pk).update(lease_by="another:1", lease_until=timezone.now() + timedelta(minutes=1))

    monkeypatch.setattr(exporter, "_put", overtaken)
    executor.advance(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.file, run.lease_by) == (Run.State.RUNNING, "", "another:1")


def test_json_says_null_where_cstar_does(manager, acme, export):
    ticket = Ticket.objects.filter(team=acme, assigned_to="").first()
    run = export(manager, "tickets", f"?search={ticket.cstar_id}", format="json")
    row = next(row for row in records(manager, run) if row["Ticket ID"] == ticket.cstar_id)
    assert (row["Assignee"], row["Assignee ID"]) == (None, None)
    assert row["Subject"] == ticket.title


def test_tags_with_commas_come_back_as_they_were(manager, acme, export):
    customer = Customer.objects.filter(team=acme).first()
    customer.payload["tags"] = customer.tags = ["Smith, John", "a;b", 'say "x"', "c|d"]
    customer.save()
    run = export(manager, "customers", f"?search={customer.email}", format="csv", columns=["email", "tags"])
    assert split_tags(records(manager, run)[0]["Tags"], "commas") == customer.tags


HOSTILE = "hello;=cmd|' /C calc'!A0"


def test_no_cell_is_a_formula_where_semicolons_separate(manager, export, acme):
    Ticket.objects.filter(team=acme).update(title=HOSTILE)
    text = downloaded(manager, export(manager, "tickets")).decode()
    assert HOSTILE not in text
    for delimiter in ",;|":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not [cell for cell in line if cell.lstrip().startswith(("=", "+", "-", "@"))]
    read = [restored(row["Subject"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert set(read) == {HOSTILE}


def test_every_csv_is_written_in_one_way(settings):
    """Whatever writes CSV for people quotes each cell: the others make files for ourselves out of other formats."""
    found = [path for path in settings.BASE_DIR.glob("*/**/*.py") if "csv.writer(" in path.read_text()]
    ours = {str(path.relative_to(settings.BASE_DIR)) for path in found}
    assert {path for path in ours if not path.startswith(("tests/", "sandbox/", "bench/", "."))} == {
        "transfers/tables/json_file.py",
        "transfers/tables/vcard_file.py",
        "transfers/tables/workbook.py",
        "transfers/tables/writing.py",
    }
