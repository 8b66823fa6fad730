"""The knowledge base: articles and their categories."""

from collections.abc import Sequence

from cstar._session import segment
from cstar.resources._group import Group
from cstar.types import NOT_GIVEN, Article, Category, Deleted, Maybe, Page


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


class Categories(Group):
    """/categories (docs/cstar-api.md#categories)."""

    def list(
        self,
        *,
        is_public: Maybe[bool] = NOT_GIVEN,
        page: Maybe[int] = NOT_GIVEN,
        page_size: Maybe[int] = NOT_GIVEN,
    ) -> Page[Category]:
        """Return all categories by `sort_order` and name, or a page of them if `page` or `page_size` is given."""
        query = {"isPublic": is_public, "page": page, "pageSize": page_size}
        paged = bool(page or page_size)
        return self._page(Category, "/categories", query) if paged else self._all(Category, "/categories", query)

    def get(self, id: str) -> Category:  # noqa: A002
        """Return one category. The reference does not list this endpoint, so a server may lack it."""
        return self._get(Category, f"/categories/{segment(id)}")

    def create(
        self,
        *,
        name: str,
        description: Maybe[str] = NOT_GIVEN,
        icon: Maybe[str] = NOT_GIVEN,
        color: Maybe[str] = NOT_GIVEN,
        sort_order: Maybe[int] = NOT_GIVEN,
        is_public: Maybe[bool] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Category:
        """Add a category; `icon` is a name like `credit-card`, `color` like `#7c3aed`. Conflict if `name` is taken."""
        return self._write(
            Category,
            "POST",
            "/categories",
            idempotency_key,
            name=name,
            description=description,
            icon=icon,
            color=color,
            sortOrder=sort_order,
            isPublic=is_public,
        )

    def update(
        self,
        id: str,  # noqa: A002
        *,
        name: Maybe[str] = NOT_GIVEN,
        description: Maybe[str] = NOT_GIVEN,
        icon: Maybe[str] = NOT_GIVEN,
        color: Maybe[str] = NOT_GIVEN,
        sort_order: Maybe[int] = NOT_GIVEN,
        is_public: Maybe[bool] = NOT_GIVEN,
        idempotency_key: str | None = None,
    ) -> Category:
        """Change the given fields; None clears description, icon and color. Conflict if `name` is taken."""
        return self._write(
            Category,
            "PATCH",
            f"/categories/{segment(id)}",
            idempotency_key,
            name=name,
            description=description,
            icon=icon,
            color=color,
            sortOrder=sort_order,
            isPublic=is_public,
        )

    def delete(self, id: str) -> Deleted:  # noqa: A002
        """Delete the category for good; its articles stay, without a category."""
        return self._delete(f"/categories/{segment(id)}")
