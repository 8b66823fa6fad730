"""Which role may do what. The roles are cStar's own (docs/cstar-api.md#members).

The desk asks before cStar does: one key acts for a whole team, so cStar itself cannot tell an agent from an admin.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MANAGER = "manager", _("Manager")
    LIBRARIAN = "librarian", _("Librarian")
    AGENT = "agent", _("Agent")
    SPECTATOR = "spectator", _("Spectator")


# Of two roles that rules give somebody in a team, the one that stands first here counts.
BY_RIGHTS = (Role.OWNER, Role.ADMIN, Role.MANAGER, Role.AGENT, Role.LIBRARIAN, Role.SPECTATOR)


class May(StrEnum):
    """Something that a role allows. Every view names the one it needs."""

    VIEW = "view"
    EDIT_TICKETS = "edit tickets"  # reply, note, create, change properties
    DELETE_TICKETS = "delete tickets"
    EDIT_CUSTOMERS = "edit customers"
    DELETE_CUSTOMERS = "delete customers"
    WRITE_ARTICLES = "write articles and categories"
    VIEW_ACTIVITY = "view activity"
    TRANSFER = "bulk edits, imports and exports"
    MANAGE_TEAM = "manage the team"
    MANAGE_DESK = "add and remove teams"  # no role's: of those whom `manage.py createadmin` made admins


_AGENT = {May.VIEW, May.EDIT_TICKETS, May.EDIT_CUSTOMERS}
_MANAGER = _AGENT | {May.DELETE_TICKETS, May.DELETE_CUSTOMERS, May.WRITE_ARTICLES, May.VIEW_ACTIVITY, May.TRANSFER}
_ADMIN = _MANAGER | {May.MANAGE_TEAM}

_ALLOWED: dict[str, set[May]] = {
    Role.OWNER: _ADMIN,
    Role.ADMIN: _ADMIN,
    Role.MANAGER: _MANAGER,
    Role.LIBRARIAN: {May.VIEW, May.WRITE_ARTICLES},
    Role.AGENT: _AGENT,
    Role.SPECTATOR: {May.VIEW},
}


def allows(role: str, may: May) -> bool:
    """Whether the role includes it. A role that we do not know may do nothing."""
    return may in _ALLOWED.get(role, set())


def may_give(role: str) -> list[Role]:
    """The roles that somebody with this role gives to others, by hand or by a rule: only owners make owners."""
    return [one for one in Role if one != Role.OWNER or role == Role.OWNER]


class Permissions:
    """A role's rights for templates: `{% if may.edit_tickets %}`. A misspelt right is an error, not a silent no."""

    def __init__(self, role: str):
        self._role = role

    def __getattr__(self, name: str) -> bool:
        if name.startswith("_") or name.upper() not in May.__members__:
            raise AttributeError(name)
        return allows(self._role, May[name.upper()])
