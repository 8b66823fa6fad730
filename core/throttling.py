"""How often one address, or one person, may do something, counted in Django's cache.

The counts are those of all processes and machines where the cache is theirs in common (`CACHE_URL`), else of each
process by itself.
"""

import time
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple, TypeAlias

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from core.errors import problem
from core.proxies import client_address

# Bits. Providers assign an IPv6 /64 to one customer, so it counts as one client.
_IPV6_PREFIX = 64

View: TypeAlias = Callable[..., HttpResponseBase]


class Limit(NamedTuple):
    """`most` requests of one client in `seconds`; limits of the same name are counted together."""

    name: str
    most: int
    seconds: int

    def count(self, request: HttpRequest) -> int:
        """Count the request; the seconds that the client has to wait if it is one too many, else 0."""
        return self.count_for(client(request))

    def reached(self, request: HttpRequest) -> int:
        """The same for one more request, which is not counted yet."""
        return self.reached_by(client(request))

    def count_for(self, whom: str) -> int:
        """The same as `count` for somebody who is not known by their address."""
        key, wait = self._window(whom)
        cache.add(key, 0, self.seconds)
        try:
            counted = cache.incr(key)
        except ValueError:  # the window ended between the two
            return 0
        return wait if counted > self.most else 0

    def reached_by(self, whom: str) -> int:
        key, wait = self._window(whom)
        return wait if cache.get(key, 0) >= self.most else 0

    def _window(self, whom: str) -> tuple[str, int]:
        """The name of the count that goes on now, and the seconds until the next begins."""
        number, passed = divmod(int(time.time()), self.seconds)
        return f"rate.{self.name}.{number}.{whom}", self.seconds - passed


def limited(
    limit: Limit, *, counts: Callable[[HttpResponseBase], bool] | None = None, plain: bool = False
) -> Callable[[View], View]:
    """A view that answers 429 to a client beyond the limit: with a page, or in plain text to machines.

    Without `counts` each request is counted before the view begins, so that no more get through at once either; with
    it, those are whose answer it says yes to.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if wait := limit.reached(request) if counts else limit.count(request):
                text = _("Too many attempts from your network. Wait a few minutes, then try again.")
                return too_many(text, wait) if plain else too_many_page(request, text, wait)
            response = view(request, *args, **kwargs)
            if counts and counts(response):
                limit.count(request)
            return response

        return checked

    return decorate


def client(request: HttpRequest) -> str:
    """Whom a request counts for: the client's address, of IPv6 the network that one customer has."""
    text = client_address(request)
    try:
        address = ip_address(text)
    except ValueError:  # a Unix socket has none
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{int(address) >> (128 - _IPV6_PREFIX):x}"


def too_many(text: str, wait: int) -> HttpResponse:
    """The answer to a machine."""
    response = HttpResponse(f"{text}\n", status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(wait)
    return response


def too_many_page(request: HttpRequest, text: str, wait: int) -> HttpResponse:
    """The answer to a person."""
    response = problem(request, 429, _("Too many attempts"), text)
    response["Retry-After"] = str(wait)
    return response
