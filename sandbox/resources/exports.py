"""`/export`: up to 10,000 rows of each resource in one call (docs/cstar-api.md#export). A secret key is needed."""

import csv
import io
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from django.db.models import Model, QuerySet
from django.http import HttpResponse

from sandbox import bodies, errors
from sandbox.api import Call, Reply
from sandbox.models import Article, Customer, Team, Ticket
from sandbox.params import Params
from sandbox.resources import articles, customers, tickets

MAX_ROWS = 10_000


class Wanted(msgspec.Struct):
    type: Literal["tickets", "customers", "articles"]
    filters: dict[str, str | bool | int | None] = {}


class ExportBody(msgspec.Struct):
    resources: list[Wanted]
    format: Literal["json", "csv"] = "json"


def export(call: Call) -> Reply:
    """Newest updated first. JSON: {object, format, totalRows, resources}; CSV: the file itself, one resource only."""
    if not call.body.get("resources"):
        raise errors.missing("resources is required", "resources")
    body = bodies.shaped(call.body, ExportBody)
    if len({wanted.type for wanted in body.resources}) < len(body.resources):
        raise errors.invalid("resources may name each type once", "resources")
    if body.format == "csv" and len(body.resources) > 1:
        raise errors.invalid("A CSV export holds one resource", "resources")
    found = {wanted.type: _rows(call, wanted) for wanted in body.resources}
    if body.format == "csv":
        [(name, rows)] = found.items()
        return Reply(raw=_csv(name, rows))
    total = sum(map(len, found.values()))
    return Reply({"object": "export", "format": "json", "totalRows": total, "resources": found})


def _rows(call: Call, wanted: Wanted) -> list[dict[str, Any]]:
    params = Params({name: _as_text(value) for name, value in wanted.filters.items()}, prefix="filters.")
    select, render, _ = EXPORTED[wanted.type]
    return [render(row) for row in select(call.team, params)[:MAX_ROWS]]


def _as_text(value: Any) -> str:
    """A JSON value as the query string of a list would spell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


# Type -> its rows, their wire shape, and the model, whose empty object names the columns of a CSV without rows.
EXPORTED: dict[str, tuple[Callable[[Team, Params], QuerySet], Callable[[Any], dict[str, Any]], type[Model]]] = {
    "tickets": (tickets.filtered, tickets.exported, Ticket),
    "customers": (
        lambda team, params: customers.counted(customers.filtered(team, params)),
        customers.full,
        Customer,
    ),
    "articles": (articles.filtered, articles.full, Article),
}


def _csv(name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    """A header line, then a line a row: lists joined by commas, metadata as JSON, nothing for null."""
    _, render, model = EXPORTED[name]
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(render(model()))
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return _as_text(value)
