"""Categories of the knowledge base, as the desk knows them."""

from django.db.models import QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.categories.forms import VISIBILITY_CHOICES, CategoryFilterForm, CategoryForm
from core import labels
from core.folding import search
from core.list_headers import Column
from outbox import small
from replica.capabilities import Feature
from replica.listing import EmptyList, Filter, Listing, cstar_words
from replica.models import SmallObject
from replica.payload_fields import whole_text
from replica.refresh import pages
from replica.resource import Resource, Small, Words
from teams.policy import May
from teams.viewer import Viewer

RIGHT = May.WRITE_ARTICLES


def _matching(viewer: Viewer, form: CategoryFilterForm) -> QuerySet[SmallObject]:
    found = form.only_if_usable(CATEGORIES.held(viewer.team))
    if visibility := form.value("visibility"):
        found = found.filter(payload__isPublic=visibility == "public")
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


CATEGORIES = Resource(
    name="categories",
    words=Words(_("category"), _("categories")),
    model=SmallObject,
    small=Small(
        client="categories",
        form=CategoryForm,
        right=RIGHT,
        position="sortOrder",
        after_delete=_("Its articles stay, without a category."),
    ),
    order=35,
    read_all=lambda client, team: pages(client.categories),
    optional=True,
    audit_type="category",
    writes=small.writes("categories", "category", RIGHT),
    listing=Listing(
        title=_("Categories"),
        name="name",
        form=CategoryFilterForm,
        matching=_matching,
        columns_read=("cstar_id", "name", "position", "payload", "updated_at", "changed"),
        columns=(
            Column("name", _("Name"), small.name_cell("categories"), "cell-subject"),
            Column(
                "",
                _("Description"),
                lambda row: format_html("<bdi>{}</bdi>", whole_text(row.payload, "description")),
                "truncate",
            ),
            Column(
                "",
                _("Visibility"),
                lambda row: conditional_escape(labels.words("public" if row.payload.get("isPublic") else "internal")),
                "cell-fit",
            ),
            Column("order", _("Order"), small.move_cell, "cell-fit"),
        ),
        filters=(
            Filter(
                name="visibility",
                every=_("Public or internal"),
                choices=lambda team: VISIBILITY_CHOICES,
                words=cstar_words,
            ),
        ),
        search_hint=_("Name"),
        filter_label=_("Filter categories"),
        pages_label=_("Pages of categories"),
        counts=ngettext_lazy("{number} category", "{number} categories", "number"),
        new_counts=ngettext_lazy("{number} new category", "{number} new categories", "number"),
        empty=EmptyList(
            icon="book-open",
            loading=_("Your categories are on their way"),
            no_match=_("No category matches"),
            no_match_hint=_("No category matches all of these filters."),
            nothing=_("No categories yet"),
            nothing_hint=_("Categories put the articles of the knowledge base in groups."),
        ),
        create=("categories:create", _("New category"), RIGHT),
        prepare=small.prepare("categories"),
        templates={"list": "small/_list.html"},
    ),
    features={
        "categories": Feature(_("cStar does not provide categories."), _("Articles show the category that they name."))
    },
    activity={
        "created": _("created the category"),
        "updated": _("changed the category"),
        "deleted": _("deleted the category"),
    },
)
