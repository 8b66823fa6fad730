"""What others do is seen within minutes, for few calls, whatever this cStar's audit log and clock are like."""

from customers.models import Customer
from tests.interop.desk import case, on
from tickets.models import Ticket


def paths(cstar) -> list[str]:
    return [received.path for received in cstar.requests]


# Many changes at once ----------------------------------------------------------------------------------------------


def burst(cstar, ticket) -> None:
    """More than a thousand entries at once: an import by somebody else, and one ticket changed over and over."""
    cstar.others.import_customers(200)
    for number in range(850):
        cstar.others.change("tickets", ticket["id"], title=f"Renamed {number}")


@on(statuses="keys", quick_replies=True)
def test_after_very_many_changes_by_others_the_feed_comes_to_rest(filled, cstar, ticket):
    filled.poll()
    burst(cstar, ticket)
    filled.poll()
    assert filled.held(ticket["id"]).title == "Renamed 849"
    assert Customer.objects.filter(team=filled.team).count() == len(cstar.store.objects["customers"])
    filled.poll()
    assert filled.poll_costs() == 1


def test_after_very_many_changes_an_unreadable_list_does_not_hide_the_others(filled, cstar, ticket):
    filled.poll()
    burst(cstar, ticket)
    filled.poll()
    assert filled.held(ticket["id"]).title == "Renamed 849"


def test_twenty_changes_at_once_are_seen(filled, cstar):
    cstar.pass_time(seconds=5)
    changed = [one["id"] for one in cstar.store.newest_first("tickets")[:20]]
    for ticket_id in changed:
        cstar.others.change("tickets", ticket_id, priority="urgent")
    filled.poll()
    held = Ticket.objects.filter(team=filled.team, cstar_id__in=changed)
    assert set(held.values_list("priority", flat=True)) == {"urgent"}


# Audit logs that tell less -----------------------------------------------------------------------------------------

MISSING, MEMBERS, BY_MESSAGE = (
    case(missing=frozenset({"audit-log"})),
    case(audit_log="members"),
    case(messages_logged_as="message"),
)


@on(MISSING, MEMBERS, BY_MESSAGE)
def test_a_customers_answer_is_seen_within_minutes(filled, cstar, ticket, worker):
    worker(minutes=1)
    cstar.others.customer_writes(ticket["id"], "Any news?")
    worker(minutes=6)
    assert filled.held(ticket["id"]).message_count == 5


@on(MISSING, MEMBERS)
def test_a_colleagues_change_is_seen_within_minutes(filled, cstar, ticket, worker):
    worker(minutes=1)
    cstar.others.change("tickets", ticket["id"], status="pending")
    worker(minutes=6)
    assert filled.held(ticket["id"]).status == "pending"


@on(MISSING)
def test_a_missing_audit_log_is_not_asked_again_and_again(filled, cstar, worker):
    worker(minutes=10)
    assert paths(cstar).count("audit-log") <= 5


@on(audit_log="members", statuses="keys", quick_replies=True)
def test_it_is_said_that_changes_show_up_late(filled, cstar, ticket, worker):
    cstar.others.customer_writes(ticket["id"], "Any news?")
    worker(minutes=6)
    assert "banner--warning" in filled.page("/tickets/", filled.manager)


# Clocks ------------------------------------------------------------------------------------------------------------


def test_a_change_in_the_second_in_which_the_ticket_was_read_is_seen(filled, cstar, ticket):
    cstar.stop_clock()
    filled.open_ticket(ticket["id"])
    cstar.others.customer_writes(ticket["id"], "At the same time")
    cstar.pass_time(seconds=5)
    filled.poll()
    assert filled.held(ticket["id"]).message_count == 5


@on(milliseconds=True)
def test_a_change_just_after_the_reading_is_seen_where_times_are_exact(filled, cstar, ticket):
    cstar.stop_clock()
    filled.open_ticket(ticket["id"])
    cstar.pass_time(milliseconds=10)
    cstar.others.customer_writes(ticket["id"], "A moment later")
    cstar.pass_time(seconds=5)
    filled.poll()
    assert filled.held(ticket["id"]).message_count == 5


def test_a_colleagues_change_in_the_second_of_ones_own_is_seen(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    cstar.pass_time(seconds=5)
    cstar.stop_clock()
    filled.edit(ticket["id"], priority="urgent")
    filled.save_notes(ticket["id"], "Ours.")
    cstar.others.change("tickets", ticket["id"], status="pending")
    cstar.pass_time(seconds=5)
    filled.poll()
    assert filled.held(ticket["id"]).status == "pending"


@on(clock_minutes=10)
def test_changes_are_seen_where_cstars_clock_is_ahead(filled, cstar, ticket):
    cstar.others.change("tickets", ticket["id"], status="pending")
    filled.poll()
    assert filled.held(ticket["id"]).status == "pending"


@on(clock_minutes=-10)
def test_changes_are_seen_where_cstars_clock_is_behind(filled, cstar, ticket):
    cstar.others.change("tickets", ticket["id"], status="pending")
    filled.poll()
    assert filled.held(ticket["id"]).status == "pending"


@on(*(case(clock_minutes=minutes) for minutes in (-10, -1, 1, 10)))
def test_what_one_did_oneself_is_not_fetched_whatever_the_clock(filled, cstar, ticket):
    filled.open_ticket(ticket["id"])
    filled.poll()
    filled.reply(ticket["id"], "Hello.")
    filled.edit(ticket["id"], priority="urgent")
    assert filled.poll_costs() == 1
