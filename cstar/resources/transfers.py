"""Many objects in one call: search, bulk operations, imports and exports."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UnsetType

from cstar import _answer
from cstar._session import EXPORT_LIMIT, Call, encode
from cstar.resources._group import Group, given
from cstar.types import (
    Article,
    BulkResult,
    CsvExport,
    Customer,
    Export,
    ImportLog,
    ImportResult,
    Page,
    Resource,
    SearchResult,
    Ticket,
)

_EXPORTED: dict[str, type[Resource]] = {"tickets": Ticket, "customers": Customer, "articles": Article}


class Bulk(Group):
    """/bulk (docs/cstar-api.md#bulk): up to 100 ids of tickets, customers or articles a call."""

    def update(
        self, *, resource: str, ids: Iterable[str], data: Mapping[str, Any], idempotency_key: str | None = None
    ) -> BulkResult:
        """Change the same fields of many objects; `data` has the API's own names, as in an update."""
        return self._run("update", idempotency_key, resource=resource, ids=list(ids), data=data)

    def delete(self, *, resource: str, ids: Iterable[str], idempotency_key: str | None = None) -> BulkResult:
        """Delete many objects for good."""
        return self._run("delete", idempotency_key, resource=resource, ids=list(ids))

    def _run(self, action: str, idempotency_key: str | None, **fields: Any) -> BulkResult:
        return self._write(BulkResult, "POST", "/bulk", idempotency_key, action=action, **fields)


class Imports(Group):
    """/import (docs/cstar-api.md#import): up to 500 records of tickets, customers or articles a call."""

    def run(
        self,
        *,
        resource: str,
        records: Iterable[Mapping[str, Any]],
        merge_strategy: str = "skip",
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import records with the API's own field names; returns when they are in. Only `skip` is documented."""
        fields = {"resource": resource, "records": list(records), "mergeStrategy": merge_strategy}
        return self._write(ImportResult, "POST", "/import", idempotency_key, **fields)

    def list(self) -> Page[ImportLog]:
        """Return the imports of the past; not paged."""
        return self._all(ImportLog, "/import")


class Searching(Group):
    """/search (docs/cstar-api.md#search)."""

    def search(self, q: str, types: Iterable[str] | UnsetType, limit: int | UnsetType) -> Page[SearchResult]:
        return self._all(SearchResult, "/search", {"q": q, "types": types, "limit": limit})


class Exporting(Group):
    """/export (docs/cstar-api.md#export). It changes nothing, so it can be repeated without an idempotency key."""

    def json(self, resource: str, filters: Mapping[str, Any] | UnsetType) -> Export:
        answer = self._session.call(_export_call(resource, filters, "json"))
        data = answer.data()
        lists = data.get("resources") if isinstance(data, dict) else None
        if not isinstance(lists, dict) or not isinstance(lists.get(resource), list):
            raise answer.invalid("The export does not hold what was asked for.")
        typed = {name: _answer.rows(answer, lists[name], kind) for name, kind in _EXPORTED.items() if name in lists}
        total = data.get("totalRows")
        held = sum(len(rows) for rows in lists.values() if isinstance(rows, list))
        return Export(total if isinstance(total, int) else held, typed, data, answer.request_id)

    def csv(self, resource: str, filters: Mapping[str, Any] | UnsetType) -> CsvExport:
        answer = self._session.call(_export_call(resource, filters, "csv"))
        # Whether the text is the body or stands in the usual envelope is not documented.
        if answer.document is None:
            return CsvExport(_csv_body(answer), answer.request_id)
        return CsvExport(_csv_inside(answer, resource), answer.request_id)


def _export_call(resource: str, filters: Mapping[str, Any] | UnsetType, format: str) -> Call:  # noqa: A002
    wanted = given({"type": resource, "filters": filters})
    body = encode({"resources": [wanted], "format": format})
    return Call("POST", "/export", body=body, repeatable=True, body_limit=EXPORT_LIMIT)


def _csv_body(answer: _answer.Answer) -> str:
    if not answer.headers.get("content-type", "").startswith(("text/csv", "text/plain", "application/csv")):
        raise answer.invalid("CSV was expected.")
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise answer.invalid("The CSV is not UTF-8.")


def _csv_inside(answer: _answer.Answer, resource: str) -> str:
    data = answer.data()
    inner = data.get("resources") if isinstance(data, dict) else None
    places = [
        data,
        *(d.get(k) for d in (data, inner) if isinstance(d, dict) for k in ("csv", "content", "data", resource)),
    ]
    found = next((text for text in places if isinstance(text, str)), None)
    if found is None:
        raise answer.invalid("CSV was expected.")
    return found
