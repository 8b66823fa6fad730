"""The working copy of customers (seed-customers.txt)."""

from typing import Any

from django.db import models

from sync import columns
from sync.models import WorkingCopy


class Customer(WorkingCopy):
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=32, blank=True)
    sentiment = models.CharField(max_length=32, blank=True)
    tags = models.JSONField(default=list)
    ticket_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    # Folded to lower case here, since databases fold ASCII alone.
    search_text = models.TextField(blank=True)

    COLUMNS = (
        "name",
        "email",
        "status",
        "sentiment",
        "tags",
        "ticket_count",
        "created_at",
        "updated_at",
        "search_text",
    )

    class Meta(WorkingCopy.Meta):
        indexes = [
            models.Index(fields=["team", "name", "id"]),
            models.Index(fields=["team", "-updated_at", "-id"]),
            models.Index(fields=["team", "email"]),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def columns(cls, team, payloads):
        return [_columns(payload) for payload in payloads]

    @property
    def sentiment_class(self) -> str:
        return self.sentiment if self.sentiment in {"positive", "neutral", "negative"} else "other"

    @property
    def notes(self) -> str:
        return columns.text(self.payload, "notes", 100_000)

    @property
    def details_known(self) -> bool:
        """Whether more is held of them than rows of lists are documented to have."""
        return {"tags", "notes"} <= self.payload.keys()

    @property
    def metadata(self) -> dict[str, Any]:
        value = self.payload.get("metadata")
        return value if isinstance(value, dict) else {}

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """The metadata for templates, where a key called `items` would stand before the dict's method."""
        return list(self.metadata.items())


class CustomerTag(models.Model):
    """A customer's tags as rows, so that the list can be filtered by one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tag_rows")
    name = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["name", "customer"])]

    def __str__(self) -> str:
        return self.name


def _columns(payload: columns.Payload) -> dict:
    name = columns.text(payload, "name", 300)
    email = columns.text(payload, "email", 254)
    created = columns.moment(payload, "createdAt")
    return {
        "name": name or email or payload["id"],
        "email": email,
        "status": columns.text(payload, "status", 32),
        "sentiment": columns.text(payload, "sentiment", 32),
        "tags": columns.strings(payload, "tags"),
        "ticket_count": columns.number(payload, "ticketCount"),
        "created_at": created,
        "updated_at": columns.moment(payload, "updatedAt") or created,
        "search_text": f"{name} {email} {payload['id']}".casefold(),
    }
