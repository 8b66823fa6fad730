"""A run's receipt: a line a row, on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import StreamingHttpResponse
from django.utils.translation import gettext

from core.templatetags.desk import shown
from transfers.field_changes import flat
from transfers.labels import field_words
from transfers.mapping import table
from transfers.models import Run, RunRow
from transfers.tables.formulas import neutral
from transfers.tables.table import Ragged
from transfers.tables.writing import csv_rows

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


REASON = "Why it was not imported"


def failed_lines(run: Run) -> StreamingHttpResponse:
    """The file's own lines of the rows that failed or would, under their own header, each with the reason."""
    headers = {"Content-Disposition": 'attachment; filename="not-imported.csv"'}
    return StreamingHttpResponse(_failed(run), content_type="text/csv; charset=utf-8", headers=headers)


def _failed(run: Run) -> Iterator[str]:
    bad = Q(outcome__in=[RunRow.Outcome.FAILED, RunRow.Outcome.UNSURE])
    bad |= Q(outcome="", plan__in=[RunRow.Plan.WRONG, RunRow.Plan.CONFLICT])
    reasons = dict(run.rows.filter(bad, resource=run.resource).values_list("line", "reason"))
    writer = csv_rows(Echo())
    source = table(run)
    yield writer.writerow([*(neutral(name) for name in source.header), REASON])
    for line, cells in source.lines():
        if line in reasons:
            given = cells.cells if isinstance(cells, Ragged) else cells
            yield writer.writerow([neutral(cell) for cell in (*given, reasons[line])])


class Echo:
    """What `csv` writes to: gives the line back."""

    def write(self, text: str) -> str:
        return text


def _file(run: Run) -> Iterator[str]:
    writer = csv_rows(Echo())
    yield writer.writerow(HEADS)
    for row in run.rows.select_related("batch").iterator(chunk_size=1000):
        result = row.get_outcome_display()
        if run.has_ended and not row.outcome:
            result = str(RunRow.Outcome.UNSURE.label) if row.is_in_doubt else "Not done"
        cells = [row.line, row.cstar_id, row.label, result, row.reason]
        for difference in _differences(row) or [("", "", "")]:
            yield writer.writerow([neutral(str(cell)) for cell in (*cells, *difference)])


def _differences(row: RunRow) -> list[tuple[str, str, str]]:
    known = flat(row.before)
    return [
        (field_words(name), shown(before) if name in known else gettext("not known"), shown(after))
        for name, before, after in row.differences
        if before != after or name not in known
    ]
