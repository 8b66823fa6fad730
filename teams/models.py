"""Who works here: people, teams, and who may do what in which team."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import check_api_url
from teams.fields import EncryptedTextField
from teams.policy import May, Permissions, Role, allows


class User(AbstractUser):
    """A person, with how they like their desk."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Same as device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Undo(models.IntegerChoices):
        NONE = 0, _("Send at once")
        FIVE = 5, _("5 seconds")
        TEN = 10, _("10 seconds")
        TWENTY = 20, _("20 seconds")

    time_zone = models.CharField(max_length=64, default="UTC")
    # A code of LANGUAGES; empty: what the browser asks for.
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    hotkeys = models.BooleanField("keyboard shortcuts", default=True)
    undo_seconds = models.PositiveSmallIntegerField("time to undo", choices=Undo, default=Undo.TEN)

    # Sessions that began before are over: who lost a team is out of it on every device.
    sessions_since = models.DateTimeField("sessions count since", null=True, blank=True)

    @property
    def display_name(self) -> str:
        """What others read; no longer than cStar and our own record take."""
        return (self.get_full_name() or self.username)[:200]


class TeamManager(models.Manager["Team"]):
    """Teams that work. Of one that was removed nothing shows, from that moment on."""

    def get_queryset(self) -> models.QuerySet["Team"]:
        return super().get_queryset().filter(removed_at=None)


class Team(models.Model):
    """A cStar team and the secret key that acts for all of it. The key never leaves the server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    cstar_team_id = models.UUIDField("cStar team id")
    key = EncryptedTextField("secret key")
    api_url = models.CharField(
        "API address",
        max_length=200,
        blank=True,
        validators=[check_api_url],
        help_text="Empty: the address that CSTAR_API_URL names.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Its key, people and outbox are gone; the rest is being erased (administration/removal.py).
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = TeamManager()
    with_removed: models.Manager["Team"] = models.Manager()

    class Meta:
        ordering = ["name"]
        # What belongs to a removed team still finds it.
        base_manager_name = "with_removed"
        constraints = [
            models.UniqueConstraint(
                fields=["cstar_team_id"], condition=models.Q(removed_at=None), name="one_team_per_cstar_team"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key_ending(self) -> str:
        return self.key[-4:]


class Membership(models.Model):
    """A person's role in a team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    # Rules take back what rules gave, never what a person gave.
    from_rules = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_role_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"

    def allows(self, may: May) -> bool:
        return allows(self.role, may)

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role in Role else self.role

    @property
    def permissions(self) -> Permissions:
        return Permissions(self.role)


class GroupRule(models.Model):
    """Gives everybody in a group at the provider this role in the team at their next sign-in (sso/group_rules.py)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="group_rules")
    group = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        ordering = ["group"]
        constraints = [models.UniqueConstraint(fields=["team", "group"], name="one_rule_per_team_and_group")]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"


class SpentToken(models.Model):
    """An embed token that was used (sso/embed_tokens.py). It is forgotten when it would be too old anyway."""

    id = models.UUIDField(primary_key=True)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)
