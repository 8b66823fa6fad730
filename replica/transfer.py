"""The Transfer declaration: what exports, imports and bulk edits need to know of a resource, said by its app."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from cstar import Client
from replica.bulk_form import BulkForm
from replica.models import WorkingCopy
from teams.models import Team
from teams.viewer import Viewer

Choices = list[tuple[str, Any]]
# An object or a record in the API's own names.
Record = dict[str, Any]
# Of a cell: a text, a number, a list of texts (tags), an object (metadata), or nothing.
Value = Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an export may have.

    `name` is its name in forms and addresses, `head` its head in the file: such that `tables.guessing` finds the same
    field when the file is imported again. `read` answers an object's value as cStar said it; None for what it did not
    say. Rows of lists may leave the payload's `field` out: it is read from cStar then. `prepare(team, objects)` is
    called with the objects of a part before they are read; `is_held` tells whether an object's value is held at all.
    """

    name: str
    head: str
    read: Callable[[Any], Value]
    field: str = ""
    prepare: Callable[[Team, Sequence[Any]], None] | None = None
    is_held: Callable[[Any], bool] = lambda held: True


def left_out(columns: Iterable[Column]) -> set[str]:
    """The payload's fields that these columns show and that rows of lists may leave out."""
    return {column.field for column in columns if column.field}


def text(name: str) -> Callable[[WorkingCopy], Value]:
    """Reads a text of the payload."""

    def read(held: WorkingCopy) -> Value:
        value = held.payload.get(name)
        return value if isinstance(value, str) else None

    return read


def or_none(attribute: str) -> Callable[[WorkingCopy], Value]:
    """Reads a column of the working copy, which holds "" where cStar said null."""
    return lambda held: getattr(held, attribute) or None


def metadata(held: WorkingCopy) -> Value:
    """Reads the metadata."""
    value = held.payload.get("metadata")
    return value if isinstance(value, dict) and value else None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an import that columns of a file can be mapped to.

    `wire` is its name in a record, of `kept` ones in the record's metadata. `kind` says how a cell becomes its value
    (transfers/mapping.py): "text", of at most `most` characters; "choice", whose words are translated first; "date",
    "tags" or "email". Several columns of the field are joined with `joint`. `of_message` fields are about one message.
    `value` makes the API's value of a choice; `usual` are choices that every cStar has: a column whose head is unsure
    is the field's only if it holds these.
    """

    name: str
    wire: str
    label: str
    kind: str = "text"
    most: int = 0
    required: bool = False
    joint: str = " "
    kept: bool = False
    of_message: bool = False
    value: Callable[[str], Any] = str
    usual: tuple[str, ...] = ()

    @property
    def choice(self) -> bool:
        return self.kind == "choice"


class Older(NamedTuple):
    """Objects that are too old for the working copy.

    `may_match(form)` tells whether the filters of a list let any through, `fetch(client, viewer, form)` reads those
    in parts and raises `PartialError` where cStar could not bring all, with `most_calls` at most.
    """

    may_match: Callable[[Any], bool]
    fetch: Callable[[Client, Viewer, Any], Iterator[list[Any]]]
    most_calls: int


class Brings(NamedTuple):
    """Objects of another resource that an import creates along: `record(row)` is that of a row, None where it has none.

    cStar knows them by the address that the row's `customerEmail` holds (transfers/linking.py).
    """

    resource: str
    record: Callable[[Record], Record | None]


class Dependents(NamedTuple):
    """Objects of another resource that need an object, so that it is not deleted before them.

    Their `field` names it, and so does their list's parameter `filter`; the object's `number_field` says how many.
    """

    resource: str
    field: str
    filter: str
    number_field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """How a resource is exported, imported and edited in bulk: cStar's /export, /import and /bulk know it.

    Export: `columns` are those that a file may have, nothing else of an object leaves in one. `parts(team)` names
    filters and values that part all objects, for more than one call of /export brings; `older` are those that the
    working copy does not hold.

    Bulk edit: `bulk_form` says what can be changed. `unprinted` are fields of it that cStar's reference of updates does
    not print, so that it is looked whether cStar took them.

    Import: `fields` are what columns can become and `choices(team)` what its choices offer; `markdown` tells that HTML
    becomes Markdown and no plain text. Objects with `has_metadata` keep there what has no field. `messages` are the
    fields of a second file, of messages that the objects have. `completed(record)` is a new record with what cStar
    needs besides. `brings` are objects of another resource that an import creates before these.

    What an import finds objects by: `key(record)` is what cStar knows a record by, None where a payload does not say
    it; `keys(rows)` are the ids of held objects by their keys. `title(record)`, from `title_field`, is what objects are
    searched and listed by. An update's record names its object by the field `identity`. With `external_ids` the key is
    the id in another tool, in the metadata; `unique` tells that two objects cannot have the same key.
    `other_key` is the sentence, with its place {email}, for a record whose id is that of an object with another key.

    What an import made: `defaults` are what cStar gives to fields that a record does not mention, `undocumented` the
    fields that a cStar may refuse in one. `dependents` need an object that is to be deleted.
    """

    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    choices: Callable[[Team], dict[str, Choices]]
    bulk_form: type[BulkForm]
    parts: Callable[[Team], dict[str, list[str]]]
    key: Callable[[Record], str | None]
    keys: Callable[[QuerySet[Any]], dict[str, str]]
    title: Callable[[Record], str]
    title_field: str
    defaults: Mapping[str, Any]
    undocumented: tuple[str, ...] = ()
    unprinted: frozenset[str] = frozenset()
    older: Older | None = None
    markdown: bool = False
    has_metadata: bool = True
    messages: tuple[Field, ...] = ()
    completed: Callable[[Record], Record] = lambda record: record
    brings: Brings | None = None
    identity: str = "id"
    external_ids: bool = False
    unique: bool = True
    other_key: str = ""
    dependents: Dependents | None = None

    def chosen(self, names: Collection[str]) -> list[Column]:
        """The columns with these names, in our order."""
        return [column for column in self.columns if column.name in names]
