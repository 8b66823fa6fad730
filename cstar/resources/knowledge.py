"""The knowledge base: articles."""

from collections.abc import Sequence

from cstar._session import segment
from cstar.resources._group import Group
from cstar.types import NOT_GIVEN, Article, Deleted, Maybe, Page


class Articles(Group):
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
