"""A cStar that refuses or ignores what no request table prints: nothing is lost, and nothing is claimed."""

from activity.models import Activity
from outbox.models import Outgoing
from tests.interop.conftest import member
from tests.interop.desk import case, on, outcomes
from transfers.recovery import NOT_TAKEN

STRICT = [case(refuses_unknown_fields=True, param_case=spelling) for spelling in ("camel", "snake")]


def contents(ticket) -> list[str]:
    return [message["content"] for message in ticket["messages"][4:]]


# Refused -----------------------------------------------------------------------------------------------------------


@on(*STRICT, *(case(refused_fields=frozenset({name})) for name in ("senderName", "isInternal")))
def test_a_reply_arrives_without_what_is_refused(filled, ticket):
    filled.reply(ticket["id"], "Please try again.")
    assert contents(ticket) == ["Please try again."]


@on(*STRICT, case(refused_fields=frozenset({"isInternal"})))
def test_a_note_is_never_sent_as_a_reply(filled, ticket):
    answer = filled.note(ticket["id"], "Not for the customer.")
    filled.send_outbox()
    assert contents(ticket) == []
    assert "Not for the customer." in answer.content.decode()


@on(*STRICT)
def test_a_new_tickets_first_message_arrives(filled, cstar):
    filled.create_ticket(title="Brand new", name="Zoe Ek", email="zoe@example.org", content="Hello?")
    made = cstar.store.newest_first("tickets")[0]
    assert made["title"] == "Brand new"
    assert [message["content"] for message in made["messages"]] == ["Hello?"]


@on(*STRICT, case(refused_fields=frozenset({"assignedTo"})))
def test_an_assignment_that_is_refused_is_not_shown_as_made(filled, cstar, ticket):
    ticket["assignedTo"] = None
    filled.open_ticket(ticket["id"])
    answer = filled.edit(ticket["id"], assigned_to=member(cstar, "Tess Novak")["id"])
    assert answer.status_code == 400
    assert filled.held(ticket["id"]).assigned_to == ""
    assert filled.edit(ticket["id"], status="pending").status_code == 200
    assert ticket["status"] == "pending"


# Ignored -----------------------------------------------------------------------------------------------------------


@on(ignored_fields=frozenset({"isInternal"}))
def test_a_note_that_became_public_is_not_recorded_as_a_note(filled, ticket):
    filled.note(ticket["id"], "Oh no.")
    assert not ticket["messages"][-1]["isInternal"]
    assert not Activity.objects.filter(target_id=ticket["id"], action="ticket.noted").exists()


@on(
    case(ignored_fields=frozenset({"isInternal"})),
    case(ignored_fields=frozenset({"isInternal"}), message_answer="embedded"),
)
def test_no_second_note_becomes_public(filled, ticket):
    filled.note(ticket["id"], "Oh no.")
    filled.note(ticket["id"], "Again.")
    filled.send_outbox()
    assert contents(ticket) == ["Oh no."]


@on(ignored_fields=frozenset({"isInternal"}))
def test_replies_go_on_where_notes_cannot(filled, ticket):
    filled.reply(ticket["id"], "Please try again.")
    assert contents(ticket) == ["Please try again."]


@on(ignored_fields=frozenset({"assignedTo"}))
def test_an_assignment_that_was_ignored_is_not_shown_as_made(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    before = ticket["assignedTo"]
    filled.edit(ticket["id"], assigned_to=member(cstar, "Tess Novak")["id"])
    assert ticket["assignedTo"] == filled.held(ticket["id"]).assigned_to == before


@on(
    case(ignored_fields=frozenset({"assignedTo"})),
    case(ignored_fields=frozenset({"assignedTo"}), meta_everywhere=True),
)
def test_an_assignment_in_bulk_that_was_ignored_is_not_shown_as_made(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    before = ticket["assignedTo"]
    cstar.pass_time(seconds=5)
    run = filled.bulk("tickets", [ticket["id"]], assigned_to=member(cstar, "Tess Novak")["id"])
    filled.poll()
    assert ticket["assignedTo"] == filled.held(ticket["id"]).assigned_to == before
    assert (outcomes(run), run.rows.get().reason) == (["failed"], NOT_TAKEN)


@on(ignored_fields=frozenset({"assignedTo"}))
def test_what_was_taken_of_a_bulk_edit_stays_where_its_assignment_was_ignored(filled, cstar, ticket):
    before = ticket["assignedTo"]
    run = filled.bulk("tickets", [ticket["id"]], assigned_to=member(cstar, "Tess Novak")["id"], priority="urgent")
    assert (ticket["assignedTo"], ticket["priority"]) == (before, "urgent")
    assert filled.held(ticket["id"]).assigned_to == before
    assert (outcomes(run), run.rows.get().reason) == (["updated"], "cStar did not take: assigned to.")


@on(ignored_fields=frozenset({"senderName"}))
def test_a_reply_without_a_name_is_shown_once(filled, ticket):
    filled.open_ticket(ticket["id"])
    filled.reply(ticket["id"], "Please try again.")
    filled.poll()
    assert [text for _, text in filled.messages(ticket["id"])][4:] == ["Please try again."]
    assert Outgoing.objects.get(team=filled.team).state == Outgoing.State.SENT


@on(assignee_ids="user")
def test_an_assignee_named_by_their_account_is_recognised(filled, ticket, worker):
    filled.see_details(ticket["id"])
    worker(minutes=1)
    assert filled.held(ticket["id"]).assignee_name == "Robin Vega"
