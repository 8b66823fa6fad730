"""Lists: one page of a query, and the filters that several resources share."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex

from sandbox.api import Call, Reply
from sandbox.params import MAX_PAGE, MAX_PAGE_SIZE, PAGE_SIZE


def page_of(call: Call, rows: QuerySet, render: Callable[[Any], dict]) -> Reply:
    """The page that `page` and `pageSize` ask for, with `meta.pagination`. A pageSize above 100 counts as 100."""
    page = call.params.whole_number("page", 1, MAX_PAGE)
    size = min(call.params.whole_number("pageSize", PAGE_SIZE, 10**9), MAX_PAGE_SIZE)
    # Counting needs neither the order nor the computed columns of the rows.
    total = rows.order_by().count()
    start = (page - 1) * size
    found = rows[start : start + size] if start < total else []
    pagination = {"page": page, "pageSize": size, "total": total, "totalPages": -(-total // size)}
    return Reply([render(row) for row in found], pagination=pagination)


def page_or_all(call: Call, rows: QuerySet, render: Callable[[Any], dict]) -> Reply:
    """The page asked for, or one page that holds all rows when neither `page` nor `pageSize` is given."""
    if call.params.text("page") or call.params.text("pageSize"):
        return page_of(call, rows, render)
    found = [render(row) for row in rows]
    total = len(found)
    pagination = {"page": 1, "pageSize": total or PAGE_SIZE, "total": total, "totalPages": min(total, 1)}
    return Reply(found, pagination=pagination)


def tagged(rows: QuerySet, tag: str) -> QuerySet:
    """Rows that carry exactly this tag."""
    between = Value(f"\n{tag}\n", output_field=TextField())
    return rows.alias(tag_at=StrIndex("tags", between)).filter(tag_at__gt=0)


def containing(rows: QuerySet, text: str, *columns: str) -> QuerySet:
    """Rows with the text in one of the columns, whatever its case."""
    wanted = Q()
    for column in columns:
        wanted |= Q(**{f"{column}__icontains": text})
    return rows.filter(wanted)
