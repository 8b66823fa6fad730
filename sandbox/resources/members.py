"""`/members`: who works in the team (docs/cstar-api.md#members). A secret key is needed for reading too."""

from typing import Any, Literal

import msgspec
from django.db.models import QuerySet

from sandbox import bodies, changes, errors, times
from sandbox.api import Call, Reply
from sandbox.fields import UNSET, UnsetType
from sandbox.lists import page_of
from sandbox.models import Member, Team

# Role -> the game's title for it (docs/cstar-api.md#members).
ROLES = {
    "owner": "The Guildmaster",
    "admin": "The Commander",
    "manager": "The Captain",
    "librarian": "The Lorekeeper",
    "agent": "The Hero",
    "spectator": "The Watcher",
}
# Who has `export_data`, the one permission that the documentation names.
EXPORTERS = {"owner", "admin", "manager"}


class MemberPatch(msgspec.Struct):
    role: Literal["owner", "admin", "manager", "librarian", "agent", "spectator"] | UnsetType = UNSET


def member_list(call: Call) -> Reply:
    """In the order of joining. Rows: id, name, email, role, roleDisplayName, level, xp, joinedAt."""
    rows: QuerySet[Member] = call.team.members.order_by("joined_at", "id")
    if role := call.params.one_of("role", ROLES):
        rows = rows.filter(role=role)
    return page_of(call, rows, _row)


def member_detail(call: Call, member_id: str) -> Reply:
    return Reply(_full(_find(call.team, member_id)))


def member_update(call: Call, member_id: str) -> Reply:
    """Changes the role. The owner keeps theirs, and nobody becomes owner: that is transferred, never assigned."""
    member = _find(call.team, member_id)
    patch = bodies.shaped(call.body, MemberPatch)
    if patch.role is not UNSET and patch.role != member.role:
        if "owner" in (member.role, patch.role):
            raise errors.invalid("The role of owner is transferred, never assigned", "role")
        changed = changes.assign(member, {"role": patch.role})
        member.save(update_fields=["role"])
        changes.record(call, "member.updated", member.id, changes=changed)
    return Reply(_full(member))


def _find(team: Team, member_id: str) -> Member:
    member = Member.objects.filter(team=team, id=member_id).first()
    if member is None:
        raise errors.not_found("Member")
    return member


def _row(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "roleDisplayName": ROLES.get(member.role, member.role),
        "level": member.level,
        "xp": member.xp,
        "joinedAt": times.wire(member.joined_at),
    }


def _full(member: Member) -> dict[str, Any]:
    permissions = ["export_data"] if member.role in EXPORTERS else []
    return {**_row(member), "userId": member.user_id, "avatarUrl": None, "permissions": permissions}
