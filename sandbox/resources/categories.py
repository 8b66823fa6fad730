"""`/categories`: what the knowledge base is sorted into (docs/cstar-api.md#categories)."""

from itertools import chain, count
from typing import Annotated, Any

import msgspec
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from sandbox import bodies, changes, errors, fields, times
from sandbox.api import Call, Reply
from sandbox.fields import UNSET, Name, UnsetType
from sandbox.ids import canonical
from sandbox.lists import page_or_all
from sandbox.models import Article, Category, Team
from sandbox.resources import articles

MAX_SORT_ORDER = 1_000_000
MAX_SLUG = 100

Description = Annotated[str, msgspec.Meta(max_length=1000)]
Icon = Annotated[str, msgspec.Meta(max_length=50)]
Color = Annotated[str, msgspec.Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
SortOrder = Annotated[int, msgspec.Meta(ge=0, le=MAX_SORT_ORDER)]


class CategoryCreate(msgspec.Struct, rename="camel"):
    name: Name = ""
    description: Description | None = None
    icon: Icon | None = None
    color: Color | None = None
    sort_order: SortOrder | UnsetType = UNSET
    is_public: bool = False


class CategoryPatch(msgspec.Struct, rename="camel"):
    name: Name | UnsetType = UNSET
    description: Description | UnsetType | None = UNSET
    icon: Icon | UnsetType | None = UNSET
    color: Color | UnsetType | None = UNSET
    sort_order: SortOrder | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET


def category_list(call: Call) -> Reply:
    """By sortOrder, then name; all in one page unless `page` or `pageSize` is given. Filter: isPublic."""
    rows = counted(call.team.categories.order_by("sort_order", "name_key"))
    if (public := call.params.flag("isPublic")) is not None:
        rows = rows.filter(is_public=public)
    return page_or_all(call, rows, _row)


def category_detail(call: Call, category_id: str) -> Reply:
    return Reply(_full(_find(call.team, category_id)))


def category_create(call: Call) -> Reply:
    """201 with the whole category, the last one unless sortOrder is given; 409 when its name is taken."""
    body = bodies.shaped(call.body, CategoryCreate)
    if not body.name.strip():
        raise errors.missing("name is required", "name")
    sort_order = body.sort_order
    if sort_order is UNSET:  # behind the team's last category
        last = call.team.categories.aggregate(last=Max("sort_order"))["last"]
        sort_order = 0 if last is None else min(last + 1, MAX_SORT_ORDER)
    moment = times.now()
    category = Category(
        **_named(call.team.categories.all(), body.name.strip()),
        team=call.team,
        name_key=body.name.strip().lower(),
        description=body.description,
        icon=body.icon,
        color=body.color,
        sort_order=sort_order,
        is_public=body.is_public,
        created_at=moment,
        updated_at=moment,
    )
    category.save(force_insert=True)
    changes.record(call, "category.created", str(category.id))
    return Reply(_full(_find(call.team, str(category.id))), 201)


def category_update(call: Call, category_id: str) -> Reply:
    """Changes only the fields given and answers the whole category. A new name goes to its articles as well."""
    category = _find(call.team, category_id)
    name = category.name
    values = fields.given(bodies.shaped(call.body, CategoryPatch))
    if "name" in values:
        values["name"] = fields.required_text(values["name"], "name")
        if values["name"] != name:
            values |= _named(call.team.categories.exclude(pk=category.pk), values["name"])
    changed = changes.assign(category, values)
    if not changed:
        return Reply(_full(category))
    category.name_key = category.name.lower()
    category.updated_at = times.after(category.updated_at)
    category.save(force_update=True)
    changes.record(call, "category.updated", str(category.id), changes=changed)
    if "name" in changed:
        articles.move(call, name, category.name)
    return Reply(_full(_find(call.team, category_id)))


def category_delete(call: Call, category_id: str) -> Reply:
    """Deletes the category; its articles stay without one."""
    category = _find(call.team, category_id)
    articles.move(call, category.name, None)
    changes.record(call, "category.deleted", str(category.id), name=category.name)
    category.delete()
    return Reply({"deleted": True})


def counted(rows: QuerySet[Category]) -> QuerySet[Category]:
    """With `article_count` on every row."""
    held = Article.objects.filter(team=OuterRef("team"), category=OuterRef("name")).order_by().values("category")
    total = Subquery(held.annotate(total=Count("pk")).values("total"), output_field=IntegerField())
    return rows.annotate(counted_articles=Coalesce(total, 0))


def _find(team: Team, category_id: str) -> Category:
    found = canonical("", category_id)
    category = counted(team.categories.filter(id=found)).first() if found else None
    if category is None:
        raise errors.not_found("Category")
    return category


def _named(others: QuerySet[Category], name: str) -> dict[str, Any]:
    """The name with a free slug; 409 when one of the team's other categories has the name, whatever its case."""
    if others.filter(name_key=name.lower()).exists():
        raise errors.conflict("A category with this name already exists", "name")
    slug = slugify(name)[:MAX_SLUG] or "category"
    taken = set(others.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in count(2))
    return {"name": name, "slug": next(each for each in chain([slug], numbered) if each not in taken)}


def _full(category: Category) -> dict[str, Any]:
    return {**_row(category), "updatedAt": times.wire(category.updated_at)}


def _row(category: Category) -> dict[str, Any]:
    """The reference's example has neither icon nor color, its table has: they appear when they are set."""
    looks = {"icon": category.icon, "color": category.color}
    return {
        "id": str(category.id),
        "object": "category",
        "name": category.name,
        "slug": category.slug,
        "description": category.description,
        **{key: value for key, value in looks.items() if value is not None},
        "isPublic": category.is_public,
        "sortOrder": category.sort_order,
        "articleCount": category.article_count,
        "createdAt": times.wire(category.created_at),
    }
