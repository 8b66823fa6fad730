"""Bulk operations, imports and exports."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.strict_cstar import errors, rendering, resources
from tests.strict_cstar.printed import CREATE, IMPORT_LOG, UNPRINTED_UPDATE, UPDATE
from tests.strict_cstar.routing import KEY, Call, Reply, route
from tests.strict_cstar.store import Object

MAX_BULK_IDS, MAX_IMPORT_RECORDS, MAX_EXPORT_ROWS = 100, 500, 10_000
RESOURCES = ("tickets", "customers", "articles")


@route("POST", "/bulk")
def run_bulk(call: Call) -> Reply:
    action, resource, ids = (_required(call, name) for name in ("action", "resource", "ids"))
    _check_choice("action", action, ("update", "delete"))
    _check_choice("resource", resource, RESOURCES)
    _check_array("ids", ids, MAX_BULK_IDS)
    fields = _bulk_fields(call, resource) if action == "update" else {}
    failures = [failure for id_ in ids if (failure := _do_one(call, action, resource, id_, fields))]
    result = {
        "object": "bulk_result",
        "action": action,
        "resource": resource,
        "total": len(ids),
        "succeeded": len(ids) - len(failures),
        "failed": len(failures),
        "errors": failures,
    }
    return Reply(result, meta=False)


def _bulk_fields(call: Call, resource: str) -> Object:
    data = _required(call, "data")
    if not isinstance(data, dict):
        raise errors.invalid("data must be an object", "data")
    return call.take(data, UPDATE[resource], UNPRINTED_UPDATE.get(resource, ()))


def _do_one(call: Call, action: str, resource: str, id_: Any, fields: Object) -> Any:
    """None, or why it failed."""
    held = call.store.objects[resource].get(id_)
    if held is None:
        return _item_error(call, errors.not_found(resource[:-1].capitalize()), id=id_)
    if action == "delete":
        call.store.delete(resource, held, KEY)
        return None
    try:
        resources.update(call, resource, held, fields)
    except errors.RefusalError as refusal:
        return _item_error(call, refusal, id=id_)
    return None


@route("POST", "/import")
def run_import(call: Call) -> Reply:
    resource, records = (_required(call, name) for name in ("resource", "records"))
    _check_choice("resource", resource, RESOURCES)
    _check_array("records", records, MAX_IMPORT_RECORDS)
    strategy = call.body.get("mergeStrategy", "skip")
    _check_choice("mergeStrategy", strategy, ("skip", "update"))
    counts = {"created": 0, "updated": 0, "skipped": 0}
    failures = []
    for index, record in enumerate(records):
        try:
            counts[_import_one(call, resource, record, strategy)] += 1
        except errors.RefusalError as refusal:
            failures.append(_item_error(call, refusal, index=index))
    _log_import(call, resource, len(records), counts["created"])
    result = {"object": "import_result", "resource": resource, "total": len(records), **counts, "errors": failures}
    return Reply(result, meta=False)


@route("GET", "/import")
def list_imports(call: Call) -> Reply:
    return Reply([rendering.plain(log, IMPORT_LOG) for log in reversed(call.store.imports)], meta=False)


def _import_one(call: Call, resource: str, record: Any, strategy: str) -> str:
    """What became of the record: created, updated or skipped.

    A record takes the fields of create and update together. A customer is known by the email, an article by the
    title, a ticket by nothing but its id: no document says what else would make two tickets the same.
    """
    if not isinstance(record, dict):
        raise errors.invalid("A record must be an object", "records")
    fields = call.take(record, CREATE[resource] + UPDATE[resource], UNPRINTED_UPDATE.get(resource, ()))
    held = _same(call, resource, record)
    if held is None:
        _check_record(resource, record)
        resources.create(call, resource, fields)
        return "created"
    if strategy == "skip":
        return "skipped"
    resources.update(call, resource, held, fields)
    return "updated"


def _same(call: Call, resource: str, record: Object) -> Object | None:
    match resource:
        case "customers":
            email = record.get("email")
            return call.store.customer_with_email(email) if isinstance(email, str) else None
        case "articles":
            articles = call.store.objects["articles"].values()
            return next((article for article in articles if article["title"] == record.get("title")), None)
    return call.store.objects["tickets"].get(str(record.get("id")))


def _check_record(resource: str, record: Object) -> None:
    required = {"customers": ("name", "email"), "articles": ("title", "category"), "tickets": ("title",)}[resource]
    if not all(record.get(name) for name in required):
        raise errors.missing(f"{' and '.join(required)} required", required[0])


def _log_import(call: Call, resource: str, total: int, created: int) -> None:
    log = {"resource": resource, "status": "completed", "totalRecords": total, "created": created}
    call.store.imports.append({"id": call.store.new_id("imp", digits=12), **log, "createdAt": call.store.now()})


@route("POST", "/export")
def run_export(call: Call) -> Reply:
    wanted = _required(call, "resources")
    _check_array("resources", wanted, len(RESOURCES))
    format_ = call.body.get("format", "json")
    _check_choice("format", format_, ("json", "csv"))
    found = {one["type"]: _exported(call, one) for one in wanted if _is_export(one)}
    if format_ == "csv":
        return Reply(text=(_as_csv(found), "text/csv; charset=utf-8"))
    total = sum(len(rows) for rows in found.values())
    return Reply({"object": "export", "format": "json", "totalRows": total, "resources": found}, meta=False)


def _is_export(one: Any) -> bool:
    _check_choice("type", one.get("type") if isinstance(one, dict) else None, RESOURCES)
    return True


def _exported(call: Call, one: Object) -> list[Object]:
    found = resources.matching(call, one["type"], one.get("filters") or {})
    return rendering.exported(call.store, one["type"], found[:MAX_EXPORT_ROWS])


def _as_csv(found: dict[str, list[Object]]) -> str:
    if len(found) != 1:
        raise errors.invalid("CSV holds one resource", "format")
    (rows,) = found.values()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["id"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _required(call: Call, name: str) -> Any:
    if not call.body.get(name):
        raise errors.missing(f"{name} is required", name)
    return call.body[name]


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise errors.invalid(f"{name} must be one of {', '.join(choices)}", name)


def _check_array(name: str, value: Any, most: int) -> None:
    if not isinstance(value, list) or len(value) > most:
        raise errors.invalid(f"{name} must be an array of at most {most}", name)


def _item_error(call: Call, refusal: errors.RefusalError, **where: Any) -> Any:
    if call.variant.item_errors == "messages":
        return refusal.message
    return {**where, "code": refusal.code, "message": refusal.message}
