"""Which of our fields a column means, by the names that other tools commonly give it (vocabulary/).

A guess is only where a person starts from; what is no common name is left alone.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from transfers.tables.tools import Tool, head_phrase
from transfers.tables.vocabulary import load

# Fields of which a file may have several columns, all of them meant: Jira repeats "Labels" and "Comment".
REPEATED = ("tags", "comments")
_NAMES = ("name", "customer_name")
_DOUBLE = re.compile(r"(.+) \(\d+\)")
_PLACE = re.compile(r"\{(\w+)\}")


def guess_columns(
    header: Sequence[str],
    resource: str,
    fields: Collection[str],
    tool: Tool | None = None,
    without: Collection[int] = (),
) -> dict[str, list[int]]:
    """The columns (from 0) that each field is most likely in, in the order in which they are joined.

    A column is used once, by the field whose name it carries most surely, and not at all if it is in `without`; fields
    that no column means are left out. Joined are the parts of a name, and columns that are repeated under one head.
    """
    names = [head_phrase(name) for name in single_heads(header)]
    passed = {column for column, name in enumerate(names) if tool and name in tool.ignored} | set(without)
    guessed: dict[str, list[int]] = {}
    used = set(passed)
    for _, column, field in sorted(_candidates(names, resource, fields, tool)):
        if field not in guessed and column not in used:
            guessed[field] = [column]
            used.add(column)
    for field, heads in (tool.joined if tool else {}).items():
        if set(heads) <= set(names):
            guessed[field] = [names.index(head) for head in heads]
    for field in REPEATED:
        if field in guessed:
            same = names[guessed[field][0]]
            guessed[field] = [column for column, name in enumerate(names) if name == same and column not in passed]
    _guess_name(guessed, names, fields, passed)
    return guessed


def is_unsure(head: str) -> bool:
    """Whether the column's words have to show that it is what its head says: "State" may be Texas."""
    return head_phrase(head) in load("heads")["unsure"]["heads"]


def in_name_order(header: Sequence[str], columns: Sequence[int]) -> list[int]:
    """The columns of a name with the first name first, wherever they stand; others keep their order."""
    names = [head_phrase(name) for name in single_heads(header)]
    parts = _name_parts()
    ranks = {name: rank for rank, part in enumerate(parts) for name in part}
    if any(names[column] in parts[0] for column in columns):
        ranks |= dict.fromkeys(load("heads")["name_parts"]["whole"], len(parts))
    return sorted(columns, key=lambda column: ranks.get(names[column], -1))


def single_heads(header: Sequence[str]) -> list[str]:
    """The header's names without the numbers that the table gave to repeated ones."""
    there = set(header)
    doubles = [_DOUBLE.fullmatch(name) for name in header]
    return [double[1] if double and double[1] in there else name for name, double in zip(header, doubles, strict=True)]


def knows_head(head: str, resource: str) -> bool:
    """Whether the head is in the vocabulary of the resource."""
    name = head_phrase(head)
    return any(name in ranks for ranks in _vocabulary(resource).values()) or any(name in part for part in _name_parts())


def _candidates(
    names: list[str], resource: str, fields: Collection[str], tool: Tool | None
) -> Iterator[tuple[int, int, str]]:
    """Each column that may mean a field: how sure that is (the least the surest), the column, the field."""
    vocabulary = _vocabulary(resource)
    for field in fields:
        sureness = dict(vocabulary.get(field, {}))
        known = tool.heads.get(field, []) if tool else []
        sureness |= {name: rank - len(known) for rank, name in enumerate(known)}
        for column, name in enumerate(names):
            if name in sureness or name == field.replace("_", " "):
                yield sureness.get(name, 0), column, field


def _guess_name(guessed: dict[str, list[int]], names: list[str], fields: Collection[str], passed: set[int]) -> None:
    """A name in parts, where there is no whole one: first, middle and last name."""
    field = next((field for field in _NAMES if field in fields), None)
    found = [_first_of(names, part, passed) for part in _name_parts()]
    if field is None:
        return
    if found[0] is not None and found[2] is None:
        found[2] = _first_of(names, load("heads")["name_parts"]["whole"], passed)
    columns = [column for column in found if column is not None]
    whole = guessed.get(field, [])
    if columns and (not whole or whole[0] in columns):
        guessed[field] = columns


def _first_of(names: list[str], heads: Sequence[str], passed: set[int]) -> int | None:
    for head in heads:
        if head in names and names.index(head) not in passed:
            return names.index(head)
    return None


@cache
def _vocabulary(resource: str) -> dict[str, dict[str, int]]:
    """The names of each field with how sure they are, the best of all languages."""
    found: dict[str, dict[str, int]] = {}
    for language in load("heads").get(resource, {}).values():
        for field, heads in language.items():
            ranks = found.setdefault(field, {})
            for rank, name in enumerate(_spelled_out(heads)):
                ranks[name] = min(rank, ranks.get(name, rank))
    return found


@cache
def _name_parts() -> tuple[tuple[str, ...], ...]:
    parts = load("heads")["name_parts"]
    return tuple(tuple(_spelled_out(parts[part])) for part in ("first", "middle", "last"))


def _spelled_out(heads: Sequence[str]) -> Iterator[str]:
    """Each head, once for each noun where it has a place for one."""
    for head in heads:
        place = _PLACE.search(head)
        if place is None:
            yield head
            continue
        for noun in load("heads")["nouns"][place[1]]:
            yield head.replace(place[0], noun)
