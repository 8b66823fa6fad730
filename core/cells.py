"""What stands in the cells of a list. A cell is a function from a row to safe HTML; these make the usual ones.

A cell depends on the row's own values and the language alone, so that rows are drawn once for everybody; a time is for
`when`, which no other cell of the list shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias

from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import labels
from core.times import age, told
from core.urls import page_url

Cell: TypeAlias = Callable[[Any], SafeString]


def number(attribute: str) -> Cell:
    read = attrgetter(attribute)
    return lambda row: conditional_escape(localize(read(row)))


@dataclass(frozen=True, slots=True)
class when:  # noqa: N801 - it stands among functions
    """How long ago it was, with the exact time on hover: another text each minute and in each time zone."""

    attribute: str

    def __call__(self, row: Any) -> SafeString:
        return told(age(getattr(row, self.attribute)))


def status(row: Any) -> SafeString:
    return marked("status", row.status_class, labels.words(row.status))


@lru_cache(maxsize=1000)
def marked(kind: str, variant: str, words: str) -> SafeString:
    """A word whose look tells as well, such as a status or a priority."""
    return format_html('<span class="{0} {0}--{1}">{2}</span>', kind, variant, words)


def link(attribute: str, route: str) -> Cell:
    """The object's name, which leads to its page."""
    read = attrgetter(attribute)

    def cell(row: Any) -> SafeString:
        url = page_url(route, row.cstar_id)
        return format_html('<a class="subject" dir="auto" href="{}">{}</a>', url, read(row))

    return cell


def tags(names: list[str], most: int) -> SafeString:
    """The first tags of an object."""
    return mark_safe(" ".join(map(_tag, names[:most])))


@lru_cache(maxsize=1000)
def _tag(name: str) -> SafeString:
    return format_html('<span class="tag"><bdi>{}</bdi></span>', name)
