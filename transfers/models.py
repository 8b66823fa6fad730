"""What a transfer is kept as: a run, its batches, its rows. Whatever is killed goes on from them."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.models import Team, User
from teams.viewer import Viewer
from transfers import field_changes
from transfers.options import BulkOptions, ExportOptions, ImportOptions, Options, UndoOptions

OptionsType = TypeVar("OptionsType", bound=Options)


class Run(models.Model):
    """One bulk edit, import, export, or the undoing of one, in a person's name.

    `options` is JSON with a type for each kind (options.py), which `bulk_options` and its like read and
    `save_options` writes.
    """

    class Kind(models.TextChoices):
        BULK = "bulk", _("Bulk edit")
        IMPORT = "import", _("Import")
        EXPORT = "export", _("Export")
        UNDO = "undo", _("Undo")

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")
        CHECKING = "checking", _("Being checked")
        PENDING = "pending", _("Starting")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    # Something works on them, or will; nothing will happen to them any more.
    AT_WORK = (State.CHECKING, State.PENDING, State.RUNNING)
    ENDED = (State.DONE, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Kept beside the reference: the receipt outlives the account.
    person = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    resource = models.CharField(max_length=20, help_text="tickets, customers or articles")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    options = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone_by")
    # The file that came or was made, within DATA_DIR/transfers.
    file = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True, help_text="what people call it")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    total = models.PositiveIntegerField(default=0, help_text="rows")
    calls = models.PositiveIntegerField(default=0, help_text="calls that batches do not count: what was read")
    wait_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, help_text="steps in a row that cStar did not take")
    problem = models.CharField(max_length=500, blank=True)
    # Who works on it, and until when it counts as theirs.
    lease_by = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["team", "-created_at"]), models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.resource} by {self.person}: {self.state}"

    @classmethod
    def asked_by(cls, viewer: Viewer, **fields: Any) -> Run:
        """A run in the person's name, not saved yet."""
        return cls(team=viewer.team, user=viewer.user, person=viewer.user.display_name, **fields)

    @property
    def viewer(self) -> Viewer:
        """In whose eyes its list is read; "me" is nobody once the person's account is gone."""
        return Viewer(self.team, self.user or User())

    @property
    def bulk_options(self) -> BulkOptions:
        return self._options_as(BulkOptions)

    @property
    def import_options(self) -> ImportOptions:
        return self._options_as(ImportOptions)

    @property
    def export_options(self) -> ExportOptions:
        return self._options_as(ExportOptions)

    @property
    def undo_options(self) -> UndoOptions:
        return self._options_as(UndoOptions)

    def save_options(self, *, only_in: str = "", **others: Any) -> None:
        """Write the options, and `others` of its fields with them; `only_in` a state, if the run is still in that."""
        self.options = self._typed_options.stored()
        rows = Run.objects.filter(pk=self.pk)
        (rows.filter(state=only_in) if only_in else rows).update(options=self.options, **others)

    @cached_property
    def _typed_options(self) -> Options:
        return _OPTIONS[self.kind].of(self.options)

    def _options_as(self, shape: type[OptionsType]) -> OptionsType:
        if not isinstance(self._typed_options, shape):
            raise TypeError(f"A run of the kind {self.kind} has no {shape.__name__}.")
        return self._typed_options

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.__dict__.pop("_typed_options", None)

    @property
    def path(self) -> Path:
        """Where its file lies."""
        return settings.TRANSFERS_DIR / self.file

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def took(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None


_OPTIONS: dict[str, type[Options]] = {
    Run.Kind.BULK: BulkOptions,
    Run.Kind.IMPORT: ImportOptions,
    Run.Kind.EXPORT: ExportOptions,
    Run.Kind.UNDO: UndoOptions,
}


class RunBatch(models.Model):
    """One call to cStar. Its Idempotency-Key is made with it: in whichever try, cStar does it once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sent, not answered")
        DONE = "done", _("Done")

    class Action(models.TextChoices):
        UPDATE = "update", _("Update")
        DELETE = "delete", _("Delete")
        IMPORT = "import", _("Import")
        MESSAGE = "message", _("Message")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=8, choices=Action)
    resource = models.CharField(max_length=20)
    data = models.JSONField(default=dict, help_text="update: the fields; import: {strategy, plan}; message: {row, at}")
    key = models.UUIDField(default=uuid4)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    calls = models.PositiveIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True)
    # When cStar did it, by cStar's clock. Null where it is not known, as in rows of the version before.
    began_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="batch_once_per_number")]

    def __str__(self) -> str:
        return f"{self.action} {self.number} of {self.run_id}"


class RunRow(models.Model):
    """One object of a run: a line of its receipt.

    `before` and `after` are in the API's own names: the fields that a bulk edit changes; of an import the whole record
    as `after`, and what an update will replace as `before`. A field whose value before is not known is missing there.
    Of a ticket whose messages are sent after it, `before` holds `messageCount`: how many of them cStar has.

    In an import `plan` is what the dry run foresaw. In an undo it is what is to be done: `restore` puts `after` back,
    `delete` deletes an object that the undone run is proven to have created, `keep` leaves it for the reason given.
    `before` is then what the object must still look like.
    """

    class Outcome(models.TextChoices):
        WAITING = "", _("Waiting")
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("No change needed")
        DELETED = "deleted", _("Deleted")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")
        UNSURE = "unsure", _("Not known")

    class Plan(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", _("Update")
        SKIP = "skip", _("Skip")
        CONFLICT = "conflict", _("Conflict")
        WRONG = "wrong", _("Cannot import")
        RESTORE = "restore", _("Restore")
        DELETE = "delete", _("Delete")
        KEEP = "keep", _("Keep")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    batch = models.ForeignKey(RunBatch, on_delete=models.SET_NULL, null=True, related_name="rows")
    # Of an undo: the row that it undoes. Without a constraint, so that a run's rows are still deleted in one statement.
    undoes = models.ForeignKey("self", models.DO_NOTHING, null=True, db_constraint=False, related_name="undone_by")
    line = models.PositiveIntegerField(help_text="of the file, or the place in the selection")
    resource = models.CharField(max_length=20)
    cstar_id = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=254, blank=True, help_text="what cStar knows an imported record by")
    plan = models.CharField(max_length=8, choices=Plan, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["run", "outcome", "id"]),
            models.Index(fields=["run", "plan", "id"]),
            models.Index(fields=["batch"], name="transfer_rows_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.label or self.cstar_id}"

    @property
    def fields(self) -> field_changes.Fields:
        """What it sets an object's fields to; nothing for one that it creates or deletes, or leaves alone."""
        if self.plan in (self.Plan.CREATE, self.Plan.SKIP, self.Plan.CONFLICT, self.Plan.WRONG):
            return {}
        return {name: value for name, value in self.after.items() if name not in field_changes.IDENTITY}

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """(field, before, after) of what it changes; each key of the metadata is a field of its own."""
        before = field_changes.flat(self.before)
        return [(name, before.get(name), after) for name, after in field_changes.flat(self.fields).items()]

    @property
    def is_in_doubt(self) -> bool:
        """Whether it was sent, and nobody knows what became of it."""
        return not self.outcome and bool(self.batch and self.batch.first_sent_at)


class SavedMapping(models.Model):
    """How the columns of a file from somewhere are to be read: kept by name, used again by the team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    resource = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    # {field: [header, ...]}: by their headers, so that it fits a file whose columns stand in another order.
    columns = models.JSONField(default=dict)
    metadata = models.JSONField(default=list, help_text="headers that go to the metadata")
    # Null in rows of the version before.
    fixed = models.JSONField(null=True, help_text="{field: value for rows without one}")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["team", "resource", "name"], name="mapping_once_per_name")]

    def __str__(self) -> str:
        return self.name


class KnownValue(models.Model):
    """What a team said that another helpdesk's word means: asked once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    resource = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    # As it stands in files, in small letters.
    word = models.CharField(max_length=100)
    value = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "resource", "field", "word"], name="value_once_per_word")
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.value}"
