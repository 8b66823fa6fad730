"""The working copy of articles, the pages of the knowledge base (docs/cstar-api.md#articles)."""

from typing import Any

from django.db import models

from core import folding, labels, markdown
from core.folding import SortKeyField
from replica import payload_fields
from replica.models import WorkingCopy

# What a list or a page shows in a place of its own; any other field of the object is shown as it is (`facts`).
_PLACED = {
    *("object", "id", "title", "content", "category", "status", "isPublic", "tags", "viewCount", "useCount"),
    *("createdAt", "updatedAt", "metadata"),
}
# Which of the signs of a status (docs/look.md) stands for an article's.
_SIGNS = {"draft": "pending", "published": "resolved", "archived": "closed"}


class Article(WorkingCopy):
    title = models.CharField(max_length=500)
    category = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=32, blank=True)
    is_public = models.BooleanField(null=True)  # null: cStar did not say
    tags = models.JSONField(default=list)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    # Searched by the version before alone; the next one drops it.
    search_text = models.TextField(blank=True)
    folded = models.TextField(null=True, editable=False)
    title_key = SortKeyField()
    category_key = SortKeyField()

    ID_PREFIX = "art_"
    DETAILS = {"tags": []}
    COLUMNS = (
        *("title", "category", "status", "is_public", "tags", "created_at", "updated_at"),
        *("search_text", "folded", "title_key", "category_key"),
    )

    class Meta(WorkingCopy.Meta):
        indexes = [
            *WorkingCopy.Meta.indexes,
            models.Index(fields=["team", "title_key", "id"], name="articles_by_title_key"),
            models.Index(fields=["team", "category_key", "-updated_at", "-id"], name="articles_by_category_key"),
            models.Index(fields=["team", "-updated_at", "-id"], name="articles_by_updated"),
            models.Index(fields=["team", "created_at", "id"], name="articles_by_created"),
            models.Index(fields=["team", "title", "id"], name="articles_by_title"),
            models.Index(fields=["team", "category", "-updated_at", "-id"], name="articles_by_category"),
            models.Index(fields=["team", "status", "-updated_at", "-id"], name="articles_by_status"),
            models.Index(fields=["team", "is_public", "-updated_at", "-id"], name="articles_by_visibility"),
            models.Index(fields=["team", "changed"], name="articles_by_change"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def columns(cls, team, payloads):
        return [_columns(payload) for payload in payloads]

    @property
    def has_content(self) -> bool:
        """Whether the text is held: the rows of cStar's list carry none."""
        return "content" in self.payload

    @property
    def html(self) -> str:
        """The content as HTML that may be put into a page as it is."""
        return markdown.render(_content(self.payload))

    @property
    def status_class(self) -> str:
        return _SIGNS.get(self.status, "other")

    @property
    def visibility_words(self) -> str:
        if self.is_public is None:
            return labels.words("")
        return labels.words("public" if self.is_public else "internal")

    @property
    def view_count(self) -> int:
        return payload_fields.number(self.payload, "viewCount")

    @property
    def use_count(self) -> int:
        """How often it was used in replies."""
        return payload_fields.number(self.payload, "useCount")

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """What else cStar says of it: fields that we do not know (its newer objects have more) and the metadata."""
        others = {name: value for name, value in self.payload.items() if name not in _PLACED}
        metadata = self.payload.get("metadata")
        found = [*others.items(), *(metadata.items() if isinstance(metadata, dict) else ())]
        return [(name, value) for name, value in found if value not in (None, "", [], {})]


def _columns(payload: payload_fields.Payload) -> dict:
    given = payload_fields.text(payload, "title", 500)
    title = given or payload["id"]
    category = payload_fields.text(payload, "category", 200)
    tags = folding.each_once(payload_fields.strings(payload, "tags"))
    words = " ".join([given, category, *tags, _content(payload)])
    public = payload.get("isPublic")
    created = payload_fields.moment(payload, "createdAt")
    return {
        "title": title,
        "title_key": folding.sort_key(title),
        "category": category,
        "category_key": folding.sort_key(category),
        "status": payload_fields.text(payload, "status", 32),
        "is_public": public if isinstance(public, bool) else None,
        "tags": tags,
        "created_at": created,
        "updated_at": payload_fields.moment(payload, "updatedAt") or created,
        "search_text": f"{words} {payload['id']}".casefold(),
        "folded": folding.fold(words),
    }


def _content(payload: payload_fields.Payload) -> str:
    return payload_fields.text(payload, "content", markdown.MAX_LENGTH)
