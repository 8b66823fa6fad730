"""Pages of a list whose total the caller already knows (and may have cached)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `items`, and the numbers that its foot shows."""

    items: list[Any]
    number: int
    size: int
    total: int
    query: QueryDict

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def end(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous_url(self) -> str | None:
        return self._url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self._url(self.number + 1) if self.number < self.last else None

    @property
    def numbers(self) -> list[tuple[int | None, str]]:
        """The page numbers worth a link: first, last, and those around this one; None marks a gap."""
        near = range(self.number - 1, self.number + 2)
        shown = sorted({1, self.last, *(number for number in near if 1 <= number <= self.last)})
        found: list[tuple[int | None, str]] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number > before + 1:
                found.append((None, ""))
            found.append((number, self._url(number)))
        return found

    @property
    def size_urls(self) -> list[tuple[int, str | None]]:
        """Each page size with its address; the present one without."""
        return [
            (size, None if size == self.size else url_with(self.query, page_size=str(size), page=None))
            for size in PAGE_SIZES
        ]

    def _url(self, number: int) -> str:
        return url_with(self.query, page=str(number) if number > 1 else None)


def page_number(query: QueryDict) -> int:
    """The page that an address asks for; the first where it names none that can be."""
    text = query.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def paginate(queryset: Any, *, number: int, size: int, total: int, query: QueryDict) -> Page:
    """The page asked for, or the last one there is."""
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    items = list(queryset[(number - 1) * size : number * size]) if total else []
    return Page(items=items, number=number, size=size, total=total, query=query)


def url_with(query: QueryDict, **changes: str | list[str] | None) -> str:
    """The list's address with some parameters set, or removed where the value is None."""
    pairs = [(name, value) for name, values in query.lists() if name not in changes for value in values]
    for name, value in changes.items():
        if value is not None:
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    # A bare "?" is the same page without parameters.
    return f"?{urlencode(pairs)}"
