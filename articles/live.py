"""What changed in the list of articles since it was drawn (replica/list_delta.py)."""

from django.http import HttpResponse
from django.shortcuts import render

from articles.forms import ArticleFilterForm
from articles.models import Article
from articles.queries import SHOWN, article_page, matching
from replica import list_delta
from replica.versioned_cache import remembered, team_state
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW)
def list_changes(request: TeamRequest) -> HttpResponse:
    """Rows on the page that changed, marked where they no longer belong there, and how many new ones there would be."""
    form = ArticleFilterForm(request.GET)
    number = team_state(request).change_number
    found = list_delta.changes(
        request,
        form,
        rows=Article.objects.filter(team=request.team).only(*SHOWN),
        matching=matching(request, form),
        first_page=lambda: _first_page(request, form),
    )
    if not any(found):
        return list_delta.at(number, HttpResponse(status=204))
    return list_delta.at(number, render(request, "articles/_live_list.html", {**found._asdict(), "form": form}))


def _first_page(request: TeamRequest, form: ArticleFilterForm) -> list[tuple[str, int]]:
    return remembered(
        request,
        f"first-articles:{form.fingerprint}:{form.sort}:{form.page_size}",
        lambda: [(article.cstar_id, article.changed) for article in article_page(request, form).items],
    )
