from django.utils.translation import gettext as _

from articles.forms import ArticleFilterForm
from core.navigation import Link, Section
from core.urls import page_url
from teams.access import TeamRequest

DRAFTS = "status=draft"


def section(request: TeamRequest) -> Section:
    path = page_url("articles:list")
    drafts = request.path == path and ArticleFilterForm(request.GET).query.urlencode() == DRAFTS
    here = request.path.startswith(path) and not drafts
    categories = page_url("categories:list")
    return Section(
        _("Knowledge"),
        (
            Link(_("Articles"), path, "book-open", None, here, "g k"),
            Link(_("Drafts"), f"{path}?{DRAFTS}", "pencil", None, drafts),
            Link(_("Categories"), categories, "folder", None, request.path.startswith(categories)),
        ),
    )
