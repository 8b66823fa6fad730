"""What the working copy is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from teams.models import Team


class Lane(models.TextChoices):
    """What a call is for. When calls run short the lanes give way from the last to the first (DESIGN.md 4)."""

    WRITE = "write", "Replies and edits"
    READ = "read", "Opening and searching"
    FEED = "feed", "Keeping the copy true"
    BULK = "bulk", "Imports, exports, bulk edits"


class WorkingCopy(models.Model):
    """A row of ours for an object of cStar's: the columns that we filter and sort by, and the whole object.

    cStar stays the only truth. These rows are written by `sync.copies.apply` alone, from what the API answered.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    cstar_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    synced_at = models.DateTimeField()
    changed = models.PositiveBigIntegerField(default=0, help_text="the team's change number when it was last written")

    # Columns that `columns` fills, in the order of the model.
    COLUMNS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["team", "cstar_id"], name="%(class)s_once_per_team")]

    def __str__(self) -> str:
        return self.cstar_id

    @classmethod
    def columns(cls, team: Team, payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The columns' values for each whole object. Batched, so that names of others can be looked up at once."""
        raise NotImplementedError


class TeamState(models.Model):
    """How true a team's working copy is."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="state")
    # Goes up whenever anything in the working copy changed: what was derived from it is good for one number.
    change_number = models.PositiveBigIntegerField(default=0)
    filled_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    next_refresh_at = models.DateTimeField(null=True)
    sweep_calls = models.PositiveIntegerField(default=0, help_text="what the last sweep cost")
    problem = models.CharField(max_length=300, blank=True)
    problem_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.team}: change {self.change_number}"
