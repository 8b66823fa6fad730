"""The list of articles: its columns, its filters, and which articles they let through."""

from django.db.models import QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.forms import STATUS_CHOICES, VISIBILITY_CHOICES, ArticleFilterForm
from articles.models import Article
from core import cells
from core.folding import search, sort_key
from core.list_headers import Column
from replica import registry
from replica.listing import EmptyList, Filter, Listing, cstar_words
from replica.versioned_cache import remembered
from teams.models import Team
from teams.viewer import Viewer

TAGS_SHOWN = 4
_link = cells.link("title", "articles:detail")


def matching(viewer: Viewer, form: ArticleFilterForm) -> QuerySet[Article]:
    found = form.only_if_usable(Article.objects.filter(team=viewer.team))
    if status := form.value("status"):
        found = found.filter(status=status)
    if category := form.value("category"):
        found = found.filter(category=category)
    if visibility := form.value("visibility"):
        found = found.filter(is_public=visibility == "public")
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


def category_choices(team: Team) -> list[tuple[str, str]]:
    """The team's categories in their order, then those that articles name besides."""

    def load() -> list[tuple[str, str]]:
        own = registry.get("categories").held(team).order_by("position", "name_key", "pk")
        found = Article.objects.filter(team=team).exclude(category="").order_by()
        named = sorted(found.values_list("category", flat=True).distinct(), key=sort_key)
        return [(name, name) for name in dict.fromkeys([*own.values_list("name", flat=True), *named])]

    return remembered(team, "article-categories", load)


def _title(article: Article) -> SafeString:
    tags = cells.tags(article.tags, TAGS_SHOWN)
    return format_html('{}<span class="subject__meta">{}</span>', _link(article), tags) if tags else _link(article)


LISTING = Listing(
    title=_("Articles"),
    name="title",
    form=ArticleFilterForm,
    matching=matching,
    columns_read=("cstar_id", "title", "category", "status", "is_public", "tags", "updated_at", "changed"),
    columns=(
        Column("status", _("Status"), cells.status, "cell-status"),
        Column("title", _("Title"), _title, "cell-subject"),
        Column(
            "category",
            _("Category"),
            lambda row: format_html('<span class="person"><bdi>{}</bdi></span>', row.category),
            "cell-person",
        ),
        Column("visibility", _("Visibility"), lambda row: conditional_escape(row.visibility_words), "cell-fit"),
        Column("updated", _("Updated"), cells.when("updated_at"), "cell-time", largest_first=True),
    ),
    filters=(
        Filter(
            name="status",
            every=_("Any status"),
            choices=lambda team: STATUS_CHOICES,
            words=cstar_words,
        ),
        Filter(name="category", every=_("Any category"), choices=category_choices),
        Filter(
            name="visibility",
            every=_("Public or internal"),
            choices=lambda team: VISIBILITY_CHOICES,
            words=cstar_words,
        ),
    ),
    search_hint=_("Title, text or tag"),
    filter_label=_("Filter articles"),
    pages_label=_("Pages of articles"),
    counts=ngettext_lazy("{number} article", "{number} articles", "number"),
    new_counts=ngettext_lazy("{number} new article", "{number} new articles", "number"),
    empty=EmptyList(
        icon="book-open",
        loading=_("Your articles are on their way"),
        no_match=_("No article matches"),
        no_match_hint=_("Nothing in the knowledge base matches all of these filters."),
        nothing=_("No articles yet"),
        nothing_hint=_("What your team writes in cStar's knowledge base shows up here."),
    ),
)
