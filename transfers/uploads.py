"""Files that people upload: kept under a name of ours, read once through, and guessed at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from teams.access import TeamRequest
from transfers.fields import FIELDS, names
from transfers.models import Run, SavedMapping
from transfers.tables import xlsx_file
from transfers.tables.csv_file import Dialect, sniff
from transfers.tables.encoding import detect
from transfers.tables.errors import TableError
from transfers.tables.guessing import guess_columns
from transfers.tables.kinds import Kind, kind
from transfers.tables.table import open_table

MAX_BYTES = 50_000_000
KEPT, DRAFTS_KEPT = timedelta(days=7), timedelta(days=30)


def receive(request: TeamRequest, resource: str, file: UploadedFile) -> Run:
    """Keep the file, and begin an import of it. TableError if it is none that can be imported."""
    if (file.size or 0) > MAX_BYTES:
        raise TableError(gettext_noop("This file is larger than 50 MB. Split it and upload the parts one by one."))
    settings.TRANSFERS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = Run(
        team=request.team,
        user=request.user,
        person=request.user.display_name,
        kind=Run.Kind.IMPORT,
        resource=resource,
        file=f"{uuid4()}.upload",
        file_name=_plain(file.name or "file"),
        options={"strategy": "skip"},
    )
    run.fingerprint = _keep(file, run.path)
    try:
        _look(run)
    except TableError:
        drop_files(run)
        raise
    run.save()
    return run


def read_as(run: Run, *, encoding: str = "utf-8", dialect: Dialect | None = None, sheet: str | None = None) -> None:
    """Read the file so from now on; the columns are guessed anew. TableError, and then nothing has changed."""
    if sheet is not None:
        dialect = xlsx_file.to_csv(_original(run), sheet, run.path)
        encoding = "utf-8"
    table = open_table(run.path, encoding, dialect or sniff(run.path, encoding))
    lines = table.count()
    run.options |= {
        "encoding": encoding,
        "dialect": asdict(table.dialect),
        "sheet": sheet,
        "header": table.header,
        "lines": lines,
        "columns": guess_columns(table.header, names(FIELDS[run.resource])),
        "metadata": [],
        "checked": False,
    }


def use(run: Run, saved: SavedMapping) -> None:
    """The columns as they were saved, as far as this file has them."""
    at = {name: column for column, name in enumerate(run.options["header"])}
    columns = {field: [at[name] for name in heads if name in at] for field, heads in saved.columns.items()}
    known = names(FIELDS[run.resource])
    run.options["columns"] = {field: found for field, found in columns.items() if found and field in known}
    run.options["metadata"] = [at[name] for name in saved.metadata if name in at]
    run.options["checked"] = False


def same_file(run: Run) -> QuerySet[Run]:
    """Imports of the very same file that were started before."""
    before = Run.objects.filter(team=run.team, kind=Run.Kind.IMPORT, fingerprint=run.fingerprint)
    return before.exclude(pk=run.pk).exclude(started_at=None)


def drop_files(run: Run) -> None:
    """What is kept of it on the disk."""
    if run.file:
        run.path.unlink(missing_ok=True)
        _original(run).unlink(missing_ok=True)


def deleted(sender, *, instance: Run, **kwargs) -> None:
    drop_files(instance)


def drop_old(now: datetime) -> None:
    """A file is kept a week after its import, for the lines that failed; what nobody started is given up in time."""
    forgotten = Q(state=Run.State.DRAFT, created_at__lt=now - DRAFTS_KEPT)
    old = Run.objects.filter(Q(ended_at__lt=now - KEPT) | forgotten, kind=Run.Kind.IMPORT).exclude(file="")
    for run in old:
        drop_files(run)
        Run.objects.filter(pk=run.pk).update(file="")
    Run.objects.filter(forgotten).delete()


def _keep(file: UploadedFile, path: Path) -> str:
    digest = sha256()
    with path.open("xb") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _look(run: Run) -> None:
    """What can be known without asking."""
    if kind(run.path) is Kind.WORKBOOK:
        run.path.rename(_original(run))
        run.options["sheets"] = xlsx_file.sheets(_original(run))
        if len(run.options["sheets"]) == 1:
            read_as(run, sheet=run.options["sheets"][0])
    elif encoding := detect(run.path):
        read_as(run, encoding=encoding)


def _original(run: Run) -> Path:
    """The workbook, of which a sheet becomes the file."""
    return run.path.with_suffix(".xlsx")


def _plain(name: str) -> str:
    """A file's name as it can be shown."""
    return "".join(letter for letter in Path(name).name if letter.isprintable())[:200] or "file"
