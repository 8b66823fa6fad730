"""Fields that the rows of lists leave out: an export reads a bounded number of objects for them, one by one.

What stays unknown is written as such: an empty cell would say that there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from replica import registry, upsert
from transfers.models import Run
from transfers.remote_objects import RemoteReader

MOST = 300  # objects that an export reads


def lacking(objects: QuerySet[Any], fields: Iterable[str]) -> QuerySet[Any]:
    """Those of the objects that do not tell all of these fields."""
    wanted = Q(pk__in=[])
    for field in fields:
        wanted |= Q(**{f"payload__{field}__isnull": True})
    return objects.filter(wanted)


def read(run: Run, rows: list[Any], fields: set[str]) -> None:
    """Read what the rows lack, as long as the export's number is not used up, and keep it. `CStarError`."""
    left = MOST - run.export_options.read
    unknown = [row for row in rows if not fields <= row.payload.keys()][: max(0, left)]
    if not unknown:
        return
    with RemoteReader(run) as reader:
        for row in unknown:
            now = reader.one(run.resource, row.cstar_id)
            run.export_options.read += 1
            if now is not None:
                upsert.apply(run.resource, run.team, [{**registry.get(run.resource).model.DETAILS, **now}])
    for row in unknown:
        row.refresh_from_db()
