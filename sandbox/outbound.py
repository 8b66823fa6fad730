"""One attempt to deliver an event: headers, signature, and the way to the receiver.

docs/cstar-api.md#webhook-signatures says what is documented of them.

httpcore is the floor that the client's HTTP library stands on. It is used by itself here because it lets us choose the
address of each connection (`sandbox.addresses`), while the receiver's certificate is still held against its name.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import httpcore

from sandbox import addresses, times
from sandbox.models import Delivery

BUDGET = 10  # seconds, for all of an attempt
MAX_ANSWER = 4096  # bytes that are read of the answer's body
KEEP_ALIVE = 5.0  # seconds
USER_AGENT = "cStar-Webhooks/1.0"


class Outcome(NamedTuple):
    """What came of an attempt: the answer's status, or why there was none; empty `error` means delivered."""

    status: int | None
    milliseconds: int
    error: str


class CheckedNetwork(httpcore.AnyIOBackend):
    """Connects to nothing but addresses that the policy allows."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = await addresses.resolve(host, port)
        for address in others:
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await super().connect_tcp(last, port, timeout, local_address, socket_options)


def pool() -> httpcore.AsyncConnectionPool:
    """Connections to receivers; to be used within one event loop. Follows no redirects and no proxy settings."""
    return httpcore.AsyncConnectionPool(
        max_connections=None, keepalive_expiry=KEEP_ALIVE, network_backend=CheckedNetwork()
    )


async def attempt(connections: httpcore.AsyncConnectionPool, delivery: Delivery) -> Outcome:
    """Sends the delivery once; its `attempt` is the number of this one. Never raises."""
    started = time.perf_counter()
    status, error = None, ""
    try:
        addresses.check_url(delivery.webhook.url)
        async with asyncio.timeout(BUDGET):
            status = await _post(connections, delivery)
    except addresses.RefusedError as refusal:
        error = f"The address {refusal}"
    except TimeoutError:
        error = f"No answer within {BUDGET} seconds"
    except Exception as fault:  # whatever a network or a hostile receiver can come up with
        error = f"No answer: {fault or type(fault).__name__}"
    if status is not None and not 200 <= status < 300:
        error = f"Answered {status}"
    return Outcome(status, round((time.perf_counter() - started) * 1000), error[:200])


async def _post(connections: httpcore.AsyncConnectionPool, delivery: Delivery) -> int:
    headers = list(headers_of(delivery, times.now()).items())
    body = bytes(delivery.event.body)
    async with connections.stream("POST", delivery.webhook.url, headers=headers, content=body) as answer:
        size = 0
        async for chunk in answer.aiter_stream():
            size += len(chunk)
            if size > MAX_ANSWER:
                break
        return answer.status


def headers_of(delivery: Delivery, moment: datetime) -> dict[str, str]:
    """The headers of an attempt made at `moment`."""
    event, webhook = delivery.event, delivery.webhook
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Signature": signature(webhook.secret, bytes(event.body), moment),
        "X-Event-Type": event.type,
        "X-Event-ID": event.id,
        "X-Webhook-ID": webhook.id,
        "X-Timestamp": str(times.wire(moment)),
        "X-Delivery-Attempt": str(delivery.attempt),
        "x-cstar-request-id": event.request_id,
    }


def signature(secret: str, body: bytes, moment: datetime) -> str:
    """`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `{t}.{body}`, keyed with the whole secret, prefix and all."""
    seconds = int(moment.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
