"""JSON as other tools export it, turned into CSV so that whatever follows reads CSV alone.

An array of objects, one object a line (JSON lines, as Zendesk exports tickets), or an object that holds the array. Keys
of objects within objects are joined with dots. A list of messages within each object becomes a table of its own.
Objects are read one by one; only one is in memory.
"""

import csv
import json
from collections.abc import Callable, Iterator
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, TextIO

from core.stored_texts import pattern
from transfers.tables.csv_file import MAX_CELL, MAX_COLUMNS, Dialect
from transfers.tables.encoding import detect
from transfers.tables.errors import TableError, gettext_noop

Object = dict[str, Any]

MAX_OBJECT = 5_000_000  # characters
_BLOCK = 1 << 16
_SPACE = " \t\r\n,\x1e\ufeff"
# Keys of the text of a message, of what an object is known by, and of pairs that are fields of their own.
_BODIES = {"body", "content", "text", "message", "html_body", "plain_body", "body_text", "comment"}
_NAMES, _VALUES = ("id", "name", "key", "field", "label"), ("value",)
_RECORDS = {"id", "key", "number", "subject", "title", "email"}
# Keys of lists of records, which may stand beside lists of something else; and of objects that hold a record's fields.
_LISTS = ("tickets", "conversations", "issues", "cases", "customers", "contacts", "users", "articles")
_FIELDS = {"fields", "attributes", "properties"}
_PARENT = "ticket_id"

_NO_JSON = gettext_noop(
    "This file begins like JSON, but cannot be read as such. Export it again, or export the table as CSV."
)
_NO_OBJECTS = gettext_noop(
    "This JSON file holds no list of objects. Export the records as a JSON array, or export the table as CSV."
)
_LARGE = pattern(
    gettext_noop("An object in this JSON file has more than {most} characters. Split it, or export the table as CSV.")
)
_MANY_KEYS = pattern(
    gettext_noop("The objects of this JSON file have more than {most} different keys. Export fewer fields.")
)


def to_csv(path: Path, target: Path, thread_target: Path, find_id: Callable[[list[str]], int | None]) -> bool:
    """Write the objects as CSV in UTF-8, and the messages within them as a second file; answers whether there are any.

    `find_id` tells in which of the columns with these names the ids are; the second file repeats them as `ticket_id`.
    TableError where the file is no such JSON.
    """
    header, thread_header = _headers(path)
    if not header:
        raise TableError(_NO_OBJECTS)
    known_by = find_id(header)
    with (
        target.open("w", encoding="utf-8", newline="") as file,
        thread_target.open("w", encoding="utf-8", newline="") as thread_file,
    ):
        table, thread = csv.writer(file), csv.writer(thread_file)
        table.writerow(header)
        thread.writerow([_PARENT, *thread_header])
        for record in _objects(path):
            flat, messages = _flattened(record)
            table.writerow([flat.get(name, "") for name in header])
            own = flat.get(header[known_by], "") if known_by is not None else ""
            thread.writerows([own, *(message.get(name, "") for name in thread_header)] for message in messages)
    if not thread_header:
        thread_target.unlink()
    return bool(thread_header)


# What `to_csv` writes is text as it is, and its lines are the objects.
DIALECT = Dialect(sheet=True)


def _headers(path: Path) -> tuple[list[str], list[str]]:
    """The keys of all objects, and of the messages in them, in the order in which they are first seen."""
    keys: dict[str, None] = {}
    thread_keys: dict[str, None] = {}
    for record in _objects(path):
        flat, messages = _flattened(record)
        keys |= dict.fromkeys(flat)
        for message in messages:
            thread_keys |= dict.fromkeys(message)
        if max(len(keys), len(thread_keys) + 1) > MAX_COLUMNS:
            raise TableError(_MANY_KEYS.format(most=f"{MAX_COLUMNS:,}"))
    return list(keys), list(thread_keys)


# --- objects one by one --------------------------------------------------------------------------------------------


def _objects(path: Path) -> Iterator[Object]:
    encoding = detect(path)
    if encoding is None:
        raise TableError(_NO_JSON)
    try:
        with path.open(encoding=encoding, newline="") as file:
            for value in _Values(file).records():
                if not isinstance(value, dict):
                    raise TableError(_NO_OBJECTS)
                yield value
    except (JSONDecodeError, RecursionError, UnicodeDecodeError) as error:
        raise TableError(_NO_JSON) from error


class _Values:
    """JSON values of a text, one after the other, whatever stands around them."""

    decoder = JSONDecoder(parse_int=str, parse_float=str)

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.text = file.read(_BLOCK)
        self.at = 0

    def records(self) -> Iterator[Any]:
        """The objects of the list that the file is, or has in it."""
        if self._peek() == "[":
            while self._peek() == "[":
                yield from self._elements()
            if self._peek():
                raise JSONDecodeError("Something stands behind the array", "", 0)
            return
        try:
            first = self._value()
        except TableError:  # too large to be one of many
            self.file.seek(0)
            self.__init__(self.file)  # type: ignore[misc]
            yield from self._elements_within()
            return
        if not self._peek():
            yield from _list_in(first) or [first]
            return
        yield first
        while self._peek():
            yield self._value()

    def _elements(self) -> Iterator[Any]:
        """Those of the array that begins here."""
        self.at += 1
        while (sign := self._peek()) not in ("]", ""):
            if sign == "[":
                raise TableError(_NO_OBJECTS)
            yield self._value()
        if not sign:
            raise JSONDecodeError("The array does not end", "", 0)
        self.at += 1

    def _elements_within(self) -> Iterator[Any]:
        """Those of the first array with something in it, of the object that begins here."""
        self.at += 1
        while self._peek() not in ("}", ""):
            self._value()  # the key
            if self._peek(_SPACE + ":") == "[":
                yield from self._elements()
                return
            self._value()

    def _peek(self, passed: str = _SPACE) -> str:
        """The next sign that is not blank or a comma; "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in passed:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._read_on(_BLOCK):
                return ""

    def _value(self) -> Any:
        """The value that begins here. What is cut off is tried again with twice as much text."""
        self._peek()
        size = _BLOCK
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
            except JSONDecodeError:
                if not self._read_on(size):
                    raise
            else:
                if end < len(self.text) or not self._read_on(_BLOCK):
                    self.at = end
                    return value
            if len(self.text) - self.at > MAX_OBJECT:
                raise TableError(_LARGE.format(most=f"{MAX_OBJECT:,}"))
            size *= 2

    def _read_on(self, size: int) -> bool:
        """Drop what was read, and read more."""
        more = self.file.read(size)
        self.text = self.text[self.at :] + more
        self.at = 0
        return bool(more)


def _list_in(value: Any, depth: int = 2) -> list[Any]:
    """The first list of objects in an object that does not look like a record itself."""
    if not isinstance(value, dict) or _RECORDS & set(value):
        return []
    lists = {
        key: inner for key, inner in value.items() if isinstance(inner, list) and inner and isinstance(inner[0], dict)
    }
    if lists:
        return next((lists[key] for key in _LISTS if key in lists), next(iter(lists.values())))
    for inner in value.values():
        if depth and (found := _list_in(inner, depth - 1)):
            return found
    return []


# --- an object as a row --------------------------------------------------------------------------------------------


def _flattened(record: Object) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the object's cells by key, and those of each message in the object."""
    cells: dict[str, str] = {}
    threads: list[Object] = []
    people = {
        str(person["id"]): person
        for person in record.values()
        if isinstance(person, dict) and {"id", "name"} <= person.keys()
    }
    try:
        _put(cells, threads, "", record)
        return cells, [_message(message, record, people) for message in threads]
    except RecursionError as error:
        raise TableError(_NO_JSON) from error


def _put(cells: dict[str, str], threads: list[Object] | None, name: str, value: Any) -> None:
    match value:
        case dict() if value:
            for key, inner in value.items():
                at_top = not name or name in _FIELDS
                _put(cells, threads, str(key) if at_top else f"{name}.{key}", inner)
        case [_, *_] if threads is not None and all(isinstance(one, dict) and _BODIES & set(one) for one in value):
            threads.extend(value)
        case list() if (pairs := _pairs(value)) is not None:
            for key, inner in pairs.items():
                _put(cells, threads, f"{name}.{key}", inner)
        case None | [] | {}:
            if name:
                cells.setdefault(name, "")
        case bool():
            cells[name] = "true" if value else "false"
        case str():
            cells[name] = value.replace("\0", "")[:MAX_CELL]
        case _:
            cells[name] = json.dumps(value, ensure_ascii=False)[:MAX_CELL]


def _message(message: Object, record: Object, people: dict[str, Object]) -> dict[str, str]:
    """A message's cells; its author by name, where the message has only their id and the record knows them."""
    cells: dict[str, str] = {}
    _put(cells, None, "", message)
    author = str(message.get("author_id") or message.get("user_id") or "")
    if author in people and not isinstance(message.get("author"), dict):
        person = people[author]
        role = person.get("role") or ("end-user" if author == str(record.get("requester_id")) else "agent")
        cells |= {
            "author.name": str(person.get("name") or ""),
            "author.email": str(person.get("email") or ""),
            "author.role": str(role),
        }
    return cells


def _pairs(values: list[Any]) -> dict[str, Any] | None:
    """{name: value} of a list like [{"id": 7, "value": "Gold"}]; None for other lists."""
    found: dict[str, Any] = {}
    for value in values:
        names = [key for key in _NAMES if isinstance(value, dict) and key in value]
        if not names or not isinstance(value, dict) or set(value) - {names[0], *_VALUES} or "value" not in value:
            return None
        found[str(value[names[0]])] = value["value"]
    return found
