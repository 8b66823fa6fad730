"""Exports: a list as it is filtered and sorted, written to a file row by row.

The rows are chosen once, by their keys alone; then each part is read in a query of its own. One long query would be
simpler, but on SQLite it keeps the run's lease from being renewed: a connection cannot write while an older state of
the database is being read.
"""

from __future__ import annotations

import json
import shutil
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from budget.client import client
from budget.models import Lane
from core.filters import FilterForm
from core.stored_texts import in_english
from core.tags import FILE_SEPARATORS, join_tags
from cstar import Attempt
from replica import registry
from replica.listing import filters_of, matching, pills_of
from replica.refresh import PartialError
from replica.resource import Resource
from replica.transfer import Column, left_out
from teams.viewer import Viewer
from transfers import export_details
from transfers.batching import chunks
from transfers.fields import NOT_KNOWN
from transfers.models import Run
from transfers.options import ExportOptions
from transfers.resources import listed, transfer_of
from transfers.tables.writing import Cell, CsvWriter, JsonWriter, XlsxWriter

Writer: TypeAlias = CsvWriter | XlsxWriter | JsonWriter

CHUNK = 500  # rows; between two chunks a run can be paused
KEPT = timedelta(days=7)
_PREFIX = "export-"


class _StoppedError(Exception):
    """Somebody paused or cancelled the run, or another worker has it now."""


def make(viewer: Viewer, resource: Resource, form: FilterForm, options: ExportOptions) -> Run:
    """The run that exports the list that the form asks for, not started yet. `options` say in which form."""
    options.address, options.listed = form.address, matching(viewer, resource, form).count()
    with in_english():
        options.filters = [(pill.label, pill.value) for pill in pills_of(viewer.team, resource, form)]
    run = Run.asked_by(
        viewer,
        kind=Run.Kind.EXPORT,
        resource=resource.name,
        total=options.listed,
        file_name=f"{resource.name}-{timezone.localdate():%Y-%m-%d}.{options.format}",
        options=options.stored(),
    )
    run.save()
    return run


def plan(run: Run) -> None:
    """Begin, or begin anew: how many rows there are to come."""
    run.total = _listed(run).count()
    run.export_options.begin()
    run.save_options(total=run.total)


def write(run: Run, go_on: Callable[[], bool]) -> bool:
    """Write the file, from its beginning; False if the run is not to go on before it is finished.

    `go_on` renews the lease, and answers whether there still is one. `CStarError` where cStar has to be waited for,
    `TableError` where the file cannot hold so much.
    """
    settings.TRANSFERS_DIR.mkdir(parents=True, exist_ok=True)
    plan(run)
    options = run.export_options
    name = f"{_PREFIX}{uuid4().hex}.{options.format}"
    part = settings.TRANSFERS_DIR / f"{name}.part"
    chosen = transfer_of(run.resource).chosen(options.columns)
    try:
        with _writer(options, part, [column.head for column in chosen]) as table:
            for rows in _held(run):
                _put(run, table, chosen, rows)
                options.held += len(rows)
                _note(run, go_on)
            for rows in _older(run):
                _put(run, table, chosen, rows)
                options.fetched += len(rows)
                _note(run, go_on)
    except _StoppedError:
        return False
    run.file, run.total = name, rows_of(run)
    part.replace(run.path)
    run.save_options(file=run.file, total=run.total)
    return True


def rows_of(run: Run) -> int:
    """How many rows its file has by now."""
    return run.export_options.held + run.export_options.fetched


def drop_old(now: datetime) -> None:
    """Files are kept a week; their runs stay. What a killed worker left behind (files, folders of them) goes too."""
    for run in Run.objects.filter(kind=Run.Kind.EXPORT, ended_at__lt=now - KEPT).exclude(file=""):
        run.path.unlink(missing_ok=True)
        Run.objects.filter(pk=run.pk).update(file="")
    named = set(Run.objects.filter(kind=Run.Kind.EXPORT).exclude(file="").values_list("file", flat=True))
    for path in settings.TRANSFERS_DIR.glob(f"{_PREFIX}*"):
        if path.name not in named and path.stat().st_mtime < (now - KEPT).timestamp():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _held(run: Run) -> Iterator[list[Any]]:
    """The rows of the working copy in parts, in the list's order."""
    keys = array("q", _listed(run).values_list("pk", flat=True).iterator(chunk_size=10 * CHUNK))
    resource = registry.get(run.resource)
    needed = left_out(transfer_of(run.resource).chosen(run.export_options.columns))
    for part in chunks(keys, CHUNK):
        held = resource.held(run.team).in_bulk(part)
        rows = [held[pk] for pk in part if pk in held]
        export_details.read(run, rows, needed)
        yield rows


def _older(run: Run) -> Iterator[list[Any]]:
    """Yield the rows that are too old for the working copy, in parts, as cStar sends them."""

    def count_call(attempt: Attempt) -> None:
        Run.objects.filter(pk=run.pk).update(calls=F("calls") + int(attempt.sent))

    form = filters_of(registry.get(run.resource), run.export_options.address)
    older = transfer_of(run.resource).older
    if older and run.export_options.older:
        try:
            api = client(run.team, Lane.BULK, gettext_noop("export"), run.person, observer=count_call)
            yield from older.fetch(api, run.viewer, form)
        except PartialError:
            run.export_options.partial = True


def _writer(options: ExportOptions, path: Path, header: list[str]) -> Writer:
    match options.format:
        case "csv":
            return CsvWriter(path, header, bom=options.bom)
        case "xlsx":
            return XlsxWriter(path, header)
    return JsonWriter(path, header)


def _put(run: Run, table: Writer, chosen: list[Column], rows: list[Any]) -> None:
    options = run.export_options
    for column in chosen:
        if column.prepare:
            column.prepare(run.team, rows)
    needed = left_out(chosen)
    for row in rows:
        options.untold += not all(column.is_held(row) for column in chosen)
        options.unknown += not needed <= row.payload.keys()
        # The payload may lack the field that a column is read from.
        values = [
            column.read(row) if not column.field or column.field in row.payload else NOT_KNOWN for column in chosen
        ]
        table.write(values if options.format == "json" else [_as_text(value) for value in values])


def _note(run: Run, go_on: Callable[[], bool]) -> None:
    """What is written so far, for those who look; and whether to go on."""
    if not go_on():
        raise _StoppedError
    run.save_options(total=max(run.total, rows_of(run)))


def _listed(run: Run) -> QuerySet[Any]:
    return listed(run.viewer, registry.get(run.resource), run.export_options.address)


def _as_text(value: Any) -> Cell:
    """For a cell: tags separated by commas, quoted where an import would split them, metadata as JSON."""
    match value:
        case list():
            return join_tags(value, FILE_SEPARATORS)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return value
