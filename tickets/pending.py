"""What the outbox still has for tickets, laid over the working copy where it is shown; no row of it is written."""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import markdown, stored_texts
from core.folding import caseless, nfc
from outbox import queue
from outbox.models import Outgoing
from teams.access import TeamRequest
from tickets import choices, message_html, outbox_handlers
from tickets.models import Ticket

State = Outgoing.State

# Seconds between two questions of a page: while a message is about to leave, and while cStar is away.
OFTEN, SELDOM = 1, 5


class Leaving(NamedTuple):
    """A message that cStar does not have yet (templates/tickets/_outgoing.html)."""

    entry: Outgoing
    html: SafeString
    seconds: int
    mine: bool

    @property
    def is_note(self) -> bool:
        return self.entry.payload["kind"] == outbox_handlers.NOTE

    @property
    def stopped(self) -> bool:
        return self.entry.state in (State.FAILED, State.HELD)

    @property
    def reason(self) -> str:
        """Why it waits: what happened, without what to do, for there is nothing to be done."""
        return stored_texts.shown(self.entry.problem).partition(".")[0]


def of_ticket(request: TeamRequest, cstar_id: str) -> list[Outgoing]:
    return [entry for entry in queue.open_entries(request) if entry.target_id == cstar_id]


def messages(request: TeamRequest, cstar_id: str) -> list[Leaving]:
    """Replies and notes of the whole team that are still to be posted, in their order."""
    return [
        Leaving(
            entry,
            _beginning(entry.payload["content"]),
            max(0, round((entry.due_at - timezone.now()).total_seconds())),
            queue.may_decide(request, entry),
        )
        for entry in of_ticket(request, cstar_id)
        if entry.kind == outbox_handlers.REPLY and "message" not in entry.answers
    ]


def _beginning(text: str) -> SafeString:
    """What a page shows of it; all of it is in the outbox."""
    shown = message_html.opening_of(text)
    html = markdown.spoken(markdown.render(shown))
    return mark_safe(html if shown == text else f"{html}<p>…</p>")  # made safe by the renderer


def refused_changes(request: TeamRequest, ticket: Ticket) -> list[Outgoing]:
    """Changes that cStar refused after it had been away."""
    stopped = [entry for entry in of_ticket(request, ticket.cstar_id) if entry.state == State.FAILED]
    return [entry for entry in stopped if entry.kind != outbox_handlers.REPLY or entry.answers]


def mark(entries: list[Outgoing]) -> str:
    """Changes whenever what is shown of the entries does."""
    return ".".join(
        f"{entry.pk}{entry.state[0]}{len(entry.answers)}{'p' if entry.problem else ''}" for entry in entries
    )


def poll_seconds(entries: list[Outgoing]) -> int:
    """How often a page that shows them asks what became of them: 0 where nothing moves by itself."""
    leaving = [entry for entry in entries if entry.state in Outgoing.LEAVING]
    if not leaving:
        return 0
    return SELDOM if all(entry.problem for entry in leaving) else OFTEN


def as_wanted(request: TeamRequest, ticket: Ticket) -> Ticket:
    """The ticket as it will be: a copy of it with the changes that wait, whose names are its `waiting`."""
    changes: dict = {}
    for entry in of_ticket(request, ticket.cstar_id):
        if entry.state in Outgoing.LEAVING:
            changes |= _changes(entry, changes.get("tags", ticket.tags))
    if not changes:
        return ticket
    wanted = copy(ticket)
    wanted.waiting = frozenset(changes)
    wanted.payload = {**ticket.payload, "notes": changes.pop("notes", ticket.notes)}
    for name, value in changes.items():
        setattr(wanted, name, value or "")
    if "assigned_to" in changes:
        wanted.assignee_name = dict(choices.assignee_choices(request.team)).get(wanted.assigned_to or "", "")
    return wanted


def _changes(entry: Outgoing, tags: list[str]) -> dict:
    payload = entry.payload
    match entry.kind:
        case outbox_handlers.EDIT:
            return payload["changes"]
        case outbox_handlers.TAG:
            kept = [tag for tag in tags if tag != nfc(payload["remove"])]
            is_new = payload["add"] and caseless(payload["add"]) not in map(caseless, kept)
            return {"tags": [*kept, payload["add"]] if is_new else kept}
        case outbox_handlers.NOTES:
            return {"notes": payload["notes"]}
        case outbox_handlers.REPLY if payload["then"] and "message" in entry.answers:
            return {"status": payload["then"]}
    return {}
