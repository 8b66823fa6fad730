"""What people wrote, until cStar has it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Team


class Outgoing(models.Model):
    """A write to cStar, kept before it is sent until it is known what became of it.

    Entries of one `line` leave in the order (due_at, id). `answers` holds the id and cStar's request id of each step
    that is done, so that a sender who takes over goes on from there.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNDONE = "undone", _("Taken back")
        HELD = "held", _("Held back")

    # Still to leave by themselves; still of interest to people.
    LEAVING = (State.WAITING, State.SENDING)
    OPEN = (State.WAITING, State.SENDING, State.FAILED, State.HELD)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Who let it go although its writer may no longer write here: their rights count then.
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
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
        db_table = "sync_outgoing"
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
