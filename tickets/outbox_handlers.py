"""How the outbox sends what people do to tickets (outbox/handlers.py).

Kinds and payloads: `ticket.reply` {kind, content, then, seen}, `ticket.edit` {changes}, `ticket.tag` {add, remove},
`ticket.notes` {notes, seen}, `ticket.append` {content, at}, `ticket.create` {customer, name, email, title, priority,
tags, content, sender, nonce}.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import cstar
from core import labels
from core.bidi import isolate
from core.folding import caseless, nfc
from cstar import MAX_PAGE_SIZE, Client
from customers import outbox_handlers as customer_sending
from customers.models import Customer
from outbox import reconciliation, verification
from outbox.conflicts import NotesConflictError
from outbox.handlers import Handler, NotOfferedError, Sent, Step, idempotency_key
from outbox.models import Outgoing
from replica import upsert
from tickets import edits, replies, thread
from tickets.models import Ticket
from tickets.outbox_entries import record_step, ticket_id, ticket_of

REPLY, EDIT, TAG, NOTES, CREATE = "ticket.reply", "ticket.edit", "ticket.tag", "ticket.notes", "ticket.create"
APPEND = "ticket.append"
NOTE = replies.NOTE
# Entries that were made this close to each other may have been tried at the same time.
_AT_ONCE = timedelta(days=1)

# The form's names for the API's fields.
_WIRE = {"assigned_to": "assignedTo"}
_FIELDS = {
    "assigned_to": gettext_lazy("Assignee"),
    "priority": gettext_lazy("Priority"),
    "status": gettext_lazy("Status"),
    "title": gettext_lazy("Subject"),
}


def line(cstar_id: str) -> str:
    """Writes to one ticket leave in order."""
    return f"ticket:{cstar_id}"


def fingerprint(text: str) -> str:
    """Digest of a text, to tell whether it is still the one that somebody saw."""
    return sha256(text.encode()).hexdigest()


# --- edits -----------------------------------------------------------------------------------------------------


def _change_tag(entry: Outgoing, api: Client) -> Sent | None:
    """Add or take away one tag.

    The API replaces the whole list, so the ticket is read again first: a tag that somebody else added meanwhile stays.
    """
    add, remove = entry.payload["add"], entry.payload["remove"]
    before = thread.fetch_ticket(entry.team, entry.target_id, api).tags
    after = [tag for tag in before if tag != nfc(remove)]
    if add and caseless(add) not in map(caseless, after):
        after.append(add)
    return None if after == before else _patch(entry, api, {"tags": after})


def _save_notes(entry: Outgoing, api: Client) -> Sent | None:
    """Replace the notes, unless they are no longer those that the person saw: then `NotesConflictError`."""
    notes = entry.payload["notes"]
    fresh = thread.fetch_ticket(entry.team, entry.target_id, api)
    if fresh.notes == notes:
        return None
    if fingerprint(fresh.notes) != entry.payload["seen"]:
        raise NotesConflictError(fresh.notes)
    return _patch(entry, api, {"notes": notes})


def _append_note(entry: Outgoing, api: Client) -> Sent | None:
    """Add a note to the notes as they are now, under the writer's name."""
    before = thread.fetch_ticket(entry.team, entry.target_id, api).notes.rstrip()
    added = _added_note(entry)
    return None if added in before else _patch(entry, api, {"notes": f"{before}\n\n{added}".lstrip()})


def _added_note(entry: Outgoing) -> str:
    return f"{entry.person}, {entry.payload['at']}:\n{entry.payload['content']}"


def _patch(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Sent:
    """Change the fields; `NotOfferedError` where cStar takes none of them though it says yes."""
    ticket = ticket_of(entry)
    before = {name: getattr(ticket, name, None) for name in fields}
    wire = {_WIRE.get(name, name): value for name, value in fields.items()}
    answer = edits.update(entry, api, fields)
    refused = edits.not_taken(entry, api, wire, answer)
    if refused and len(refused) == len(fields):
        raise NotOfferedError(edits.NO_ASSIGNING if refused == ["assignedTo"] else edits.NOT_KEPT)
    changes = {name: (before[name], value) for name, value in fields.items() if _WIRE.get(name, name) not in refused}
    return Sent(answer, changes, warning=verification.NOT_ALL_KEPT if refused else "")


def _find_edit(entry: Outgoing, api: Client) -> Sent | None:
    """Return the changes of an earlier try whose answer was lost, if the ticket has them now."""
    fresh = thread.fetch_ticket(entry.team, entry.target_id, api)
    if not _has(entry, fresh):
        return None
    return Sent(reconciliation.answer_of(cstar.Ticket, {"id": fresh.cstar_id}), _made(entry))


def _has(entry: Outgoing, ticket: Ticket) -> bool:
    """Whether the ticket is as the entry wants it."""
    payload = entry.payload
    match entry.kind:
        case "ticket.tag":
            return payload["remove"] not in ticket.tags and payload["add"] in ["", *ticket.tags]
        case "ticket.notes":
            return ticket.notes == payload["notes"]
        case "ticket.append":
            return _added_note(entry) in ticket.notes
    return all((getattr(ticket, name) or "") == (after or "") for name, (_, after) in _made(entry).items())


def _made(entry: Outgoing) -> dict[str, tuple[Any, Any]]:
    """What the entry changes, as far as its payload names fields and values."""
    fields = entry.payload.get("changes") or ({"status": entry.payload["then"]} if entry.kind == REPLY else {})
    return {name: (None, value) for name, value in fields.items()}


def _land_edit(entry: Outgoing, sent: Sent) -> None:
    """Write the sent fields into the working copy; where cStar's answer differs, the answer wins."""
    if ticket := ticket_of(entry):
        was_current = ticket.thread_seen == ticket.thread_mark
        fields = {_WIRE.get(name, name): after for name, (_, after) in sent.changes.items()}
        upsert.apply("tickets", entry.team, [{"id": ticket.cstar_id, **fields, **sent.answer.raw}])
        ticket.refresh_from_db()
        if was_current:
            thread.mark_seen(ticket)
    if sent.changes:
        record_step(entry, "ticket.tagged" if "tags" in sent.changes else "ticket.updated", sent)


# --- new tickets -----------------------------------------------------------------------------------------------


def _if_new(step: Callable[[Outgoing, Client], Sent | None]) -> Callable[[Outgoing, Client], Sent | None]:
    """A step about the ticket's customer, which does nothing if the ticket is for a customer who exists already."""
    return lambda entry, api: None if entry.payload["customer"] else step(entry, api)


def _person(entry: Outgoing) -> dict[str, str]:
    return {name: entry.payload[name] for name in ("name", "email")}


def _customer_id(entry: Outgoing) -> str:
    return entry.payload["customer"] or entry.answers["customer"]["id"]


def _post_ticket(entry: Outgoing, api: Client) -> Sent:
    """Create the ticket without its message: one that is refused and corrected then goes to the ticket that exists."""
    fields = {name: entry.payload[name] for name in ("title", "priority", "tags") if entry.payload[name]}
    fields["customer_id"] = _customer_id(entry)
    key = idempotency_key(entry, "ticket", sorted(fields.items()))
    return Sent(api.tickets.create(**fields, idempotency_key=key))


def _land_ticket(entry: Outgoing, sent: Sent) -> None:
    raw, customer_id = sent.answer.raw, _customer_id(entry)
    if not Ticket.objects.filter(team=entry.team, cstar_id=raw["id"]).exists():  # else this was a second try
        known = {"customerId": customer_id, "tags": entry.payload["tags"], "messageCount": 0}
        upsert.apply("tickets", entry.team, [{**known, **raw}])
    record_step(entry, "ticket.created", sent)


def _find_ticket(entry: Outgoing, api: Client) -> Sent | None:
    """Find the ticket that an earlier try created: of this customer, with this subject, and made since then."""
    title, since = entry.payload["title"], reconciliation.tried_since(entry)
    taken = reconciliation.claimed(
        entry, "ticket", Outgoing.objects.filter(kind=CREATE, due_at__gte=entry.due_at - _AT_ONCE)
    )
    found = api.tickets.list(customer_id=_customer_id(entry), search=title, page_size=MAX_PAGE_SIZE).items
    for ticket in found:
        same = str(ticket.title or "").split() == title.split()
        if same and ticket.id not in taken and reconciliation.is_from(ticket.created_at, since):
            return Sent(ticket)
    return None


def _first_message(entry: Outgoing, api: Client) -> Sent | None:
    content, sender = entry.payload["content"], entry.payload["sender"]
    if not content:
        return None
    ticket = ticket_of(entry)
    name = entry.person if sender == "agent" else ticket.customer_name if ticket else None
    return Sent(replies.create_message(entry, api, ticket_id(entry), content, sender=sender, name=name))


def _find_first_message(entry: Outgoing, api: Client) -> Sent | None:
    content, sender = entry.payload["content"], entry.payload["sender"]
    if not content:
        return None
    others = Outgoing.objects.none()  # the ticket is the entry's own: no other entry posts into it
    return replies.find_message(entry, api, ticket_id(entry), content, sender=sender, others=others)


def _land_first_message(entry: Outgoing, sent: Sent) -> None:
    if ticket := ticket_of(entry):
        thread.add(ticket, {"isInternal": False, **sent.answer.raw})


# --- common ----------------------------------------------------------------------------------------------------


def _ticket_url(entry: Outgoing) -> str:
    return reverse("tickets:detail", args=[ticket_id(entry)])


def _titled(words: str, *, note: str = "") -> Callable[[Outgoing], str]:
    """A `Handler.title` that names the ticket; `note` are the words for an internal note."""

    def title(entry: Outgoing) -> str:
        ticket = ticket_of(entry)
        text = note if note and replies.is_note(entry) else words
        return _(text).format(title=isolate(ticket.title) if ticket else entry.target_id)

    return title


def _edit_text(entry: Outgoing) -> str:
    lines = []
    for name, value in entry.payload["changes"].items():
        is_word = value and name in labels.FIELDS_OF_WORDS
        shown = labels.recorded(value) if is_word else value or _("nobody")
        lines.append(f"{_FIELDS.get(name, name.capitalize())}: {shown}")
    return "\n".join(lines)


def _tag_text(entry: Outgoing) -> str:
    if added := entry.payload["add"]:
        return _("Add {tag}").format(tag=isolate(added))
    return _("Remove {tag}").format(tag=isolate(entry.payload["remove"]))


def _create_text(entry: Outgoing) -> str:
    customer = Customer.objects.filter(team=entry.team, cstar_id=entry.payload["customer"]).first()
    name = customer.name if customer else entry.payload["name"] or entry.payload["customer"]
    who = _("For {customer}").format(customer=isolate(name))
    return f"{who}\n\n{entry.payload['content']}".strip()


HANDLERS = {
    REPLY: Handler(
        purpose=gettext_noop("reply"),
        steps=(
            Step("message", replies.send_message, replies.land, replies.look_before, replies.find_posted, creates=True),
            Step("note", replies.check_note, replies.land_check),
            # The status is sent even if the working copy has it already: cStar may have reopened the ticket.
            Step(
                "status",
                lambda entry, api: _patch(entry, api, {"status": then}) if (then := entry.payload["then"]) else None,
                _land_edit,
                find=_find_edit,
            ),
        ),
        title=_titled(gettext_noop("Reply to “{title}”"), note=gettext_noop("Note on “{title}”")),
        url=_ticket_url,
        text=lambda entry: entry.payload["content"],
    ),
    EDIT: Handler(
        gettext_noop("edit"),
        (Step("edit", lambda entry, api: _patch(entry, api, entry.payload["changes"]), _land_edit, find=_find_edit),),
        _titled(gettext_noop("Changes to “{title}”")),
        _ticket_url,
        _edit_text,
    ),
    TAG: Handler(
        gettext_noop("edit"),
        (Step("edit", _change_tag, _land_edit, find=_find_edit),),
        _titled(gettext_noop("Tags of “{title}”")),
        _ticket_url,
        _tag_text,
    ),
    NOTES: Handler(
        gettext_noop("edit"),
        (Step("edit", _save_notes, _land_edit, find=_find_edit),),
        _titled(gettext_noop("Notes on “{title}”")),
        _ticket_url,
        lambda entry: entry.payload["notes"],
    ),
    APPEND: Handler(
        gettext_noop("edit"),
        (Step("edit", _append_note, _land_edit, find=_find_edit),),
        _titled(gettext_noop("Notes on “{title}”")),
        _ticket_url,
        lambda entry: entry.payload["content"],
    ),
    CREATE: Handler(
        purpose=gettext_noop("new ticket"),
        steps=(
            Step(
                "customer",
                _if_new(lambda entry, api: customer_sending.create_customer(entry, api, _person(entry))),
                lambda entry, sent: customer_sending.land(entry, sent, _person(entry)),
                find=_if_new(lambda entry, api: customer_sending.find_created(entry, api, entry.payload["email"])),
                creates=True,
            ),
            Step("ticket", _post_ticket, _land_ticket, find=_find_ticket, creates=True),
            Step("message", _first_message, _land_first_message, find=_find_first_message, creates=True),
        ),
        title=lambda entry: _("New ticket “{title}”").format(title=isolate(entry.payload["title"])),
        url=_ticket_url,
        text=_create_text,
        edit_url=lambda entry: f"{reverse('tickets:create')}?entry={entry.pk}",
    ),
}
