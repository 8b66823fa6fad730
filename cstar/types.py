"""What the API gives, as typed objects.

Every field but the id may be absent: list rows and the answers to create and update carry only some
(docs/cstar-api.md#answers). Absent is `UNSET`, null is None. `raw` is the whole object as the API gave it, fields
unknown to this package included; `request_id` is the id of the call that brought it. Statuses, priorities, roles and
the like are plain strings, since teams define their own and the API adds values. Times are aware datetimes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeAlias, TypeVar, cast

from msgspec import UNSET, Meta, Struct, UnsetType

NOT_GIVEN = UNSET
"""The default of optional arguments: the field is not sent. None is sent as null."""

Time = Annotated[datetime, Meta(tz=True)]

T = TypeVar("T")

Maybe: TypeAlias = T | UnsetType | None
"""A field that may be absent (UNSET) or null (None); an argument that may be left out."""


Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
"""An id that may stand in an address: theirs and ours (docs/cstar-api.md#ids)."""


STATUSES = ("new", "open", "pending", "resolved", "closed")
"""The statuses of a ticket that are documented; a team may have others."""


class Resource(Struct, frozen=True, kw_only=True, rename="camel", dict=True):
    """Base of all objects of the API."""

    # In the instance's own dict and not fields: a field could clash with one that the API adds some day.
    @property
    def raw(self) -> dict[str, Any]:
        """The whole object as the API gave it."""
        return cast(dict[str, Any], self.__dict__.get("_raw", {}))

    @property
    def request_id(self) -> str | None:
        """The id under which cStar's support finds the call that brought this object."""
        return cast("str | None", self.__dict__.get("_request_id"))

    def attach(self, raw: Mapping[str, Any], request_id: str | None) -> None:
        """Remember where the object came from; called once, by the client."""
        self.__dict__.update(_raw=raw, _request_id=request_id)


class Message(Resource, frozen=True):
    """One message of a ticket. `sender`: agent, customer or system; `is_internal`: a note of the team."""

    id: Id
    ticket_id: Maybe[str] = UNSET
    content: Maybe[str] = UNSET
    sender: Maybe[str] = UNSET
    sender_name: Maybe[str] = UNSET
    is_internal: Maybe[bool] = UNSET
    created_at: Maybe[Time] = UNSET


class Ticket(Resource, frozen=True):
    """A conversation. `messages` comes with `get` alone, oldest first."""

    id: Id
    title: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    priority: Maybe[str] = UNSET
    customer_id: Maybe[str] = UNSET
    customer_name: Maybe[str] = UNSET
    assigned_to: Maybe[str] = UNSET
    tags: Maybe[list[str]] = UNSET
    notes: Maybe[str] = UNSET
    metadata: Maybe[dict[str, Any]] = UNSET
    message_count: Maybe[int] = UNSET
    messages: Maybe[list[Message]] = UNSET
    created_at: Maybe[Time] = UNSET
    updated_at: Maybe[Time] = UNSET
    resolved_at: Maybe[Time] = UNSET

    def attach(self, raw: Mapping[str, Any], request_id: str | None) -> None:
        super().attach(raw, request_id)
        for message, its_raw in zip(self.messages or (), raw.get("messages") or (), strict=True):
            message.attach(its_raw, request_id)


class Customer(Resource, frozen=True):
    """A person who writes tickets. `sentiment`: positive, neutral or negative."""

    id: Id
    name: Maybe[str] = UNSET
    email: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    sentiment: Maybe[str] = UNSET
    tags: Maybe[list[str]] = UNSET
    notes: Maybe[str] = UNSET
    metadata: Maybe[dict[str, Any]] = UNSET
    ticket_count: Maybe[int] = UNSET
    created_at: Maybe[Time] = UNSET
    updated_at: Maybe[Time] = UNSET


class Member(Resource, frozen=True):
    """A person of the team. `role`: owner, admin, manager, librarian, agent or spectator."""

    id: Id
    user_id: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    email: Maybe[str] = UNSET
    avatar_url: Maybe[str] = UNSET
    role: Maybe[str] = UNSET
    role_display_name: Maybe[str] = UNSET
    permissions: Maybe[list[str]] = UNSET
    level: Maybe[int] = UNSET
    xp: Maybe[int] = UNSET
    joined_at: Maybe[Time] = UNSET


class Article(Resource, frozen=True):
    """A page of the knowledge base, `content` in Markdown. `status`: draft, published or archived."""

    id: Id
    title: Maybe[str] = UNSET
    content: Maybe[str] = UNSET
    category: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    is_public: Maybe[bool] = UNSET
    tags: Maybe[list[str]] = UNSET
    view_count: Maybe[int] = UNSET
    use_count: Maybe[int] = UNSET
    created_at: Maybe[Time] = UNSET
    updated_at: Maybe[Time] = UNSET


class Category(Resource, frozen=True):
    """A category of articles. `sort_order` ascends; `article_count` is not documented and may never come."""

    id: Id
    name: Maybe[str] = UNSET
    slug: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    icon: Maybe[str] = UNSET
    color: Maybe[str] = UNSET
    sort_order: Maybe[int] = UNSET
    is_public: Maybe[bool] = UNSET
    article_count: Maybe[int] = UNSET
    created_at: Maybe[Time] = UNSET
    updated_at: Maybe[Time] = UNSET


class Tag(Resource, frozen=True):
    """A tag and the number of tickets that carry it; tags have no id."""

    name: str
    count: Maybe[int] = UNSET


class AuditEntry(Resource, frozen=True):
    """One change that somebody made. `action`: `ticket.created` ...; `resource_type` is singular."""

    id: str
    action: Maybe[str] = UNSET
    resource_type: Maybe[str] = UNSET
    resource_id: Maybe[str] = UNSET
    actor_id: Maybe[str] = UNSET
    actor_name: Maybe[str] = UNSET
    details: Maybe[dict[str, Any]] = UNSET
    created_at: Maybe[Time] = UNSET


class SearchResult(Resource, frozen=True):
    """A hit of a search. `type`: ticket, customer or article; `snippet`: the text around the match."""

    id: str
    type: Maybe[str] = UNSET
    title: Maybe[str] = UNSET
    snippet: Maybe[str] = UNSET


class Settings(Resource, frozen=True):
    """The team's settings, as far as their fields are documented."""

    team_name: Maybe[str] = UNSET
    team_slug: Maybe[str] = UNSET


class Status(Resource, frozen=True):
    """A ticket status that the team uses. No row is documented: `key`, `id` or `name` may be all that it has."""

    key: Maybe[str] = UNSET
    id: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    kind: Maybe[str] = UNSET
    category: Maybe[str] = UNSET
    color: Maybe[str] = UNSET
    pauses_sla: Maybe[bool] = UNSET

    def __post_init__(self) -> None:
        if not (self.key or self.id or self.name):
            raise ValueError("a status has neither key nor id nor name")

    @property
    def value(self) -> str:
        """What stands in a ticket's `status`. A documented one that has a name alone is known by it: Open is open."""
        name = str(self.name or "")
        return self.key or self.id or (name.lower() if name.lower() in STATUSES else name)

    @property
    def label(self) -> str:
        """What people read."""
        return self.name or self.value


class QuickReply(Resource, frozen=True):
    """A prepared answer. The API's own shape is not documented (docs/cstar-api.md#settings)."""

    id: Id
    title: Maybe[str] = UNSET
    content: Maybe[str] = UNSET
    shortcut: Maybe[str] = UNSET


class Webhook(Resource, frozen=True):
    """An address that hears of events. Only the answer to create holds the secret, in one of two fields."""

    id: Id
    name: Maybe[str] = UNSET
    url: Maybe[str] = UNSET
    events: Maybe[list[str]] = UNSET
    secret: Maybe[str] = UNSET
    signing_secret: Maybe[str] = UNSET
    is_active: Maybe[bool] = UNSET
    created_at: Maybe[Time] = UNSET
    updated_at: Maybe[Time] = UNSET

    def __repr__(self) -> str:
        return f"<Webhook {self.id}>"  # never the secret


class WebhookTest(Resource, frozen=True):
    """How a test delivery went: `status` of the receiver's answer, or why there was none in `error`."""

    delivery_id: Maybe[str] = UNSET
    event: Maybe[str] = UNSET
    url: Maybe[str] = UNSET
    success: Maybe[bool] = UNSET
    status: Maybe[int] = UNSET
    response_time_ms: Maybe[int] = UNSET
    error: Maybe[str] = UNSET


class Deleted(Resource, frozen=True):
    """The answer to a delete; only newer versions of the API add the id."""

    deleted: bool = True
    id: Maybe[str] = UNSET


class BulkResult(Resource, frozen=True):
    """The outcome of a bulk operation. The shape of the `errors` is not documented."""

    total: int
    succeeded: int
    failed: int
    action: Maybe[str] = UNSET
    resource: Maybe[str] = UNSET
    errors: list[Any] = []


class ImportResult(Resource, frozen=True):
    """The outcome of an import. The shape of the `errors` is not documented."""

    total: int
    created: int
    updated: int
    skipped: int
    resource: Maybe[str] = UNSET
    errors: list[Any] = []


class ImportLog(Resource, frozen=True):
    """One import of the past."""

    id: str
    resource: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    total_records: Maybe[int] = UNSET
    created: Maybe[int] = UNSET
    created_at: Maybe[Time] = UNSET


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list; `page` counts from 1.

    Endpoints that are not paged (messages, tags, imports, search) give one page that holds all. `total` and
    `total_pages` are None where a paged endpoint did not say; `has_more` is then True for a full page.
    """

    items: list[T]
    page: int
    page_size: int
    total: int | None
    total_pages: int | None
    has_more: bool
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Export:
    """Whole lists in one call, at most 10,000 rows of a resource.

    `resources` maps tickets, customers, articles to typed rows, which may be as partial as list rows. Rows of a
    resource unknown to this package are in `raw` alone, which is the API's whole `data`.
    """

    total_rows: int
    resources: dict[str, list[Resource]]
    raw: dict[str, Any]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class CsvExport:
    """An export as CSV text, heading first."""

    content: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the X-RateLimit-* headers said.

    `limit` and `remaining` in calls, `reset` in Unix seconds, `window` in seconds.
    """

    limit: int
    remaining: int
    reset: int | None
    window: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request as the client's observer sees it.

    `path` begins after the team, without the query. `status` is None where no answer came; `sent` is False where
    nothing left this machine, so that cStar cannot have counted it. `retry_after` and `elapsed` in seconds.
    `answered_at` is when, by cStar's clock (`meta.timestamp`, else the `Date` header), and `object_id` the id of the
    one object in its `data`. `wrote` holds the fields of a PATCH.
    """

    method: str
    path: str
    status: int | None
    sent: bool
    rate_limit: RateLimit | None
    retry_after: int | None
    request_id: str | None
    elapsed: float
    answered_at: datetime | None = None
    object_id: str | None = None
    wrote: Mapping[str, Any] | None = None
