"""Articles, the pages of the knowledge base, as the desk knows them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from articles.listing import LISTING
from articles.models import Article
from articles.navigation import section
from articles.transfer import IS_PUBLIC, STATUSES, TRANSFER
from budget.client import client
from budget.models import Lane
from cstar import Client
from replica import upsert
from replica.capabilities import Feature
from replica.refresh import all_rows
from replica.resource import Resource, Words
from replica.webhooks import Event
from teams.models import Team

# A webhook payload that lacks one of these fields is not applied: the copy would count as up to date without it.
NEEDED = {"title", "content", "category", "status", "isPublic", "tags", "createdAt", "updatedAt"}


def fetch_article(team: Team, cstar_id: str, paid: Client | None = None) -> Article:
    """Read one article (one call) into the working copy; `paid` is the client to ask with."""
    answer = (paid or client(team, Lane.READ, gettext_noop("open article"))).articles.get(cstar_id)
    upsert.apply("articles", team, [answer.raw])
    return Article.objects.get(team=team, cstar_id=answer.id)


def _apply_event(team: Team, event: Event) -> bool:
    row = event.object("article", id=Article.ID_PREFIX)
    if row is None or not row.keys() >= NEEDED:
        return False
    upsert.apply("articles", team, [row])
    return True


ARTICLES = Resource(
    name="articles",
    words=Words(_("article"), _("articles")),
    model=Article,
    order=40,
    # Not the content: the list's rows lack it too, and an article is read when it is opened.
    read_all=lambda client, team: all_rows(
        client,
        team,
        "articles",
        needs={"title", "status", "isPublic"},
        split_by={"status": STATUSES, "isPublic": IS_PUBLIC},
    ),
    read_one=fetch_article,
    optional=True,
    audit_type="article",
    apply_event=_apply_event,
    page="articles:detail",
    features={"articles": Feature(_("cStar does not provide articles."), _("The knowledge base stays empty."))},
    listing=LISTING,
    transfer=TRANSFER,
    activity={
        "created": _("created the article"),
        "updated": _("changed the article"),
        "deleted": _("deleted the article"),
    },
    section=section,
    section_order=40,
)
