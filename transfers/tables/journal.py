"""Cells that hold comments together with their time and author: Jira's "date;author;text", ServiceNow's journals."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transfers.tables.dates import take_apart

# 2025-03-04 14:30:00 - Ada Byron (Work notes)
_HEADLINE = re.compile(r"^(?P<at>[^\n]{8,40}?) - (?P<name>[^\n()]{1,100}) \((?P<kind>[^()\n]{1,40})\)[ \t]*$", re.M)
_FIELDS = re.compile(r"(?P<at>[^;\n]{6,40});(?P<name>[^;\n]{0,100});(?P<content>.*)", re.DOTALL)


class Entry(NamedTuple):
    """A comment; "" where the cell does not say when, by whom, or of which kind ("Work notes")."""

    at: str
    name: str
    kind: str
    content: str


def entries(cell: str) -> Iterator[Entry]:
    """The comments of a cell, in its order; a cell of no known form is one comment."""
    heads = [found for found in _HEADLINE.finditer(cell) if take_apart(found["at"])]
    if heads and not cell[: heads[0].start()].strip():
        ends = [*(found.start() for found in heads[1:]), len(cell)]
        for found, end in zip(heads, ends, strict=True):
            yield Entry(found["at"], found["name"].strip(), found["kind"], cell[found.end() : end].strip())
    elif (parts := _FIELDS.fullmatch(cell)) and take_apart(parts["at"]):
        yield Entry(parts["at"], parts["name"].strip(), "", parts["content"].strip())
    else:
        yield Entry("", "", "", cell.strip())
