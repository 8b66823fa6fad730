"""The team's people as cStar knows them: assignees and authors (docs/cstar-api.md#members)."""

from django.db import models

from replica import payload_fields
from replica.models import WorkingCopy


class Member(WorkingCopy):
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    role = models.CharField(max_length=32, blank=True)
    # The person's account, which tickets may name instead of the member; null: cStar has not said.
    user_id = models.CharField(max_length=64, null=True)

    COLUMNS = ("name", "email", "role", "user_id")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def columns(cls, team, payloads):
        return [
            {
                "name": payload_fields.text(payload, "name", 200) or payload["id"],
                "email": payload_fields.text(payload, "email", 254).lower(),
                "role": payload_fields.text(payload, "role", 32),
                "user_id": payload_fields.text(payload, "userId", 64) or None,
            }
            for payload in payloads
        ]
