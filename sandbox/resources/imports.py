"""`/import`: up to 500 records at once, and the log of past ones (docs/cstar-api.md#import). A secret key is needed."""

from collections import Counter
from typing import Any, Literal

import msgspec

from sandbox import bodies, errors, times
from sandbox.api import Call, Reply
from sandbox.ids import new_id
from sandbox.importers import IMPORTERS
from sandbox.models import ImportLog

MAX_RECORDS = 500
MAX_LOGS = 100


class ImportBody(msgspec.Struct, rename="camel"):
    resource: Literal["tickets", "customers", "articles"]
    records: list[Any]
    merge_strategy: Literal["skip", "update"] = "skip"


def import_list(call: Call) -> Reply:
    """The last 100 imports, newest first, not paginated."""
    logs = call.team.import_logs.order_by("-created_at", "-id")[:MAX_LOGS]
    rows = [
        {
            "id": log.id,
            "resource": log.resource,
            "status": log.status,
            "totalRecords": log.total,
            "created": log.created,
            "createdAt": times.wire(log.created_at),
        }
        for log in logs
    ]
    return Reply(rows)


def import_create(call: Call) -> Reply:
    """Imports each record by itself: those that fail are listed and do not stop the others."""
    body = _read(call.body)
    log_id, total = new_id("imp_"), len(body.records)
    call.pending.source = {"source": "import", "importId": log_id}
    outcomes, failed = _import_each(call, body)
    counts = {name: outcomes[name] for name in ("created", "updated", "skipped")}
    ImportLog.objects.create(
        id=log_id,
        team=call.team,
        resource=body.resource,
        status="failed" if len(failed) == total else "completed",
        total=total,
        failed=len(failed),
        created_at=times.now(),
        **counts,
    )
    return Reply({"object": "import_result", "resource": body.resource, "total": total, **counts, "errors": failed})


def _import_each(call: Call, body: ImportBody) -> tuple[Counter[str], list[dict[str, Any]]]:
    """How many records had which outcome, and those that failed as {index, message, code, param?}."""
    importer = IMPORTERS[body.resource](call, body.records)
    outcomes: Counter[str] = Counter()
    failed: list[dict[str, Any]] = []
    for index, record in enumerate(body.records):
        try:
            if not isinstance(record, dict):
                raise errors.invalid("A record must be an object")
            outcomes[importer.take(record, update=body.merge_strategy == "update")] += 1
        except errors.ApiError as error:
            row = {"index": index, "message": error.message, "code": error.code}
            failed.append({**row, "param": error.param} if error.param else row)
    importer.finish()
    return outcomes, failed


def _read(given: dict[str, Any]) -> ImportBody:
    for name in ("resource", "records"):
        if given.get(name) in (None, "", []):
            raise errors.missing(f"{name} is required", name)
    body = bodies.shaped(given, ImportBody)
    if len(body.records) > MAX_RECORDS:
        raise errors.invalid(f"records may hold at most {MAX_RECORDS} records", "records")
    return body
