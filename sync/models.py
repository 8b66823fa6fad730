"""What the working copy is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teams.fields import EncryptedTextField
from teams.models import Team


class Lane(models.TextChoices):
    """What a call is for. When calls run short the lanes give way from the last to the first (DESIGN.md 4)."""

    WRITE = "write", _("Replies and edits")
    READ = "read", _("Opening and searching")
    FEED = "feed", _("Keeping the copy true")
    BULK = "bulk", _("Imports, exports, bulk edits")


class WorkingCopy(models.Model):
    """A row of ours for an object of cStar's: the columns that we filter and sort by, and the whole object.

    cStar stays the only truth. These rows are written by `sync.copies.apply` alone, from what the API answered.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    cstar_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    synced_at = models.DateTimeField()
    changed = models.PositiveBigIntegerField(default=0, help_text="the team's change number when it was last written")
    # `changed` as it was when the columns were last computed. The version before does not set it, and what it writes
    # lacks the newer columns until `sync.copies.complete` has computed them.
    columns_at = models.PositiveBigIntegerField(null=True)

    # How cStar's ids of this kind begin; "" where no page asks for one by its id.
    ID_PREFIX: ClassVar[str] = ""
    # Fields that rows of lists need not have, with what a single object has that does not name them: nothing.
    DETAILS: ClassVar[dict[str, Any]] = {}
    # Columns that `columns` fills, in the order of the model.
    COLUMNS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["team", "cstar_id"], name="%(class)s_once_per_team")]
        indexes = [models.Index(fields=["team"], name="%(class)s_incomplete", condition=~Q(columns_at=F("changed")))]

    def __str__(self) -> str:
        return self.cstar_id

    @property
    def details_known(self) -> bool:
        """Whether more is held of it than rows of lists are documented to have."""
        return self.DETAILS.keys() <= self.payload.keys()

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
    # What the last sweep could not read: the next one reads that alone. Null once everything was.
    unread_copies = models.JSONField(null=True)
    failed_sweeps = models.PositiveIntegerField(default=0, db_default=0, help_text="one after the other")
    # Seconds that cStar's clock is ahead of ours (sync/cstar_time.py).
    clock_ahead = models.FloatField(null=True)
    # The audit log was read up to this moment of cStar's clock; of the last stretch, which entries were among it.
    feed_cursor = models.DateTimeField(null=True)
    feed_seen = models.JSONField(default=list)
    # A sweep brought everything up to this moment of cStar's clock: the log need not be read before it.
    swept_to = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(null=True)
    poll_calls = models.FloatField(null=True, help_text="what a poll costs lately, on average")
    # Sweeps that a log made necessary which tells more than can be read: when the last one was, how many in a row.
    forced_at = models.DateTimeField(null=True)
    forced_sweeps = models.PositiveIntegerField(default=0, db_default=0)
    # Where the log does not tell everything, lists are looked through as well (sync/watch.py).
    next_look_at = models.DateTimeField(null=True)
    # Objects that a look found changed: the log should tell of them soon.
    untold = models.JSONField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    problem_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.team}: change {self.change_number}"

    def holds(self, copy: str) -> bool:
        """Whether this copy was read whole once, so that what it lacks does not exist."""
        return bool(self.filled_at) or (self.unread_copies is not None and copy not in self.unread_copies)


class Capability(models.Model):
    """What a team's cStar turned out to offer or not to offer (sync/capabilities.py)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    offered = models.BooleanField()
    address = models.CharField(max_length=200, blank=True, help_text="the API that it was learned from")
    learned_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    read_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="capability_once_per_team")]

    def __str__(self) -> str:
        return f"{self.name}: {'offered' if self.offered else 'not offered'}"


class Known(models.Model):
    """What we hold of an object already: the audit log will tell of it, and nothing has to be fetched then.

    `at` is a moment of cStar's clock. `whole`: the object was read then, with all that had happened to it; else one
    change of ours was answered then: `kind` is created, updated, message or "" where that is not known, and `wrote`
    holds the fields of an update.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    cstar_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    whole = models.BooleanField()
    kind = models.CharField(max_length=8, blank=True, default="", db_default="")
    wrote = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["team", "cstar_id"]), models.Index(fields=["team", "at"])]

    def __str__(self) -> str:
        return f"{self.cstar_id} as of {self.at}"


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
        constraints = [models.UniqueConstraint(fields=["budget", "lane"], name="one_stop_per_lane")]

    def __str__(self) -> str:
        return f"{self.lane} waits until {self.until}"


class Share(models.Model):
    """How many calls of a lane a person made in the hour that began with the first of them (sync/shares.py)."""

    budget = models.ForeignKey(KeyBudget, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lane = models.CharField(max_length=8, choices=Lane)
    since = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
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
        constraints = [models.UniqueConstraint(fields=["lane", "status"], name="one_count_per_status")]

    def __str__(self) -> str:
        return f"{self.lane}: {self.calls} x {self.status}"


class Outgoing(models.Model):
    """A write to cStar, kept before it is sent until it is known what became of it (DESIGN.md 4, "Outbox").

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


class WebhookEndpoint(models.Model):
    """The desk's own webhook at cStar: what it tells arrives at `/hooks/cstar/<team>/` (core.md B6)."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="webhook")
    cstar_id = models.CharField(max_length=64)
    url = models.CharField(max_length=2000)
    # Whoever holds it can tell us anything; it is shown to nobody.
    secret = EncryptedTextField()
    registered_at = models.DateTimeField()
    # When a delivery last proved that cStar reaches us; nothing once the feed found a change that none told of.
    proved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.team}: {self.cstar_id}"


class WebhookEvent(models.Model):
    """An event that a delivery brought, kept for 30 days: a second delivery of it does nothing."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("Applied")
        READ = "read", _("Read again")
        TEST = "test", _("Test")
        IGNORED = "ignored", _("Ignored")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    event_id = models.CharField(max_length=200)
    type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    received_at = models.DateTimeField()
    replays = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "event_id"], name="event_once_per_team")]
        indexes = [
            models.Index(fields=["team", "-received_at"]),
            models.Index(fields=["team", "object_id"]),
            models.Index(fields=["received_at"]),
        ]

    def __str__(self) -> str:
        return self.event_id


class WebhookRefusal(models.Model):
    """Deliveries that were refused for one reason, from one address. Bounded: anybody can make us refuse something."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=100)
    address = models.CharField(max_length=45, blank=True)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "reason", "address"], name="refusal_once_per_address")]

    def __str__(self) -> str:
        return f"{self.reason}, from {self.address}"
