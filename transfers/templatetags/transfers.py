"""Template tags of the transfers' pages."""

from django import template
from django.utils.formats import localize

register = template.Library()


@register.filter
def counted(resource: str, number: int) -> str:
    """So many of a resource, named as the API names it: "1 ticket", "1,240 tickets"."""
    return f"{localize(number)} {resource.removesuffix('s') if number == 1 else resource}"
