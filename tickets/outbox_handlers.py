"""How the outbox sends what people do to tickets (outbox/queue.py).

Kinds and payloads: `ticket.reply` {kind, content, then, seen}, `ticket.edit` {changes}, `ticket.tag` {add, remove},
`ticket.notes` {notes, seen}, `ticket.append` {content, at}, `ticket.create` {customer, name, email, title, priority,
tags, content, sender, nonce}.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import cstar
from activity.record import record_for
from core import labels
from core.bidi import isolate
from core.folding import caseless, nfc
from cstar import MAX_PAGE_SIZE, Client
from customers import outbox_handlers as customer_sending
from customers.models import Customer
from outbox import queue, reconciliation, verification
from outbox.conflicts import NotesConflictError
from outbox.models import Outgoing
from outbox.queue import Handler, NotOfferedError, Sent, Step
from replica import upsert
from tickets import edits, replies, thread
from tickets.models import Ticket

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
    """Tells whether a text is still the one that somebody saw."""
    return sha256(text.encode()).hexdigest()


# --- replies and notes -----------------------------------------------------------------------------------------


def _set_status(entry: Outgoing, api: Client) -> Sent | None:
    """Set whatever we hold: it is said on purpose, and cStar may have reopened the ticket."""
    then = entry.payload["then"]
    return _patch(entry, api, {"status": then}) if then else None


# --- edits -----------------------------------------------------------------------------------------------------


def _edit(entry: Outgoing, api: Client) -> Sent:
    return _patch(entry, api, entry.payload["changes"])


def _change_tag(entry: Outgoing, api: Client) -> Sent | None:
    """Add or take away one tag.

    The API replaces the whole list, so the ticket is read again first: a tag that somebody else added meanwhile stays.
    """
    add, remove = entry.payload["add"], entry.payload["remove"]
    before = thread.fetch(entry.team, entry.target_id, api).tags
    after = [tag for tag in before if tag != nfc(remove)]
    if add and caseless(add) not in map(caseless, after):
        after.append(add)
    return None if after == before else _patch(entry, api, {"tags": after})


def _save_notes(entry: Outgoing, api: Client) -> Sent | None:
    """Replace the notes, unless they are no longer those that the person saw: then `NotesConflictError`."""
    notes = entry.payload["notes"]
    fresh = thread.fetch(entry.team, entry.target_id, api)
    if fresh.notes == notes:
        return None
    if fingerprint(fresh.notes) != entry.payload["seen"]:
        raise NotesConflictError(fresh.notes)
    return _patch(entry, api, {"notes": notes})


def _append_note(entry: Outgoing, api: Client) -> Sent | None:
    """Add a note to the notes as they are now, under the writer's name."""
    before = thread.fetch(entry.team, entry.target_id, api).notes.rstrip()
    added = _added_note(entry)
    return None if added in before else _patch(entry, api, {"notes": f"{before}\n\n{added}".lstrip()})


def _added_note(entry: Outgoing) -> str:
    return f"{entry.person}, {entry.payload['at']}:\n{entry.payload['content']}"


def _patch(entry: Outgoing, api: Client, fields: dict[str, Any]) -> Sent:
    """Change the fields; `NotOfferedError` where cStar takes none of them though it says yes."""
    ticket = _held(entry)
    before = {name: getattr(ticket, name, None) for name in fields}
    wire = {_WIRE.get(name, name): value for name, value in fields.items()}
    answer = edits.update(entry, api, fields)
    refused = edits.not_taken(entry, api, wire, answer)
    if refused and len(refused) == len(fields):
        raise NotOfferedError(edits.NO_ASSIGNING if refused == ["assignedTo"] else edits.NOT_KEPT)
    changes = {name: (before[name], value) for name, value in fields.items() if _WIRE.get(name, name) not in refused}
    return Sent(answer, changes, warning=verification.NOT_ALL_KEPT if refused else "")


def _find_edit(entry: Outgoing, api: Client) -> Sent | None:
    """What a lost try has changed, if the ticket has it now."""
    fresh = thread.fetch(entry.team, entry.target_id, api)
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
    """What was sent holds since cStar said yes; what it answered wins."""
    if ticket := _held(entry):
        was_current = ticket.thread_seen == ticket.thread_mark
        fields = {_WIRE.get(name, name): after for name, (_, after) in sent.changes.items()}
        upsert.apply("tickets", entry.team, [{"id": ticket.cstar_id, **fields, **sent.answer.raw}])
        ticket.refresh_from_db()
        if was_current:
            thread.mark_seen(ticket)
    if sent.changes:
        _record(entry, "ticket.tagged" if "tags" in sent.changes else "ticket.updated", sent)


# --- new tickets -----------------------------------------------------------------------------------------------


def _new_customer(entry: Outgoing, api: Client) -> Sent | None:
    if entry.payload["customer"]:
        return None
    return customer_sending.post(entry, api, _person(entry))


def _land_customer(entry: Outgoing, sent: Sent) -> None:
    customer_sending.land(entry, sent, _person(entry))


def _person(entry: Outgoing) -> dict[str, str]:
    return {name: entry.payload[name] for name in ("name", "email")}


def _customer_id(entry: Outgoing) -> str:
    return entry.payload["customer"] or entry.answers["customer"]["id"]


def _post_ticket(entry: Outgoing, api: Client) -> Sent:
    """Without the message: if that one is refused and corrected, it goes to the ticket that is there already."""
    fields = {name: entry.payload[name] for name in ("title", "priority", "tags") if entry.payload[name]}
    fields["customer_id"] = _customer_id(entry)
    return Sent(api.tickets.create(**fields, idempotency_key=queue.key(entry, "ticket", sorted(fields.items()))))


def _land_ticket(entry: Outgoing, sent: Sent) -> None:
    raw, customer_id = sent.answer.raw, _customer_id(entry)
    if not Ticket.objects.filter(team=entry.team, cstar_id=raw["id"]).exists():  # else this was a second try
        known = {"customerId": customer_id, "tags": entry.payload["tags"], "messageCount": 0}
        upsert.apply("tickets", entry.team, [{**known, **raw}])
    _record(entry, "ticket.created", sent)


def _find_customer(entry: Outgoing, api: Client) -> Sent | None:
    return None if entry.payload["customer"] else customer_sending.find(entry, api, entry.payload["email"])


def _find_ticket(entry: Outgoing, api: Client) -> Sent | None:
    """The ticket that a lost try has made: of this customer, with this subject, since then."""
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
    ticket = _held(entry)
    name = entry.person if sender == "agent" else ticket.customer_name if ticket else None
    return Sent(replies.create(entry, api, made_id(entry), content, sender=sender, name=name))


def _find_first_message(entry: Outgoing, api: Client) -> Sent | None:
    content, sender, nothing = entry.payload["content"], entry.payload["sender"], Outgoing.objects.none()
    return replies.find(entry, api, made_id(entry), content, sender=sender, others=nothing) if content else None


def _land_first_message(entry: Outgoing, sent: Sent) -> None:
    if ticket := _held(entry):
        thread.add(ticket, {"isInternal": False, **sent.answer.raw})


def made_id(entry: Outgoing) -> str:
    """The id of the ticket that the entry is about, once cStar has given it one."""
    return entry.target_id or entry.answers.get("ticket", {}).get("id", "")


# --- common ----------------------------------------------------------------------------------------------------


def _held(entry: Outgoing) -> Ticket | None:
    """The ticket in the working copy; what we do not hold needs no update."""
    return Ticket.objects.filter(team=entry.team, cstar_id=made_id(entry)).first()


def _record(entry: Outgoing, action: str, sent: Sent) -> None:
    ticket = _held(entry)
    cstar_id = made_id(entry)
    record_for(
        (entry.team, entry.user, entry.person),
        action,
        ("ticket", cstar_id, ticket.title if ticket else cstar_id),
        changes=sent.changes,
        request_id=sent.answer.request_id,
    )


def _address(entry: Outgoing) -> str:
    return reverse("tickets:detail", args=[made_id(entry)])


def _about(words: str):
    def title(entry: Outgoing) -> str:
        ticket = _held(entry)
        return _(words).format(title=isolate(ticket.title) if ticket else entry.target_id)

    return title


def _reply_title(entry: Outgoing) -> str:
    words = gettext_noop("Note on “{title}”") if entry.payload["kind"] == NOTE else gettext_noop("Reply to “{title}”")
    return _about(words)(entry)


def _edit_text(entry: Outgoing) -> str:
    changes = entry.payload["changes"].items()
    return "\n".join(f"{_FIELDS.get(name, name.capitalize())}: {_value(name, value)}" for name, value in changes)


def _value(name: str, value: Any) -> str:
    return labels.recorded(value) if value and name in labels.FIELDS_OF_WORDS else value or _("nobody")


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
            Step("message", replies.post, replies.land, replies.look_before, replies.find_posted, creates=True),
            Step("note", replies.check_note, replies.land_check),
            Step("status", _set_status, _land_edit, find=_find_edit),
        ),
        title=_reply_title,
        address=_address,
        text=lambda entry: entry.payload["content"],
    ),
    EDIT: Handler(
        gettext_noop("edit"),
        (Step("edit", _edit, _land_edit, find=_find_edit),),
        _about(gettext_noop("Changes to “{title}”")),
        _address,
        _edit_text,
    ),
    TAG: Handler(
        gettext_noop("edit"),
        (Step("edit", _change_tag, _land_edit, find=_find_edit),),
        _about(gettext_noop("Tags of “{title}”")),
        _address,
        _tag_text,
    ),
    NOTES: Handler(
        gettext_noop("edit"),
        (Step("edit", _save_notes, _land_edit, find=_find_edit),),
        _about(gettext_noop("Notes on “{title}”")),
        _address,
        lambda entry: entry.payload["notes"],
    ),
    APPEND: Handler(
        gettext_noop("edit"),
        (Step("edit", _append_note, _land_edit, find=_find_edit),),
        _about(gettext_noop("Notes on “{title}”")),
        _address,
        lambda entry: entry.payload["content"],
    ),
    CREATE: Handler(
        purpose=gettext_noop("new ticket"),
        steps=(
            Step("customer", _new_customer, _land_customer, find=_find_customer, creates=True),
            Step("ticket", _post_ticket, _land_ticket, find=_find_ticket, creates=True),
            Step("message", _first_message, _land_first_message, find=_find_first_message, creates=True),
        ),
        title=lambda entry: _("New ticket “{title}”").format(title=isolate(entry.payload["title"])),
        address=_address,
        text=_create_text,
        edit=lambda entry: f"{reverse('tickets:create')}?entry={entry.pk}",
    ),
}
