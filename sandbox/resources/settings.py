"""`/settings`: the team's own (docs/cstar-api.md#settings). A secret key is needed for reading too.

The page prints `GET /` and `PATCH /`; the shapes of `/statuses` and `/quick-replies` are ours.
"""

import re
from typing import Any

import msgspec

from sandbox import bodies, changes, errors, fields
from sandbox.api import Call, Reply
from sandbox.fields import UNSET, Name, UnsetType
from sandbox.models import Team

_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class SettingsPatch(msgspec.Struct, rename="camel"):
    team_name: Name | UnsetType = UNSET
    team_slug: Name | UnsetType = UNSET


def settings_detail(call: Call) -> Reply:
    return Reply(_row(call.team))


def settings_update(call: Call) -> Reply:
    """Changes teamName and teamSlug; answers the settings."""
    team, patch = call.team, bodies.shaped(call.body, SettingsPatch)
    before = _row(team)
    if patch.team_name is not UNSET:
        team.name = fields.required_text(patch.team_name, "teamName")
    if patch.team_slug is not UNSET:
        team.slug = _free_slug(team, patch.team_slug)
    after = _row(team)
    changed = {key: {"from": before[key], "to": after[key]} for key in after if before[key] != after[key]}
    if changed:
        team.save(update_fields=["name", "slug"])
        told = {"preferences": {key: after[key] for key in ("teamName", "teamSlug")}, "changes": changed}
        fires = {"team.preferences_updated": lambda: told}
        changes.record(call, "settings.updated", str(team.uuid), fires, changes=changed)
    return Reply(after)


def status_list(call: Call) -> Reply:
    """The team's ticket statuses in order. `kind` tells what one means: open, pending or closed."""
    rows = enumerate(call.team.statuses)
    return Reply([{"object": "ticket_status", **status, "sortOrder": position} for position, status in rows])


def quick_reply_list(call: Call) -> Reply:
    rows = call.team.quick_replies.order_by("title", "id")
    return Reply(
        [
            {
                "object": "quick_reply",
                "id": row.id,
                "title": row.title,
                "content": row.content,
                "shortcut": row.shortcut,
            }
            for row in rows
        ]
    )


def _free_slug(team: Team, slug: str) -> str:
    if len(slug) > 100 or not _SLUG.match(slug):
        raise errors.invalid("teamSlug is lower-case letters, digits and single dashes, at most 100", "teamSlug")
    if Team.objects.filter(slug=slug).exclude(pk=team.pk).exists():
        raise errors.conflict("A team with this slug already exists", "teamSlug")
    return slug


def _row(team: Team) -> dict[str, Any]:
    return {"object": "settings", "teamName": team.name, "teamSlug": team.slug}
