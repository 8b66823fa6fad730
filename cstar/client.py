"""The client: what callers hold."""

import random as _random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, overload

from msgspec import UnsetType

from cstar import resources
from cstar._secret import Secret
from cstar._session import Session
from cstar.http import BaseTransport
from cstar.types import NOT_GIVEN, Attempt, CsvExport, Export, Page, SearchResult

BASE_URL = "https://www.cstar.help/api/v1"


class Client:
    """The cStar API for one team: `client.tickets.list(status="open")`.

    Cheap to build (one a web request): all clients of a process share a connection pool per `transport`. Safe to share
    between threads. `gate` is called before every HTTP request, retries included, in the caller's thread; a CStarError
    that it raises is what becomes of the call. `observer` is called after each one's answer was read; it must not
    raise. `repeat_posts=False` leaves a POST whose answer was lost to the caller, who can look what became of it: a
    server that does not remember Idempotency-Keys would do it twice. `sleep`, `random` (0 to 1) and `clock` (seconds)
    are there for tests.

    Raises ValueError, without the key in it, for a key, team id or address that cannot be one.
    """

    def __init__(
        self,
        *,
        key: str,
        team_id: str,
        base_url: str = BASE_URL,
        transport: BaseTransport | None = None,
        gate: Callable[[], None] | None = None,
        observer: Callable[[Attempt], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _random.random,
        clock: Callable[[], float] = time.monotonic,
        repeat_posts: bool = True,
    ) -> None:
        secret = Secret(key)
        del key  # a report of a later failure may show the local variables
        self._session = session = Session(
            secret=secret,
            team_id=team_id,
            base_url=base_url,
            transport=transport,
            gate=gate,
            observer=observer,
            sleep=sleep,
            random=random,
            clock=clock,
            repeat_posts=repeat_posts,
        )
        self.tickets = resources.Tickets(session)
        self.messages = resources.Messages(session)
        self.customers = resources.Customers(session)
        self.members = resources.Members(session)
        self.articles = resources.Articles(session)
        self.categories = resources.Categories(session)
        self.tags = resources.Tags(session)
        self.audit_log = resources.AuditLog(session)
        self.settings = resources.TeamSettings(session)
        self.webhooks = resources.Webhooks(session)
        self.bulk = resources.Bulk(session)
        self.imports = resources.Imports(session)

    def search(
        self, q: str, *, types: Iterable[str] | UnsetType = NOT_GIVEN, limit: int | UnsetType = NOT_GIVEN
    ) -> Page[SearchResult]:
        """Search everything at once (docs/cstar-api.md#search).

        `types`: any of tickets, customers, articles; `limit`: 10 where it is left out. Not paged.
        """
        return resources.Searching(self._session).search(q, types, limit)

    @overload
    def export(
        self, resource: str, *, filters: Mapping[str, Any] | UnsetType = ..., format: Literal["json"] = ...
    ) -> Export: ...

    @overload
    def export(
        self, resource: str, *, filters: Mapping[str, Any] | UnsetType = ..., format: Literal["csv"]
    ) -> CsvExport: ...

    def export(
        self,
        resource: str,
        *,
        filters: Mapping[str, Any] | UnsetType = NOT_GIVEN,
        format: Literal["json", "csv"] = "json",  # noqa: A002
    ) -> Export | CsvExport:
        """Return up to 10,000 rows of tickets, customers or articles in one call (docs/cstar-api.md#export).

        `filters` has the names of the list's query, e.g. `{"status": "open"}`. The answer may be 64 MB large.
        """
        exporting = resources.Exporting(self._session)
        return exporting.csv(resource, filters) if format == "csv" else exporting.json(resource, filters)

    def __repr__(self) -> str:
        session = getattr(self, "_session", None)  # reports of a failed construction show its half-built object
        return f"<Client of {session.base}>" if session else "<Client>"
