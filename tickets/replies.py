"""How the outbox posts replies and notes, whatever of a message's fields this cStar takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop, ngettext

from activity.record import record_for
from core.stored_texts import pattern
from cstar import BadRequest, Client, Message
from outbox import queue, reconciliation
from outbox.models import Outgoing
from outbox.queue import HeldError, NotOfferedError, Sent
from replica import capabilities
from teams.models import Team
from tickets import features, thread
from tickets.models import Ticket

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
    """Whether notes may be sent as messages: nothing speaks against their staying internal."""
    return offered.get(features.IS_INTERNAL, True) and offered.get(features.NOTES_STAY_INTERNAL, True)


def moved(count: int) -> str:
    words = ngettext("{count} new message since you began.", "{count} new messages since you began.", count)
    return words.format(count=count)


def look_before(entry: Outgoing) -> None:
    """A thread that moved since the person began to write is for them to see first (no call: what we hold counts)."""
    ticket, seen = _held(entry), entry.payload.get("seen")
    if ticket and seen is not None and (newer := thread.newer(ticket, seen, entry.person)):
        raise HeldError(moved(len(newer)))


def post(entry: Outgoing, api: Client) -> Sent:
    """Post the reply or note. A note is never sent without saying that it is one."""
    content = entry.payload["content"]
    if not is_note(entry):
        return Sent(create(entry, api, entry.target_id, content, sender="agent", name=entry.person))
    if not takes_notes(capabilities.offered(entry.team)):
        raise NotOfferedError(NOTES_NOT_OFFERED)
    try:
        name = entry.person
        return Sent(create(entry, api, entry.target_id, content, sender="agent", name=name, is_internal=True))
    except BadRequest as error:
        if not capabilities.named_field(error, ["isInternal"]):
            raise
        capabilities.learn(entry.team, features.IS_INTERNAL, False)
    raise NotOfferedError(NOTES_NOT_OFFERED)


def find_posted(entry: Outgoing, api: Client) -> Sent | None:
    """The reply or note that a lost try has posted."""
    line = Outgoing.objects.filter(line=entry.line)
    return find(entry, api, entry.target_id, entry.payload["content"], sender="agent", others=line)


def land(entry: Outgoing, sent: Sent) -> None:
    if ticket := _held(entry):
        thread.add(ticket, sent.answer.raw if is_note(entry) else {"isInternal": False, **sent.answer.raw})
    if not is_note(entry):
        _record(entry, "ticket.replied", sent.answer.request_id)


def check_note(entry: Outgoing, api: Client) -> Sent | None:
    """See whether the note stayed internal, from the answer or, if that does not say, from the thread (one call)."""
    if not is_note(entry):
        return None
    answer = entry.answers["message"]
    ticket = _held(entry)
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
    internal, ticket = sent.answer.raw["isInternal"], _held(entry)
    if ticket:
        ticket.messages.filter(cstar_id=sent.answer.raw["id"]).update(is_internal=internal)
    if not internal:
        facts = {"ticket": entry.target_id, "person": entry.person, "message": sent.answer.raw["id"]}
        capabilities.learn(entry.team, features.NOTES_STAY_INTERNAL, False, **facts)
    _record(entry, "ticket.noted" if internal else "ticket.note_shown", sent.answer.request_id)


def create(
    entry: Outgoing, api: Client, ticket: str, content: str, *, sender: str, name: str | None, **needed: Any
) -> Message:
    """Create a message with the fields that it needs.

    Whether the writer's name was left out is kept with the entry, so that a second try is the same request.
    """

    def key(named: bool) -> str:
        left_out = [NAME] if name and not named else []
        queue.keep_in_payload(entry, left_out=left_out)
        return queue.key(entry, "message", *([] if entry.target_id else [sender]), content, *left_out)

    left_out = entry.payload.get("left_out")
    is_shown = takes_names(entry.team) if left_out is None else NAME not in left_out
    shown = name if is_shown else None
    return post_message(entry.team, api, ticket, content, sender=sender, name=shown, key=key, **needed)


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


def find(
    entry: Outgoing, api: Client, ticket: str, content: str, *, sender: str, others: QuerySet[Outgoing]
) -> Sent | None:
    """The message that a lost try has posted: the same words, written since then, that no other entry counts as its."""
    since, taken = reconciliation.tried_since(entry), reconciliation.claimed(entry, "message", others)
    for message in api.messages.list(ticket).items:
        same = str(message.content or "").split() == content.split() and message.sender == sender
        if same and message.id not in taken and reconciliation.is_from(message.created_at, since):
            return Sent(message)
    return None


def is_note(entry: Outgoing) -> bool:
    return entry.payload["kind"] == NOTE


def _held(entry: Outgoing) -> Ticket | None:
    return Ticket.objects.filter(team=entry.team, cstar_id=entry.target_id).first()


def _record(entry: Outgoing, action: str, request_id: str | None) -> None:
    ticket = _held(entry)
    target = ("ticket", entry.target_id, ticket.title if ticket else entry.target_id)
    record_for((entry.team, entry.user, entry.person), action, target, request_id=request_id)
