"""Articles of the knowledge base, to be read: the list and a page each."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activity.views import history_page
from articles.forms import STATUS_CHOICES, VISIBILITY_CHOICES, ArticleFilterForm
from articles.listing import article_columns, article_pills
from articles.models import Article
from articles.queries import article_page, category_choices
from articles.resource import fetch
from core.errors import sentence
from core.partials import render_page
from cstar import CStarError, NotFound
from replica.lookup import find_or_404
from replica.versioned_cache import team_state
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW)
def article_list(request: TeamRequest) -> HttpResponse:
    """Articles, filtered, sorted and paged by the address, from the working copy alone (no API call)."""
    form = ArticleFilterForm(request.GET)
    context = {
        "form": form,
        "page": article_page(request, form),
        "columns": article_columns(form),
        "pills": article_pills(form),
        "statuses": STATUS_CHOICES,
        "categories": category_choices(request),
        "visibilities": VISIBILITY_CHOICES,
        "filled": team_state(request).filled_at,
    }
    return render_page(
        request, "articles/list.html", context, partials={"article-list": "articles/_list.html"}, address=form.address
    )


@team_view(May.VIEW)
def article_detail(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """An article: what we hold at once; its text is fetched (one call) if nothing has brought it yet."""
    article, trouble = _held(request, cstar_id), ""
    if not article.has_content:
        try:
            article = fetch(request.team, cstar_id)
        except NotFound:
            raise Http404 from None
        except CStarError as error:
            trouble = sentence(error)
    return render(request, "articles/detail.html", {"article": article, "html": article.html, "trouble": trouble})


@team_view(May.VIEW)
def article_history(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """What was done to an article through this desk."""
    held = _held(request, cstar_id)
    return history_page(request, held.cstar_id, reverse("articles:detail", args=[held.cstar_id]))


def _held(request: TeamRequest, cstar_id: str) -> Article:
    return find_or_404(request, Article, cstar_id, lambda: fetch(request.team, cstar_id))
