"""Tickets with several messages: lines that share an id, cells that hold several, and a second file.

While lines are read, a ticket's row holds its messages as the file tells them. `finish` makes of them what cStar
takes, in the order of their times. Internal notes go into the ticket's notes and never into its messages: an import
of cStar is not known to keep a message internal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.formats import localize
from django.utils.translation import gettext_noop, ngettext_lazy

from core.stored_texts import pattern
from transfers import conversation
from transfers.batching import CHUNK, chunks
from transfers.fields import fields_of
from transfers.mapping import Mapping, Message, Read, Record
from transfers.models import Run, RunRow
from transfers.sources import comments_source
from transfers.tables.errors import TableError

Plan = RunRow.Plan
FIRST_IS_WRONG = pattern(gettext_noop("Line {line} of this ticket cannot be imported."))
MESSAGES = conversation.MESSAGES

MAX_WAITING = 1_000_000  # characters of messages that are not saved yet
REWRITTEN = 200  # rows that are read and saved again at once
MAX_EXAMPLES = 5  # problems of the second file that are shown
MAX_STAGED = 5_000  # messages of a ticket that are read at all


@dataclass(slots=True)
class Threads:
    """Puts the lines of a ticket together while a file is read.

    `rows` are the keys of the tickets' rows by what they are known by, `there` the tickets that cStar has already,
    `broken` those whose first line cannot be imported, with that line. `told` counts what becomes of messages:
    "messages" and "notes" that are imported, "left_out", "there", "unmatched" and "wrong". `unread` are the first
    problems of the second file.
    """

    run: Run
    rows: dict[str, int] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    broken: dict[str, int] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    _fresh: dict[str, RunRow] = field(default_factory=dict)
    _late: dict[int, list[Message]] = field(default_factory=dict)
    _waiting: int = 0

    @property
    def needs_title(self) -> bool:
        """Whether a line with the id of another belongs to it only under the same subject.

        In a file that says whose messages there are, replies may have subjects of their own.
        """
        mapped = self.run.import_options.columns
        return not any(field.name in mapped for field in fields_of(self.run.resource) if field.of_message)

    def begin(self, row: RunRow, read: Read) -> None:
        """Take the first line of a ticket."""
        if not self.run.import_options.threads or row.resource != self.run.resource:
            return
        if row.plan == Plan.WRONG:
            self.broken.setdefault(str(read.record.get("externalId", "")), row.line)
            return
        self.titles[row.key] = _title(read.record)
        if row.cstar_id:
            self.there.add(row.key)
            self.told["there"] += len(read.messages)
            return
        row.after[MESSAGES] = []
        self._fresh[row.key] = row
        self.add(row.key, read.messages)

    def joins(self, read: Read) -> bool:
        """Whether a line is a further message of a ticket; then it is added to it."""
        key = read.record.get("externalId", "")
        if not read.messages or key not in self.titles or len(read.problems) > len(read.missing):
            return False
        is_other = self.needs_title and _title(read.record) not in (0, self.titles[key])
        if is_other or self._has(key, read.messages):
            return False
        self.add(key, read.messages)
        return True

    def broken_at(self, read: Read) -> int:
        """The first line of the ticket that the line belongs to, if that cannot be imported; else 0."""
        return self.broken.get(read.record.get("externalId", ""), 0) if read.messages else 0

    def add(self, key: str, messages: list[Message]) -> None:
        if key in self.there:
            self.told["there"] += len(messages)
            return
        if row := self._fresh.get(key):
            row.after[MESSAGES].extend(messages)
        else:
            self._late.setdefault(self.rows[key], []).extend(messages)
        self._waiting += sum(len(message["content"]) for message in messages)

    def parts(self, rows: Iterable[RunRow | None]) -> Iterator[list[RunRow]]:
        """The rows in lists that are to be saved at once; None stands for a line that has no row."""
        part: list[RunRow] = []
        for row in rows:
            if row is not None:
                part.append(row)
            if len(part) == CHUNK or self._waiting > MAX_WAITING:
                yield part
                part = []
        yield part

    def saved(self) -> None:
        """Go on after rows were saved: write what came late for those of before."""
        self.rows |= {key: row.pk for key, row in self._fresh.items()}
        self._fresh.clear()
        self._waiting = 0
        for part in chunks(self._late, REWRITTEN):
            rows = list(RunRow.objects.filter(pk__in=part))
            for row in rows:
                row.after[MESSAGES].extend(self._late[row.pk])
                self.told["left_out"] += len(row.after[MESSAGES][MAX_STAGED:])
                del row.after[MESSAGES][MAX_STAGED:]
            _write(rows)
        self._late.clear()

    def finish(self, renew: Callable[[], None]) -> None:
        """Add the messages of the second file, and turn all into what cStar takes. TableError."""
        if not self.run.import_options.threads:
            return
        self._read_comments(renew)
        writer = conversation.Writer(self.run)
        for part in chunks(list(self.rows.values()), REWRITTEN):
            renew()
            for rows in _by_weight(RunRow.objects.filter(pk__in=part).order_by("pk").iterator(chunk_size=50)):
                for row in rows:
                    writer.write(row)
                _write(rows)
        self.told.update(writer.told)
        self.run.import_options.told, self.run.import_options.unread = dict(self.told), self.unread

    def _read_comments(self, renew: Callable[[], None]) -> None:
        source = comments_source(self.run)
        if source is None:
            return
        mapping = Mapping(source)
        for number, (line, cells) in enumerate(source.table().lines(), 1):
            read = mapping.read(cells)
            key = str(read.record.get("ticket", ""))
            if read.problems or not read.messages:
                self.told["wrong"] += 1
                problems = [str(TableError(problem, line)) for problem in read.problems]
                self.unread += problems[: MAX_EXAMPLES - len(self.unread)]
            elif key in self.rows or key in self.there:
                self.add(key, read.messages)
            else:
                self.told["unmatched"] += 1
            if self._waiting > MAX_WAITING or number % CHUNK == 0:
                self.saved()
                renew()
        self.saved()

    def _has(self, key: str, messages: list[Message]) -> bool:
        """Whether the very same messages are there already: a line that stands twice."""
        row = self._fresh.get(key)
        return row is not None and all(message in row.after[MESSAGES] for message in messages)


def sentences(told: dict[str, int]) -> list[str]:
    """Return a sentence for each number in `told` that is not 0. They say what happens to the messages."""
    return [
        (sentence % {"number": told[name]}).format(number=localize(told[name]))
        for name, sentence in _SENTENCES.items()
        if told.get(name)
    ]


_SENTENCES = {
    "messages": ngettext_lazy(
        "{number} message comes with the tickets.",
        "{number} messages come with the tickets.",
        "number",
    ),
    "notes": ngettext_lazy(
        "{number} internal note goes into the internal notes of its ticket.",
        "{number} internal notes go into the internal notes of their tickets.",
        "number",
    ),
    "left_out": ngettext_lazy(
        "{number} message is left out, because its ticket has too many.",
        "{number} messages are left out, because their tickets have too many.",
        "number",
    ),
    "there": ngettext_lazy(
        "{number} message belongs to a ticket that is there already: it is not added.",
        "{number} messages belong to tickets that are there already: they are not added.",
        "number",
    ),
    "unmatched": ngettext_lazy(
        "{number} message names a ticket that is not in the file: it is left out.",
        "{number} messages name tickets that are not in the file: they are left out.",
        "number",
    ),
    "wrong": ngettext_lazy(
        "{number} message cannot be read and is left out.",
        "{number} messages cannot be read and are left out.",
        "number",
    ),
}


def _write(rows: list[RunRow]) -> None:
    """Save rows that are there: in less memory and time than bulk_update, which writes a CASE for each of them."""
    RunRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["after", "reason"])


def _title(record: Record) -> int:
    title = str(record.get("title", "")).casefold()
    return hash(title) if title else 0


def _by_weight(rows: Iterator[RunRow]) -> Iterator[list[RunRow]]:
    """The rows in lists that hold little enough to be in memory at once."""
    part: list[RunRow] = []
    weight = 0
    for row in rows:
        part.append(row)
        weight += sum(len(message["content"]) for message in row.after.get(MESSAGES, []))
        if weight > MAX_WAITING:
            yield part
            part, weight = [], 0
    yield part
