"""What the desk uses of tickets at cStar that no request table prints, and what it does without it."""

from django.utils.translation import gettext_lazy as _

from sync.capabilities import Feature

#: POST /tickets/{id}/messages takes these fields, and keeps what is sent with `isInternal` from customers.
MESSAGES = "messages"
SENDER_NAME, IS_INTERNAL, NOTES_STAY_INTERNAL = "messages.senderName", "messages.isInternal", "messages.stay_internal"
#: PATCH /tickets/{id} takes `assignedTo`.
TICKETS = "tickets"
ASSIGNING = "tickets.assignedTo"

_NOTES_INSTEAD = _("A note can be added to the ticket's notes field instead.")

FEATURES = {
    SENDER_NAME: Feature(
        lacking=_("It takes no name with a reply."),
        instead=_("Replies are sent without the name of their writer; the activity record has it."),
    ),
    IS_INTERNAL: Feature(lacking=_("It takes no internal notes as messages."), instead=_NOTES_INSTEAD),
    NOTES_STAY_INTERNAL: Feature(
        lacking=_("It showed an internal note to the customer."),
        instead=_("No internal notes are sent as messages any more; they can be added to the ticket's notes field."),
        life=None,
        level="danger",
    ),
    ASSIGNING: Feature(
        lacking=_("It takes no assignments."),
        instead=_("Tickets are assigned in cStar itself; the desk shows who has them."),
    ),
    "tickets.assignee_filter": Feature(
        lacking=_("Its list of tickets cannot be asked for one member's."),
        instead=_("Who has a ticket is read ticket by ticket, with requests that nobody else needs."),
    ),
    "thread.isInternal": Feature(
        lacking=_("A ticket does not tell which of its messages are internal notes."),
        instead=_("Threads are read from the list of messages, for the same one request."),
    ),
    "statuses": Feature(
        lacking=_("It does not list the team's own statuses."),
        instead=_("The five documented ones are offered: new, open, pending, resolved, closed."),
    ),
    "quick_replies": Feature(lacking=_("It does not list quick replies."), instead=_("The composer offers none.")),
}
