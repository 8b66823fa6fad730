"""What the columns of a file hold, found out in one pass over it: words, dates, tags, HTML, repeated ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as default

from replica.transfer import Field
from transfers.fields import BODIES, NOT_KNOWN, fields_of
from transfers.mapping import MOST_WORDS, joined, word
from transfers.sources import Source
from transfers.tables.date_columns import DateColumn
from transfers.tables.html_text import looks_like_html
from transfers.tables.journal import entries
from transfers.tables.table import Ragged
from transfers.tables.tags import TagColumn

# From this share of its cells on, a column of bodies counts as HTML.
_HTML_SHARE = 0.3


@dataclass(slots=True)
class Words:
    """The words of a field of choices: how often each, and how it was first written."""

    counted: Counter[str] = default(default_factory=Counter)
    written: dict[str, str] = default(default_factory=dict)

    def add(self, cell: str) -> None:
        found = word(cell)
        if found in self.written or len(self.written) < MOST_WORDS:
            self.counted[found] += 1
            self.written.setdefault(found, cell[:100])

    def listed(self) -> list[tuple[str, str, int]]:
        """(word, as it was first written, how often), the commonest first."""
        return [(found, self.written[found], number) for found, number in self.counted.most_common()]


@dataclass(slots=True)
class Bodies:
    """How many cells of a column of texts are HTML."""

    cells: int = 0
    html: int = 0

    def add(self, cell: str) -> None:
        self.cells += 1
        self.html += looks_like_html(cell)

    @property
    def is_html(self) -> bool:
        return self.html > 0 and self.html >= _HTML_SHARE * self.cells


@dataclass(slots=True)
class Profile:
    """By field of the source, as far as columns are mapped to it. `repeats`: lines share the id of a ticket."""

    source: Source
    words: dict[str, Words] = default(default_factory=dict)
    dates: dict[str, DateColumn] = default(default_factory=dict)
    tags: dict[str, TagColumn] = default(default_factory=dict)
    bodies: dict[str, Bodies] = default(default_factory=dict)
    repeats: bool = False

    @property
    def fields(self) -> list[Field]:
        """Those that columns are mapped to."""
        return [field for field in fields_of(self.source.resource) if field.name in self.source.options.columns]

    def columns(self, field: Field) -> list[int]:
        return self.source.options.columns[field.name]

    def heads(self, field: Field) -> list[str]:
        return [self.source.header[column] for column in self.columns(field)]


def profile(source: Source) -> Profile:
    """Read the whole file once. TableError."""
    found = Profile(source)
    fields = found.fields
    for field in fields:
        _prepare(found, field)
    ids: set[int] = set()
    id_columns = source.options.columns.get("external_id", [])
    for _, cells in source.table().lines():
        if isinstance(cells, Ragged):
            continue
        for field in fields:
            given = [cells[column].strip() for column in found.columns(field)]
            _add(found, field, [cell for cell in given if cell and cell != NOT_KNOWN])
        # Their hashes are enough: two ids with the same one are rarer than wrong guesses.
        if key := "".join(cells[column].strip() for column in id_columns):
            found.repeats |= hash(key) in ids
            ids.add(hash(key))
    return found


def _prepare(found: Profile, field: Field) -> None:
    if field.choice:
        found.words[field.name] = Words()
    if field.kind == "date" or field.name == "comments":
        found.dates[field.name] = DateColumn()
    if field.kind == "tags":
        found.tags[field.name] = TagColumn()
    if field.name in BODIES:
        found.bodies[field.name] = Bodies()


def _add(found: Profile, field: Field, cells: list[str]) -> None:
    """Add a row's cells of the field that are not empty."""
    if not cells:
        return
    if field.name in found.bodies:
        for cell in cells:
            found.bodies[field.name].add(cell)
    if field.name == "comments":
        for cell in cells:
            for entry in entries(cell):
                if entry.at:
                    found.dates[field.name].add(entry.at)
    elif field.name in found.tags:
        for cell in cells:
            found.tags[field.name].add(cell)
    elif field.name in found.dates:
        found.dates[field.name].add(field.joint.join(cells))
    elif field.name in found.words:
        found.words[field.name].add(joined(field, cells, range(len(cells))))
