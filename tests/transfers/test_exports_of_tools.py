"""Files in the shape in which other tools export them come in without a hand on the mapping.

The twenty rows of each file (tests/transfers/files) are about the same people, subjects, tags and moments.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from sandbox import models as there
from tests.transfers.test_import import Import
from transfers.models import Run

FILES = Path(__file__).parent / "files"
ROWS = range(20)
PEOPLE = [
    *("Ada Byron", "Jürgen Müller", "Hélène Lefèvre", "José Núñez", "Søren Ångström", "Zoë O'Neil", "Björn Weiß"),
    *("María García López", "Łukasz Nowak", "Chloé Dubois"),
]
ADDRESSES = [
    *("ada.byron", "jurgen.muller", "helene.lefevre", "jose.nunez", "soren.angstrom", "zoe.oneil", "bjorn.weiss"),
    *("maria.garcia-lopez", "lukasz.nowak", "chloe.dubois"),
]
TAGS = [["billing", "vip"], ["login_issue"], [], ["refund", "urgent_case", "b2b"], ["printer"]]


def created(row: int) -> datetime:
    return datetime(2025, 1, 3, 9, 12, tzinfo=UTC) + timedelta(days=9 * row, hours=row, minutes=7 * row)


def address(row: int) -> str:
    return f"{ADDRESSES[row % 10]}@customer{row % 10}.example"


@dataclass(frozen=True)
class Tickets:
    """What a file of tickets becomes: the tool that is recognised, the ids, statuses and tags of its rows."""

    tool: str
    ids: str
    statuses: list[str]
    has_tags: bool = True
    tags: list[list[str]] = field(default_factory=lambda: TAGS)
    name_of: dict[int, str] = field(default_factory=dict)
    encoding: str = ""
    resolved: dict[int, bool] = field(default_factory=dict)


W1252 = {8: "Lukasz Nowak", 18: "Lukasz Nowak"}
TICKETS = {
    "zendesk-tickets.csv": Tickets("Zendesk", "{1001}", ["new", "open", "pending", "pending", "resolved", "closed"]),
    "zendesk-tickets.json": Tickets("Zendesk", "{2001}", ["new", "open", "pending", "pending", "resolved", "closed"]),
    "freshdesk-tickets.csv": Tickets("Freshdesk", "{3001}", ["open", "pending", "resolved", "closed", "pending"]),
    "hubspot-tickets.csv": Tickets("HubSpot", "{51000000}", ["new", "pending", "open", "closed"], has_tags=False),
    "intercom-conversations.csv": Tickets("Intercom", "{190000000}", ["open", "closed", "pending"]),
    "salesforce-cases.csv": Tickets(
        *("Salesforce", "{1200:08}", ["new", "open", "open", "pending", "closed"]),
        has_tags=False,
        encoding="cp1252",
        name_of=W1252,
    ),
    "jira-issues.csv": Tickets("Jira", "SUP-{1}", ["new", "open", "open", "resolved", "new"]),
    "servicenow-incidents.csv": Tickets(
        *("ServiceNow", "INC00{10001}", ["new", "open", "pending", "resolved", "closed"]),
        has_tags=False,
        encoding="cp1252",
        name_of=W1252,
    ),
    "osticket-tickets.csv": Tickets("osTicket", "", ["open", "resolved", "closed"], has_tags=False),
    "zoho-tickets.csv": Tickets("Zoho Desk", "{101}", ["open", "pending", "open", "closed"]),
    "tickets-deutsch.csv": Tickets(
        *("", "T-{1:04}", ["new", "open", "open", "pending", "resolved", "closed"]), encoding="cp1252", name_of=W1252
    ),
    "tickets-francais.csv": Tickets("", "{1}", ["new", "open", "pending", "resolved", "closed"]),
    "tickets-espanol.tsv": Tickets("", "{1}", ["new", "open", "pending", "resolved", "closed"]),
}


def taken(manager, name, resource, encoding, work) -> tuple[str, Run]:
    """(the page of the columns, the run) of an import in which everything is taken as it is suggested."""
    asked = Import(manager, (FILES / name).read_bytes(), resource, name)
    if encoding:
        form = manager.get(asked.address).context["form"]
        assert form.initial["encoding"] == encoding
        given = {key: form[key].value() for key in form.fields if form[key].value() is not None}
        assert manager.post(f"{asked.address}?step=read", given).status_code == 302
    page = manager.get(f"{asked.address}?step=columns")
    form = page.context["form"]
    given = {key: form[key].value() for key in form.fields if form[key].value() not in (None, False)}
    assert manager.post(f"{asked.address}?step=columns", given).status_code == 302
    if "comments" in asked.run.options:
        form = manager.get(f"{asked.address}?step=comments").context["form"]
        given = {key: form[key].value() for key in form.fields}
        assert manager.post(f"{asked.address}?step=comments", given).status_code == 302
    asked.words(work)
    wrong = asked.run.rows.exclude(plan="create")
    assert [(row.line, row.plan, row.reason) for row in wrong] == []
    return page.content.decode(), asked.go(work)


@pytest.mark.parametrize("name", TICKETS)
def test_tickets_come_in_with_their_dates_tags_and_customers(manager, acme, work, name):
    expected = TICKETS[name]
    page, run = taken(manager, name, "tickets", expected.encoding, work)
    assert f"Looks like a {expected.tool} export" in page or not expected.tool
    assert run.options["tool"] == expected.tool
    tickets = there.Ticket.objects.filter(metadata__importRun=run.pk.hex[:12]).order_by("created_at")
    assert len(tickets) == 20
    for row, ticket in zip(ROWS, tickets, strict=True):
        assert ticket.created_at == created(row)
        assert ticket.status == expected.statuses[row % len(expected.statuses)]
        assert sorted(ticket.tags) == (sorted(TAGS[row % 5]) if expected.has_tags else [])
        assert ticket.title
        if name != "jira-issues.csv":  # it has no addresses
            assert ticket.customer.email == address(row)
            assert ticket.customer.name == expected.name_of.get(row, PEOPLE[row % 10])
        else:
            assert ticket.customer_name == PEOPLE[row % 10]
        if expected.ids:
            head, _, tail = expected.ids.partition("{")
            number, _, form = tail.rstrip("}").partition(":")
            assert ticket.metadata["externalId"] == head + format(int(number) + row, form)


CUSTOMERS = {
    "hubspot-contacts.csv": ("HubSpot", "c{}.", [], created, ""),
    "intercom-users.csv": ("Intercom", "i{}.", TAGS, created, ""),
    "outlook-contacts.csv": ("Outlook", "o{}.", [["Kunde"], ["Kunde", "VIP, alt"]], None, "cp1252"),
    "outlook-kontakte.csv": ("Outlook", "od{}.", [["Kunde"], ["Kunde", "VIP"]], None, "cp1252"),
    "google-contacts-old.csv": ("Google Contacts", "g{}.", [["Kunden"], ["Kunden", "Messe 2024"]], None, ""),
    "google-contacts-new.csv": ("Google Contacts", "gn{}.", [[], ["Kunden"]], None, ""),
    "linkedin-connections.csv": ("LinkedIn", "l{}.", [], lambda row: created(row).replace(hour=0, minute=0), ""),
    "mailchimp-audience.csv": ("Mailchimp", "m{}.", [["Newsletter"], ["Newsletter", "Beta, closed"]], created, ""),
    "shopify-customers.csv": ("Shopify", "s{}.", [["retail"], ["retail", "vip"]], None, ""),
    "stripe-customers.csv": ("Stripe", "st{}.", [], created, ""),
    "contacts.vcf": ("", "v{}.", [["Kunden", "VIP"]], None, ""),
}


@pytest.mark.parametrize("name", CUSTOMERS)
def test_contacts_come_in_with_their_names_and_tags(manager, acme, work, name):
    tool, prefix, tags, since, encoding = CUSTOMERS[name]
    page, run = taken(manager, name, "customers", encoding, work)
    assert f"Looks like a {tool} export" in page or not tool
    made = {customer.email: customer for customer in there.Customer.objects.filter(metadata__importRun=run.pk.hex[:12])}
    assert len(made) == 20
    for row in ROWS:
        customer = made[prefix.format(row) + address(row)]
        assert customer.name in (PEOPLE[row % 10], PEOPLE[row % 10].replace("Ł", "L"))
        assert sorted(customer.tags) == (sorted(tags[row % len(tags)]) if tags else [])
        assert since is None or customer.created_at == since(row)


def row_of(run: Run, title: str) -> dict:
    return run.rows.get(label=title, resource=run.resource).after


def test_what_has_no_field_of_its_own_is_kept(manager, acme, work):
    """Dates of solved tickets, names of assignees who left, further addresses."""
    _page, zendesk = taken(manager, "zendesk-tickets.csv", "tickets", "", work)
    solved = row_of(zendesk, "¿Dónde está mi pedido?")["metadata"]
    assert solved["resolvedAt"] == (created(4) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert solved["updatedAt"] == (created(4) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "assignee" not in solved  # it says "-"
    assert row_of(zendesk, "Impossible de se connecter")["metadata"]["assignee"] == "Dana Whitfield"
    _page, hubspot = taken(manager, "hubspot-tickets.csv", "tickets", "", work)
    kept = row_of(hubspot, "¿Dónde está mi pedido?")["metadata"]
    assert kept["otherEmails"] == "second4@customer.example"


def test_html_bodies_become_text(manager, acme, work):
    for name in ("hubspot-tickets.csv", "intercom-conversations.csv", "zoho-tickets.csv"):
        _page, run = taken(manager, name, "tickets", "", work)
        contents = there.Message.objects.filter(ticket__metadata__importRun=run.pk.hex[:12])
        texts = list(contents.values_list("content", flat=True))
        assert len(texts) == 16
        assert any("Viele Grüße" in text and "1.134,50 €" in text for text in texts)
        assert not any("<" in text for text in texts)


def test_what_shopify_quotes_is_a_number_again(manager, acme, work):
    asked = Import(manager, (FILES / "shopify-customers.csv").read_bytes(), "customers")
    asked.columns(Phone="metadata", **{"Default Address Zip": "metadata"})
    asked.words(work)
    asked.go(work)
    customer = there.Customer.objects.get(email="s0.ada.byron@customer0.example")
    assert customer.metadata["externalId"] == "7210448301100"
    assert (customer.metadata["Phone"], customer.metadata["Default Address Zip"]) == ("+15125550000", "78701")


def test_the_same_export_as_a_workbook(manager, acme, work, tmp_path):
    rows = list(csv.reader(io.StringIO((FILES / "zendesk-tickets.csv").read_text(), newline="")))
    path = tmp_path / "zendesk.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Tickets")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    asked = Import(manager, path.read_bytes(), name="zendesk.xlsx").columns(customers="on")
    assert asked.run.options["tool"] == "Zendesk"
    run = asked.words(work).go(work)
    tickets = there.Ticket.objects.filter(metadata__importRun=run.pk.hex[:12]).order_by("created_at")
    assert [ticket.created_at for ticket in tickets] == [created(row) for row in ROWS]
