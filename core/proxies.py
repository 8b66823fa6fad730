"""Which machines in front of the desk are believed (`TRUSTED_PROXIES`): a header counts only if one of them sent it."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def is_trusted(address: str) -> bool:
    """Whether the address is a listed proxy's."""
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in settings.TRUSTED_PROXIES)


def client_address(request: HttpRequest) -> str:
    """Where the request came from: the last address that no trusted proxy is at.

    Each proxy adds whom it heard from to the end of X-Forwarded-For, so what a client wrote there itself stands before.
    """
    address = request.META.get("REMOTE_ADDR", "")
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while is_trusted(address) and passed and _parsed(passed[-1]):
        address = passed.pop()
    return address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
