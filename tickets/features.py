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
        lacking=_("cStar does not accept a name with a reply."),
        instead=_("Replies are sent without the author's name; the activity record has it."),
    ),
    IS_INTERNAL: Feature(
        lacking=_("cStar does not accept internal notes as messages."),
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
        lacking=_("cStar does not accept assignments."),
        instead=_("Tickets are assigned in cStar itself; the desk shows who has them."),
    ),
    ASSIGNEE_FILTER: Feature(
        lacking=_("cStar's ticket list cannot be filtered by team member."),
        instead=_("Assignees are read ticket by ticket, with spare requests."),
    ),
    NOTES_IN_TICKET: Feature(
        lacking=_("cStar's tickets do not show which messages are internal notes."),
        instead=_("Conversations are read from the message list instead, also with one request."),
    ),
    MESSAGES_IN_IMPORT: Feature(
        lacking=_("cStar does not accept messages with imported tickets."),
        instead=_("An import posts each message after its ticket, with a request of its own; its date is not kept."),
    ),
}
