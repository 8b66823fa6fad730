"""Parts of pages that are drawn once for all who look at them.

Rows, messages and the rail are most of what a page costs, and nearly all of them were drawn a moment ago, for this
person or a colleague. Each is drawn from one value that holds all that its template shows, so that equal ones share
their HTML and none can be out of date. Words, dates and numbers are of a language, so that it counts too.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def drawn(template: str, shown: Hashable) -> SafeString:
    """The template's HTML in the language that is spoken; `shown` is all of its context."""
    return _drawn(template, shown, get_language())


def all_drawn(template: str, each: Iterable[Hashable]) -> SafeString:
    """The template's HTML for each of them, one after the other."""
    language = get_language()
    return mark_safe("".join([_drawn(template, shown, language) for shown in each]))


@lru_cache(maxsize=10_000)
def _drawn(template: str, shown: Hashable, language: str) -> SafeString:
    return mark_safe(get_template(template).render({"shown": shown}))
