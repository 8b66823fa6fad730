"""Articles of the knowledge base, to be read: the list and a page each."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activity.views import history_page
from articles.models import Article
from articles.resource import ARTICLES, fetch_article
from core.errors import sentence
from cstar import CStarError, NotFound
from replica.listing import list_changes, list_page
from replica.lookup import find_or_404
from teams.access import TeamRequest, team_view
from teams.policy import May


@team_view(May.VIEW)
def article_list(request: TeamRequest) -> HttpResponse:
    """Articles, filtered, sorted and paged by the address, from the working copy alone (no API call)."""
    return list_page(request, ARTICLES)


@team_view(May.VIEW)
def article_list_changes(request: TeamRequest) -> HttpResponse:
    """What changed in the list since it was drawn. Pages that are open ask."""
    return list_changes(request, ARTICLES)


@team_view(May.VIEW)
def article_detail(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Show an article. Its text is fetched (one call) if the working copy does not have it yet."""
    article, trouble = _article_or_404(request, cstar_id), ""
    if not article.has_content:
        try:
            article = fetch_article(request.team, cstar_id)
        except NotFound:
            raise Http404 from None
        except CStarError as error:
            trouble = sentence(error)
    return render(request, "articles/detail.html", {"article": article, "html": article.html, "trouble": trouble})


@team_view(May.VIEW)
def article_history(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Show what was done to an article through this desk."""
    held = _article_or_404(request, cstar_id)
    return history_page(request, held.cstar_id, reverse("articles:detail", args=[held.cstar_id]))


def _article_or_404(request: TeamRequest, cstar_id: str) -> Article:
    return find_or_404(request, Article, cstar_id, lambda: fetch_article(request.team, cstar_id))
