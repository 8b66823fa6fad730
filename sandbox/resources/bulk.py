"""`/bulk`: one update or delete for up to 100 objects (docs/cstar-api.md#bulk). A secret key is needed."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from sandbox import bodies, errors
from sandbox.api import Call, Reply
from sandbox.resources import articles, customers, tickets

MAX_IDS = 100
# Resource -> its module and the shape of its PATCH.
RESOURCES: dict[str, tuple[Any, type[msgspec.Struct]]] = {
    "tickets": (tickets, tickets.TicketPatch),
    "customers": (customers, customers.CustomerPatch),
    "articles": (articles, articles.ArticlePatch),
}


class BulkBody(msgspec.Struct):
    action: Literal["update", "delete"]
    resource: Literal["tickets", "customers", "articles"]
    ids: list[str]
    data: dict[str, Any] = {}


def bulk(call: Call) -> Reply:
    """Each id by itself: what fails is listed as {id, code, message} and does not stop the others."""
    body = _read(call.body)
    call.pending.source = {"source": "bulk"}
    work, failed = _worker(call, body), []
    for row_id in body.ids:
        try:
            work(row_id)
        except errors.ApiError as error:
            failed.append({"id": row_id, "code": error.code, "message": error.message})
    return Reply(
        {
            "object": "bulk_result",
            "action": body.action,
            "resource": body.resource,
            "total": len(body.ids),
            "succeeded": len(body.ids) - len(failed),
            "failed": len(failed),
            "errors": failed,
        }
    )


def _read(given: dict[str, Any]) -> BulkBody:
    for name in ("action", "resource", "ids"):
        if given.get(name) in (None, "", []):
            raise errors.missing(f"{name} is required", name)
    body = bodies.shaped(given, BulkBody)
    if len(body.ids) > MAX_IDS:
        raise errors.invalid(f"ids may hold at most {MAX_IDS} ids", "ids")
    if body.action == "update" and not body.data:
        raise errors.missing("data is required", "data")
    return body


def _worker(call: Call, body: BulkBody) -> Callable[[str], None]:
    """What to do with one id. Data of the wrong type is refused here, for the whole request."""
    module, shape = RESOURCES[body.resource]
    if body.action == "delete":
        return lambda row_id: module.remove(call, module.find(call.team, row_id))
    patch = bodies.shaped(body.data, shape)
    return lambda row_id: module.edit(call, module.find(call.team, row_id), patch)
