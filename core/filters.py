"""Filters in the address. Whatever stands there, there is a page; a filter that cannot be used lets nothing through."""

from hashlib import sha256
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.fields import SearchField
from core.forms import DeskForm
from core.pagination import PAGE_SIZES, page_number, url_with

Rows = TypeVar("Rows", bound=Model)


class FilterForm(DeskForm):
    """A form over `request.GET` with the page number and size that every list has."""

    # What may stand in `sort` (each with the columns it means; the last makes the order total), and what does if none.
    SORTS: dict[str, tuple[str, ...]] = {}
    DEFAULT_SORT = ""

    def __init__(self, query: QueryDict):
        super().__init__(query)
        self.data = self.query = self._without_noise(query)
        self.is_valid()

    def value(self, name: str):
        """The cleaned value, or None where nothing sensible was given."""
        return self.cleaned_data.get(name) or None

    def given(self) -> dict:
        """The filters that are set; without them the list shows everything."""
        return {name: value for name in self.fields if (value := self.value(name))}

    def only_if_usable(self, rows: QuerySet[Rows]) -> QuerySet[Rows]:
        """The rows, or none of them where a filter cannot be used: without it the list would show more, not less."""
        return rows.none() if self.errors else rows

    @property
    def problems(self) -> list[str]:
        """What cannot be used of the address, a sentence each."""
        return [self._problem(name) for name in self.errors]

    def _problem(self, name: str) -> str:
        field = self.fields[name]
        if isinstance(field, SearchField):
            return str(self.errors[name][0])
        text = _("The filter “{filter}” has a value that cannot be used: remove it or choose another.")
        return text.format(filter=field.label)

    @property
    def fingerprint(self) -> str:
        """Stands for the filters that are set: what was computed for them is remembered under it."""
        if self.errors:
            return "unusable"
        return sha256(repr(sorted(self.given().items())).encode()).hexdigest()

    @property
    def address(self) -> str:
        """The list as it is, without the empty parameters that a browser's form sends along."""
        return url_with(self.query)

    @property
    def clear_url(self) -> str:
        """The list without any filter, sorted and cut into pages as it is."""
        return url_with(self.query, page=None, **dict.fromkeys(self.fields))

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the filter's form does not show and must not lose: how the list is sorted and cut into pages."""
        return [(name, str(self.query[name])) for name in ("sort", "page_size") if name in self.query]

    @property
    def sort(self) -> str:
        sort = self.query.get("sort", "")
        return sort if sort.removeprefix("-") in self.SORTS else self.DEFAULT_SORT

    @property
    def order(self) -> list[str]:
        """The columns to order by. `-` turns the whole order round; a secondary order of its own stays as it is."""
        first, *rest = self.SORTS[self.sort.removeprefix("-")]
        if not self.sort.startswith("-"):
            return [first, *rest]
        return [turned(first), *(rest if len(rest) > 1 else map(turned, rest))]

    @property
    def compares_text(self) -> bool:
        """Whether the list is searched or sorted by folded text (core/folding.py)."""
        return bool(self.value("search")) or self.order[0].endswith("_key")

    @property
    def page(self) -> int:
        return page_number(self.query)

    @property
    def page_size(self) -> int:
        text = self.query.get("page_size", "")
        return int(text) if text in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[1]

    def _without_noise(self, query: QueryDict) -> QueryDict:
        """Only the parameters that a list has, and of them only those with a value: links are made of this."""
        kept = QueryDict(mutable=True)
        for name in (*self.fields, "sort", "page", "page_size"):
            if values := [value for value in query.getlist(name) if value.strip()]:
                kept.setlist(name, values)
        return kept


def turned(field: str) -> str:
    """The same column in the other direction."""
    return field[1:] if field.startswith("-") else f"-{field}"
