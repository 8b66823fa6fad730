"""The rows of lists, made of the columns that a resource declares."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from replica.listing import Listing
from replica.resource import Resource

register = template.Library()

_CHECK = (
    '<td class="cell-check"><label><input type="checkbox" class="checkbox" name="ids" form="bulk" value="{}">'
    '<span class="sr-only" dir="auto">{}</span></label></td>'
)


@register.simple_tag
def list_rows(resource: Resource, rows: Iterable[Any], selectable: bool | None = None) -> SafeString:
    """Objects as rows of a table; `selectable` ones have a check box, by default where there are bulk edits."""
    has_box = resource.is_transferable if selectable is None else selectable
    columns = []
    for column in resource.listing.columns:
        # On cards, where there are no heads, a number says what it counts.
        label = format_html(' data-label="{}"', column.label) if "num" in column.css else ""
        columns.append((format_html('<td class="{}"{}>', column.css, label), column.cell))
    name, words = attrgetter(resource.listing.name), _("Select {name}")
    pieces: list[str] = []
    for row in rows:
        pieces.append(format_html('<tr id="{}-{}">', resource.audit_type, row.cstar_id))
        if has_box:
            pieces.append(format_html(_CHECK, row.cstar_id, words.format(name=name(row))))
        for start, cell in columns:
            pieces += (start, conditional_escape(cell(row)), "</td>")
        pieces.append("</tr>")
    return mark_safe("".join(pieces))


@register.simple_tag
def counted_new(listing: Listing, number: int) -> str:
    """How many rows are new, in words."""
    return listing.counted_new(number)
