"""The resources of the API, one class each: which path, which fields, which type comes back. No HTTP in here.

All arguments but ids are keyword-only. An argument left out is not sent; None is sent as null in a body and left out
of a query. Every method makes one call, retried as `cstar._retry` says, and raises `cstar.errors.CStarError`:
`Unauthorized`, `Forbidden`, `RateLimited`, `ServerError`, `Unavailable`, `InvalidResponse` anywhere, `NotFound` where
there is an id, `BadRequest` and `Conflict` where something is written. Writes take an `idempotency_key`, remembered by
the API for 24 hours, and make one of their own if none is given. `page` counts from 1; `page_size` is 20 where it is
left out and at most 100. docs/cstar-api.md says how far each of these is documented.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import UNSET, UnsetType

from cstar import _answer
from cstar._session import EXPORT_LIMIT, Call, Session, encode, read, segment, write
from cstar.types import (
    NOT_GIVEN,
    Article,
    AuditEntry,
    BulkResult,
    CsvExport,
    Customer,
    Deleted,
    Export,
    ImportLog,
    ImportResult,
    Maybe,
    Member,
    Message,
    Page,
    QuickReply,
    Resource,
    SearchResult,
    Settings,
    Status,
    Tag,
    Ticket,
    Webhook,
    WebhookTest,
)

R = TypeVar("R", bound=Resource)

_EXPORTED: dict[str, type[Resource]] = {"tickets": Ticket, "customers": Customer, "articles": Article}


class _Group:
    """What the resources share: a path each, and the five usual verbs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _page(self, kind: type[R], path: str, query: Mapping[str, Any]) -> Page[R]:
        answer = self._session.call(read(path, query))
        number, size = query.get("page") or 1, query.get("pageSize") or _answer.DEFAULT_PAGE_SIZE
        return _answer.page(answer, kind, number=number, size=size)

    def _all(self, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> Page[R]:
        return _answer.page(self._session.call(read(path, query)), kind)

    def _get(self, kind: type[R], path: str) -> R:
        return _answer.one(self._session.call(read(path)), kind)

    def _write(self, kind: type[R], method: str, path: str, idempotency_key: str | None, **fields: Any) -> R:
        return _answer.one(self._session.call(write(method, path, _given(fields), idempotency_key)), kind)

    def _delete(self, path: str) -> Deleted:
        answer = self._session.call(Call("DELETE", path))
        return _answer.one(answer, Deleted) if answer.body else Deleted()


class Tickets(_Group):
    """/tickets (docs/cstar-api.md#tickets)."""

    def list(
        self,
        *,
        status: Maybe[str] = NOT_GIVEN,
        priority: Maybe[str] = NOT_GIVEN,
        search: Maybe[str] = NOT_GIVEN,
        customer_id: Maybe[str] = NOT_GIVEN,
        assigned_to: Maybe[str] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[Ticket]:
        """Return a page; `search` looks in title and content. Rows carry neither notes nor messages nor assignee.

        `assigned_to` is a member's id. The reference does not list it, so a server may ignore it.
        """
        query = {"status": status, "priority": priority, "search": search, "customerId": customer_id}
        more = {"assignedTo": assigned_to, "page": page, "pageSize": page_size}
        return self._page(Ticket, "/tickets", query | more)

    def get(self, id: str) -> Ticket:  # noqa: A002
        """Return the ticket with its whole thread in `messages`."""
        return self._get(Ticket, f"/tickets/{segment(id)}")

    def create(
        self,
        *,
        title: str,
        priority: Maybe[str] = NOT_GIVEN,
        customer_id: Maybe[str] = NOT_GIVEN,
        customer_name: Maybe[str] = NOT_GIVEN,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        notes: Maybe[str] = NOT_GIVEN,
        metadata: Maybe[Mapping[str, Any]] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Ticket:
        """Open a ticket, status `new`; `customer_name` counts only without `customer_id`. The answer is partial."""
        return self._write(
            Ticket,
            "POST",
            "/tickets",
            idempotency_key,
            title=title,
            priority=priority,
            customerId=customer_id,
            customerName=customer_name,
            tags=tags,
            notes=notes,
            metadata=metadata,
        )

    def update(
        self,
        id: str,  # noqa: A002
        *,
        title: Maybe[str] = NOT_GIVEN,
        status: Maybe[str] = NOT_GIVEN,
        priority: Maybe[str] = NOT_GIVEN,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        notes: Maybe[str] = NOT_GIVEN,
        metadata: Maybe[Mapping[str, Any]] = NOT_GIVEN,
        assigned_to: Maybe[str] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Ticket:
        """Change the given fields. `tags` replaces all, `metadata` merges (null removes a key); partial answer.

        `assigned_to` is a member's id or None for nobody; the reference does not list it for an update.
        """
        return self._write(
            Ticket,
            "PATCH",
            f"/tickets/{segment(id)}",
            idempotency_key,
            title=title,
            status=status,
            priority=priority,
            tags=tags,
            notes=notes,
            metadata=metadata,
            assignedTo=assigned_to,
        )

    def delete(self, id: str) -> Deleted:  # noqa: A002
        """Delete the ticket and its messages for good."""
        return self._delete(f"/tickets/{segment(id)}")


class Messages(_Group):
    """/tickets/{ticketId}/messages (docs/cstar-api.md#messages)."""

    def list(self, ticket_id: str) -> Page[Message]:
        """Return the whole thread, oldest first; not paged."""
        return self._all(Message, f"/tickets/{segment(ticket_id)}/messages")

    def create(
        self,
        ticket_id: str,
        *,
        content: str,
        sender: str | UnsetType = "agent",
        sender_name: Maybe[str] = NOT_GIVEN,
        is_internal: Maybe[bool] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Message:
        """Add a message; `is_internal=True` makes it a note that customers do not see."""
        return self._write(
            Message,
            "POST",
            f"/tickets/{segment(ticket_id)}/messages",
            idempotency_key,
            content=content,
            sender=sender,
            senderName=sender_name,
            isInternal=is_internal,
        )


class Customers(_Group):
    """/customers (docs/cstar-api.md#customers)."""

    def list(
        self,
        *,
        status: Maybe[str] = NOT_GIVEN,
        sentiment: Maybe[str] = NOT_GIVEN,
        search: Maybe[str] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[Customer]:
        """Return a page; `search` looks in name and e-mail address. Rows carry neither notes nor tags."""
        query = {"status": status, "sentiment": sentiment, "search": search, "page": page, "pageSize": page_size}
        return self._page(Customer, "/customers", query)

    def get(self, id: str) -> Customer:  # noqa: A002
        """Return the whole customer."""
        return self._get(Customer, f"/customers/{segment(id)}")

    def create(
        self,
        *,
        name: str,
        email: str,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        notes: Maybe[str] = NOT_GIVEN,
        metadata: Maybe[Mapping[str, Any]] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Add a customer; Conflict if the e-mail address is taken in this team. The answer is partial."""
        return self._write(
            Customer,
            "POST",
            "/customers",
            idempotency_key,
            name=name,
            email=email,
            tags=tags,
            notes=notes,
            metadata=metadata,
        )

    def update(
        self,
        id: str,  # noqa: A002
        *,
        name: Maybe[str] = NOT_GIVEN,
        email: Maybe[str] = NOT_GIVEN,
        status: Maybe[str] = NOT_GIVEN,
        sentiment: Maybe[str] = NOT_GIVEN,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        notes: Maybe[str] = NOT_GIVEN,
        metadata: Maybe[Mapping[str, Any]] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Change the given fields. `tags` replaces all, `metadata` merges (null removes a key); partial answer."""
        return self._write(
            Customer,
            "PATCH",
            f"/customers/{segment(id)}",
            idempotency_key,
            name=name,
            email=email,
            status=status,
            sentiment=sentiment,
            tags=tags,
            notes=notes,
            metadata=metadata,
        )

    def delete(self, id: str) -> Deleted:  # noqa: A002
        """Delete the customer for good; the tickets stay, unlinked."""
        return self._delete(f"/customers/{segment(id)}")


class Members(_Group):
    """/members (docs/cstar-api.md#members)."""

    def list(
        self,
        *,
        role: Maybe[str] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[Member]:
        """Return a page of the team's people."""
        return self._page(Member, "/members", {"role": role, "page": page, "pageSize": page_size})

    def get(self, id: str) -> Member:  # noqa: A002
        """Return one person; `id` is the membership's (`mem_`)."""
        return self._get(Member, f"/members/{segment(id)}")

    def update(self, id: str, *, role: str, idempotency_key: str | None = None) -> Member:  # noqa: A002
        """Change the role. The API names this endpoint and not its body: `role` is the field of the object."""
        return self._write(Member, "PATCH", f"/members/{segment(id)}", idempotency_key, role=role)


class Articles(_Group):
    """/articles (docs/cstar-api.md#articles)."""

    def list(
        self,
        *,
        category: Maybe[str] = NOT_GIVEN,
        status: Maybe[str] = NOT_GIVEN,
        is_public: Maybe[bool] = NOT_GIVEN,
        search: Maybe[str] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[Article]:
        """Return a page; `search` looks in title and content. Rows carry no content."""
        query = {"category": category, "status": status, "isPublic": is_public, "search": search}
        return self._page(Article, "/articles", {**query, "page": page, "pageSize": page_size})

    def get(self, id: str) -> Article:  # noqa: A002
        """Return the whole article."""
        return self._get(Article, f"/articles/{segment(id)}")

    def create(
        self,
        *,
        title: str,
        category: Maybe[str] = NOT_GIVEN,
        content: Maybe[str] = NOT_GIVEN,
        status: Maybe[str] = NOT_GIVEN,
        is_public: Maybe[bool] = NOT_GIVEN,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Article:
        """Add an article, a private draft unless told otherwise."""
        return self._write(
            Article,
            "POST",
            "/articles",
            idempotency_key,
            title=title,
            category=category,
            content=content,
            status=status,
            isPublic=is_public,
            tags=tags,
        )

    def update(
        self,
        id: str,  # noqa: A002
        *,
        title: Maybe[str] = NOT_GIVEN,
        category: Maybe[str] = NOT_GIVEN,
        content: Maybe[str] = NOT_GIVEN,
        status: Maybe[str] = NOT_GIVEN,
        is_public: Maybe[bool] = NOT_GIVEN,
        tags: Maybe[Sequence[str]] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Article:
        """Change the given fields; `tags` replaces all."""
        return self._write(
            Article,
            "PATCH",
            f"/articles/{segment(id)}",
            idempotency_key,
            title=title,
            category=category,
            content=content,
            status=status,
            isPublic=is_public,
            tags=tags,
        )

    def delete(self, id: str) -> Deleted:  # noqa: A002
        """Delete the article for good."""
        return self._delete(f"/articles/{segment(id)}")


class Tags(_Group):
    """/tags (docs/cstar-api.md#tags). The API can neither rename nor remove a tag."""

    def list(self) -> Page[Tag]:
        """Return all tags with the number of tickets that carry each; not paged."""
        return self._all(Tag, "/tags")

    def create(self, *, name: str, idempotency_key: str | None = None) -> Tag:
        """Add a tag that no ticket carries yet."""
        return self._write(Tag, "POST", "/tags", idempotency_key, name=name)


class AuditLog(_Group):
    """/audit-log (docs/cstar-api.md#audit-log)."""

    def list(
        self,
        *,
        action: Maybe[str] = NOT_GIVEN,
        resource_type: Maybe[str] = NOT_GIVEN,
        actor_id: Maybe[str] = NOT_GIVEN,
        start_date: datetime | Maybe[str] = NOT_GIVEN,
        end_date: datetime | Maybe[str] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[AuditEntry]:
        """Return a page of what anybody changed; dates are aware datetimes or ISO 8601. The order is not documented."""
        query = {"action": action, "resourceType": resource_type, "actorId": actor_id}
        dates = {"startDate": start_date, "endDate": end_date}
        return self._page(AuditEntry, "/audit-log", {**query, **dates, "page": page, "pageSize": page_size})


class TeamSettings(_Group):
    """/settings (docs/cstar-api.md#settings); a secret key, for reading too."""

    def get(self) -> Settings:
        """Return the team's name and slug."""
        return self._get(Settings, "/settings")

    def statuses(self) -> Page[Status]:
        """Return the ticket statuses that the team uses."""
        return self._all(Status, "/settings/statuses")

    def quick_replies(self) -> Page[QuickReply]:
        """Return the team's prepared answers."""
        return self._all(QuickReply, "/settings/quick-replies")


class Webhooks(_Group):
    """/webhooks (docs/cstar-api.md#webhooks); a secret key, for reading too."""

    def list(self, *, active: Maybe[bool] = NOT_GIVEN) -> Page[Webhook]:
        """Return all webhooks; not paged."""
        return self._all(Webhook, "/webhooks", {"active": active})

    def get(self, id: str) -> Webhook:  # noqa: A002
        """Return one webhook, without its secret."""
        return self._get(Webhook, f"/webhooks/{segment(id)}")

    def create(self, *, name: str, url: str, events: Sequence[str], idempotency_key: str | None = None) -> Webhook:
        """Add a webhook; `events` are types or wildcards like `ticket.*`. This answer alone holds the secret."""
        return self._write(Webhook, "POST", "/webhooks", idempotency_key, name=name, url=url, events=events)

    def update(
        self,
        id: str,  # noqa: A002
        *,
        name: Maybe[str] = NOT_GIVEN,
        url: Maybe[str] = NOT_GIVEN,
        events: Maybe[Sequence[str]] = NOT_GIVEN,
        is_active: Maybe[bool] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Webhook:
        """Change the given fields; the secret stays."""
        return self._write(
            Webhook,
            "PATCH",
            f"/webhooks/{segment(id)}",
            idempotency_key,
            name=name,
            url=url,
            events=events,
            isActive=is_active,
        )

    def delete(self, id: str) -> Deleted:  # noqa: A002
        """Delete the webhook; what waits to be delivered to it is dropped."""
        return self._delete(f"/webhooks/{segment(id)}")

    def test(self, id: str, *, event: Maybe[str] = NOT_GIVEN) -> WebhookTest:  # noqa: A002
        """Have a synthetic event delivered now and return how that went. The path is assumed."""
        return self._write(WebhookTest, "POST", f"/webhooks/{segment(id)}/test", None, event=event)


class Bulk(_Group):
    """/bulk (docs/cstar-api.md#bulk): up to 100 ids of tickets, customers or articles a call."""

    def update(
        self, *, resource: str, ids: Iterable[str], data: Mapping[str, Any], idempotency_key: str | None = None
    ) -> BulkResult:
        """Change the same fields of many objects; `data` has the API's own names, as in an update."""
        return self._run("update", idempotency_key, resource=resource, ids=list(ids), data=data)

    def delete(self, *, resource: str, ids: Iterable[str], idempotency_key: str | None = None) -> BulkResult:
        """Delete many objects for good."""
        return self._run("delete", idempotency_key, resource=resource, ids=list(ids))

    def _run(self, action: str, idempotency_key: str | None, **fields: Any) -> BulkResult:
        return self._write(BulkResult, "POST", "/bulk", idempotency_key, action=action, **fields)


class Imports(_Group):
    """/import (docs/cstar-api.md#import): up to 500 records of tickets, customers or articles a call."""

    def run(
        self,
        *,
        resource: str,
        records: Iterable[Mapping[str, Any]],
        merge_strategy: str = "skip",
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import records with the API's own field names; returns when they are in. Only `skip` is documented."""
        fields = {"resource": resource, "records": list(records), "mergeStrategy": merge_strategy}
        return self._write(ImportResult, "POST", "/import", idempotency_key, **fields)

    def list(self) -> Page[ImportLog]:
        """Return the imports of the past; not paged."""
        return self._all(ImportLog, "/import")


class Searching(_Group):
    """/search (docs/cstar-api.md#search)."""

    def search(self, q: str, types: Iterable[str] | UnsetType, limit: int | UnsetType) -> Page[SearchResult]:
        return self._all(SearchResult, "/search", {"q": q, "types": types, "limit": limit})


class Exporting(_Group):
    """/export (docs/cstar-api.md#export). It changes nothing, so it can be repeated without an idempotency key."""

    def json(self, resource: str, filters: Mapping[str, Any] | UnsetType) -> Export:
        answer = self._session.call(_export_call(resource, filters, "json"))
        data = answer.data()
        lists = data.get("resources") if isinstance(data, dict) else None
        if not isinstance(lists, dict) or not isinstance(lists.get(resource), list):
            raise answer.invalid("The export does not hold what was asked for.")
        typed = {name: _answer.rows(answer, lists[name], kind) for name, kind in _EXPORTED.items() if name in lists}
        total = data.get("totalRows")
        held = sum(len(rows) for rows in lists.values() if isinstance(rows, list))
        return Export(total if isinstance(total, int) else held, typed, data, answer.request_id)

    def csv(self, resource: str, filters: Mapping[str, Any] | UnsetType) -> CsvExport:
        answer = self._session.call(_export_call(resource, filters, "csv"))
        # Whether the text is the body or stands in the usual envelope is not documented.
        if answer.document is None:
            return CsvExport(_csv_body(answer), answer.request_id)
        return CsvExport(_csv_inside(answer, resource), answer.request_id)


def _export_call(resource: str, filters: Mapping[str, Any] | UnsetType, format: str) -> Call:  # noqa: A002
    wanted = _given({"type": resource, "filters": filters})
    body = encode({"resources": [wanted], "format": format})
    return Call("POST", "/export", body=body, repeatable=True, body_limit=EXPORT_LIMIT)


def _csv_body(answer: _answer.Answer) -> str:
    if not answer.headers.get("content-type", "").startswith(("text/csv", "text/plain", "application/csv")):
        raise answer.invalid("CSV was expected.")
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise answer.invalid("The CSV is not UTF-8.")


def _csv_inside(answer: _answer.Answer, resource: str) -> str:
    data = answer.data()
    inner = data.get("resources") if isinstance(data, dict) else None
    places = [
        data,
        *(d.get(k) for d in (data, inner) if isinstance(d, dict) for k in ("csv", "content", "data", resource)),
    ]
    found = next((text for text in places if isinstance(text, str)), None)
    if found is None:
        raise answer.invalid("CSV was expected.")
    return found


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not UNSET}
