"""What the working copy is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.folding import SortKeyField
from teams.fields import EncryptedTextField
from teams.models import Team


class WorkingCopy(models.Model):
    """A row of ours for an object of cStar's: the columns that we filter and sort by, and the whole object.

    cStar stays the only truth. These rows are written by `replica.upsert.apply` alone, from what the API answered.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    cstar_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    synced_at = models.DateTimeField()
    changed = models.PositiveBigIntegerField(default=0, help_text="the team's change number when it was last written")
    # `changed` as it was when the columns were last computed. The version before does not set it, and what it writes
    # lacks the newer columns until `replica.upsert.complete` has computed them.
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


class SmallObject(WorkingCopy):
    """An object of a resource that is small enough to be read whole and has no model of its own."""

    resource = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    name_key = SortKeyField()
    position = models.IntegerField(default=0)
    folded = models.TextField(null=True, editable=False)
    updated_at = models.DateTimeField(null=True)

    COLUMNS = ("name", "name_key", "position", "folded", "updated_at")

    # Whether the person who looks at the list may change the object, and which ways they may move it ("up", "down").
    editable: bool = False
    moves: tuple[str, ...] = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "resource", "cstar_id"], name="small_object_once")]
        indexes = [models.Index(fields=["team", "resource", "position", "name_key"], name="small_objects_in_order")]

    def __str__(self) -> str:
        return self.name


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
    # When each small resource was last read by a sweep: {name: ISO time}.
    small_read_at = models.JSONField(null=True)
    failed_sweeps = models.PositiveIntegerField(default=0, db_default=0, help_text="one after the other")
    # Seconds that cStar's clock is ahead of ours (replica/cstar_time.py).
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
    # Where the log does not tell everything, lists are looked through as well (replica/list_polling.py).
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
    """What a team's cStar turned out to offer or not to offer (replica/capabilities.py)."""

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


class WebhookEndpoint(models.Model):
    """The desk's own webhook at cStar, which delivers to `/hooks/cstar/<team>/` (docs/cstar-api.md#webhooks)."""

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
