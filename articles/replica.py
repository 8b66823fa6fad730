"""How the copy of articles is filled."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from articles.models import Article
from budget.client import client
from budget.models import Lane
from cstar import Client
from replica import upsert
from replica.capabilities import Feature
from replica.refresh import all_rows
from replica.upsert import Copy
from teams.models import Team

FEATURE = Feature(lacking=_("cStar does not provide articles."), instead=_("The knowledge base stays empty."))
STATUSES = ["published", "draft", "archived"]
IS_PUBLIC = ["true", "false"]


def fetch(team: Team, cstar_id: str, paid: Client | None = None) -> Article:
    """Read one article (one call) into the working copy; `paid` is the client to ask with."""
    answer = (paid or client(team, Lane.READ, gettext_noop("open article"))).articles.get(cstar_id)
    upsert.apply("articles", team, [answer.raw])
    return Article.objects.get(team=team, cstar_id=answer.id)


def _fetch(client, team):
    # Not the content: the list's rows lack it too, and an article is read when it is opened.
    needs = {"title", "status", "isPublic"}
    yield from all_rows(client, team, "articles", needs=needs, split_by={"status": STATUSES, "isPublic": IS_PUBLIC})


COPY = Copy(name="articles", model=Article, fetch=_fetch, order=40, told_as="article", fetch_one=fetch, optional=True)
