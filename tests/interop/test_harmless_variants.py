"""Renderings that differ from the printed one and change nothing for people: every main job works as before."""

from customers.models import Customer
from tests.interop.conftest import member
from tests.interop.desk import case, on
from tests.strict_cstar.story import TICKETS
from tickets.models import Ticket

VARIANTS = [
    case(pagination="top"),
    case(meta_everywhere=True),
    case(errors="index"),
    case(errors="oldest"),
    case(short_ids=True),
    case(milliseconds=True),
    case(extra_fields=True),
    case(patch_answers="object"),
    case(delete_answers="empty"),
    case(thread_has_is_internal=True),
    case(row_extras=frozenset({"assignedTo", "metadata", "updatedAt"})),
    case(export_rows="object"),
    case(refused_fields=frozenset({"colour"})),
]
everywhere = on(*VARIANTS)


@everywhere
def test_what_is_written_here_and_elsewhere_arrives(filled, cstar, ticket):
    assert Ticket.objects.filter(team=filled.team).count() == TICKETS
    filled.open_ticket(ticket["id"])
    filled.reply(ticket["id"], "Hello.")
    filled.note(ticket["id"], "Careful.")
    tess = member(cstar, "Tess Novak")["id"]
    filled.edit(ticket["id"], assigned_to=tess, status="pending")
    written = [(one["content"], one["isInternal"]) for one in ticket["messages"][4:]]
    assert written == [("Hello.", False), ("Careful.", True)]
    assert (ticket["assignedTo"], ticket["status"]) == (tess, "pending")
    cstar.pass_time(seconds=5)
    cstar.others.customer_writes(ticket["id"], "Any news?")
    assert filled.poll()
    assert filled.messages(ticket["id"])[4:] == [("agent", "Hello."), ("note", "Careful."), ("customer", "Any news?")]
    held = filled.held(ticket["id"])
    assert (held.assigned_to, held.status, held.message_count) == (tess, "pending", 7)


@everywhere
def test_conflicts_and_deletions_are_understood(filled, cstar, ticket):
    taken = cstar.store.objects["customers"][ticket["customerId"]]["email"]
    assert filled.create_ticket(title="New", name="Zoe", email=taken).status_code == 409
    assert filled.manager.post(f"/customers/{ticket['customerId']}/delete/").status_code == 302
    assert ticket["customerId"] is None
    assert not Customer.objects.filter(team=filled.team, email=taken).exists()
    assert filled.manager.post(f"/tickets/{ticket['id']}/delete/").status_code == 302
    assert ticket["id"] not in cstar.store.objects["tickets"]
    other = next(iter(cstar.store.objects["tickets"]))
    cstar.pass_time(seconds=5)
    cstar.others.delete("tickets", other)
    assert filled.poll()
    assert not Ticket.objects.filter(team=filled.team, cstar_id=other).exists()
