"""The one place that imports the HTTP library, so that changing it is a change of this file."""

import functools
import os
from http.cookiejar import CookieJar, DefaultCookiePolicy

from httpx import (
    BaseTransport,
    Client,
    ConnectError,
    ConnectTimeout,
    DecodingError,
    Headers,
    HTTPError,
    HTTPTransport,
    InvalidURL,
    Limits,
    MockTransport,
    PoolTimeout,
    ProxyError,
    Request,
    Response,
    SyncByteStream,
    Timeout,
    TimeoutException,
)

__all__ = [
    "NOT_SENT",
    "BaseTransport",
    "Client",
    "ConnectError",
    "ConnectTimeout",
    "DecodingError",
    "HTTPError",
    "HTTPTransport",
    "Headers",
    "InvalidURL",
    "MockTransport",
    "PoolTimeout",
    "ProxyError",
    "Request",
    "Response",
    "SyncByteStream",
    "Timeout",
    "TimeoutException",
    "shared_pool",
]

#: Failures before the first byte of a request left: nothing can have been applied.
NOT_SENT = (ConnectError, ConnectTimeout, PoolTimeout, ProxyError)

# Longer than the pause between two polls, so that each does not pay for a new TLS handshake.
_LIMITS = Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20)


def shared_pool(transport: BaseTransport | None) -> Client:
    """Return this process's connection pool for `transport` (None: the network); making one costs 20 ms."""
    return _pool(transport, os.getpid())


@functools.lru_cache(maxsize=16)
def _pool(transport: BaseTransport | None, _process: int) -> Client:
    # The process is part of the key: sockets inherited over a fork would mix the answers of two processes.
    # The pool serves every team, so it must carry no cookie from one team's answer to another's call.
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return Client(transport=transport, limits=_LIMITS, cookies=no_cookies, follow_redirects=False)
