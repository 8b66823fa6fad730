"""Cells that hold comments together with their time and author: Jira's "date;author;text", ServiceNow's journals."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transfers.tables.dates import take_apart

_FIELDS = re.compile(r"(?P<at>[^;\n]{6,40});(?P<name>[^;\n]{0,100});(?P<content>.*)", re.DOTALL)
_LONGEST_HEADLINE = 200  # characters


class Entry(NamedTuple):
    """A comment; "" where the cell does not say when, by whom, or of which kind ("Work notes")."""

    at: str
    name: str
    kind: str
    content: str


def entries(cell: str) -> Iterator[Entry]:
    """The comments of a cell, in its order; a cell of no known form is one comment."""
    lines = cell.strip().split("\n")
    if _headline(lines[0]):
        yield from _journal(lines)
    elif (parts := _FIELDS.fullmatch(cell)) and take_apart(parts["at"]):
        yield Entry(parts["at"], parts["name"].strip(), "", parts["content"].strip())
    else:
        yield Entry("", "", "", cell.strip())


def _journal(lines: list[str]) -> Iterator[Entry]:
    head: Entry | None = None
    content: list[str] = []
    for line in lines:
        if found := _headline(line):
            if head:
                yield head._replace(content="\n".join(content).strip())
            head, content = found, []
        else:
            content.append(line)
    if head:
        yield head._replace(content="\n".join(content).strip())


def _headline(line: str) -> Entry | None:
    """2025-03-04 14:30:00 - Ada Byron (Work notes)"""
    text = line.strip()
    if not text.endswith(")") or len(text) > _LONGEST_HEADLINE:
        return None
    at, dash, rest = text.partition(" - ")
    name, bracket, kind = rest[:-1].rpartition(" (")
    return Entry(at, name.strip(), kind, "") if dash and bracket and take_apart(at) else None
