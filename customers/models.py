"""The working copy of customers (docs/cstar-api.md#customers)."""

from typing import Any

from django.db import models

from core import folding
from core.folding import SortKeyField
from replica import payload_fields
from replica.models import WorkingCopy


class Customer(WorkingCopy):
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=32, blank=True)
    sentiment = models.CharField(max_length=32, blank=True)
    tags = models.JSONField(default=list)
    ticket_count = models.PositiveIntegerField(default=0)
    # Of them, those that are too old for the working copy (tickets/ticket_counts.py).
    older_tickets = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    # Searched by the version before alone; the next one drops it.
    search_text = models.TextField(blank=True)
    folded = models.TextField(null=True, editable=False)
    name_key = SortKeyField()
    email_key = SortKeyField()

    ID_PREFIX = "cus_"
    DETAILS = {"tags": [], "notes": None}
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
        "folded",
        "name_key",
        "email_key",
    )

    class Meta(WorkingCopy.Meta):
        indexes = [
            *WorkingCopy.Meta.indexes,
            models.Index(fields=["team", "name_key", "id"], name="customers_by_name_key"),
            models.Index(fields=["team", "email_key", "id"], name="customers_by_email_key"),
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
        return payload_fields.whole_text(self.payload, "notes")

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


def _columns(payload: payload_fields.Payload) -> dict:
    email = payload_fields.text(payload, "email", 254)
    given = payload_fields.text(payload, "name", 300)
    name = given or email or payload["id"]
    created = payload_fields.moment(payload, "createdAt")
    return {
        "name": name,
        "name_key": folding.sort_key(name),
        "email": email,
        "email_key": folding.sort_key(email),
        "status": payload_fields.text(payload, "status", 32),
        "sentiment": payload_fields.text(payload, "sentiment", 32),
        "tags": folding.each_once(payload_fields.strings(payload, "tags")),
        "ticket_count": payload_fields.number(payload, "ticketCount"),
        "created_at": created,
        "updated_at": payload_fields.moment(payload, "updatedAt") or created,
        "search_text": f"{given} {email} {payload['id']}".casefold(),
        "folded": folding.fold(f"{given} {email}"),
    }
