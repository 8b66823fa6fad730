"""What a bulk edit does to one object (seed-bulk.txt).

A change is JSON, so that it can be kept: {"set": {field: value}, "add_tags": [...], "remove_tags": [...],
"clear_tags": bool}, with the API's own field names. What it does not mention stays as it is; None clears.
"""

from typing import Any

from core.folding import caseless

Change = dict[str, Any]
Fields = dict[str, Any]


def wanted(change: Change, held: Fields) -> Fields:
    """The fields to send for an object that is `held`; empty if it is as it should be already.

    The API replaces tags whole, so what is sent is this object's own tags with those of the change.
    """
    fields = dict(change.get("set", {}))
    different = {name for name, value in fields.items() if _comparable(held.get(name)) != _comparable(value)}
    tags = _tags(change, held)
    if tags != (held.get("tags") or []):
        fields["tags"] = tags
        different.add("tags")
    # All of `set` goes along, so that objects that differ in one of its fields alone share a call.
    return fields if different else {}


def _tags(change: Change, held: Fields) -> list[str]:
    removed = {caseless(tag) for tag in change.get("remove_tags", [])}
    now = [] if change.get("clear_tags") else list(held.get("tags") or [])
    kept = [tag for tag in now if caseless(tag) not in removed]
    there = {caseless(tag) for tag in kept}
    return [*kept, *(tag for tag in change.get("add_tags", []) if caseless(tag) not in there)]


def of(fields: Fields, held: Fields) -> Fields:
    """What `held` has in these fields."""
    return {name: held.get(name) for name in fields}


def same(one: Fields, other: Fields) -> bool:
    """Whether both say the same; the order of tags says nothing, and an empty text is the same as none."""
    return all(_comparable(one.get(name)) == _comparable(other.get(name)) for name in {*one, *other})


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value) or None
    return None if value == "" else value
