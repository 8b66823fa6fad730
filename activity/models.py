"""Our own audit trail: one key acts for a whole team, so only we know which person it was (DESIGN.md 2.7)."""

from django.conf import settings
from django.db import models

from teams.models import Team


class Activity(models.Model):
    """One write to cStar: who, what, before, after, and cStar's request id."""

    # None: what admins of the desk did to a team as a whole, which its own people need not know, or which outlives it.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Kept beside the reference: the record outlives the account.
    person = models.CharField(max_length=200)
    action = models.CharField(max_length=40)
    target_type = models.CharField(max_length=20)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict, help_text="{field: [before, after]}")
    request_id = models.CharField(max_length=100, blank=True)
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
    def words(self) -> str:
        """The action as people say it; an action that has no words yet stands for itself."""
        return _WORDS.get(self.action, self.action)


_WORDS = {
    "ticket.created": "created the ticket",
    "ticket.updated": "changed the ticket",
    "ticket.tagged": "changed the tags",
    "ticket.replied": "replied",
    "ticket.noted": "left a note",
    "ticket.deleted": "deleted the ticket",
    "customer.created": "created the customer",
    "customer.updated": "changed the customer",
    "customer.deleted": "deleted the customer",
    "run.bulk": "finished a bulk edit",
    "run.import": "finished an import",
    "run.export": "made an export",
    "run.undo": "undid a transfer",
    "member.ruled": "came in by a group rule",
    "group_rule.added": "added the group rule",
    "group_rule.removed": "removed the group rule",
    "member.added": "added the person",
    "member.changed": "changed the role of",
    "member.removed": "removed the person",
    "account.created": "made the account",
    "team.added": "added the team",
    "team.renamed": "renamed the team",
    "team.key_changed": "changed the secret key",
    "team.removed": "removed the team",
    "encryption.rotated": "encrypted the stored keys anew",
    "webhook.registered": "registered the webhook",
    "webhook.tested": "tested the webhook",
    "webhook.removed": "removed the webhook",
}
