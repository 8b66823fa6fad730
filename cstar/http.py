"""The one place that imports the HTTP library, so that changing it is a change of this file."""

from httpx import (
    BaseTransport,
    Client,
    ConnectError,
    ConnectTimeout,
    HTTPError,
    HTTPTransport,
    PoolTimeout,
    Request,
    Response,
    Timeout,
    TimeoutException,
)

__all__ = [
    "BaseTransport",
    "Client",
    "ConnectError",
    "ConnectTimeout",
    "HTTPError",
    "HTTPTransport",
    "PoolTimeout",
    "Request",
    "Response",
    "Timeout",
    "TimeoutException",
]
