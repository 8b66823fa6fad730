"""What the desk uses of tickets at cStar that no request table prints, and what it does without it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from replica.capabilities import Feature

#: POST /tickets/{id}/messages takes these fields, and keeps what is sent with `isInternal` from customers.
SENDER_NAME, IS_INTERNAL, NOTES_STAY_INTERNAL = "messages.senderName", "messages.isInternal", "messages.stay_internal"
#: PATCH /tickets/{id} takes `assignedTo`.
TICKETS = "tickets"
ASSIGNING = "tickets.assignedTo"
#: GET /tickets?assignedTo= answers the tickets of one member.
ASSIGNEE_FILTER = "tickets.assignee_filter"
#: The thread inside a ticket says which messages are notes.
NOTES_IN_TICKET = "thread.isInternal"
#: POST /import takes `messages` with a ticket.
MESSAGES_IN_IMPORT = "import.messages"

FEATURES = {
    SENDER_NAME: Feature(
        lacking=_("cStar takes no name with a reply."),
        instead=_("Replies are sent without the name of their writer; the activity record has it."),
    ),
    IS_INTERNAL: Feature(
        lacking=_("cStar takes no internal notes as messages."),
        instead=_("A note can be added to the ticket's notes instead."),
    ),
    NOTES_STAY_INTERNAL: Feature(
        lacking=_("cStar showed an internal note to the customer."),
        instead=_("No more internal notes are sent as messages; they can be added to the ticket's notes."),
        life=None,
        level="error",
        address=lambda facts: reverse("tickets:detail", args=[facts["ticket"]]) if "ticket" in facts else "",
    ),
    ASSIGNING: Feature(
        lacking=_("cStar takes no assignments."),
        instead=_("Tickets are assigned in cStar itself; the desk shows who has them."),
    ),
    ASSIGNEE_FILTER: Feature(
        lacking=_("cStar's list of tickets cannot be asked for those of one member."),
        instead=_("Who has a ticket is read ticket by ticket, with requests that nobody else needs."),
    ),
    NOTES_IN_TICKET: Feature(
        lacking=_("A ticket of cStar's does not tell which of its messages are internal notes."),
        instead=_("Threads are read from the list of messages, for the same one request."),
    ),
    MESSAGES_IN_IMPORT: Feature(
        lacking=_("cStar takes no messages with imported tickets."),
        instead=_("An import posts each message after its ticket, with a request of its own; its date is not kept."),
    ),
}
