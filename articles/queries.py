"""The questions that the article list can be asked, answered from the working copy alone."""

from django.db.models import QuerySet

from articles.forms import ArticleFilterForm
from articles.models import Article
from core.folding import search, sort_key
from core.pagination import Page, paginate
from replica.versioned_cache import complete, remembered
from teams.access import TeamRequest

# What a row of the list shows; the rest of an article is far larger and stays where it is.
SHOWN = ("cstar_id", "title", "category", "status", "is_public", "tags", "updated_at", "changed")


def article_page(request: TeamRequest, form: ArticleFilterForm) -> Page:
    """The page of articles that the form asks for: one query, and a count that is remembered."""
    found = matching(request, form)
    total = remembered(request, f"articles:{form.fingerprint}", found.order_by().count)
    listed = found.order_by(*form.order).only(*SHOWN)
    return paginate(listed, number=form.page, size=form.page_size, total=total, query=form.query)


def matching(request: TeamRequest, form: ArticleFilterForm) -> QuerySet[Article]:
    """The articles that the form's filters let through, in no order yet."""
    if form.compares_text:
        complete(request, "articles")
    found = form.only_if_usable(Article.objects.filter(team=request.team))
    if status := form.value("status"):
        found = found.filter(status=status)
    if category := form.value("category"):
        found = found.filter(category=category)
    if visibility := form.value("visibility"):
        found = found.filter(is_public=visibility == "public")
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


def category_choices(request: TeamRequest) -> list[tuple[str, str]]:
    """Every category that an article of the team is in."""

    def fetch() -> list[tuple[str, str]]:
        found = Article.objects.filter(team=request.team).exclude(category="").order_by()
        names = found.values_list("category", flat=True).distinct()
        return [(name, name) for name in sorted(names, key=sort_key)]

    return remembered(request, "article-categories", fetch)
