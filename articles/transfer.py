"""Articles in exports, imports and bulk edits."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from articles.forms import STATUS_CHOICES, VISIBILITY_CHOICES
from articles.listing import category_choices
from replica.bulk_form import AS_IT_IS, BulkForm
from replica.transfer import Column, Field, Record, Transfer, or_none, text
from teams.models import Team

STATUSES = ["published", "draft", "archived"]
IS_PUBLIC = ["true", "false"]
_VISIBILITY = {True: "public", False: "internal"}


def _is_public(value: str) -> bool:
    return value == "public"


_COLUMNS = (
    Column("id", gettext_noop("Article ID"), attrgetter("cstar_id")),
    Column("title", gettext_noop("Title"), or_none("title")),
    Column("category", gettext_noop("Category"), or_none("category")),
    Column("status", gettext_noop("Status"), or_none("status")),
    Column("visibility", gettext_noop("Visibility"), lambda row: _VISIBILITY.get(row.is_public)),
    Column("tags", gettext_noop("Tags"), attrgetter("tags"), field="tags"),
    Column("content", gettext_noop("Content"), text("content"), is_held=attrgetter("has_content")),
    Column("views", gettext_noop("Views"), attrgetter("view_count")),
    Column("uses", gettext_noop("Uses"), attrgetter("use_count")),
    Column("created", gettext_noop("Created at"), text("createdAt")),
    Column("updated", gettext_noop("Updated at"), text("updatedAt")),
)
_FIELDS = (
    Field("title", "title", gettext_noop("Title"), most=500, required=True),
    Field("content", "content", gettext_noop("Content"), most=100_000, joint="\n\n"),
    Field("category", "category", gettext_noop("Category"), most=200, required=True),
    Field("status", "status", gettext_noop("Status"), "choice", usual=("draft", "published", "archived")),
    Field("visibility", "isPublic", gettext_noop("Visibility"), "choice", value=_is_public),
    Field("tags", "tags", gettext_noop("Tags"), "tags"),
    Field("created_at", "createdAt", gettext_noop("Created at"), "date"),
)


class BulkArticleForm(BulkForm):
    """What a bulk edit can set on articles."""

    SET = {"status": "status", "category": "category", "isPublic": "visibility"}

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[AS_IT_IS, *STATUS_CHOICES])
    category = forms.ChoiceField(label=_("Category"), required=False)
    visibility = forms.ChoiceField(label=_("Visibility"), required=False, choices=[AS_IT_IS, *VISIBILITY_CHOICES])
    field_order = ("status", "category", "visibility")

    def choices(self, team: Team) -> dict[str, Sequence[tuple[str, Any]]]:
        return {"category": category_choices(team)}

    def value(self, name: str) -> Any:
        value = super().value(name)
        return _is_public(value) if name == "visibility" else value


def _title(record: Record) -> str:
    return str(record.get("title") or "").strip()


TRANSFER = Transfer(
    columns=_COLUMNS,
    parts=lambda team: {"status": STATUSES, "isPublic": IS_PUBLIC},
    bulk_form=BulkArticleForm,
    fields=_FIELDS,
    choices=lambda team: {"status": STATUS_CHOICES, "visibility": VISIBILITY_CHOICES},
    markdown=True,
    has_metadata=False,
    key=_title,
    keys=lambda rows: dict(rows.values_list("title", "cstar_id").iterator()),
    title=_title,
    title_field="title",
    unique=False,
    defaults={"status": "draft", "isPublic": False, "tags": [], "content": ""},
    undocumented=("createdAt",),
)
