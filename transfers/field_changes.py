"""Fields of one object: what a change makes of them, how two states of them differ, how a change is taken back.

Fields are a dict with the API's own names. cStar merges `metadata` key by key, so each of its keys is a field of its
own; `flat` names it `metadata.<key>`.

A bulk edit's change is JSON: {"set": {field: value}, "add_tags": [...], "remove_tags": [...], "clear_tags": bool}.
What it does not mention stays as it is; None clears.
"""

from __future__ import annotations

from typing import Any

from core.folding import caseless

Change = dict[str, Any]
Fields = dict[str, Any]

METADATA = "metadata"
# What a record names its object by: no field that it changes.
IDENTITY = {"id", "email"}
_KEY_OF = f"{METADATA}."


def wanted(change: Change, held: Fields) -> Fields:
    """The fields to send for an object that is `held`; empty if it is as it should be already.

    The API replaces tags whole, so what is sent is this object's own tags with those of the change.
    """
    fields = dict(change.get("set", {}))
    different = {name for name, value in fields.items() if name not in held or not _equal(held[name], value)}
    tags = _tags(change, held)
    if tags != (held.get("tags") or []):
        fields["tags"] = tags
        different.add("tags")
    # All of `set` goes along, so that objects that differ in one of its fields alone share a call.
    return fields if different else {}


def touched(change: Change) -> set[str]:
    """The fields that the change is about."""
    tags = {"tags"} if {"add_tags", "remove_tags", "clear_tags"} & change.keys() else set()
    return {*change.get("set", {}), *tags}


def _tags(change: Change, held: Fields) -> list[str]:
    removed = {caseless(tag) for tag in change.get("remove_tags", [])}
    now = [] if change.get("clear_tags") else list(held.get("tags") or [])
    kept = [tag for tag in now if caseless(tag) not in removed]
    there = {caseless(tag) for tag in kept}
    return [*kept, *(tag for tag in change.get("add_tags", []) if caseless(tag) not in there)]


# --- metadata's keys as fields -------------------------------------------------------------------------------------


def flat(fields: Fields) -> Fields:
    """The fields with each key of the metadata as a field of its own."""
    found = {name: value for name, value in fields.items() if name != METADATA}
    return found | {f"{_KEY_OF}{key}": value for key, value in _metadata(fields).items()}


def nested(fields: Fields) -> Fields:
    """The reverse of `flat`: as the API takes them."""
    found = {name: value for name, value in fields.items() if not name.startswith(_KEY_OF)}
    metadata = {name.removeprefix(_KEY_OF): value for name, value in fields.items() if name.startswith(_KEY_OF)}
    return {**found, METADATA: metadata} if metadata else found


def applied(fields: Fields, held: Fields) -> Fields:
    """The fields as the object has them after a write: metadata is merged, and a key that is set to None goes."""
    if METADATA not in fields:
        return fields
    merged = {**_metadata(held), **_metadata(fields)}
    return {**fields, METADATA: {key: value for key, value in merged.items() if value is not None}}


def _metadata(fields: Fields) -> Fields:
    value = fields.get(METADATA)
    return value if isinstance(value, dict) else {}


# --- states of an object -------------------------------------------------------------------------------------------


def of(fields: Fields, held: Fields) -> Fields:
    """What `held` has in these fields; a field that it does not mention is left out, for nobody knows what it is."""
    found = {name: held[name] for name in fields if name in held and name != METADATA}
    if METADATA in fields and METADATA in held:
        found[METADATA] = {key: _metadata(held).get(key) for key in _metadata(fields)}
    return found


def same(one: Fields, other: Fields) -> bool:
    """Whether both say the same; the order of tags says nothing, and an empty text is the same as none."""
    return not differing(one, other)


def differing(one: Fields, other: Fields) -> list[str]:
    """The fields in which they differ, named as in `flat`."""
    one, other = flat(one), flat(other)
    return [name for name in {**one, **other} if not _equal(one.get(name), other.get(name))]


def _equal(one: Any, other: Any) -> bool:
    return _comparable(one) == _comparable(other)


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value) or None
    return None if value == "" else value


# --- taking a change back ------------------------------------------------------------------------------------------


def taken_back(before: Fields, after: Fields, now: Fields) -> tuple[Fields, list[str]]:
    """What to send to undo a change from `before` to `after` of an object that is `now`, and which fields cannot be.

    A field that others changed since stays theirs; of tags only those that the change added or removed are put right.
    """
    restored, left = Fields(), []
    old, current = flat(before), flat(of(after, now))
    for name, value in flat(after).items():
        if name not in old or _equal(old[name], value):
            continue
        if name not in current:
            left.append(name)
        elif name == "tags":
            tags = _tags_taken_back(old[name] or [], value or [], current[name] or [])
            if _equal(tags, current[name]):
                left.append(name)
            else:
                restored[name] = tags
        elif _equal(current[name], value):
            restored[name] = old[name]
        else:
            left.append(name)
    return nested(restored), left


def _tags_taken_back(before: list[str], after: list[str], now: list[str]) -> list[str]:
    if _equal(now, after):
        return before
    kept = [tag for tag in now if tag in before or tag not in after]
    return [*kept, *(tag for tag in before if tag not in after and tag not in now)]
