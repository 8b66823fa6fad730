"""The working copy: what cStar said, merged, never older than what we know."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from httpx import Response

from replica import payload_fields, upsert
from replica.models import TeamState
from tickets.models import Ticket, TicketTag

ID = "tkt_" + "0" * 32
WHOLE = {
    "id": ID,
    "title": "First",
    "status": "open",
    "priority": "high",
    "tags": ["a", "b"],
    "messageCount": 1,
    "createdAt": "2026-01-01T10:00:00Z",
    "updatedAt": "2026-01-01T10:00:00Z",
}


@pytest.fixture
def change_number(acme):
    return lambda: TeamState.objects.get(team=acme).change_number


def held(acme) -> Ticket:
    return Ticket.objects.get(team=acme, cstar_id=ID)


def test_new_rows_changed_rows_and_unchanged_ones(acme, change_number):
    before = change_number()
    assert upsert.apply("tickets", acme, [WHOLE]) == [ID]
    assert change_number() == before + 1
    assert upsert.apply("tickets", acme, [WHOLE]) == []
    assert change_number() == before + 1
    assert upsert.apply("tickets", acme, [WHOLE | {"status": "closed"}]) == [ID]
    assert (held(acme).status, held(acme).done) == ("closed", True)


def test_a_part_leaves_the_rest(acme):
    upsert.apply("tickets", acme, [WHOLE])
    upsert.apply("tickets", acme, [{"id": ID, "status": "pending", "updatedAt": "2026-01-01T11:00:00Z"}])
    ticket = held(acme)
    assert (ticket.title, ticket.status, ticket.tags) == ("First", "pending", ["a", "b"])


def test_an_older_answer_does_not_win(acme):
    upsert.apply("tickets", acme, [WHOLE | {"updatedAt": "2026-01-01T12:00:00Z", "title": "Newer"}])
    assert upsert.apply("tickets", acme, [WHOLE]) == []
    assert held(acme).title == "Newer"


def test_an_answer_asked_for_before_our_own_write_does_not_win(acme):
    asked = timezone.now() - timedelta(seconds=5)
    upsert.apply("tickets", acme, [WHOLE | {"title": "Ours"}])
    listed = {"id": ID, "title": "As it was"}  # list rows carry no updatedAt
    assert upsert.apply("tickets", acme, [listed], as_of=asked) == []
    assert held(acme).title == "Ours"


def test_tags_follow(acme):
    upsert.apply("tickets", acme, [WHOLE])
    upsert.apply("tickets", acme, [{"id": ID, "tags": ["b", "c"]}])
    assert set(TicketTag.objects.filter(ticket=held(acme)).values_list("name", flat=True)) == {"b", "c"}


def test_forgetting(acme, change_number):
    upsert.apply("tickets", acme, [WHOLE])
    before = change_number()
    upsert.forget("tickets", acme, [ID])
    assert not Ticket.objects.filter(team=acme, cstar_id=ID).exists()
    assert change_number() == before + 1


def test_many_batches(acme):
    rows = [WHOLE | {"id": f"tkt_{number:032x}"} for number in range(1, 1203)]
    assert len(upsert.apply("tickets", acme, iter(rows))) == 1202


def test_the_same_row_twice_in_one_answer(acme):
    assert upsert.apply("tickets", acme, [WHOLE, WHOLE | {"title": "Later in the answer"}]) == [ID]
    assert held(acme).title == "Later in the answer"


@pytest.mark.parametrize(
    "odd",
    [
        {"title": None},
        {"title": 7},
        {"title": "x" * 5000},
        {"status": "waiting_for_godot"},
        {"priority": None},
        {"tags": "a,b"},
        {"tags": [1, None, "a"]},
        {"tags": ["t" * 400]},
        {"messageCount": "many"},
        {"messageCount": -1},
        {"messageCount": 2**80},
        {"createdAt": "yesterday", "updatedAt": None},
        {"updatedAt": "2026-13-45T99:00:00Z"},
        {"customerId": {"id": 1}},
        {"assignedTo": ["x"]},
        {"metadata": "none"},
        {"somethingNew": {"deep": [1]}},
    ],
)
def test_odd_values_are_kept_and_never_fatal(acme, agent, odd):
    upsert.apply("tickets", acme, [WHOLE | odd])
    assert held(acme).payload == WHOLE | odd
    assert agent.get("/tickets/?sort=subject&page_size=100").status_code == 200


def test_what_no_database_takes_is_left_out(acme):
    upsert.apply("tickets", acme, [WHOLE | {"title": "nul\x00nul", "metadata": {"k\x00": ["\ud800x"]}}])
    assert (held(acme).title, held(acme).metadata) == ("nulnul", {"k": ["x"]})


def test_another_teams_row_with_the_same_id_is_another_row(acme, globex):
    upsert.apply("tickets", acme, [WHOLE])
    upsert.apply("tickets", globex, [WHOLE | {"title": "Theirs"}])
    assert held(acme).title == "First"


def nested(levels: int):
    value: object = 1
    for level in range(levels):
        value = {"a": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize("levels", [10, 60, 600, 20_000])
def test_what_is_nested_without_end_is_kept_as_far_as_it_goes(acme, levels):
    """One object that somebody made up keeps no other from being read."""
    ticket = Ticket.objects.filter(team=acme).first()
    upsert.apply("tickets", acme, [{"id": ticket.cstar_id, "title": "Deep", "metadata": {"x": nested(levels)}}])
    ticket.refresh_from_db()
    assert ticket.title == "Deep"
    assert json.dumps(ticket.payload["metadata"]).count("{") <= payload_fields.MAX_DEPTH


def test_a_ticket_with_such_metadata_is_opened(agent, acme, wire):
    ticket = Ticket.objects.filter(team=acme).first()
    row = {"id": ticket.cstar_id, "title": "Deep", "metadata": nested(600), "messages": []}
    wire.answer(Response(200, json={"success": True, "data": row}))
    assert agent.get(f"/tickets/{ticket.cstar_id}/").status_code == 200
