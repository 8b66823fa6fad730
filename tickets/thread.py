"""A ticket's thread: fetched when somebody opens it, and only if it may have changed since."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from budget.client import client
from budget.models import Lane
from core.urls import page_url
from cstar import Client, CStarError, NotFound
from members import people
from replica import capabilities, payload_fields, upsert
from replica.payload_fields import storable
from teams.models import Team
from tickets import message_html
from tickets.features import NOTES_IN_TICKET
from tickets.models import Message, Ticket

# The feed tells when a thread moved (replica/feed.py). Where neither it nor a look at the thread is younger than this,
# the thread is asked for again when it is opened.
MAX_AGE = timedelta(minutes=3)
# Messages on a page; those before them are shown on demand.
MOST_SHOWN = 200


def is_current(ticket: Ticket, told_at: datetime | None) -> bool:
    """Whether the messages that we hold are all there are: then opening it costs no call.

    `told_at` is when the team's changes were last told (TeamState.refreshed_at).
    """
    looked_at = max((moment for moment in (ticket.thread_fetched_at, told_at) if moment), default=None)
    young = looked_at is not None and timezone.now() - looked_at < MAX_AGE
    return young and ticket.thread_fetched_at is not None and ticket.thread_seen == ticket.thread_mark


def fetch_ticket(team: Team, cstar_id: str, paid: Client | None = None) -> Ticket:
    """Fetch ticket and thread (one call) and keep both. A ticket that is gone is forgotten; `NotFound` goes on.

    Where the thread inside a ticket does not say which messages are notes, it stays one that has to be fetched
    (`update`). `paid` is the client to ask with; else it is for somebody who opens the ticket.
    """
    asked_at = timezone.now()
    with _gone_is_forgotten(team, cstar_id):
        answer = (paid or _reader(team)).tickets.get(cstar_id)
    raw = {**Ticket.DETAILS, **answer.raw}
    rows = raw.pop("messages", None) or []
    if any("isInternal" in row for row in rows):
        capabilities.learn(team, NOTES_IN_TICKET, True)
    ticket = _keep(team, raw, rows, asked_at)
    if raw["assignedTo"] and ticket.assigned_to != raw["assignedTo"]:
        capabilities.learn(team, people.NAMES_ACCOUNTS, True)
    return ticket


def update(ticket: Ticket, paid: Client | None = None) -> Ticket:
    """Fetch the thread of a ticket that is held (one call), with the notes in it told from the replies."""
    if capabilities.is_offered(ticket.team, NOTES_IN_TICKET):
        return fetch_ticket(ticket.team, ticket.cstar_id, paid)
    asked_at = timezone.now()
    with _gone_is_forgotten(ticket.team, ticket.cstar_id):
        rows = [message.raw for message in (paid or _reader(ticket.team)).messages.list(ticket.cstar_id).items]
    return _keep(ticket.team, {"id": ticket.cstar_id}, rows, asked_at, whole=True)


def _reader(team: Team) -> Client:
    return client(team, Lane.READ, gettext_noop("open ticket"))


@contextmanager
def _gone_is_forgotten(team: Team, cstar_id: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        upsert.forget("tickets", team, [cstar_id])
        raise


def _keep(
    team: Team, raw: dict[str, Any], rows: list[dict[str, Any]], asked_at: datetime, *, whole: bool = False
) -> Ticket:
    """Keep a ticket, and its thread as the rows have it. `whole`: there is nothing more to be known of the thread."""
    held = {
        message.cstar_id: message for message in Message.objects.filter(ticket__team=team, ticket__cstar_id=raw["id"])
    }
    said = capabilities.is_offered(team, NOTES_IN_TICKET)
    once = {row["id"]: row for row in rows}
    fresh = [_message(row, position, held.get(cstar_id)) for position, (cstar_id, row) in enumerate(once.items())]
    for message in fresh:
        if message.is_internal is None and said and not whole:
            message.is_internal = False  # it says so of notes alone
    moved = [_looks(message) for message in fresh] != [_looks(message) for message in held.values()]
    with transaction.atomic():
        # A webhook or a reply of ours may have brought a message that the answer was made without.
        overtaken = Ticket.objects.filter(team=team, cstar_id=raw["id"], synced_at__gt=asked_at).exists()
        upsert.apply("tickets", team, [raw])
        ticket = Ticket.objects.get(team=team, cstar_id=raw["id"])
        _store(ticket, fresh, drop_others=not overtaken)
        if moved and ticket.thread_fetched_at:
            # Somebody may have the thread open as it was; where it was never fetched nobody can.
            upsert.mark_changed(team, Ticket.objects.filter(pk=ticket.pk))
        if not overtaken:
            mark_seen(ticket, whole=whole or all(message.is_internal is not None for message in fresh))
    return ticket


def follow(ticket: Ticket) -> bool:
    """Fetch the thread if it moved; only the first of all who have it open does (one call). Whether it was fetched.

    Who comes second sees it a moment later: storing it is a change of its own. What could not be fetched is tried
    again with the next change.
    """
    seen = ticket.thread_seen
    if seen == ticket.thread_mark:
        return False
    mine = Ticket.objects.filter(pk=ticket.pk, thread_seen=seen).update(thread_seen=ticket.thread_mark)
    if not mine:
        return False
    try:
        update(ticket)
    except NotFound:
        return True
    except CStarError:
        Ticket.objects.filter(pk=ticket.pk, thread_seen=ticket.thread_mark).update(thread_seen=seen)
        return False
    return True


def add(ticket: Ticket, raw: dict[str, Any]) -> None:
    """Put the answer to a message of ours into the thread, and into the ticket what follows from it.

    Nothing where the thread has it already: the answer was to a second try.
    """
    # Others' messages that we have not fetched yet stay to be fetched.
    was_current = ticket.thread_seen == ticket.thread_mark
    message = _message(raw, ticket.message_count)
    message.ticket = ticket
    with transaction.atomic():
        if ticket.messages.filter(cstar_id=message.cstar_id).exists():
            return
        message.save()
        updated_at = raw.get("createdAt") or timezone.now().isoformat()
        counted = {"id": ticket.cstar_id, "messageCount": ticket.message_count + 1, "updatedAt": updated_at}
        upsert.apply("tickets", ticket.team, [counted])
        ticket.refresh_from_db()
        if was_current:
            mark_seen(ticket)


def newest(messages: list[Message]) -> str:
    """What a form carries to say which messages were there when it was made."""
    return messages[-1].cstar_id if messages else ""


def newer(ticket: Ticket, seen: str, person: str) -> list[Message]:
    """The messages by others than `person` that came after the message `seen` ("": all), as far as we hold them."""
    others = ticket.messages.exclude(sender="agent", sender_name=person)
    if not seen:
        return list(others)
    last = ticket.messages.filter(cstar_id=seen).values_list("position", flat=True).first()
    return [] if last is None else list(others.filter(position__gt=last))


def take_in(team: Team, raw: dict[str, Any], message: dict[str, Any] | None) -> None:
    """Apply a whole ticket that a webhook told of, and the message that it was about; called in a transaction.

    A thread that we hold stays one that needs no fetching as long as it has as many messages as the ticket counts.
    Where one is missing, because its delivery was overtaken or we never held the thread, it is fetched when opened.
    """
    upsert.apply("tickets", team, [raw])
    ticket = Ticket.objects.get(team=team, cstar_id=raw["id"])
    held = ticket.messages.count()
    if message and (ticket.thread_fetched_at or held + 1 == ticket.message_count):
        new = _message(storable(message), position=max(0, payload_fields.number(raw, "messageCount") - 1))
        new.ticket = ticket
        Message.objects.bulk_create([new], ignore_conflicts=True)
        held = ticket.messages.count()
    if held and held == ticket.message_count:
        mark_seen(ticket)


def mark_seen(ticket: Ticket, *, whole: bool = True) -> None:
    """Remember that the thread was fetched just now; one that is not `whole` is fetched again when it is opened."""
    ticket.thread_seen, ticket.thread_fetched_at = ticket.thread_mark if whole else "", timezone.now()
    Ticket.objects.filter(pk=ticket.pk).update(
        thread_seen=ticket.thread_seen, thread_fetched_at=ticket.thread_fetched_at
    )


def shown_messages(ticket: Ticket, before: Message | None = None) -> list[Message]:
    """The newest messages that are held, or the newest of those before another one, with the HTML that a page shows."""
    held = Message.objects.filter(ticket=ticket.pk).defer("content")
    if before is not None:
        held = held.filter(Q(position__lt=before.position) | Q(position=before.position, pk__lt=before.pk))
    messages = list(reversed(held.order_by("-position", "-pk")[:MOST_SHOWN]))
    for message in messages:
        message.ticket = ticket
    message_html.prepare(messages)
    return messages


def earlier_url(messages: list[Message]) -> str:
    """Where the messages before these are shown; "" if there are none."""
    if len(messages) < MOST_SHOWN:
        return ""
    first = messages[0]
    there = Message.objects.filter(ticket=first.ticket, position__lt=first.position).exists()
    return f"{page_url('tickets:messages', first.ticket.cstar_id)}?before={first.pk}" if there else ""


def _looks(message: Message) -> tuple:
    return message.cstar_id, message.content, message.sender_name, message.is_internal


def _store(ticket: Ticket, fresh: list[Message], *, drop_others: bool) -> None:
    for message in fresh:
        message.ticket = ticket
    if drop_others:
        ticket.messages.exclude(cstar_id__in=[message.cstar_id for message in fresh]).delete()
    Message.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["ticket", "cstar_id"],
        update_fields=["content", "html", "html_version", "folded", "sender", "sender_name", "is_internal", "position"],
    )


def _message(raw: dict[str, Any], position: int, held: Message | None = None) -> Message:
    """A message without HTML, which is made when it is first shown; that of the one that we hold stays good."""
    internal = raw.get("isInternal")
    if not isinstance(internal, bool):
        # Only the team writes notes; of its messages it is not known.
        internal = False if raw.get("sender") in {"customer", "system"} else None
    message = Message(
        cstar_id=raw["id"],
        content=payload_fields.text(raw, "content", 200_000),
        html_version=0,
        sender=payload_fields.text(raw, "sender", 32),
        sender_name=payload_fields.text(raw, "senderName", 300),
        is_internal=internal,
        created_at=payload_fields.moment(raw, "createdAt") or timezone.now(),
        position=position,
    )
    if held and message.is_internal is None:
        message.is_internal = held.is_internal  # a thread inside a ticket may leave it out: what we know stays
    if held and _drawn_from(held) == _drawn_from(message):
        message.html, message.html_version, message.folded = held.html, held.html_version, held.folded
    return message


def _drawn_from(message: Message) -> tuple:
    """What the message's HTML is made of."""
    return message.content, message.sender, bool(message.is_internal)
