"""Tickets and the messages of their threads."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UnsetType

from cstar._session import segment
from cstar.resources._group import Group
from cstar.types import NOT_GIVEN, Deleted, Maybe, Message, Page, Ticket


class Tickets(Group):
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


class Messages(Group):
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
