"""`/tags`: the tags of tickets and how many carry each (docs/cstar-api.md#tags)."""

from typing import Any

import msgspec

from sandbox import bodies, changes, errors, fields
from sandbox.api import Call, Reply
from sandbox.models import Tag


class TagCreate(msgspec.Struct):
    name: str = ""


def tag_list(call: Call) -> Reply:
    """Every tag the team knows, most used first, not paginated. A tag that nobody uses any more stays, with 0."""
    return Reply([_row(tag) for tag in call.team.tags.order_by("-count", "name")])


def tag_create(call: Call) -> Reply:
    """201 with object, name, count; 409 when the team has it already."""
    name = bodies.shaped(call.body, TagCreate).name.strip()
    if not name:
        raise errors.missing("name is required", "name")
    fields.check_tag(name, "name")
    tag, created = Tag.objects.get_or_create(team=call.team, name=name)
    if not created:
        raise errors.conflict("A tag with this name already exists", "name")
    changes.record(call, "tag.created", name)
    return Reply(_row(tag), 201)


def _row(tag: Tag) -> dict[str, Any]:
    return {"object": "tag", "name": tag.name, "count": tag.count}
