"""A run's receipt: a line a row, on the page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse

from core.templatetags.desk import shown
from transfers.models import Run, RunRow
from transfers.sending import field_words
from transfers.tables.formulas import neutral

HEADS = ("line", "id", "name", "result", "reason", "field", "before", "after")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as people read it. `differences` are (field, before, after)."""

    row: RunRow
    differences: list[tuple[str, str, str]]


def lines(rows: Iterable[RunRow]) -> list[Line]:
    return [Line(row, _differences(row)) for row in rows]


def as_file(run: Run) -> StreamingHttpResponse:
    """CSV; an object with several changed fields has a line for each."""
    name = f"{run.kind}-{run.resource}-{run.created_at:%Y-%m-%d}-receipt.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_file(run), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    """What `csv` writes to: gives the line back."""

    def write(self, text: str) -> str:
        return text


def _file(run: Run) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(HEADS)
    for row in run.rows.iterator(chunk_size=1000):
        told = [row.line, row.cstar_id, row.label, row.get_outcome_display(), row.reason]
        for difference in _differences(row) or [("", "", "")]:
            yield writer.writerow([neutral(str(cell)) for cell in (*told, *difference)])


def _differences(row: RunRow) -> list[tuple[str, str, str]]:
    return [
        (field_words(name), shown(before), shown(after)) for name, before, after in row.differences if before != after
    ]
