"""What the working copy is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
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


class Outgoing(models.Model):
    """A write to cStar, kept before it is sent until it is known what became of it (DESIGN.md 4, "Outbox").

    Entries of one `line` leave in the order (due_at, id). `answers` holds the id and cStar's request id of each step
    that is done, so that a sender who takes over goes on from there.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        UNDONE = "undone", "Taken back"
        HELD = "held", "Held back"

    # Still to leave by themselves; still of interest to people.
    LEAVING = (State.WAITING, State.SENDING)
    OPEN = (State.WAITING, State.SENDING, State.FAILED, State.HELD)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Kept beside the reference: what was written is sent even where the account is gone.
    person = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    line = models.CharField(max_length=100)
    target_id = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=64, help_text="what the Idempotency-Keys of its calls are made from")
    generation = models.PositiveIntegerField(default=0, help_text="goes up when a call must not be a repetition")
    answers = models.JSONField(default=dict, help_text="{step: {id, request_id}}")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    unsure_since = models.DateTimeField(null=True, help_text="the first try that cStar may have taken unknown to us")
    problem = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="outgoing_once_per_key")]
        indexes = [
            models.Index(
                fields=["team", "line", "due_at", "id"],
                name="outgoing_open",
                condition=models.Q(state__in=["waiting", "sending", "failed", "held"]),
            ),
            models.Index(
                fields=["due_at"], name="outgoing_leaving", condition=models.Q(state__in=["waiting", "sending"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.person}: {self.state}"

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should know of it: cStar did not take it at the first try, or never will."""
        return self.state in (self.State.FAILED, self.State.HELD) or bool(self.problem)

    @property
    def may_be_undone(self) -> bool:
        """Whether cStar certainly has nothing of it."""
        unsent = self.state in (self.State.WAITING, self.State.HELD, self.State.FAILED)
        return unsent and not self.answers and self.unsure_since is None
