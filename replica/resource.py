"""The Resource declaration: what the whole desk needs to know of one resource of the API, said once.

An app declares its resources in `resource.py` and registers them in `apps.py`. Whatever works on all resources reads
them from here: the sweep, the change feed, webhooks, the outbox, capabilities, navigation. None of that names one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.folding import fold, sort_key
from core.forms import DeskForm
from core.urls import page_url
from cstar import Client
from replica import payload_fields
from replica.models import WorkingCopy
from teams.models import Team
from teams.policy import May

if TYPE_CHECKING:
    from core.navigation import Provider
    from replica.capabilities import Feature
    from replica.transfer import Transfer
    from replica.webhooks import Event

Row = dict[str, Any]
Follower = Callable[[Team, list[str]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """What a resource has whose objects are read whole and kept without a model of their own.

    `client` is the name of its part of the client. `name` and `position` are the API's fields that name an object and
    that say its place; without a position objects stand by name. `form` has the fields that people write, `right` is
    what they need for it. `after_delete` says what becomes of what an object held once it is deleted.
    """

    client: str
    form: type[DeskForm]
    right: May
    name: str = "name"
    position: str = ""
    after_delete: str | Promise = ""


class Words(NamedTuple):
    """An object of a resource and several of them, as people call them within a sentence."""

    one: str | Promise
    many: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of the API that the desk keeps a copy of.

    `name` is its plural, as the API's addresses have it, and `words` what people call it; `order` says which is filled
    first.

    Reading: `read_all(client, team)` yields all rows that the copy should hold; rows that it no longer yields are
    dropped. `read_one(team, cstar_id, client)` brings one object up to date (one call) and raises `NotFound` for one
    that is gone; without it the whole resource is read again. The desk can live without an `optional` one: a cStar that
    does not offer it holds up nothing.

    Changes: `audit_type` is the audit log's `resourceType` for it, and the first word of its webhook events;
    `audit_parts` are the types of what belongs to an object, such as its messages. `apply_event(team, event)` applies a
    webhook's payload and returns whether it held enough; otherwise the object is read. It is called in the transaction
    that notes the event, must not call cStar, and never sees deletions. `page` is the route of an object's page.

    Where the audit log does not suffice: `differs(held, row)` says whether a row tells of something that people did;
    `poll(team, client)` reads lists for what changed, as cheaply as can be, and returns the ids of what did;
    `backfill(team, client, most)` reads with at most so many calls what rows leave out, and returns how many it took.

    Consequences: `after_write(team, ids)` is called in the same transaction as each batch of writes; so is each
    follower in `follows`, whenever rows of the resource that it is listed under were written. `before_forgetting` is
    called just before rows are dropped, `after_sweep(team)` when a sweep has read every resource.

    Writing: `writes` says for each kind of outbox entry how it is sent (`outbox.handlers.Handler`).

    `listing` says what its list has (`replica.listing.Listing`), and `transfer` how what it lists is exported, imported
    and edited in bulk; without `transfer` it is not.

    `small` is for a resource that is read whole and has no model of its own (`replica.models.SmallObject`).

    `activity` is what the record calls what was done: {"created": "created the ticket"}.

    `features` are what a cStar may lack of it, by name; `section` is its part of the navigation, and `section_order`
    its place there.
    """

    name: str
    model: type[WorkingCopy]
    order: int
    words: Words
    read_all: Callable[[Client, Team], Iterable[Row]]
    read_one: Callable[[Team, str, Client], object] | None = None
    optional: bool = False
    audit_type: str = ""
    audit_parts: tuple[str, ...] = ()
    apply_event: Callable[[Team, Event], bool] | None = None
    page: str = ""
    differs: Callable[[Row, Row], bool] = lambda held, row: True
    poll: Callable[[Team, Client], list[str]] | None = None
    backfill: Callable[[Team, Client, int], int] | None = None
    after_write: Follower | None = None
    follows: Mapping[str, tuple[Follower, ...]] = field(default_factory=dict)
    before_forgetting: Follower | None = None
    after_sweep: Callable[[Team], None] | None = None
    writes: Mapping[str, Any] = field(default_factory=dict)
    features: Mapping[str, Feature] = field(default_factory=dict)
    small: Any = None
    listing: Any = None
    transfer: Transfer | None = None
    activity: Mapping[str, str | Promise] = field(default_factory=dict)
    section: Provider | None = None
    section_order: int = 0

    def held(self, team: Team) -> QuerySet[Any]:
        """The team's rows in the working copy."""
        return self.model._default_manager.filter(team=team, **self.kind)

    @property
    def kind(self) -> dict[str, str]:
        """The filter for its rows in a model that other resources share."""
        return {"resource": self.name} if self.small else {}

    def columns(self, team: Team, payloads: list[Row]) -> list[dict[str, Any]]:
        """The columns' values for each whole object."""
        if self.small is None:
            return self.model.columns(team, payloads)
        small = self.small
        names = [payload_fields.text(payload, small.name, 200) or payload["id"] for payload in payloads]
        return [
            {
                "name": name,
                "name_key": sort_key(name),
                "position": payload_fields.number(payload, small.position) if small.position else 0,
                "folded": fold(name),
                "updated_at": payload_fields.moment(payload, "updatedAt"),
            }
            for name, payload in zip(names, payloads, strict=True)
        ]

    @property
    def is_transferable(self) -> bool:
        """Whether cStar's /bulk, /import and /export know it."""
        return self.transfer is not None

    @property
    def list_url(self) -> str:
        return page_url(f"{self.name}:list")
