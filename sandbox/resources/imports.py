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
    rows = call.team.import_logs.order_by("-created_at", "-id")[:MAX_LOGS]
    return Reply([_log_row(row) for row in rows])


def import_create(call: Call) -> Reply:
    """Each record by itself: what fails is listed as {index, message, code, param?} and does not stop the others."""
    body = _read(call.body)
    log_id = new_id("imp_")
    call.pending.source = {"source": "import", "importId": log_id}
    importer = IMPORTERS[body.resource](call, body.records)
    outcomes: Counter[str] = Counter()
    failed: list[dict[str, Any]] = []
    for index, record in enumerate(body.records):
        try:
            outcomes[importer.take(_an_object(record), update=body.merge_strategy == "update")] += 1
        except errors.ApiError as error:
            failed.append(_failure(index, error))
    importer.finish()
    _keep_log(call, log_id, body, outcomes, len(failed))
    counts = {name: outcomes[name] for name in ("created", "updated", "skipped")}
    total = len(body.records)
    return Reply({"object": "import_result", "resource": body.resource, "total": total, **counts, "errors": failed})


def _read(given: dict[str, Any]) -> ImportBody:
    for name in ("resource", "records"):
        if given.get(name) in (None, "", []):
            raise errors.missing(f"{name} is required", name)
    body = bodies.shaped(given, ImportBody)
    if len(body.records) > MAX_RECORDS:
        raise errors.invalid(f"records may hold at most {MAX_RECORDS} records", "records")
    return body


def _an_object(record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise errors.invalid("A record must be an object")
    return record


def _failure(index: int, error: errors.ApiError) -> dict[str, Any]:
    row = {"index": index, "message": error.message, "code": error.code}
    return {**row, "param": error.param} if error.param else row


def _keep_log(call: Call, log_id: str, body: ImportBody, outcomes: Counter[str], failed: int) -> None:
    ImportLog.objects.create(
        id=log_id,
        team=call.team,
        resource=body.resource,
        status="failed" if failed == len(body.records) else "completed",
        total=len(body.records),
        failed=failed,
        created_at=times.now(),
        **{name: outcomes[name] for name in ("created", "updated", "skipped")},
    )


def _log_row(log: ImportLog) -> dict[str, Any]:
    return {
        "id": log.id,
        "resource": log.resource,
        "status": log.status,
        "totalRecords": log.total,
        "created": log.created,
        "createdAt": times.wire(log.created_at),
    }
