"""How the outbox posts replies and notes, whatever of a message's fields this cStar takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop, ngettext

from core.stored_texts import pattern
from cstar import BadRequest, Client, Message
from outbox import delivery, reconciliation
from outbox.authorization import HeldError
from outbox.handlers import NotOfferedError, Sent, idempotency_key
from outbox.models import Outgoing
from replica import capabilities
from teams.models import Team
from tickets import features, thread
from tickets.outbox_entries import record_step, ticket_of

NOTE = "note"
# The one field of a message that it can do without.
NAME = "senderName"

pattern("{count} new message since you began.", "{count} new messages since you began.")
NOTES_NOT_OFFERED = gettext_noop(
    "An internal note would not stay internal at this cStar, so it was not sent. Add it to the ticket's notes instead."
)
NOTE_WAS_SHOWN = gettext_noop(
    "cStar shows this internal note to the customer. No more notes are sent as messages; see to this one in cStar."
)


def takes_notes(offered: dict[str, bool]) -> bool:
    """Whether notes may be sent as messages: unless cStar is known not to keep them internal."""
    return offered.get(features.IS_INTERNAL, True) and offered.get(features.NOTES_STAY_INTERNAL, True)


def moved(count: int) -> str:
    words = ngettext("{count} new message since you began.", "{count} new messages since you began.", count)
    return words.format(count=count)


def look_before(entry: Outgoing) -> None:
    """Hold the message if others wrote since its writer began, as far as the working copy knows (no call)."""
    ticket, seen = ticket_of(entry), entry.payload.get("seen")
    if ticket and seen is not None and (newer := thread.newer(ticket, seen, entry.person)):
        raise HeldError(moved(len(newer)))


def send_message(entry: Outgoing, api: Client) -> Sent:
    """Post the reply or note. A note is never sent without saying that it is one."""
    content = entry.payload["content"]
    if not is_note(entry):
        return Sent(create_message(entry, api, entry.target_id, content, sender="agent", name=entry.person))
    if not takes_notes(capabilities.offered(entry.team)):
        raise NotOfferedError(NOTES_NOT_OFFERED)
    try:
        name = entry.person
        return Sent(create_message(entry, api, entry.target_id, content, sender="agent", name=name, is_internal=True))
    except BadRequest as error:
        if not capabilities.named_field(error, ["isInternal"]):
            raise
        capabilities.learn(entry.team, features.IS_INTERNAL, False)
    raise NotOfferedError(NOTES_NOT_OFFERED)


def find_posted(entry: Outgoing, api: Client) -> Sent | None:
    """Find the reply or note that an earlier try posted although its answer was lost."""
    line = Outgoing.objects.filter(line=entry.line)
    return find_message(entry, api, entry.target_id, entry.payload["content"], sender="agent", others=line)


def land(entry: Outgoing, sent: Sent) -> None:
    if ticket := ticket_of(entry):
        thread.add(ticket, sent.answer.raw if is_note(entry) else {"isInternal": False, **sent.answer.raw})
    if not is_note(entry):
        record_step(entry, "ticket.replied", sent)


def check_note(entry: Outgoing, api: Client) -> Sent | None:
    """See whether the note stayed internal, from the answer or, if that does not say, from the thread (one call)."""
    if not is_note(entry):
        return None
    answer = entry.answers["message"]
    ticket = ticket_of(entry)
    message = ticket and ticket.messages.filter(cstar_id=answer["id"]).first()
    internal = message.is_internal if message else None
    if internal is None:
        listed = {one.id: one for one in api.messages.list(entry.target_id).items}
        found = listed.get(answer["id"])
        internal = found is not None and found.is_internal is True
    known = reconciliation.answer_of(Message, {"id": answer["id"], "isInternal": internal}, answer["request_id"])
    return Sent(known, warning="" if internal else NOTE_WAS_SHOWN)


def land_check(entry: Outgoing, sent: Sent) -> None:
    """Record the note as what it became. One that became public ends the sending of notes."""
    internal, ticket = sent.answer.raw["isInternal"], ticket_of(entry)
    if ticket:
        ticket.messages.filter(cstar_id=sent.answer.raw["id"]).update(is_internal=internal)
    if not internal:
        facts = {"ticket": entry.target_id, "person": entry.person, "message": sent.answer.raw["id"]}
        capabilities.learn(entry.team, features.NOTES_STAY_INTERNAL, False, **facts)
    record_step(entry, "ticket.noted" if internal else "ticket.note_shown", sent)


def create_message(
    entry: Outgoing, api: Client, ticket: str, content: str, *, sender: str, name: str | None, **needed: Any
) -> Message:
    """Create a message with the fields that it needs.

    Whether the writer's name was left out is kept with the entry, so that a second try is the same request.
    """

    def key_of(named: bool) -> str:
        left_out = [NAME] if name and not named else []
        delivery.keep_in_payload(entry, left_out=left_out)
        return idempotency_key(entry, "message", *([] if entry.target_id else [sender]), content, *left_out)

    left_out = entry.payload.get("left_out")
    is_shown = takes_names(entry.team) if left_out is None else NAME not in left_out
    shown = name if is_shown else None
    return post_message(entry.team, api, ticket, content, sender=sender, name=shown, key=key_of, **needed)


def takes_names(team: Team) -> bool:
    return capabilities.offers(team, features.SENDER_NAME)


def post_message(
    team: Team,
    api: Client,
    ticket: str,
    content: str,
    *,
    sender: str,
    name: str | None,
    key: Callable[[bool], str],
    **needed: Any,
) -> Message:
    """Create a message, with its writer's name if one is given and this cStar does not refuse the field.

    `key(named)` is the Idempotency-Key of the request with the name, or of the one without it.
    """
    fields = {"content": content, "sender": sender, **needed}
    if name:
        try:
            return api.messages.create(ticket, **fields, sender_name=name, idempotency_key=key(True))
        except BadRequest as error:
            if not capabilities.named_field(error, [NAME]):
                raise
        capabilities.learn(team, features.SENDER_NAME, False)
    return api.messages.create(ticket, **fields, idempotency_key=key(False))


def find_message(
    entry: Outgoing, api: Client, ticket: str, content: str, *, sender: str, others: QuerySet[Outgoing]
) -> Sent | None:
    """Find the message that an earlier try posted: the same words, written since then, of no other entry."""
    since, taken = reconciliation.tried_since(entry), reconciliation.claimed(entry, "message", others)
    for message in api.messages.list(ticket).items:
        same = str(message.content or "").split() == content.split() and message.sender == sender
        if same and message.id not in taken and reconciliation.is_from(message.created_at, since):
            return Sent(message)
    return None


def is_note(entry: Outgoing) -> bool:
    return entry.payload["kind"] == NOTE
