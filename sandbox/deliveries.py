"""The queue of deliveries: what is due is claimed, sent, and written down; what failed is due again later.

The database work is plain synchronous code, one short transaction at a time; only the sending is concurrent. Several
processes may share the work: a claim puts a delivery's next turn a minute ahead, so that nobody else takes it meanwhile
and a killed process loses nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import httpcore
from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F

from sandbox import outbound, times
from sandbox.models import DATABASE, Delivery, Event

# Pauses after the first attempt and each further one (docs/cstar-api.md#webhook-retries).
RETRIES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
LEASE = timedelta(minutes=1)  # longer than an attempt may take
KEPT = timedelta(days=7)
AT_ONCE = 256
AT_ONCE_EACH = 16  # to one webhook, so that a slow receiver does not take the others' places
POLL = 0.3  # seconds between two looks at the queue


class Courier:
    """Sends what is due, with the given connections, as long as somebody calls `turn`."""

    def __init__(self, connections: httpcore.AsyncConnectionPool) -> None:
        self.connections = connections
        self.flying: dict[asyncio.Task[outbound.Outcome], Delivery] = {}

    async def turn(self) -> bool:
        """Writes down what came back, sends what is due, waits for the next answer; whether any is awaited still."""
        landed = [task for task in self.flying if task.done()]
        outcomes = [(self.flying.pop(task), task.result()) for task in landed]
        busy = Counter(delivery.webhook_id for delivery in self.flying.values())
        for delivery in await sync_to_async(settle_and_claim)(outcomes, busy):
            self.flying[asyncio.create_task(outbound.attempt(self.connections, delivery))] = delivery
        if self.flying:
            await asyncio.wait(self.flying, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        return bool(self.flying)


async def send_due() -> None:
    """Sends everything that is due, and ends when all of it has been answered or has failed."""
    async with outbound.pool() as connections:
        courier = Courier(connections)
        while await courier.turn():
            pass


def settle_and_claim(outcomes: Iterable[tuple[Delivery, outbound.Outcome]], busy: Counter[str]) -> list[Delivery]:
    """Writes the outcomes and takes what is due; `busy` tells how many deliveries to each webhook are on their way."""
    settled = [settle(delivery, outcome) for delivery, outcome in outcomes]
    if not settled and not _due().exists():
        return []
    with transaction.atomic(using=DATABASE):
        Delivery.objects.bulk_update(settled, ["due_at", "status", "response_ms", "error", "delivered_at"])
        return _claim(busy)


def settle(delivery: Delivery, outcome: outbound.Outcome) -> Delivery:
    """The delivery with what came of its attempt: done, due again, or given up; not saved yet."""
    moment = times.now()
    delivery.status, delivery.response_ms, delivery.error = outcome
    delivery.delivered_at = None if outcome.error else moment
    left = RETRIES[delivery.attempt - 1 : delivery.attempt] if outcome.error else ()
    delivery.due_at = moment + left[0] if left else None
    return delivery


def drop_old() -> None:
    """Forgets events, and with them their deliveries, after a week: longer than the last retry takes."""
    Event.objects.filter(created_at__lte=times.now() - KEPT).delete()


def _due():
    """What is due, but for webhooks that are switched off: theirs waits until they are on again."""
    return Delivery.objects.filter(due_at__lte=times.now(), webhook__is_active=True)


def _claim(busy: Counter[str]) -> list[Delivery]:
    claimed: list[Delivery] = []
    for webhook_id in _due().order_by().values_list("webhook_id", flat=True).distinct():
        room = min(AT_ONCE_EACH - busy[webhook_id], AT_ONCE - busy.total() - len(claimed))
        rows = _due().filter(webhook=webhook_id).select_related("webhook", "event").order_by("due_at", "id")
        claimed += rows.select_for_update(skip_locked=True, of=("self",))[: max(room, 0)]
    ids = [delivery.id for delivery in claimed]
    Delivery.objects.filter(id__in=ids).update(attempt=F("attempt") + 1, due_at=times.now() + LEASE)
    for delivery in claimed:
        delivery.attempt += 1
    return claimed
