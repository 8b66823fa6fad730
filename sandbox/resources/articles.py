"""`/articles`: the knowledge base (docs/cstar-api.md#articles)."""

from copy import copy
from typing import Any

import msgspec
from django.db.models import QuerySet

from sandbox import bodies, changes, errors, fields, times
from sandbox.api import Call, Reply
from sandbox.events import Data
from sandbox.fields import UNSET, ArticleStatus, Content, Name, Tags, Title, UnsetType
from sandbox.ids import canonical, new_id
from sandbox.lists import containing, page_of, tagged
from sandbox.models import Article, Team
from sandbox.params import Params

STATUSES = ("draft", "published", "archived")


class ArticleCreate(msgspec.Struct, rename="camel"):
    title: Title = ""
    category: Name = ""
    content: Content = ""
    status: ArticleStatus = "draft"
    is_public: bool = False
    tags: Tags = []


class ArticlePatch(msgspec.Struct, rename="camel"):
    title: Title | UnsetType = UNSET
    category: Name | UnsetType = UNSET
    content: Content | UnsetType = UNSET
    status: ArticleStatus | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET


def article_list(call: Call) -> Reply:
    """Newest updated first. Rows: id, title, category, status, isPublic, viewCount, useCount, createdAt."""
    return page_of(call, filtered(call.team, call.params), _row)


def article_detail(call: Call, article_id: str) -> Reply:
    return Reply(full(find(call.team, article_id)))


def article_create(call: Call) -> Reply:
    """201 with id, title, category, status, isPublic, createdAt."""
    article = new(call, bodies.shaped(call.body, ArticleCreate))
    article.save(force_insert=True)
    row = _row(article)
    return Reply({key: row[key] for key in ("id", "title", "category", "status", "isPublic", "createdAt")}, 201)


def article_update(call: Call, article_id: str) -> Reply:
    """Changes only the fields given. Answers id, title, status, updatedAt."""
    article = find(call.team, article_id)
    edit(call, article, bodies.shaped(call.body, ArticlePatch))
    row = _row(article)
    return Reply({**{key: row[key] for key in ("id", "title", "status")}, "updatedAt": times.wire(article.updated_at)})


def article_delete(call: Call, article_id: str) -> Reply:
    remove(call, find(call.team, article_id))
    return Reply({"deleted": True})


def find(team: Team, article_id: str) -> Article:
    article = Article.objects.filter(team=team, id=canonical("art_", article_id)).first()
    if article is None:
        raise errors.not_found("Article")
    return article


def filtered(team: Team, params: Params) -> QuerySet[Article]:
    """Articles by category (name), status, isPublic, tag and search (title and content), newest updated first."""
    exact = {
        "category": params.text("category"),
        "status": params.one_of("status", STATUSES),
        "is_public": params.flag("isPublic"),
    }
    rows = Article.objects.filter(team=team, **{name: value for name, value in exact.items() if value is not None})
    if tag := params.text("tag"):
        rows = tagged(rows, tag)
    if text := params.text("search"):
        rows = containing(rows, text, "title", "content")
    return rows.order_by("-updated_at", "-id")


def new(call: Call, body: ArticleCreate) -> Article:
    """An article from a create body, not saved yet; its audit entry is noted."""
    if not body.title.strip() or not body.category.strip():
        raise errors.missing("title and category are required")
    moment = times.now()
    article = Article(
        id=new_id("art_"),
        team=call.team,
        title=body.title.strip(),
        category=body.category.strip(),
        content=body.content,
        status=body.status,
        is_public=body.is_public,
        tags=fields.clean_tags(body.tags),
        created_at=moment,
        updated_at=moment,
    )
    fires: dict[str, Data] = {"article.created": lambda: {"article": full(article)}}
    if _is_in_library(article):
        fires["article.published"] = fires["article.created"]
    changes.record(call, "article.created", article.id, fires)
    return article


def edit(call: Call, article: Article, patch: ArticlePatch) -> None:
    """Applies a patch; nothing is written when it says what is so already."""
    values = fields.given(patch)
    for name in {"title", "category"} & values.keys():
        values[name] = fields.required_text(values[name], name)
    if "tags" in values:
        values["tags"] = fields.clean_tags(values["tags"])
    _change(call, article, values)


def move(call: Call, category: str, to: str | None) -> None:
    """Gives all articles of one category another one, or none; each article's change is recorded as one by PATCH is."""
    for article in Article.objects.filter(team=call.team, category=category):
        _change(call, article, {"category": to})


def _change(call: Call, article: Article, values: dict[str, Any]) -> None:
    shown_before = _is_in_library(article)
    changed = changes.assign(article, values)
    if not changed:
        return
    article.updated_at = times.after(article.updated_at)
    if not article._state.adding:
        article.save(force_update=True)
    fires: dict[str, Data] = {"article.updated": lambda: {"article": full(article), "changes": changed}}
    if _is_in_library(article) and not shown_before:
        fires["article.published"] = lambda: {"article": full(article)}
    changes.record(call, "article.updated", article.id, fires, changes=changed)


def remove(call: Call, article: Article) -> None:
    was = copy(article)  # deleting takes the id away
    changes.record(
        call, "article.deleted", article.id, {"article.deleted": lambda: {"article": full(was)}}, title=article.title
    )
    article.delete()


def full(article: Article) -> dict[str, Any]:
    """Every field of the object."""
    return {
        **_row(article),
        "content": article.content,
        "tags": article.tags,
        "updatedAt": times.wire(article.updated_at),
    }


def _is_in_library(article: Article) -> bool:
    """Whether the public can read it, which is what article.published means."""
    return article.status == "published" and article.is_public


def _row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "category": article.category,
        "status": article.status,
        "isPublic": article.is_public,
        "viewCount": article.view_count,
        "useCount": article.use_count,
        "createdAt": times.wire(article.created_at),
    }
