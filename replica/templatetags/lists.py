"""The rows of lists, made of the columns that a resource declares."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.list_headers import Column
from replica.listing import Listing
from replica.resource import Resource

register = template.Library()

_CHECK = (
    '<td class="cell-check"><label><input type="checkbox" class="checkbox" name="ids" form="bulk" value="{}">'
    '<span class="sr-only" dir="auto">{}</span></label></td>'
)


@register.simple_tag
def list_rows(resource: Resource, rows: Iterable[Any], selectable: bool = True) -> SafeString:
    """Objects as rows of a table; `selectable` ones can be chosen for the bulk bar."""
    listing = resource.listing
    words = _("Select {name}")
    return format_html_join(
        "",
        '<tr id="{}-{}">{}{}</tr>',
        (
            (
                resource.audit_type,
                row.cstar_id,
                format_html(_CHECK, row.cstar_id, words.format(name=getattr(row, listing.name))) if selectable else "",
                format_html_join("", '<td class="{}"{}>{}</td>', _cells(listing.columns, row)),
            )
            for row in rows
        ),
    )


@register.simple_tag
def counted_new(listing: Listing, number: int) -> str:
    """How many rows are new, in words."""
    return listing.counted_new(number)


def _cells(columns: Iterable[Column], row: Any) -> Iterable[tuple[str, str, SafeString]]:
    """The classes, the attribute for cards, and the content of each cell."""
    for column in columns:
        # On cards, where there are no heads, a number says what it counts.
        label = format_html(' data-label="{}"', column.label) if "num" in column.css else ""
        yield column.css, label, column.cell(row)
