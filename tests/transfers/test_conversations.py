"""Tickets with their conversations: lines that share an id, cells that hold several messages, a second file, JSON."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Member
from replica.refresh import refresh
from sandbox import models as there
from tests.transfers.test_exports_of_tools import FILES, ROWS, created, taken
from tests.transfers.test_import import Import, outcomes
from tests.transfers.test_import_steps import form_of, made, values
from transfers import conversation, threads


def said(ticket: there.Ticket) -> list[tuple[str, str, str]]:
    """(sender, name, content) of its messages, in order."""
    messages = ticket.messages.order_by("created_at", "id")
    return [(message.sender, message.sender_name, message.content) for message in messages]


def of_run(run) -> dict[str, there.Ticket]:
    return {ticket.metadata["externalId"]: ticket for ticket in made(run)}


HEAD = "Ticket ID,Subject,Customer,Email,Author,Visibility,Message,Message date\n"


def with_threads(manager, text: str, **chosen) -> Import:
    return Import(manager, HEAD + text).columns(customers="on", **chosen)


# --- lines that share an id ----------------------------------------------------------------------------------------


def test_lines_of_one_ticket_become_its_conversation(manager, acme, work):
    _page, run = taken(manager, "conversations.csv", "tickets", "", work)
    tickets = of_run(run)
    assert len(tickets) == 5
    ticket = tickets["C-1"]
    assert [sender for sender, *_ in said(ticket)] == ["customer", "agent", "customer"]
    assert said(ticket)[1] == ("agent", "Dana Whitfield", "We look into it.")
    assert said(ticket)[2][2] == "Thanks!"
    assert ticket.created_at == created(0)
    assert ticket.notes == "2025-01-03 11:12 Omar Haddad\nAsk the warehouse."
    assert "C-5" in tickets


def test_whose_message_it_is_is_found_by_names_and_addresses(manager, acme, work):
    member = Member.objects.filter(team=acme, role="agent").first()
    text = (
        "7,Printer,Ada Byron,ada@x.example,Ada Byron,public,Hello,2025-03-17 10:00\n"
        f"7,,,,{member.name},public,Hi,2025-03-17 11:00\n"
        "7,Printer,,,Long Gone,public,I take over,2025-03-17 12:00\n"
        "7,Printer,Ada Byron,ada@x.example,ADA@x.example,public,Thanks,2025-03-17 09:00\n"
    )
    values(asked := with_threads(manager, text), work)
    run = asked.go(work)
    assert outcomes(run) == ["created", "created"]
    ticket = of_run(run)["7"]
    assert said(ticket) == [
        ("customer", "ADA@x.example", "Thanks"),
        ("customer", "Ada Byron", "Hello"),
        ("agent", member.name, "Hi"),
        ("agent", "Long Gone", "I take over"),
    ]
    assert str(ticket.created_at) == "2025-03-17 09:00:00+00:00"


def test_a_note_never_becomes_a_message(manager, acme, work):
    text = (
        "7,Printer,Ada,a@x.example,Ada,public,Hello,2025-03-17 10:00\n"
        "7,Printer,Ada,a@x.example,Bo,Private note,Secret one,2025-03-17 11:00\n"
        "7,Printer,Ada,a@x.example,Bo,internal,Secret two,2025-03-17 12:00\n"
    )
    values(asked := with_threads(manager, text), work)
    assert "2 internal notes go into the internal notes of their tickets" in asked.check()
    ticket = of_run(asked.go(work))["7"]
    assert [content for *_, content in said(ticket)] == ["Hello"]
    assert ticket.notes == "2025-03-17 11:00 Bo\nSecret one\n\n2025-03-17 12:00 Bo\nSecret two"


@pytest.mark.parametrize(("head", "word"), [("Is private", "true"), ("Internal", "yes"), ("Public", "false")])
def test_a_column_of_yes_and_no_is_read_by_its_head(manager, acme, work, head, word):
    other = {"true": "false", "yes": "no", "false": "true"}[word]
    text = f"Id,Subject,Message,{head}\n7,A,Hello,{other}\n7,A,Secret,{word}\n"
    values(asked := Import(manager, text).columns(**{head: "message_visibility"}), work)
    ticket = of_run(asked.go(work))["7"]
    assert [content for *_, content in said(ticket)] == ["Hello"]
    assert ticket.notes == "Secret"


def test_messages_that_nobody_marked_are_asked_for(manager, acme, work):
    text = "Id,Subject,Message,Created at\n7,A,Hello,17.3.2025 10:00\n7,A,Anybody?,17.3.2025 12:00\n"
    asked = Import(manager, text).columns()
    assert form_of(asked, "values").fields["messages"].initial == ""
    refused = manager.post(f"{asked.address}?step=values", {"messages": ""})
    assert "Choose whether customers may see them" in refused.content.decode()
    values(asked, work, messages="internal")
    ticket = of_run(asked.go(work))["7"]
    assert [content for *_, content in said(ticket)] == ["Hello"]
    assert "Anybody?" in ticket.notes
    other = Import(manager, text.replace("7,", "8,")).columns()
    values(other, work, messages="public")
    assert [content for *_, content in said(of_run(other.go(work))["8"])] == ["Hello", "Anybody?"]


def test_a_file_with_a_message_each_asks_nothing(manager, acme, work):
    asked = Import(manager, "Id,Subject,Message\n7,A,Hello\n8,B,Hi\n").columns()
    assert "messages" not in form_of(asked, "values").fields
    values(asked, work)
    assert [said(ticket) for ticket in made(asked.go(work))] == [
        [("customer", None, "Hello")],
        [("customer", None, "Hi")],
    ]


def test_the_same_line_twice_and_another_ticket_of_the_same_id_are_conflicts(manager, acme, work):
    text = "Id,Subject,Message\n7,A,Hello\n7,A,Hello\n7,Other,Else\n"
    values(asked := Import(manager, text).columns(), work, messages="public")
    assert [(row.line, row.plan) for row in asked.run.rows.all()] == [(2, "create"), (3, "conflict"), (4, "conflict")]


def test_replies_may_have_subjects_of_their_own(manager, acme, work):
    text = "7,A,,,Ada,public,Hello,17.3.2025\n7,Re: A,,,Bo,public,Hi,18.3.2025\n"
    values(asked := with_threads(manager, text), work)
    assert len(said(of_run(asked.go(work))["7"])) == 2


def test_a_second_file_that_is_said_to_be_internal_makes_no_message(manager, acme, work):
    asked = Import(manager, "Id,Subject\n7,A\n")
    file = SimpleUploadedFile("notes.csv", b"Ticket ID,Body\n7,First secret\n7,Second secret\n")
    manager.post(f"{asked.address}?step=read", {"add_comments": "1", "comments": file})
    asked.columns()
    form = form_of(asked, "comments")
    manager.post(f"{asked.address}?step=comments", {name: form[name].value() for name in form.fields})
    values(asked, work, messages="internal")
    ticket = of_run(asked.go(work))["7"]
    assert said(ticket) == []
    assert ticket.notes == "First secret\n\nSecond secret"


def test_the_lines_of_a_ticket_whose_first_is_wrong_come_back_together(manager, acme, work):
    text = (
        "7,A,Ada,nobody,Ada,public,Hello,17.3.2025\n"
        "8,B,Ada,a@x.example,Ada,public,Hello,17.3.2025\n"
        "7,A,Ada,a@x.example,Bo,public,Hi,17.3.2025\n"
        "8,B,Ada,a@x.example,Bo,public,Hi,soon\n"
    )
    values(asked := with_threads(manager, text), work)
    wrong = {row.line: row.reason for row in asked.run.rows.filter(plan="wrong")}
    assert list(wrong) == [2, 4, 5]
    assert wrong[4] == "Line 2 of this ticket cannot be imported."
    assert "soon" in wrong[5]
    file = b"".join(manager.get(f"/transfers/{asked.run.pk}/failed.csv").streaming_content).decode()
    assert len(file.splitlines()) == 4


def test_messages_of_tickets_that_are_there_are_not_added_and_this_is_said(manager, acme, work):
    text = "7,A,,,Ada,public,Hello,17.3.2025\n7,A,,,Bo,public,Hi,18.3.2025\n"
    values(asked := with_threads(manager, text), work)
    asked.go(work)
    refresh(acme)
    values(again := with_threads(manager, text, strategy="update"), work)
    assert "2 messages belong to tickets that are there already" in again.check()
    again.go(work)
    assert there.Message.objects.filter(ticket__metadata__externalId="7").count() == 2


def test_what_a_ticket_cannot_take_is_left_out_and_said(manager, acme, work):
    lines = [f"7,A,,,Ada,public,Message {at},2025-03-17 {at // 60:02}:{at % 60:02}\n" for at in range(520)]
    lines += [f"7,A,,,Bo,internal,{'x' * 20_000},2025-03-18\n" for _ in range(1)]
    lines += [f"7,A,,,Bo,internal,{letter * 20_000},2025-03-19\n" for letter in "yz"]
    values(asked := with_threads(manager, "".join(reversed(lines))), work)
    row = asked.run.rows.get()
    assert row.reason == (
        "20 messages do not fit and are left out, the oldest first. "
        "1 internal note does not fit into the ticket's notes and is left out."
    )
    ticket = of_run(asked.go(work))["7"]
    assert ticket.messages.count() == 500
    assert said(ticket)[0][2] == "Message 20"
    assert said(ticket)[-1][2] == "Message 519"
    assert len(ticket.notes) < 50_000


def test_a_conversation_larger_than_a_call_is_shortened(manager, acme, work):
    lines = [f"7,A,,,Ada,public,{at:02}{'ü' * 90_000},2025-03-{at + 1:02}\n" for at in range(14)]
    values(asked := with_threads(manager, "".join(lines)), work)
    assert "messages do not fit and are left out" in asked.run.rows.get().reason
    run = asked.go(work)
    assert outcomes(run) == ["created"]
    assert said(of_run(run)["7"])[-1][2].startswith("13")


def test_lines_far_apart_are_put_together_without_holding_the_file(manager, acme, work, monkeypatch):
    monkeypatch.setattr(threads, "CHUNK", 3)
    monkeypatch.setattr(threads, "MAX_WAITING", 60)
    lines = [f"{at % 10},Ticket {at % 10},,,Ada,public,Message {at},2025-03-17 10:{at:02}\n" for at in range(50)]
    values(asked := with_threads(manager, "".join(lines)), work)
    tickets = of_run(asked.go(work))
    assert len(tickets) == 10
    assert [content for *_, content in said(tickets["4"])] == [f"Message {at}" for at in (4, 14, 24, 34, 44)]


# --- several messages in a cell ------------------------------------------------------------------------------------


def test_comments_of_jira_become_notes(manager, acme, work):
    _page, run = taken(manager, "jira-issues.csv", "tickets", "", work)
    ticket = of_run(run)["SUP-4"]
    assert ticket.notes == (
        "2025-01-30 15:33 omar-haddad\nReproduced on build 3; see the log.\nSecond line\n\n"
        "2025-01-30 17:33 jose-nunez\nAny news?"
    )
    assert len(said(ticket)) == 1


def test_a_journal_of_servicenow_is_taken_apart(manager, acme, work):
    _page, run = taken(manager, "servicenow-incidents.csv", "tickets", "cp1252", work)
    ticket = of_run(run)["INC0010002"]
    assert [(sender, content) for sender, _, content in said(ticket)][-1] == ("customer", "It happens every day.")
    assert "Checked the logs." in ticket.notes
    assert "It happens" not in ticket.notes
    assert of_run(run)["INC0010005"].notes == "Cleared the queue."


# --- JSON and a second file ----------------------------------------------------------------------------------------


def test_tickets_of_zendesk_come_with_their_comments(manager, acme, work):
    _page, run = taken(manager, "zendesk-tickets.json", "tickets", "", work)
    tickets = of_run(run)
    for row in ROWS:
        ticket = tickets[str(2001 + row)]
        assert [sender for sender, *_ in said(ticket)] == ["customer", "agent"]
        assert said(ticket)[1][1:] == (["Dana Whitfield", "Omar Haddad"][row % 2], "Hello,\n\nwe are looking into it.")
        note = f"Customer called, order {4700 + row}."
        assert (note in (ticket.notes or "")) is bool(row % 2)
        assert ticket.metadata["updatedAt"]
        name, address = [("Dana Whitfield", "dana-whitfield"), ("Omar Haddad", "omar-haddad")][row % 2]
        assert ticket.metadata["assignee"] == f"{name} {address}@acme.example"


def test_a_second_file_holds_the_messages(manager, acme, work):
    asked = Import(manager, (FILES / "freshdesk-tickets.csv").read_bytes())
    notes = (FILES / "freshdesk-notes.csv").read_bytes() + b"99,Bo,bo@x.example,Whose?,false,2025-01-01 10:00\n"
    data = {"add_comments": "1", "comments": SimpleUploadedFile("notes.csv", notes)}
    answer = manager.post(f"{asked.address}?step=read", data)
    assert answer.url.endswith("step=comments") or answer.url.endswith("step=columns")
    assert (
        "31 messages from notes.csv go with the tickets" in manager.get(f"{asked.address}?step=read").content.decode()
    )
    asked.columns(customers="on")
    form = form_of(asked, "comments")
    manager.post(f"{asked.address}?step=comments", {name: form[name].value() for name in form.fields})
    values(asked, work)
    page = asked.check()
    assert "20 messages come with the tickets." in page
    assert "10 internal notes go into the internal notes" in page
    assert "1 message names a ticket that is not in the file" in page
    tickets = of_run(asked.go(work))
    assert said(tickets["3002"]) == [("agent", "Omar Haddad", "Hello,\nwe look into it.")]
    assert tickets["3002"].notes == "2025-01-12 12:19 Omar Haddad\nOrder 4701 is at the warehouse."


def test_a_second_file_can_be_taken_away_and_put_right(manager, acme, work, settings):
    asked = Import(manager, "Id,Subject\n1,A\n")
    bad = manager.post(
        f"{asked.address}?step=read",
        {"add_comments": "1", "comments": SimpleUploadedFile("x.csv", b"MZ\x90\x00\x00\x00")},
    )
    assert bad.status_code == 400
    assert "is a program" in bad.content.decode()
    lines = b'[{"ticket_id": 1, "body": "Hello", "public": true}]'
    manager.post(f"{asked.address}?step=read", {"add_comments": "1", "comments": SimpleUploadedFile("x.json", lines)})
    assert asked.run.options["comments"]["columns"] == {"ticket": [0], "message": [1], "message_visibility": [2]}
    assert manager.post(f"{asked.address}?step=read", {"drop_comments": "1"}).status_code == 302
    assert "comments" not in asked.run.options
    assert len(list(settings.TRANSFERS_DIR.glob("*"))) == 1
    values(asked.columns(), work)
    assert outcomes(asked.go(work)) == ["created"]


def test_messages_within_any_json_are_found(manager, acme, work):
    tickets = [
        {
            "number": 5,
            "subject": "A",
            "conversations": [
                {"body_text": "Hello", "incoming": True, "private": False, "created_at": "2025-03-17T10:00:00Z"},
                {"body_text": "Secret", "incoming": False, "private": True, "created_at": "2025-03-17T11:00:00Z"},
            ],
        }
    ]
    asked = Import(manager, json.dumps(tickets), name="export.json").columns()
    form = form_of(asked, "comments")
    manager.post(f"{asked.address}?step=comments", {name: form[name].value() for name in form.fields})
    values(asked, work)
    ticket = of_run(asked.go(work))["5"]
    assert said(ticket) == [("customer", None, "Hello")]
    assert ticket.notes == "2025-03-17 11:00\nSecret"


def test_files_of_an_import_go_with_it(manager, acme, settings):
    asked = Import(manager, (FILES / "zendesk-tickets.json").read_bytes(), name="tickets.json")
    assert len(list(settings.TRANSFERS_DIR.glob("*"))) == 2
    asked.run.delete()
    assert list(settings.TRANSFERS_DIR.glob("*")) == []


def test_the_limits_are_those_of_the_sandbox():
    assert conversation.MAX_MESSAGES == 500


def test_issues_of_the_api_of_jira(manager, acme, work):
    comment = {"author": {"displayName": "Dana"}, "created": "2025-03-04T15:30:00.000+0100"}
    fields = {
        "summary": "Hello",
        "issuetype": {"name": "Bug"},
        "status": {"name": "Done"},
        "reporter": {"displayName": "Ada", "emailAddress": "ada@jira.example"},
        "created": "2025-03-04T14:30:00.000+0100",
        "labels": ["a", "b c"],
        "comment": {
            "comments": [comment | {"body": "Hi", "jsdPublic": True}, comment | {"body": "No", "jsdPublic": False}]
        },
    }
    asked = Import(manager, json.dumps({"total": 1, "issues": [{"id": "1", "key": "SUP-1", "fields": fields}]}))
    assert asked.run.options["tool"] == "Jira"
    asked.columns(customers="on")
    form = form_of(asked, "comments")
    manager.post(f"{asked.address}?step=comments", {name: form[name].value() for name in form.fields})
    values(asked, work)
    ticket = of_run(asked.go(work))["SUP-1"]
    assert (ticket.status, sorted(ticket.tags), ticket.customer.name) == ("resolved", ["a", "b c"], "Ada")
    assert said(ticket) == [("agent", "Dana", "Hi")]
    assert ticket.notes.endswith("Dana\nNo")


def test_numbers_of_freshdesk_are_its_words(manager, acme, work):
    ticket = {"id": 7, "subject": "A", "status": 4, "priority": 4, "responder_id": None, "fr_escalated": False}
    values(asked := Import(manager, json.dumps([ticket])).columns(), work)
    (made_ticket,) = made(asked.go(work))
    assert (made_ticket.status, made_ticket.priority) == ("resolved", "urgent")
