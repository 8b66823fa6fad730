"""Template tags of the transfers' pages."""

from django import template
from django.utils.formats import localize
from django.utils.translation import ngettext

from core.stored import pattern

register = template.Library()

for one, many in (
    ("{number} article", "{number} articles"),
    ("{number} customer", "{number} customers"),
    ("{number} ticket", "{number} tickets"),
):
    pattern(one, many)


@register.filter
def counted(resource: str, number: int) -> str:
    """So many of a resource: "1 ticket", "1,240 tickets"."""
    words = {
        "articles": ngettext("{number} article", "{number} articles", number),
        "customers": ngettext("{number} customer", "{number} customers", number),
        "tickets": ngettext("{number} ticket", "{number} tickets", number),
    }
    return words[resource].format(number=localize(number))
