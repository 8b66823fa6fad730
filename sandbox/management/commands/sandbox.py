"""cStar's own background work: deliveries to webhooks and, when asked for, customers who write. Runs until ended."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from sandbox import outbound
from sandbox.deliveries import POLL, Courier, drop_old
from sandbox.live import PAUSE, Live

log = logging.getLogger("sandbox")

HOUR = 3600.0
AFTER_FAULT = 5.0  # seconds


class Command(BaseCommand):
    help = "Send the sandbox's webhook deliveries; with --live let its customers write, too."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--live", action="store_true", help="customers and colleagues of the demo write now and then"
        )
        parser.add_argument("--seed", type=int, help="let the same things happen again (with --live)")

    def handle(self, *args, live: bool, seed: int | None, **options) -> None:
        if not settings.SANDBOX:
            raise CommandError("CSTAR_API_URL is set: there is no embedded sandbox to work for.")
        asyncio.run(_work(Random(seed if seed is not None else secrets.randbits(64)) if live else None))  # noqa: S311


async def _work(rng: Random | None) -> None:
    """Everything at once, until the process is asked to end."""
    async with outbound.pool() as connections:
        courier = Courier(connections)

        async def deliver() -> float:
            return 0 if await courier.turn() else POLL

        jobs = [_repeat(deliver), _repeat(_forget)]
        if rng:
            jobs.append(_repeat(_live(rng)))
        everything = asyncio.gather(*jobs)
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, everything.cancel)
        log.info("The sandbox is at work%s.", ", and its customers write" if rng else "")
        with suppress(asyncio.CancelledError):
            await everything


async def _repeat(job: Callable[[], Awaitable[float]]) -> None:
    """Does the job again after as many seconds as it says. A fault is logged and ends neither it nor the others."""
    while True:
        try:
            pause = await job()
        except Exception:
            log.exception("The sandbox's background work goes on after a fault.")
            await sync_to_async(close_old_connections)()
            pause = AFTER_FAULT
        await asyncio.sleep(pause)


async def _forget() -> float:
    await sync_to_async(drop_old)()
    return HOUR


def _live(rng: Random) -> Callable[[], Awaitable[float]]:
    life = Live(rng)

    async def step() -> float:
        if what := await sync_to_async(life.step)():
            log.info("%s", what)
        return rng.uniform(*PAUSE)

    return step
