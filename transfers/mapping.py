"""From a line of a file to a record of the API: which columns mean which fields, and their words in ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.folding import caseless
from core.stored_texts import pattern
from replica.transfer import Field
from transfers.fields import (
    MAX_METADATA_KEY,
    NOT_KNOWN,
    WrongValueError,
    checked_email,
    checked_tags,
    checked_text,
    fields_of,
)
from transfers.models import Run
from transfers.options import ImportOptions
from transfers.sources import COMMENTS, Source, first_source
from transfers.tables.addresses import find_addresses
from transfers.tables.dates import DateFormat, NoDateError
from transfers.tables.html_text import as_text, looks_like_html
from transfers.tables.journal import entries
from transfers.tables.table import Ragged, Table
from transfers.tables.tags import split_tags
from transfers.tables.value_synonyms import guess_value
from transfers.tables.zones import find_zone

Record = dict[str, Any]
# A message as a file tells it: {"content", "at", "name", "email", "sender", "visibility"}, each but the first optional;
# "opening" where it stands in the ticket's own column, and so may be what the customer began with.
Message = dict[str, Any]

_EMPTY = pattern(gettext_noop("{field} is empty."))
_WRONG = pattern(gettext_noop("{field}: {problem}"))

# What a person chooses for a word that is to be left out, or kept in the metadata as it is; and for a column that goes
# to the metadata.
NOTHING = ""
KEPT = "@metadata"
# Instead of a date's format.
LEFT_OUT = "-"
METADATA = "metadata"
# The words of a column that are asked for; a column with more is not one of choices.
MOST_WORDS = 200
# A subject that is taken from a message, and where that is empty too.
MAX_TITLE = 100
NO_SUBJECT = "(no subject)"
# Names in the metadata of what has no field of its own.
OTHER_EMAILS = "otherEmails"
KEPT_NAMES = {"assigned_to": "assignee"}
# What becomes of a word that was not asked for, because there are too many.
_UNASKED = {"assigned_to": KEPT}
# The address that a field of a name may hold beside it, and the other way round; names on the wire.
_NAME_OF = {"customerEmail": "customerName", "email": "name"}
_VISIBILITIES = {"public": "Public", "internal": "Internal"}


def table(run: Run) -> Table:
    """The run's file as it is read. TableError."""
    return first_source(run).table()


@dataclasses.dataclass(slots=True)
class Read:
    """A line as a record, everything that is wrong with it, and its messages where lines are put into threads.

    `missing` are the required fields that are empty; `problems` say so, too.
    """

    record: Record = dataclasses.field(default_factory=dict)
    problems: list[str] = dataclasses.field(default_factory=list)
    missing: list[str] = dataclasses.field(default_factory=list)
    messages: list[Message] = dataclasses.field(default_factory=list)


class Mapping:
    """How the lines of a source become records."""

    def __init__(self, source: Source) -> None:
        options = source.options
        self.resource = source.resource
        self.header, self.columns, self.metadata = source.header, options.columns, options.metadata
        self.values, self.fixed, self.tags = options.values, options.fixed, options.tags
        self.html = options.html or []
        self.threads = self.resource == COMMENTS or (isinstance(options, ImportOptions) and options.threads)
        self.markdown = source.transfer is not None and source.transfer.markdown
        self.fields = [field for field in fields_of(self.resource) if {field.name} & {*self.columns, *self.fixed}]
        self.unmapped = [field for field in fields_of(self.resource) if field.required and field not in self.fields]
        self.formats = {name: date_format(dates) for name, dates in options.dates.items()}

    def read(self, cells: list[str] | Ragged) -> Read:
        if isinstance(cells, Ragged):
            return Read(problems=[str(cells)])
        if NOT_KNOWN in cells:
            cells = ["" if cell == NOT_KNOWN else cell for cell in cells]
        read = Read()
        metadata = self._metadata(cells)
        message: Message = {}
        for field in self.fields:
            try:
                found = self._value(field, cells, metadata)
            except (WrongValueError, NoDateError) as error:
                read.problems.append(_WRONG.format(field=field.label, problem=error))
                continue
            if found is None and field.required:
                read.missing.append(field.name)
                read.problems.append(_EMPTY.format(field=field.label))
            elif found is not None:
                (message if field.of_message else read.record)[field.wire] = found
        for field in self.unmapped:
            read.missing.append(field.name)
            read.problems.append(_EMPTY.format(field=field.label))
        _settle_person(read.record, metadata)
        if metadata:
            read.record["metadata"] = metadata
        if self.threads:
            self._take_messages(read, message)
        return read

    def label(self, name: str) -> str:
        return next(field.label for field in fields_of(self.resource) if field.name == name)

    def _value(self, field: Field, cells: list[str], metadata: dict[str, str]) -> Any:
        """None where there is nothing to send; what has no field of its own is put into `metadata`."""
        columns = self.columns.get(field.name, [])
        if field.kind == "tags":
            return self._tags(field, [cells[column] for column in columns])
        if field.name == "comments":
            return [cell for column in columns if (cell := cells[column].strip())] or None
        cell = joined(field, cells, columns)
        return self._of_cell(field, cell, metadata) if cell else self._fixed(field)

    def _of_cell(self, field: Field, cell: str, metadata: dict[str, str]) -> Any:
        match field.kind:
            case "choice":
                return self._choice(field, cell, metadata)
            case "date":
                return self._date(field, cell, metadata)
            case "email":
                return _email(cell, metadata)
        return checked_text(field, self._text(field.name, cell)) or None

    def _text(self, name: str, cell: str) -> str:
        """A body as text, where its column holds HTML."""
        is_html = name in self.html and looks_like_html(cell)
        return as_text(cell, markdown=self.markdown) if is_html else cell

    def _fixed(self, field: Field) -> Any:
        value = self.fixed.get(field.name, "")
        if not value:
            return None
        if field.kind == "date":
            return DateFormat("ymd", timezone.get_current_timezone()).read(value)
        return field.value(value)

    def _choice(self, field: Field, cell: str, metadata: dict[str, str]) -> Any:
        value = self.values.get(field.name, {}).get(word(cell), _UNASKED.get(field.name, NOTHING))
        if value == KEPT:
            metadata[KEPT_NAMES.get(field.name, field.name)] = cell
        return None if value in (NOTHING, KEPT) else field.value(value)

    def _date(self, field: Field, cell: str, metadata: dict[str, str]) -> str | None:
        form = self.formats.get(field.name) or DateFormat("ymd", timezone.get_current_timezone())
        if form.code == LEFT_OUT:
            return None
        if not field.kept:
            return form.read(cell)
        try:
            found = form.read(cell)
        except NoDateError:
            found = cell  # the metadata takes any text
        if found:
            metadata[field.wire] = found
        return None

    def _tags(self, field: Field, cells: list[str]) -> list[str] | None:
        way = self.tags.get(field.name, "commas")
        found = [tag for cell in cells for tag in split_tags(cell.strip(), way)]
        found = found or split_tags(self.fixed.get(field.name, ""), "commas")
        return checked_tags(list(dict.fromkeys(found))) or None

    def _metadata(self, cells: list[str]) -> dict[str, str]:
        return {
            self.header[column][:MAX_METADATA_KEY]: cells[column].strip()
            for column in self.metadata
            if cells[column].strip()
        }

    def _take_messages(self, read: Read, message: Message) -> None:
        """Move what the line says of messages out of its record."""
        content = read.record.pop("messages", None) or read.record.pop("content", None)
        comments = message.pop("comments", [])
        if content:
            if created := read.record.get("createdAt"):
                message.setdefault("at", created)
            opening = {} if self.resource == COMMENTS else {"opening": True}
            read.messages.append({"content": content, **message, **opening})
        for cell in comments:
            read.messages.extend(self._entries(cell))

    def _entries(self, cell: str) -> Iterable[Message]:
        """The messages of a cell that holds several."""
        form = self.formats.get("comments") or DateFormat("ymd", timezone.get_current_timezone())
        for entry in entries(cell):
            found = {"content": self._text("comments", entry.content)}
            found |= {"name": entry.name} if entry.name else {}
            if visibility := guess_value(entry.kind, _VISIBILITIES):
                found["visibility"] = visibility
            try:
                if entry.at and (at := form.read(entry.at)):
                    found["at"] = at
            except NoDateError:
                pass  # the message is worth more than its time
            yield found


def take_title(read: Read, mapping: Mapping) -> None:
    """Give a ticket without a subject the first line of its first message as one."""
    if read.missing != ["title"]:
        return
    content = read.messages[0]["content"] if read.messages else read.record.get("messages", "")
    title = next((line.strip() for line in content.splitlines() if line.strip()), "")
    if not title and "title" in mapping.columns:
        return
    read.record["title"] = title[:MAX_TITLE] or NO_SUBJECT
    read.missing.clear()
    read.problems.remove(_EMPTY.format(field=mapping.label("title")))


def date_format(dates: dict[str, str]) -> DateFormat:
    """From {format, zone} (`TableOptions.dates`); the person's zone where none is said."""
    return DateFormat(dates["format"], find_zone(dates.get("zone", "")) or timezone.get_current_timezone())


def joined(field: Field, cells: Sequence[str], columns: Iterable[int]) -> str:
    """What the columns hold together; empty ones do not count."""
    return field.joint.join(cell for column in columns if (cell := cells[column].strip()))


def word(cell: str) -> str:
    """A cell as a word to translate: however it is written, it is the same one."""
    return caseless(" ".join(cell.split()))[:100]


def generated_id(record: Record, nth: int) -> str:
    """An id for a line that has none: the same content gives the same, so that the same file creates nothing twice."""
    told = repr(sorted((name, repr(value)) for name, value in record.items()))
    return f"row-{sha256(told.encode()).hexdigest()[:20]}" + (f"-{nth}" if nth > 1 else "")


# Where `_email` leaves the name that it found beside an address, until the whole line is read.
_NAME_BESIDE = "@name"


def _email(cell: str, metadata: dict[str, str]) -> str:
    found = find_addresses(cell)
    address = checked_email(found.first, cell)
    if found.others:
        metadata[OTHER_EMAILS] = ", ".join(found.others)
    if found.name:
        metadata[_NAME_BESIDE] = found.name
    return address


def _settle_person(record: Record, metadata: dict[str, str]) -> None:
    """Give a person the name that stands beside their address, or the address beside their name."""
    beside = metadata.pop(_NAME_BESIDE, "")
    for email, name in _NAME_OF.items():
        if beside and email in record:
            record.setdefault(name, beside[:200])
        if email not in record and "@" in (said := str(record.get(name, ""))):
            found = find_addresses(said)
            try:
                record[email] = checked_email(found.first, said)
            except WrongValueError:
                continue  # a name with an @ in it
            record[name] = found.name or said
