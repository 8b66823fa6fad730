"""The team itself: members, tags, settings, webhooks and the audit log."""

from collections.abc import Sequence
from datetime import datetime

from cstar._session import segment
from cstar.resources._group import Group
from cstar.types import (
    NOT_GIVEN,
    AuditEntry,
    Deleted,
    Maybe,
    Member,
    Page,
    QuickReply,
    Settings,
    Status,
    Tag,
    Webhook,
    WebhookTest,
)


class Members(Group):
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


class Tags(Group):
    """/tags (docs/cstar-api.md#tags). The API can neither rename nor remove a tag."""

    def list(self) -> Page[Tag]:
        """Return all tags with the number of tickets that carry each; not paged."""
        return self._all(Tag, "/tags")

    def create(self, *, name: str, idempotency_key: str | None = None) -> Tag:
        """Add a tag that no ticket carries yet."""
        return self._write(Tag, "POST", "/tags", idempotency_key, name=name)


class AuditLog(Group):
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


class TeamSettings(Group):
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


class Webhooks(Group):
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
