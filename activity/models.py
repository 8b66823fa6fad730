"""Our own audit trail: one key acts for a whole team, so only we know which person it was."""

from django.conf import settings
from django.db import models

from activity import labels
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
        return str(labels.ACTIONS.get(self.action, self.action))
