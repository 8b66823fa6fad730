"""The first fill, in front of a cStar that is away, or whose export and small lists are missing."""

import pytest

from replica.models import TeamState
from tests.interop.desk import case, on
from tests.strict_cstar.story import TICKETS
from tickets.models import Status, Ticket

SMALL_LISTS = [
    case(missing=frozenset({"settings/statuses"}), quick_replies=True),
    case(statuses="names", quick_replies=True),
    case(statuses="keys", quick_replies=False),
]


def count(desk) -> int:
    return Ticket.objects.filter(team=desk.team).count()


@on(statuses="keys", quick_replies=True)
def test_everything_is_held_where_nothing_is_missing(desk):
    assert desk.fill()
    assert count(desk) == TICKETS
    assert list(Status.objects.filter(team=desk.team).values_list("key", flat=True))[:2] == ["new", "open"]


@on(statuses="ids", quick_replies=True)
def test_a_statuss_id_stands_in_for_its_key(desk, ticket):
    assert desk.fill()
    assert desk.edit(ticket["id"], status="pending").status_code == 200


@on(*SMALL_LISTS)
def test_a_fill_is_whole_without_each_small_list(desk):
    desk.fill()
    assert TeamState.objects.get(team=desk.team).filled_at


@on(*SMALL_LISTS)
def test_statuses_are_offered_and_set_without_their_list(desk, ticket):
    desk.fill()
    for status in ("pending", "resolved"):
        assert desk.edit(ticket["id"], status=status).status_code == 200
    assert ticket["status"] == "resolved"


@on(case(forbidden=frozenset({"export"})), case(missing=frozenset({"export"})))
def test_lists_are_paged_where_there_is_no_export(desk, cstar):
    desk.fill()
    assert count(desk) == TICKETS
    assert len(cstar.requests) <= 15


@on(*(case(**{how: frozenset({"articles", "export"})}) for how in ("missing", "forbidden")))
def test_tickets_are_held_where_there_are_no_articles(desk):
    desk.fill()
    assert count(desk) == TICKETS


@on(*(case(**{how: frozenset({"members"})}) for how in ("missing", "forbidden")))
def test_tickets_are_held_where_members_are_not_told(desk, ticket):
    desk.fill()
    assert count(desk) == TICKETS
    assert ticket["title"] in desk.page(f"/tickets/{ticket['id']}/")


@pytest.mark.parametrize("away", ["refused", "503"])
def test_a_fill_that_failed_is_tried_again_within_a_minute(desk, cstar, worker, away):
    cstar.variant.away = away
    worker(seconds=20)
    assert count(desk) == 0
    cstar.variant.away = ""
    worker(minutes=1)
    assert count(desk) == TICKETS


def test_a_fill_that_failed_is_said(desk, cstar):
    cstar.variant.away = "503"
    desk.fill()
    assert "cStar does not answer" in desk.page("/tickets/")


@on(export_rows="list")
def test_a_sweep_takes_export_rows_as_they_are(desk, cstar):
    desk.fill()
    assert count(desk) == TICKETS
    assert "tickets" not in [received.path for received in cstar.requests]


@on(export_rows="object", statuses="keys", quick_replies=True)
def test_a_fill_costs_seven_calls_where_export_rows_are_whole(desk, cstar):
    desk.fill()
    assert len(cstar.requests) == 7  # one of them finds out that there are no categories


@on(hourly_limit=60)
def test_a_small_limit_is_enough_to_fill_and_to_answer(desk, cstar, ticket):
    desk.fill()
    assert count(desk) == TICKETS
    desk.reply(ticket["id"], "Still here.")
    assert ticket["messages"][-1]["content"] == "Still here."


@on(redirect_to="https://www.cstar.example/api/v1")
def test_a_redirecting_address_is_named(desk):
    desk.fill()
    assert "www.cstar.example" in desk.page("/tickets/", desk.manager)
