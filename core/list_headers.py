"""The heads and the removable filters of a list: addresses, since the address is the state."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import Truncator

from core.filters import FilterForm
from core.pagination import url_with


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. `direction` says how the list is sorted by it now: ascending, descending or none."""

    key: str
    label: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Pill:
    """A filter that is set, and the address without it."""

    label: str
    value: str
    url: str


def columns(form: FilterForm, names: Iterable[tuple[str, Promise]], *, downward: Collection[str]) -> list[Column]:
    """The heads with their sort links; the first click sorts those in `downward` from the largest or newest."""
    key, falling = form.sort.removeprefix("-"), form.sort.startswith("-")
    return [
        Column(
            name,
            str(label),
            url_with(form.query, sort=_next_sort(form.sort, name, name in downward), page=None),
            ("descending" if falling else "ascending") if name == key else "none",
        )
        for name, label in names
    ]


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


def _next_sort(current: str, name: str, downward: bool) -> str:
    if current.removeprefix("-") != name:
        return f"-{name}" if downward else name
    return name if current.startswith("-") else f"-{name}"
