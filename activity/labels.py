"""What people call the actions of the record, and the kinds of things that they were done to.

Those of resources come with their declaration (`replica.registry`); those of the desk itself stand here.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TYPES: dict[str, str | Promise] = {
    "run": _("Transfers"),
    "member": _("Team members"),
    "team": _("Team settings"),
    "group_rule": _("Group rules"),
    "webhook": _("Webhook"),
}
ACTIONS: dict[str, str | Promise] = {
    "run.bulk": _("finished a bulk edit"),
    "run.import": _("finished an import"),
    "run.export": _("made an export"),
    "run.undo": _("undid a transfer"),
    "member.ruled": _("joined through a group rule"),
    "group_rule.added": _("added the group rule"),
    "group_rule.removed": _("removed the group rule"),
    "member.added": _("added the person"),
    "member.changed": _("changed the role of"),
    "member.removed": _("removed the person"),
    "account.created": _("created the account"),
    "account.renamed": _("changed their name"),
    "account.deactivated": _("deactivated the account"),
    "account.activated": _("reactivated the account"),
    "desk_admin.granted": _("gave desk admin rights to"),
    "desk_admin.revoked": _("took desk admin rights from"),
    "outgoing.released": _("released the held messages of"),
    "team.added": _("added the team"),
    "team.renamed": _("renamed the team"),
    "team.key_changed": _("changed the secret key"),
    "team.removed": _("removed the team"),
    "encryption.rotated": _("re-encrypted the stored keys"),
    "cstar.asked_again": _("checked again what cStar offers"),
    "webhook.registered": _("registered the webhook"),
    "webhook.tested": _("tested the webhook"),
    "webhook.removed": _("removed the webhook"),
}


def register(target_type: str, name: str | Promise, actions: Mapping[str, str | Promise]) -> None:
    """Add a kind of thing and what can be done to it: {"ticket.created": "created the ticket"}."""
    TYPES[target_type] = name
    ACTIONS.update(actions)


def type_choices() -> list[tuple[str, str]]:
    """The kinds of things as a choice, by their names."""
    return [
        ("", str(_("Everything"))),
        *sorted(((key, str(name)) for key, name in TYPES.items()), key=lambda one: one[1]),
    ]
