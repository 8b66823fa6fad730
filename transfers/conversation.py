"""The messages of one ticket as cStar takes them: in order, each from customer or agent, notes kept apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext_lazy

from core.stored_texts import in_english, pattern
from members import people
from transfers.import_batches import MAX_CHARACTERS
from transfers.mapping import Message, Record
from transfers.models import Run, RunRow

MESSAGES = "messages"
MAX_MESSAGES = 500  # of a ticket
MAX_NOTES = 50_000  # characters
# Of a call's characters, what is left for messages: each has its name, time and the quotes of JSON, and the ticket its
# other fields.
_MOST = MAX_CHARACTERS - 200_000
_OF_EACH = 250

pattern(
    "{number} message does not fit and is left out, the oldest first.",
    "{number} messages do not fit and are left out, the oldest first.",
)
pattern(
    "{number} internal note does not fit into the ticket's notes and is left out.",
    "{number} internal notes do not fit into the ticket's notes and are left out.",
)
# How many messages and internal notes do not fit.
_LOST = (
    ngettext_lazy(
        "{number} message does not fit and is left out, the oldest first.",
        "{number} messages do not fit and are left out, the oldest first.",
        "number",
    ),
    ngettext_lazy(
        "{number} internal note does not fit into the ticket's notes and is left out.",
        "{number} internal notes do not fit into the ticket's notes and are left out.",
        "number",
    ),
)


class Writer:
    """Writes the messages that the rows of a run hold as the file tells them."""

    def __init__(self, run: Run) -> None:
        self.internal = run.import_options.messages != "public"
        members = people.assignable(run.team)
        self.staff = {word.casefold() for member in members for word in (member.name, member.email) if word}
        self.told: Counter[str] = Counter()

    def write(self, row: RunRow) -> None:
        """Replace the row's messages by those that cStar takes. The row's reason says how many do not fit."""
        record = row.after
        messages = _in_order(record.pop(MESSAGES, []), record)
        opening = next((message for message in messages if message.get("opening")), None)
        notes = [message for message in messages if self._is_internal(message, message is opening)]
        public = [message for message in messages if not self._is_internal(message, message is opening)]
        kept = _fitting(public)
        if kept:
            record[MESSAGES] = [self._as_message(message, record, at) for at, message in enumerate(kept)]
        written = _add_notes(record, notes)
        self.told.update(messages=len(kept), notes=written)
        lost = len(public) - len(kept), len(notes) - written
        self.told["left_out"] += sum(lost)
        with in_english():
            reasons = [(text % {"number": n}).format(number=n) for text, n in zip(_LOST, lost, strict=True) if n]
        row.reason = " ".join([row.reason, *reasons]).strip()[:500]

    def _is_internal(self, message: Message, is_opening: bool) -> bool:
        """What a customer began with is public, if the file does not say otherwise."""
        return message.get("visibility", "internal" if self.internal and not is_opening else "public") == "internal"

    def _as_message(self, message: Message, record: Record, at: int) -> dict[str, Any]:
        found = {"content": message["content"], "sender": message.get("sender") or self._sender(message, record, at)}
        name = message.get("name") or (record.get("customerName") if found["sender"] == "customer" else "")
        if name:
            found["senderName"] = name
        if message.get("at"):
            found["createdAt"] = message["at"]
        return found

    def _sender(self, message: Message, record: Record, at: int) -> str:
        """Who wrote it, by the customer's and the members' names and addresses; nobody named is the customer."""
        author = {message[name].casefold() for name in ("name", "email") if message.get(name)}
        customer = {record[name].casefold() for name in ("customerName", "customerEmail") if record.get(name)}
        if not author or author & customer:
            return "customer"
        return "customer" if not at and not customer and not author & self.staff else "agent"


def _in_order(messages: list[Message], record: Record) -> list[Message]:
    """By their times; one without a time stays behind the one before it. The ticket begins with its first message."""
    told = {message["content"].strip() for message in messages[1:]}
    if messages and messages[0]["content"].strip() in told:
        messages = messages[1:]  # the description, which stands among the comments again
    last = record.get("createdAt", "")
    timed = []
    for at, message in enumerate(messages):
        last = message.get("at") or last
        timed.append((last.removesuffix("Z"), at, message))
    timed.sort(key=lambda entry: entry[:2])
    if timed and (first := timed[0][2].get("at")):
        record["createdAt"] = min(record.get("createdAt", first), first)
    return [message for *_, message in timed]


def _fitting(messages: list[Message]) -> list[Message]:
    """As many of the newest as a ticket and a call take."""
    kept = messages[-MAX_MESSAGES:]
    weight = sum(len(message["content"]) + _OF_EACH for message in kept)
    at = 0
    while weight > _MOST:
        weight -= len(kept[at]["content"]) + _OF_EACH
        at += 1
    return kept[at:]


def _add_notes(record: Record, notes: list[Message]) -> int:
    """Append the internal notes to the ticket's notes, and return how many of them fit."""
    text = record.get("notes", "")
    for written, note in enumerate(notes):
        written_at = parse_datetime(note.get("at", ""))
        when = f"{timezone.localtime(written_at):%Y-%m-%d %H:%M}" if written_at else ""
        head = " ".join(filter(None, [when, note.get("name") or note.get("email")]))
        added = "\n\n".join(filter(None, [text, "\n".join(filter(None, [head, note["content"]]))]))
        if len(added) > MAX_NOTES:
            return written
        text = record["notes"] = added
    return len(notes)
