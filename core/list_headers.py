"""The heads and the removable filters of a list: addresses, since the address is the state."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import Truncator

from core.cells import Cell
from core.filters import FilterForm
from core.pagination import url_with


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: the filter form sorts by its `key` if that is one of its sorts, `cell` makes a row's cell.

    `css` are the classes of head and cells. The first click on the head sorts from the smallest, or from the largest or
    newest where `largest_first`.
    """

    key: str
    label: str | Promise
    cell: Cell
    css: str = ""
    largest_first: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `url` sorts by it.

    `direction` says how the list is sorted by it now: ascending, descending or none.
    """

    key: str
    label: str
    css: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Pill:
    """A filter that is set, and the address without it."""

    label: str
    value: str
    url: str


def heads(form: FilterForm, columns: Iterable[Column]) -> list[Head]:
    """The heads of these columns with their sort links."""
    key, falling = form.sort.removeprefix("-"), form.sort.startswith("-")
    found = []
    for column in columns:
        is_sorted = column.key == key
        turned = not falling if is_sorted else column.largest_first
        sort = f"-{column.key}" if turned else column.key
        url = url_with(form.query, sort=sort, page=None) if column.key in form.SORTS else ""
        direction = ("descending" if falling else "ascending") if is_sorted else "none"
        found.append(Head(column.key, str(column.label), column.css, url, direction))
    return found


def pills(form: FilterForm, words: Callable[[str, str], str]) -> list[Pill]:
    """One for each value that the list is filtered by; `words(field, value)` says it for people."""
    found = []
    for name, given in form.given().items():
        values = given if isinstance(given, list) else [given]
        for value in values:
            rest = [other for other in values if other != value]
            url = url_with(form.query, **{name: rest or None}, page=None)
            found.append(Pill(str(form.fields[name].label or name), words(name, value), url))
    return found + [_unusable(form, name) for name in form.errors]


def _unusable(form: FilterForm, name: str) -> Pill:
    """A filter that cannot be used, by what stands in the address."""
    value = ", ".join(form.query.getlist(name)).replace("\x00", "\ufffd")
    label = str(form.fields[name].label or name)
    return Pill(label, Truncator(value).chars(40), url_with(form.query, **{name: None}, page=None))
