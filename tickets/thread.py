"""A ticket's thread: fetched when somebody opens it, and only if it may have changed since (DESIGN.md 4)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import markdown
from cstar import Client, NotFound
from sync import columns, copies
from sync.calls import client
from sync.columns import storable
from sync.models import Lane
from teams.models import Team
from tickets.models import Message, Ticket

# Until changes by others are pushed to us, a thread older than this is asked for again when it is opened.
MAX_AGE = timedelta(seconds=60)


def is_current(ticket: Ticket, now: datetime) -> bool:
    """Whether the messages that we hold are all there are, as far as we know: then opening it costs no call."""
    fetched = ticket.thread_fetched_at
    return bool(fetched and now - fetched < MAX_AGE and ticket.thread_seen == ticket.thread_mark)


def fetch(team: Team, cstar_id: str, paid: Client | None = None) -> Ticket:
    """Fetch ticket and thread (one call) and keep both. A ticket that is gone is forgotten; `NotFound` goes on.

    `paid` is the client to ask with; else it is for somebody who opens the ticket.
    """
    paid = paid or client(team, Lane.READ, "open ticket")
    asked_at = timezone.now()
    try:
        answer = paid.tickets.get(cstar_id)
    except NotFound:
        copies.forget("tickets", team, [cstar_id])
        raise
    raw = dict(answer.raw)
    rows = raw.pop("messages", None) or []
    held = {
        message.cstar_id: message for message in Message.objects.filter(ticket__team=team, ticket__cstar_id=raw["id"])
    }
    # Outside the transaction: a long text takes its time to become HTML, and writers wait for each other.
    fresh = [_message(row, position, held.get(row["id"])) for position, row in enumerate(_each_once(rows))]
    with transaction.atomic():
        # A webhook or a reply of ours may have brought a message that the answer was made without.
        overtaken = Ticket.objects.filter(team=team, cstar_id=raw["id"], synced_at__gt=asked_at).exists()
        copies.apply("tickets", team, [raw])
        ticket = Ticket.objects.get(team=team, cstar_id=raw["id"])
        _store(ticket, fresh, drop_others=not overtaken)
        if not overtaken:
            mark_seen(ticket)
    return ticket


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
        counted = {"id": ticket.cstar_id, "messageCount": ticket.message_count + 1}
        copies.apply("tickets", ticket.team, [counted | {"updatedAt": raw.get("createdAt") or _now()}])
        ticket.refresh_from_db()
        if was_current:
            mark_seen(ticket)


def follow(team: Team, raw: dict[str, Any], message: dict[str, Any] | None) -> None:
    """Apply a whole ticket that a webhook told of, and the message that it was about; called in a transaction.

    A thread that we hold stays one that needs no fetching as long as it has as many messages as the ticket counts.
    Where one is missing, because its delivery was overtaken or we never held the thread, it is fetched when opened.
    """
    copies.apply("tickets", team, [raw])
    ticket = Ticket.objects.get(team=team, cstar_id=raw["id"])
    held = ticket.messages.count()
    if message and (ticket.thread_fetched_at or held + 1 == ticket.message_count):
        # Made into HTML later: whoever delivers it waits for us, and so do other writers.
        new = _undrawn(storable(message), position=max(0, columns.number(raw, "messageCount") - 1))
        new.ticket = ticket
        Message.objects.bulk_create([new], ignore_conflicts=True)
        held = ticket.messages.count()
    if held and held == ticket.message_count:
        mark_seen(ticket)


def mark_seen(ticket: Ticket) -> None:
    ticket.thread_seen, ticket.thread_fetched_at = ticket.thread_mark, timezone.now()
    Ticket.objects.filter(pk=ticket.pk).update(
        thread_seen=ticket.thread_seen, thread_fetched_at=ticket.thread_fetched_at
    )


def shown(ticket: Ticket) -> list[Message]:
    """The thread as it is held; HTML made by an older renderer is made again."""
    messages = list(ticket.messages.defer("content", "position"))
    for message in messages:
        if message.html_version != markdown.VERSION:
            message.html, message.html_version = markdown.render(message.content), markdown.VERSION
            message.save(update_fields=["html", "html_version"])
    return messages


def _each_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["id"]: row for row in rows}.values())


def _store(ticket: Ticket, fresh: list[Message], *, drop_others: bool) -> None:
    for message in fresh:
        message.ticket = ticket
    if drop_others:
        ticket.messages.exclude(cstar_id__in=[message.cstar_id for message in fresh]).delete()
    Message.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["ticket", "cstar_id"],
        update_fields=["content", "html", "html_version", "sender", "sender_name", "is_internal", "position"],
    )


def _message(raw: dict[str, Any], position: int, held: Message | None = None) -> Message:
    message = _undrawn(raw, position)
    same = held and held.content == message.content and held.html_version == markdown.VERSION
    message.html = held.html if held and same else markdown.render(message.content)
    message.html_version = markdown.VERSION
    if held and "isInternal" not in raw:
        # A thread inside a ticket may leave it out (seed-tickets.txt): a note that we know stays one.
        message.is_internal = held.is_internal
    return message


def _undrawn(raw: dict[str, Any], position: int) -> Message:
    """A message that becomes HTML when it is first shown."""
    return Message(
        cstar_id=raw["id"],
        content=columns.text(raw, "content", 200_000),
        html_version=0,
        sender=columns.text(raw, "sender", 32),
        sender_name=columns.text(raw, "senderName", 300),
        is_internal=raw.get("isInternal") is True,
        created_at=columns.moment(raw, "createdAt") or timezone.now(),
        position=position,
    )


def _now() -> str:
    return timezone.now().isoformat()
