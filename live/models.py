"""Who has what open."""

from django.conf import settings
from django.db import models

from teams.models import Team


class Presence(models.Model):
    """One open page of one person; it counts until `until`, which its heartbeats push on.

    Kept in the database and not in a cache: by default each process has a cache of its own.
    """

    class Typing(models.TextChoices):
        REPLY = "reply", "is writing a reply"
        NOTE = "note", "is writing a note"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField("the page's own key", max_length=64)
    about = models.CharField("cStar id of what is open", max_length=64)
    typing = models.CharField(max_length=8, choices=Typing, blank=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "dashboard_presence"
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="presence_once_per_page")]
        indexes = [models.Index(fields=["team", "until"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.about}"
