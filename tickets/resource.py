"""Tickets and the team's words for working on them, as the desk knows them."""

from django.utils.translation import gettext_lazy as _

from replica.capabilities import Feature
from replica.resource import Resource, Words
from replica.webhooks import Event
from teams.models import Team
from tickets import backfill, features, outbox_handlers, replica, thread, ticket_counts
from tickets.listing import LISTING
from tickets.models import QuickReply, Status, Ticket
from tickets.navigation import section
from tickets.transfer import TRANSFER

# Without all of these something that changed could be missing, and the copy would still count as up to date.
NEEDED = {
    *("title", "status", "priority", "customerId", "assignedTo", "tags", "notes", "metadata"),
    *("messageCount", "createdAt", "updatedAt"),
}


def _apply_event(team: Team, event: Event) -> bool:
    """Apply the ticket, and the message that it was about."""
    row = event.object("ticket", id=Ticket.ID_PREFIX, customer_id="cus_", assigned_to="mem_")
    message = event.object("message", id="msg_", ticket_id=Ticket.ID_PREFIX)
    if row is None or not row.keys() >= NEEDED or (event.happened == "message_added" and message is None):
        return False
    if row["customerId"]:
        row.pop("customerName", None)  # the customer's own name; the ticket's is for those who have no customer
    thread.take_in(team, row, message)
    return True


STATUSES = Resource(
    name="statuses",
    words=Words(_("status"), _("statuses")),
    model=Status,
    order=1,
    read_all=replica.read_statuses,
    optional=True,
    audit_type="settings",
    features={
        "statuses": Feature(
            _("cStar does not list the team's own statuses."),
            _("The five documented ones are offered: new, open, pending, resolved, closed."),
        )
    },
)
QUICK_REPLIES = Resource(
    name="quick_replies",
    words=Words(_("quick reply"), _("quick replies")),
    model=QuickReply,
    order=2,
    read_all=replica.read_quick_replies,
    optional=True,
    audit_type="settings",
    features={"quick_replies": Feature(_("cStar does not list quick replies."), _("The composer offers none."))},
)
TICKETS = Resource(
    name="tickets",
    words=Words(_("ticket"), _("tickets")),
    model=Ticket,
    order=30,
    read_all=replica.read_tickets,
    read_one=thread.fetch_ticket,
    audit_type="ticket",
    audit_parts=("message",),
    apply_event=_apply_event,
    page="tickets:detail",
    differs=replica.differs,
    poll=replica.poll,
    backfill=backfill.fill,
    after_write=replica.write_tags,
    follows={
        "customers": (replica.follow_customers, ticket_counts.follow_customers),
        "members": (replica.follow_members,),
        "statuses": (replica.follow_statuses,),
        "tickets": (ticket_counts.follow_tickets,),
    },
    before_forgetting=ticket_counts.leave,
    after_sweep=ticket_counts.settle,
    writes=outbox_handlers.HANDLERS,
    features=features.FEATURES,
    listing=LISTING,
    transfer=TRANSFER,
    activity={
        "created": _("created the ticket"),
        "updated": _("changed the ticket"),
        "tagged": _("changed the tags"),
        "replied": _("replied"),
        "noted": _("left a note"),
        "note_shown": _("left a note that cStar shows to the customer"),
        "deleted": _("deleted the ticket"),
    },
    section=section,
    section_order=10,
)
