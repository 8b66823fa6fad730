"""Template tags of the transfers' pages."""

from django import template
from django.utils.translation import gettext

from replica import registry

register = template.Library()


@register.filter
def counted(resource: str, number: int) -> str:
    """So many of a resource: "1 ticket", "1,240 tickets"."""
    return registry.get(resource).listing.counted(number)


def counted_apart(numbers: dict[str, int]) -> str:
    """So many of each resource: "45 tickets and 44 customers"."""
    parts = [counted(resource, number) for resource, number in numbers.items() if number]
    text = parts[0] if parts else ""
    for part in parts[1:]:
        text = gettext("{one} and {other}").format(one=text, other=part)
    return text
