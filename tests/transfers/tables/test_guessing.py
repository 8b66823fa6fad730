"""Columns and words of other helpdesks, understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpdesk_export import ROWS, helpdesk_export
from transfers.tables.csv_file import sniff
from transfers.tables.encoding import detect
from transfers.tables.guessing import guess_columns
from transfers.tables.normalisation import phrase
from transfers.tables.table import open_table
from transfers.tables.tools import find_tool
from transfers.tables.value_synonyms import guess_value
from transfers.tables.vocabulary import load

TICKETS = (
    *("external_id", "title", "status", "priority", "customer_name", "customer_email", "assigned_to", "tags", "notes"),
    *("message", "created_at"),
)
CUSTOMERS = ("external_id", "name", "email", "tags", "notes", "status", "sentiment", "created_at")
ARTICLES = ("title", "content", "category", "status", "visibility", "tags", "created_at")


RESOURCES = {TICKETS: "tickets", CUSTOMERS: "customers", ARTICLES: "articles"}


def columns_of(names, fields):
    resource = RESOURCES[fields]
    return guess_columns(names, resource, fields, find_tool(names, resource))


def guessed(header: str, fields) -> dict[str, str]:
    """Each field with the names of its columns, joined by +."""
    names = header.split(",")
    return {
        field: "+".join(names[column] for column in columns) for field, columns in columns_of(names, fields).items()
    }


@pytest.mark.parametrize("text", ["Ticket subject", "TicketSubject", "ticket_subject", " TICKET-SUBJECT: "])
def test_ways_of_writing_the_same(text):
    assert phrase(text) == "ticket subject"


@pytest.mark.parametrize("text", ["E-mail", "eMail", "EMAIL", "e_mail", "Émail"])
def test_ways_of_writing_email(text):
    assert phrase(text) == "email"


def test_tickets_of_zendesk():
    header = (
        "Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,"
        "Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due at,"
        "Initially assigned at,Solved at,Resolution time"
    )
    assert guessed(header, TICKETS) == {
        "external_id": "Id",
        "customer_name": "Requester",
        "customer_email": "Requester email",
        "assigned_to": "Assignee",
        "title": "Subject",
        "tags": "Tags",
        "status": "Status",
        "priority": "Priority",
        "created_at": "Created at",
    }


def test_tickets_of_freshdesk():
    header = (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
        "Last update time,Tags,Survey results,Full name,Title,Email,Work phone,Company Name,Contact ID"
    )
    assert guessed(header, TICKETS) == {
        "external_id": "Ticket ID",
        "title": "Subject",
        "status": "Status",
        "priority": "Priority",
        "assigned_to": "Agent",
        "created_at": "Created time",
        "tags": "Tags",
        "customer_name": "Full name",
        "customer_email": "Email",
    }


def test_conversations_of_intercom():
    header = (
        "Conversation ID,Conversation started at (UTC),Conversation state,Teammate currently assigned,User name,"
        "User email,Conversation tags,First message"
    )
    assert guessed(header, TICKETS) == {
        "external_id": "Conversation ID",
        "created_at": "Conversation started at (UTC)",
        "status": "Conversation state",
        "assigned_to": "Teammate currently assigned",
        "customer_name": "User name",
        "customer_email": "User email",
        "tags": "Conversation tags",
        "message": "First message",
    }


def test_tickets_of_hubspot():
    header = "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Priority,Ticket owner,Source,Ticket description"
    assert guessed(header, TICKETS) == {
        "external_id": "Ticket ID",
        "title": "Ticket name",
        "status": "Ticket status",
        "created_at": "Create date",
        "priority": "Priority",
        "assigned_to": "Ticket owner",
        "message": "Ticket description",
    }


def test_contacts_of_hubspot():
    assert guessed("Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Create Date", CUSTOMERS) == {
        "external_id": "Record ID",
        "name": "First Name+Last Name",
        "email": "Email",
        "created_at": "Create Date",
    }


def test_contacts_of_google():
    header = "First Name,Middle Name,Last Name,Nickname,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value"
    assert guessed(header, CUSTOMERS) == {
        "name": "First Name+Middle Name+Last Name",
        "notes": "Notes",
        "tags": "Labels",
        "email": "E-mail 1 - Value",
    }
    older = "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value"
    assert guessed(older, CUSTOMERS) == {"name": "Name", "tags": "Group Membership", "email": "E-mail 1 - Value"}


def test_names_are_joined_in_their_order_wherever_the_columns_stand():
    assert columns_of(["Family Name", "Email", "Given Name"], CUSTOMERS) == {"email": [1], "name": [2, 0]}
    assert columns_of(["Contact last name", "Contact first name"], TICKETS) == {"customer_name": [1, 0]}
    assert columns_of(["Surname"], CUSTOMERS) == {"name": [0]}


def test_articles():
    assert guessed("Title,Body,Section,State,Public,Labels,Created", ARTICLES) == {
        "title": "Title",
        "content": "Body",
        "category": "Section",
        "status": "State",
        "visibility": "Public",
        "tags": "Labels",
        "created_at": "Created",
    }


@pytest.mark.parametrize("fields", [TICKETS, CUSTOMERS, ARTICLES])
def test_our_own_names_are_understood(fields):
    assert columns_of(fields, fields) == {field: [column] for column, field in enumerate(fields)}


def test_whose_name_it_is_counts_more_than_a_bare_one():
    assert guessed("Name,Email,Customer name,Customer email", TICKETS) == {
        "customer_name": "Customer name",
        "customer_email": "Customer email",
    }


def test_what_is_no_common_name_is_left_alone():
    assert columns_of(["Mood ring", "Shoe size", "", "Contact ID", "Updated at", "Group"], TICKETS) == {}


@given(st.lists(st.sampled_from(["Name", "First name", "name", "Email", "ID", "Status", "State", "x", ""])))
def test_no_column_is_used_twice(header):
    for fields in (TICKETS, CUSTOMERS, ARTICLES):
        used = [column for columns in columns_of(header, fields).values() for column in columns]
        assert len(used) == len(set(used))


STATUSES = {"new": "New", "open": "Open", "pending": "Pending", "resolved": "Resolved", "closed": "Closed"}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("open", "open"),
            (" OPEN ", "open"),
            ("In Progress", "open"),
            ("in_progress", "open"),
            ("Re-opened", "open"),
        ),
        *(("Pending Customer Response", "pending"), ("Waiting on Customer", "pending"), ("On-hold", "pending")),
        *(("Solved", "resolved"), ("Done", "resolved"), ("Closed", "closed"), ("Not started", "new")),
        *(("Offen", "open"), ("Gelöst", "resolved"), ("Geschlossen", "closed"), ("Neu", "new"), ("Wartet", "pending")),
        *(("En attente", "pending"), ("Résolu", "resolved"), ("Fermé", "closed"), ("Nuevo", "new")),
        *(("Pendiente", "pending"), ("Resuelto", "resolved"), ("Waiting on us", "open")),
        *(("", None), ("?", None), ("Not resolved", None), ("Closed or resolved", None), ("Urgent", None)),
    ],
)
def test_statuses(text, value):
    assert guess_value(text, STATUSES) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("Critical", "urgent"), ("P1", "urgent"), ("Highest", "urgent"), ("URGENT", "urgent"), ("P1 - High", None)),
        *(
            ("Major", "high"),
            ("P2", "high"),
            ("Medium", "normal"),
            ("2 - Medium", "normal"),
            ("P1 (Critical)", "urgent"),
        ),
        *(("Minor", "low"), ("P4", "low"), ("Hoch", "high"), ("Élevée", "high"), ("Baja", "low"), ("Mittel", "normal")),
        *(("Very high", "urgent"), ("Open", None), ("1", None), ("not urgent", None)),
    ],
)
def test_priorities(text, value):
    assert guess_value(text, PRIORITIES) == value


def test_only_what_is_allowed_is_guessed_and_a_label_means_its_value():
    assert guess_value("Critical", {"low": "Low"}) is None
    assert guess_value("Waiting on vendor", {"st_9": "Waiting on vendor", "pending": "Pending"}) == "st_9"
    assert guess_value("?", {"": "None"}) is None
    assert guess_value("yes", {"public": "Public", "private": "Private"}) == "public"


@given(st.text())
def test_any_text_is_allowed_or_nothing(text):
    assert guess_value(text, STATUSES) in {*STATUSES, None}


def test_the_export_of_a_helpdesk_is_understood_whole():
    export = helpdesk_export()
    encoding = detect(export)
    table = open_table(export, encoding, sniff(export, encoding))
    assert guessed(",".join(table.header), TICKETS) == {
        "external_id": "TicketID",
        "customer_name": "CustomerName",
        "title": "TicketSubject",
        "status": "TicketStatus",
        "priority": "TicketPriority",
    }
    rows = [cells for _, cells in table.lines()]
    assert len(rows) == table.count() == ROWS
    statuses, priorities = (
        {guess_value(row[table.header.index(name)], values) for row in rows}
        for name, values in (("TicketStatus", STATUSES), ("TicketPriority", PRIORITIES))
    )
    assert statuses == {"open", "pending", "closed"}
    assert priorities == set(PRIORITIES)


@pytest.mark.parametrize(
    ("header", "resource", "tool"),
    [
        ("key,summary,status.name,reporter.displayName,issuetype.name,created", "tickets", "Jira"),
        ("id,title,source.body,source.author.email,state,created_at", "tickets", "Intercom"),
        ("id,subject,status,responder_id,fr_escalated,email_config_id", "tickets", "Freshdesk"),
        ("Email Address,First Name,OPTIN_TIME,EUID,TAGS", "customers", "Mailchimp"),
        ("Ticket Number,From Email,Current Status,Agent Assigned", "tickets", "osTicket"),
        ("Name,Email,Status,Company", "customers", None),
        ("Id,Subject,Status,Priority,Description", "tickets", None),
        ("First Name,Last Name,Company,URL,Email", "customers", None),
    ],
)
def test_a_tool_is_known_by_heads_that_no_other_has(header, resource, tool):
    found = find_tool(header.split(","), resource)
    assert (found and found.name) == tool


LISTED = {
    "Associated Contact Email": "customer_email",
    "short_description": "title",
    "caller_id": "customer_name",
    "From Email": "customer_email",
    "Current Status": "status",
    "Agent Assigned": "assigned_to",
    "Date/Time Opened": "created_at",
    "Issue key": "external_id",
    "#": "external_id",
    "N° de ticket": "external_id",
    "Nº de ticket": "external_id",
    "Número de ticket": "external_id",
    "Betreff": "title",
    "Kunden-E-Mail": "customer_email",
    "Priorität": "priority",
    "Erstellt am": "created_at",
    "Schlagwörter": "tags",
    "Bearbeiter": "assigned_to",
    "Objet": "title",
    "Étiquettes": "tags",
    "Créé le": "created_at",
    "Asunto": "title",
    "Correo electrónico": "customer_email",
    "Fecha de creación": "created_at",
    "Solved at": "resolved_at",
    "Geschlossen am": "resolved_at",
}


@pytest.mark.parametrize("head", LISTED)
def test_a_head_alone_is_understood(head):
    assert guess_columns([head, "Shoe size"], "tickets", (*TICKETS, "resolved_at", "updated_at")) == {LISTED[head]: [0]}


def test_an_address_of_outlook_is_understood():
    assert guessed("Email1Address,Name", CUSTOMERS) == {"email": "Email1Address", "name": "Name"}


def test_each_head_and_word_of_the_vocabulary_is_written_as_it_is_looked_up():
    lists = [*all_texts(load("heads")), *all_texts(load("words"))]
    lists += [text for tool in load("tools")["tool"] for key in ("marks", "ignored") for text in tool.get(key, ())]
    lists += [text for tool in load("tools")["tool"] for texts in tool.get("heads", {}).values() for text in texts]
    assert [
        text
        for text in lists
        if phrase(text.replace("{", "").replace("}", "")) != text.replace("{", "").replace("}", "")
    ] == []


def all_texts(value):
    if isinstance(value, dict):
        return [text for inner in value.values() for text in all_texts(inner)]
    return [text for inner in value for text in all_texts(inner)] if isinstance(value, list) else [value]
