"""The rows of lists, made of the columns that a resource declares."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.cells import when
from core.fragment_cache import Parts, fragments
from replica.listing import Listing
from replica.resource import Resource

register = template.Library()

_CHECK = (
    '<td class="cell-check"><label><input type="checkbox" class="checkbox" name="ids" form="bulk" value="{}">'
    '<span class="sr-only" dir="auto">{}</span></label></td>'
)


@register.simple_tag
def list_rows(resource: Resource, rows: Iterable[Any], selectable: bool | None = None) -> SafeString:
    """Objects as rows of a table; `selectable` ones have a check box, by default where there are bulk edits.

    A row is drawn once for all who look at the same values in the same language; its times are drawn each time.
    """
    has_box = resource.is_transferable if selectable is None else selectable
    cells_of_time = {
        str(index): column.cell
        for index, column in enumerate(resource.listing.columns)
        if isinstance(column.cell, when)
    }
    drawn_for = (resource.name, has_box, get_language())
    not_shown = {"_state", "changed", *(cell.attribute for cell in cells_of_time.values())}
    pieces: list[str] = []
    for row in rows:
        values = {name: value for name, value in vars(row).items() if name not in not_shown}
        key = ("row", *drawn_for, repr(values))
        parts = fragments.get(key)
        if parts is None:
            parts = _row(resource, row, has_box)
            fragments.keep(key, parts)
        pieces += [cells_of_time[part](row) if number % 2 else part for number, part in enumerate(parts)]
    return mark_safe("".join(pieces))


def _row(resource: Resource, row: Any, has_box: bool) -> Parts:
    """HTML, the index of a column that is drawn each time, HTML, and so on."""
    html: list[str] = [format_html('<tr id="{}-{}">', resource.audit_type, row.cstar_id)]
    parts: list[str] = []
    if has_box:
        words = _("Select {name}").format(name=getattr(row, resource.listing.name))
        html.append(format_html(_CHECK, row.cstar_id, words))
    for index, column in enumerate(resource.listing.columns):
        # On cards, where there are no heads, a number says what it counts.
        label = format_html(' data-label="{}"', column.label) if "num" in column.css else ""
        html.append(format_html('<td class="{}"{}>', column.css, label))
        if isinstance(column.cell, when):
            parts += ["".join(html), str(index)]
            html = []
        else:
            html.append(conditional_escape(column.cell(row)))
        html.append("</td>")
    return (*parts, "".join((*html, "</tr>")))


@register.simple_tag
def counted_new(listing: Listing, number: int) -> str:
    """How many rows are new, in words."""
    return listing.counted_new(number)
