"""Files that people upload: kept under a name of ours, read once through, and guessed at.

`Run.path` is what is read as CSV: the file itself, or what a workbook, JSON or contacts were turned into. Beside it lie
the original of such a file, and the table of messages where there is one (sources.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from teams.viewer import Viewer
from transfers.fields import fields_of, names
from transfers.file_reading import read_table
from transfers.models import Run
from transfers.options import TableOptions
from transfers.sources import COMMENTS, comments_path
from transfers.tables import json_file, vcard_file, xlsx_file
from transfers.tables.csv_file import Dialect
from transfers.tables.encoding import UNICODE, detect
from transfers.tables.encoding_guess import guess_encoding
from transfers.tables.errors import TableError
from transfers.tables.file_types import Kind, kind
from transfers.tables.guessing import guess_columns
from transfers.tables.tools import find_tool

T = TypeVar("T")

MAX_BYTES = 50_000_000
KEPT, DRAFTS_KEPT = timedelta(days=7), timedelta(days=30)
_TOO_LARGE = gettext_noop("This file is larger than 50 MB. Split it and upload the parts one by one.")


def receive(viewer: Viewer, resource: str, file: UploadedFile) -> Run:
    """Keep the file, and begin an import of it. TableError if it is none that can be imported."""
    run = Run.asked_by(
        viewer,
        kind=Run.Kind.IMPORT,
        resource=resource,
        file=f"{uuid4()}.upload",
        file_name=_plain(file.name or "file"),
    )
    run.fingerprint = _keep(file, run.path)
    try:
        _look(run)
    except TableError:
        drop_files(run)
        raise
    run.options = run.import_options.stored()
    run.save()
    return run


def read_as(
    run: Run,
    *,
    encoding: str = "utf-8",
    dialect: Dialect | None = None,
    sheet: str | None = None,
    header_line: int | None = None,
) -> None:
    """Read the file so from now on; the columns are guessed anew. TableError, and then nothing has changed."""
    if sheet is not None:
        dialect, encoding = xlsx_file.to_csv(_workbook(run), sheet, run.path), "utf-8"
    options = run.import_options
    options.read_as(read_table(run.path, run.resource, encoding=encoding, dialect=dialect, header_line=header_line))
    options.sheet, options.checked = sheet, False


def add_comments(run: Run, file: UploadedFile) -> None:
    """Keep a second file, of messages of the first one's tickets. TableError, and then nothing has changed."""
    part = run.path.with_suffix(".part")
    try:
        _keep(file, part)
        comments = _read_comments(run, part)
        part.replace(comments_path(run))
    finally:
        part.unlink(missing_ok=True)
    comments.file_name = _plain(file.name or "file")
    run.import_options.comments, run.import_options.checked = comments, False


def drop_comments(run: Run) -> None:
    comments_path(run).unlink(missing_ok=True)
    run.import_options.comments, run.import_options.checked = None, False


def same_file(run: Run) -> QuerySet[Run]:
    """Imports of the very same file that were started before."""
    before = Run.objects.filter(team=run.team, kind=Run.Kind.IMPORT, fingerprint=run.fingerprint)
    return before.exclude(pk=run.pk).exclude(started_at=None)


def drop_files(run: Run) -> None:
    """What is kept of it on the disk."""
    if run.file:
        for path in (run.path, _workbook(run), comments_path(run)):
            path.unlink(missing_ok=True)


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
    """The file's fingerprint. TableError if it is too large."""
    if (file.size or 0) > MAX_BYTES:
        raise TableError(_TOO_LARGE)
    settings.TRANSFERS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = sha256()
    with path.open("wb") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _look(run: Run) -> None:
    """Note how the file can be read, as far as that is certain without asking the person."""
    found, options = kind(run.path), run.import_options
    if found is Kind.TEXT:
        if encoding := detect(run.path):
            read_as(run, encoding=encoding)
        return
    if found is Kind.WORKBOOK:
        run.path.rename(_workbook(run))
        options.sheets = xlsx_file.sheets(_workbook(run))
        if len(options.sheets) == 1:
            read_as(run, sheet=options.sheets[0])
        return
    options.converted, comments = found, comments_path(run)
    if found is Kind.VCARD:
        _replace(run.path, vcard_file.to_csv)
    elif _replace(run.path, lambda old, new: json_file.to_csv(old, new, comments, partial(_id_column, run.resource))):
        options.comments = read_table(comments, COMMENTS, encoding="utf-8", dialect=json_file.DIALECT, header_line=1)
        options.comments.file_name = run.file_name
    read_as(run, dialect=json_file.DIALECT, header_line=1)


def _read_comments(run: Run, path: Path) -> TableOptions:
    """The options of a table of messages. TableError."""
    found = kind(path)
    if found is Kind.VCARD:
        raise TableError(gettext_noop("This file holds contacts and no messages. Choose the file with the messages."))
    if found is Kind.WORKBOOK:
        dialect = _replace(path, lambda old, new: xlsx_file.to_csv(old, xlsx_file.sheets(old)[0], new))
        return read_table(path, COMMENTS, encoding="utf-8", dialect=dialect)
    if found is Kind.JSON:
        thread = path.with_suffix(".thread")
        _replace(path, lambda old, new: json_file.to_csv(old, new, thread, lambda _: None))
        thread.unlink(missing_ok=True)
        return read_table(path, COMMENTS, encoding="utf-8", dialect=json_file.DIALECT, header_line=1)
    # A tool writes both of its files with the same letters.
    chosen = run.import_options.encoding
    encoding = detect(path) or (chosen if chosen not in UNICODE else guess_encoding(path.read_bytes()))
    return read_table(path, COMMENTS, encoding=encoding)


def _replace(path: Path, convert: Callable[[Path, Path], T]) -> T:
    """Put in place of a file what it is turned into."""
    original = path.with_suffix(".original")
    path.rename(original)
    try:
        return convert(original, path)
    finally:
        original.unlink()


def _id_column(resource: str, header: list[str]) -> int | None:
    """Guess which column holds the objects' ids; None if there seems to be none."""
    tool = find_tool(header, resource)
    columns = guess_columns(header, resource, names(fields_of(resource)), tool)
    return next(iter(columns.get("external_id", [])), None)


def _workbook(run: Run) -> Path:
    """The workbook, of which a sheet becomes the file."""
    return run.path.with_suffix(".xlsx")


def _plain(name: str) -> str:
    """A file's name as it can be shown."""
    return "".join(letter for letter in Path(name).name if letter.isprintable())[:200] or "file"
