"""Where a webhook may lead: https to public addresses alone, unless SANDBOX_WEBHOOKS_PRIVATE says otherwise.

A literal address is looked at when a webhook is registered, a name each time that it is resolved: what is connected to
is an address that was looked at, so a name that changes its mind in between (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

MAX_URL = 2000
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedError(Exception):
    """An address that the policy does not allow; the text says why."""


def check_url(url: str) -> None:
    """Raise `RefusedError` if no webhook may have this URL."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}#'):
        raise RefusedError(f"must be an address of at most {MAX_URL:,} plain characters")
    try:
        parts = urlsplit(url)
        host, port, user = parts.hostname or "", parts.port, parts.username
    except ValueError:
        host, port, user = "", None, None
    literal: Address | None = None
    with suppress(ValueError):  # a name
        literal = ipaddress.ip_address(host)
    if port == 0 or user is not None or not (literal or _NAME.fullmatch(host)):
        raise RefusedError("must be an address like https://example.com/hooks")
    if parts.scheme != "https" and not (settings.SANDBOX_WEBHOOKS_PRIVATE and parts.scheme == "http"):
        raise RefusedError("must be an https:// address")
    if literal:
        _check(literal)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, best first. RefusedError when one of them may not be connected to."""
    rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    for address in found:
        _check(ipaddress.ip_address(address))
    return found


def _check(address: Address) -> None:
    if settings.SANDBOX_WEBHOOKS_PRIVATE:
        return
    # Reserved covers IPv4 within IPv6 (mapped, compatible, NAT64) but for 6to4.
    is_local_v6 = isinstance(address, ipaddress.IPv6Address) and (address.sixtofour or address.is_site_local)
    if is_local_v6 or not address.is_global or address.is_multicast or address.is_reserved:
        raise RefusedError("must not lead to a private, local or reserved address")
