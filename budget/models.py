"""What each key may spend in its hour, and what was spent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Team


class Lane(models.TextChoices):
    """What a call is for. When calls run short the lanes give way from the last to the first."""

    WRITE = "write", _("Replies and edits")
    READ = "read", _("Opening and searching")
    FEED = "feed", _("Syncing")
    BULK = "bulk", _("Imports, exports, bulk edits")


class KeyBudget(models.Model):
    """What one secret key may still spend in its hour. One record a key, shared by every process."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    # The key itself is nowhere but in its team; a new key starts a new hour.
    fingerprint = models.CharField(max_length=64, unique=True)
    limit = models.PositiveIntegerField(default=1000)
    used = models.PositiveIntegerField(default=0)
    polls = models.PositiveIntegerField(default=0, help_text="how many of them went at a pace of our own choice")
    # When the hour ends: our own guess until an answer has told it.
    reset_at = models.DateTimeField()
    told = models.BooleanField(default=False)

    class Meta:
        db_table = "sync_keybudget"

    def __str__(self) -> str:
        return f"{self.team}: {self.left} of {self.limit} calls left"

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


class LaneStop(models.Model):
    """A lane that cStar told to wait (429)."""

    budget = models.ForeignKey(KeyBudget, on_delete=models.CASCADE, related_name="stops")
    lane = models.CharField(max_length=8, choices=Lane)
    until = models.DateTimeField()

    class Meta:
        db_table = "sync_lanestop"
        constraints = [models.UniqueConstraint(fields=["budget", "lane"], name="one_stop_per_lane")]

    def __str__(self) -> str:
        return f"{self.lane} waits until {self.until}"


class Share(models.Model):
    """How many calls of a lane a person made in the hour that began with the first of them (budget/shares.py)."""

    budget = models.ForeignKey(KeyBudget, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lane = models.CharField(max_length=8, choices=Lane)
    since = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "sync_share"
        constraints = [models.UniqueConstraint(fields=["budget", "user", "lane"], name="one_share_per_lane")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.calls} in {self.lane}"


class Spending(models.Model):
    """How many calls an hour saw, by lane, purpose and person (nobody: the desk itself)."""

    budget = models.ForeignKey(KeyBudget, on_delete=models.CASCADE, related_name="spendings")
    hour = models.DateTimeField()
    lane = models.CharField(max_length=8, choices=Lane)
    purpose = models.CharField(max_length=40)
    person = models.CharField(max_length=200, blank=True)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "sync_spending"
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "hour", "lane", "purpose", "person"], name="one_count_per_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calls} x {self.purpose}"


class CallCount(models.Model):
    """How many HTTP requests to cStar were made ever, by lane and by the status that came ("none": no answer)."""

    lane = models.CharField(max_length=8, choices=Lane)
    status = models.CharField(max_length=4)
    calls = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "sync_callcount"
        constraints = [models.UniqueConstraint(fields=["lane", "status"], name="one_count_per_status")]

    def __str__(self) -> str:
        return f"{self.lane}: {self.calls} x {self.status}"
