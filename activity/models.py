"""Our own audit trail: one key acts for a whole team, so only we know which person it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import stored_texts
from teams.models import Team


class Activity(models.Model):
    """One write to cStar: who, what, before, after, and cStar's request id."""

    # None: what admins of the desk did to a team as a whole, which its own people need not know, or which outlives it.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Kept beside the reference: the record outlives the account.
    person = models.CharField(max_length=200)
    # People choose their names and share them; nobody else has the user name.
    username = models.CharField(max_length=150, blank=True, default="", db_default="")
    action = models.CharField(max_length=40)
    target_type = models.CharField(max_length=20)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict, help_text="{field: [before, after]}")
    request_id = models.CharField(max_length=100, blank=True)
    # Null where the version before wrote it.
    folded = models.TextField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["team", "-created_at"]),
            models.Index(fields=["team", "target_id", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.action} {self.target_label or self.target_id}"

    @property
    def about(self) -> str:
        """What it was done to: a name that somebody gave, or of a transfer a description of ours."""
        return stored_texts.shown(self.target_label) if self.action.startswith("run.") else self.target_label

    @property
    def words(self) -> str:
        """The action as people say it; an action that has no words yet stands for itself."""
        return str(_WORDS.get(self.action, self.action))


_WORDS = {
    "ticket.created": _("created the ticket"),
    "ticket.updated": _("changed the ticket"),
    "ticket.tagged": _("changed the tags"),
    "ticket.replied": _("replied"),
    "ticket.noted": _("left a note"),
    "ticket.note_shown": _("left a note that cStar shows to the customer"),
    "ticket.deleted": _("deleted the ticket"),
    "customer.created": _("created the customer"),
    "customer.updated": _("changed the customer"),
    "customer.deleted": _("deleted the customer"),
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
