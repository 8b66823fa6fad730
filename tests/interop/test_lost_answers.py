"""Lost answers, keys that are not remembered, limits, a revoked key: nothing is lost and nothing comes twice."""

from datetime import UTC, datetime, timedelta

import pytest

from outbox.models import Outgoing
from tests.interop.desk import case, lose_answers_to, on, outcomes


@pytest.fixture
def unsure(filled, cstar):
    """`unsure(job, ...)`: do it while every answer is lost, then try what waits until nothing does."""

    def run(job, *args, **fields):
        cstar.variant.loses_answers = 1
        job(*args, **fields)
        cstar.variant.loses_answers = 0
        for _ in range(3):
            filled.send_outbox()

    return run


def states(desk) -> list[str]:
    return list(Outgoing.objects.filter(team=desk.team).values_list("state", flat=True))


def contents(ticket) -> list[str]:
    return [message["content"] for message in ticket["messages"][4:]]


# Where keys are remembered, ignored and refused.
each = on(*(case(idempotency=kind) for kind in ("replay", "ignored", "refused")))


@each
def test_a_reply_whose_answer_was_lost_arrives_once_and_counts_as_sent(filled, cstar, ticket, unsure):
    filled.open_ticket(ticket["id"])
    unsure(filled.reply, ticket["id"], "Only once, please.")
    assert contents(ticket) == ["Only once, please."]
    assert states(filled) == [Outgoing.State.SENT]


@each
def test_a_note_whose_answer_was_lost_arrives_once_and_counts_as_sent(filled, cstar, ticket, unsure):
    filled.open_ticket(ticket["id"])
    unsure(filled.note, ticket["id"], "Only once, please.")
    assert [(one["content"], one["isInternal"]) for one in ticket["messages"][4:]] == [("Only once, please.", True)]
    assert states(filled) == [Outgoing.State.SENT]


@each
def test_a_new_ticket_whose_answers_were_lost_is_made_once(filled, cstar, ticket, unsure):
    unsure(filled.create_ticket, title="Only once", customer=ticket["customerId"], content="Hello?")
    made = [one for one in cstar.store.objects["tickets"].values() if one["title"] == "Only once"]
    assert [[message["content"] for message in one["messages"]] for one in made] == [["Hello?"]]
    assert states(filled) == [Outgoing.State.SENT]


@each
def test_a_new_customer_whose_answer_was_lost_is_not_a_conflict(filled, cstar, unsure):
    unsure(filled.create_ticket, title="Hello", name="Zoe Ek", email="zoe@example.org", content="")
    assert cstar.store.customer_with_email("zoe@example.org")
    assert states(filled) == [Outgoing.State.SENT]


@each
def test_an_edit_whose_answer_was_lost_is_made(filled, cstar, ticket, unsure):
    unsure(filled.edit, ticket["id"], priority="urgent")
    assert ticket["priority"] == "urgent"
    assert states(filled) == [Outgoing.State.SENT]


@each
def test_an_import_whose_answer_was_lost_is_made_once(filled, cstar, ticket):
    lose_answers_to(cstar, "import", times=1)
    run = filled.import_file("tickets", [{"Subject": "Moved 1"}, {"Subject": "Moved 2"}])
    made = [one["title"] for one in cstar.store.objects["tickets"].values() if one["title"].startswith("Moved")]
    assert sorted(made) == ["Moved 1", "Moved 2"]
    assert outcomes(run) == ["created", "created"]


@each
def test_rows_that_are_the_same_are_each_imported_once_though_the_answer_was_lost(filled, cstar):
    lose_answers_to(cstar, "import", times=1)
    run = filled.import_file("tickets", [{"Subject": "Moved"}, {"Subject": "Moved"}])
    assert [one["title"] for one in cstar.store.objects["tickets"].values()].count("Moved") == 2
    assert outcomes(run) == ["created", "created"]


@each
def test_an_import_that_never_arrived_is_made(filled, cstar):
    lose_answers_to(cstar, "import", times=1, arrives=False)
    run = filled.import_file("tickets", [{"Subject": "Moved 1"}, {"Subject": "Moved 2"}])
    made = [one["title"] for one in cstar.store.objects["tickets"].values() if one["title"].startswith("Moved")]
    assert sorted(made) == ["Moved 1", "Moved 2"]
    assert outcomes(run) == ["created", "created"]


@each
def test_customers_whose_imports_answer_was_lost_are_known_as_created(filled, cstar):
    lose_answers_to(cstar, "import", times=1)
    run = filled.import_file("customers", [{"Name": "Ada Lovelace", "Email": "ada@example.org"}])
    assert outcomes(run) == ["created"]
    assert outcomes(filled.undo(run)) == ["deleted"]


@each
def test_a_bulk_edit_whose_answer_was_lost_is_made(filled, cstar, ticket):
    lose_answers_to(cstar, "bulk", times=1)
    assert outcomes(filled.bulk("tickets", [ticket["id"]], priority="urgent")) == ["updated"]
    assert ticket["priority"] == "urgent"


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_reply_waits_while_the_hour_is_spent_and_leaves_then(filled, cstar, ticket, retry_after, time_machine):
    filled.open_ticket(ticket["id"])
    cstar.variant.retry_after, cstar.variant.hourly_limit = retry_after, len(cstar.requests)
    assert filled.reply(ticket["id"], "Later is fine.").status_code == 200
    assert states(filled) == [Outgoing.State.WAITING]
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=1, minutes=1), tick=False)
    filled.send_outbox()
    assert contents(ticket) == ["Later is fine."]


def test_a_reply_waits_for_a_key_that_works(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    cstar.variant.revoked_key = True
    filled.reply(ticket["id"], "Later is fine.")
    filled.poll()
    assert "refuses the team" in filled.page("/tickets/")
    cstar.variant.revoked_key = False
    filled.send_outbox()
    assert contents(ticket) == ["Later is fine."]


@pytest.mark.parametrize("away", ["refused", "503"])
def test_a_reply_waits_for_a_cstar_that_is_away(filled, cstar, ticket, away):
    filled.open_ticket(ticket["id"])
    cstar.variant.away = away
    assert filled.reply(ticket["id"], "Later is fine.").status_code == 200
    assert "Later is fine." in filled.open_ticket(ticket["id"])
    cstar.variant.away = ""
    filled.send_outbox()
    assert contents(ticket) == ["Later is fine."]


@each
def test_without_trouble_every_message_arrives_once(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    for number in range(3):
        filled.reply(ticket["id"], f"Message {number}")
    assert contents(ticket) == ["Message 0", "Message 1", "Message 2"]
