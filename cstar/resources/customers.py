"""Customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from cstar._session import segment
from cstar.resources._group import Group
from cstar.types import NOT_GIVEN, Customer, Deleted, Maybe, Page


class Customers(Group):
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
