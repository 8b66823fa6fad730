"""Articles: the list, a page each, and how the copy of them is filled and follows cStar."""

import re

import pytest
from django.utils import timezone
from httpx import ConnectError

from articles.models import Article
from cstar.http import Response
from replica import feed, upsert
from replica.models import TeamState, WebhookEndpoint
from replica.refresh import refresh
from sandbox.models import Article as SandboxArticle
from teams.clients import client_for
from teams.models import Team
from tests.replica.test_feed import quiet  # noqa: F401
from tests.replica.test_webhooks import deliver_all, envelope, knock, outcomes, registered, run_tasks, signed

URL = "/articles/"


@pytest.fixture
def article(acme) -> Article:
    """One with tags."""
    return Article.objects.filter(team=acme, status="published", is_public=True).exclude(tags=[]).first()


@pytest.fixture
def endpoint(quiet) -> WebhookEndpoint:  # noqa: F811
    return registered(quiet)


def path(article: Article, action: str = "") -> str:
    return f"{URL}{article.cstar_id}/{action}"


def shown(person, **query) -> list[Article]:
    return person.get(URL, {"page_size": "100", **query}).context["page"].items


def arrived(team: Team, **fields) -> Article:
    """An article just as cStar's answer told of it."""
    upsert.apply("articles", team, [{"id": "art_odd", "title": "Odd", **fields}])
    return Article.objects.get(team=team, cstar_id="art_odd")


# The list ----------------------------------------------------------------------------------------------------------


def test_lists_the_teams_articles_without_any_api_call(agent, wire, acme):
    page = agent.get(URL).context["page"]
    assert page.total == Article.objects.filter(team=acme).count() > 10
    assert {article.team_id for article in page.items} == {acme.pk}
    assert wire.calls == []


def test_needs_few_queries(agent, django_assert_max_num_queries):
    agent.get(URL)
    with django_assert_max_num_queries(8):
        agent.get(URL, {"sort": "category", "page_size": "25"})


def test_filters(agent, article):
    assert {one.status for one in shown(agent, status="draft")} == {"draft"}
    assert {one.is_public for one in shown(agent, visibility="public")} == {True}
    assert {one.is_public for one in shown(agent, visibility="internal")} == {False}
    assert {one.category for one in shown(agent, category=article.category)} == {article.category}
    assert article in shown(agent, category=article.category, status="published", visibility="public")
    assert agent.get(URL, {"visibility": "public", "status": "draft"}).context["page"].total == 0


def test_search_finds_by_title_tag_id_and_text(agent, article):
    upsert.apply("articles", article.team, [{"id": article.cstar_id, "content": "Öffnen Sie das *Zebragehege*."}])
    for text in (article.title.upper(), article.tags[0], article.cstar_id, "öffnen ZEBRAGEHEGE"):
        assert article in shown(agent, search=text)
    assert shown(agent, search="zebragehege nashorn") == []


@pytest.mark.parametrize(
    ("sort", "column"),
    [("title", "title"), ("category", "category"), ("status", "status"), ("visibility", "is_public"),
     ("created", "created_at"), ("updated", "updated_at")],
)  # fmt: skip
def test_sorts_both_ways(agent, sort, column, acme):
    expected = sorted(Article.objects.filter(team=acme).values_list(column, flat=True))
    assert [getattr(one, column) for one in shown(agent, sort=sort)] == expected
    assert [getattr(one, column) for one in shown(agent, sort=f"-{sort}")] == expected[::-1]


def test_pages_are_cut_and_lead_on(agent, acme):
    upsert.apply("articles", acme, [{"id": f"art_{number}", "title": f"No {number}"} for number in range(30)])
    first = agent.get(URL, {"page_size": "25", "sort": "title"}).context["page"]
    second = agent.get(f"{URL}{first.next_url}").context["page"]
    assert (len(first.items), second.number) == (25, 2)
    assert not {one.pk for one in first.items} & {one.pk for one in second.items}


def test_pills_take_a_filter_away_and_categories_are_offered(agent, article):
    response = agent.get(URL, {"status": "published", "category": article.category, "sort": "title"})
    assert [(pill.label, pill.value) for pill in response.context["pills"]] == [
        ("Status", "Published"),
        ("Category", article.category),
    ]
    assert response.context["pills"][1].url == "?status=published&sort=title"
    [offered] = [one.choices for one in response.context["filters"] if one.name == "category"]
    assert (article.category, article.category) in offered


def test_what_cannot_be_sorted_by_and_what_is_no_filter_counts_as_not_given(agent, acme):
    everything = Article.objects.filter(team=acme).count()
    for query in ("sort=search_text", "sort=-payload", "sort=team__key", "payload=x", "page=x"):
        response = agent.get(f"{URL}?{query}")
        assert (response.status_code, response.context["page"].total) == (200, everything)
        assert response.context["form"].order == ["-updated_at", "-id"]


@pytest.mark.parametrize("query", ["status=%00", "category=" + "y" * 4000, "search=%25", "visibility=%ff", "page=-1"])
def test_nonsense_in_the_address_is_a_list(agent, query):
    assert agent.get(f"{URL}?{query}").status_code == 200


def test_fragment_is_the_list_with_what_depends_on_it(agent):
    html = agent.fragment(f"{URL}?status=draft", "article-list").content.decode()
    assert re.match(r'\s*<div\s+id="article-list"', html)
    assert 'id="announce"' in html
    assert "<html" not in html


def test_rows_can_be_chosen(agent, article):
    html = agent.get(URL).content.decode()
    assert f'name="ids" form="bulk" value="{article.cstar_id}"' in html
    assert f"Select {article.title}" in html


def test_three_kinds_of_nothing(agent, acme):
    assert "No article matches" in agent.get(URL, {"search": "xyzzy"}).content.decode()
    Article.objects.all().delete()
    upsert.touch(acme)
    assert "No articles yet" in agent.get(URL).content.decode()
    TeamState.objects.update(filled_at=None)
    assert "Your articles are on their way" in agent.get(URL).content.decode()


def test_the_rail_leads_to_all_and_to_drafts(agent):
    def current(address: str) -> list[str]:
        sections = agent.get(address).context["desk"].rail
        return [link.label for section in sections for link in section.links if link.current]

    assert current(URL) == current(f"{URL}?status=published") == ["Articles"]
    assert current(f"{URL}?status=draft") == ["Drafts"]
    assert "g k" in agent.get("/tickets/").content.decode()


# The page ----------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_held_without_any_api_call(spectator, wire, article):
    html = spectator.get(path(article)).content.decode()
    for words in (article.title, article.category, "Published", "Public", *article.tags):
        assert words in html
    assert article.html
    assert article.html in html
    assert wire.calls == []


def test_what_is_written_there_is_harmless(agent, acme):
    article = arrived(acme, content="# Hello\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) **bold**")
    html = agent.get(path(article)).content.decode()
    assert "<h1>Hello</h1>" in html
    assert "<strong>bold</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_unknown_fields_and_words_are_shown(agent, acme):
    article = arrived(
        acme, content="Text", status="in_review", isPublic="who knows", tags="none", slug="odd-one", readTime="2 min",
        viewCount=None, categoryId=None, metadata={"items": ["one", "two"], "": 3}, updatedAt="soon",
    )  # fmt: skip
    html = agent.get(path(article)).content.decode()
    for words in ("In review", "Not set", "odd-one", "2 min", "one, two"):
        assert words in html
    assert "categoryId" not in html
    assert agent.get(URL, {"status": "in_review"}).context["page"].total == 1


def test_the_text_is_fetched_once_where_the_copy_has_none(agent, wire, article):
    whole = Article.objects.get(pk=article.pk).payload
    Article.objects.filter(pk=article.pk).update(payload={n: v for n, v in whole.items() if n != "content"})
    wire.answer(ConnectError("refused"))
    assert "The text could not be fetched." in agent.get(path(article)).content.decode()
    wire.instead.clear()
    wire.calls.clear()
    for _ in range(2):
        assert article.html in agent.get(path(article)).content.decode()
    assert wire.calls == [("GET", f"articles/{article.cstar_id}")]


def test_one_without_text_says_so(agent, acme):
    assert "No text yet" in agent.get(path(arrived(acme, content=""))).content.decode()


def test_one_that_is_gone_is_not_there(agent, acme):
    assert agent.get(path(arrived(acme))).status_code == 404  # its text is asked for, and cStar knows nothing of it
    assert agent.get(f"{URL}art_unknown/").status_code == 404


def test_history(agent, article):
    html = agent.get(path(article, "history/")).content.decode()
    assert "No changes made through this desk yet." in html
    assert f'href="{path(article)}"' in html
    assert path(article, "history/") in agent.get(path(article)).content.decode()


def test_another_teams_article_is_not_there(agent, globex):
    theirs = Article.objects.filter(team=globex).first()
    assert agent.get(path(theirs)).status_code == 404
    assert agent.get(path(theirs, "history/")).status_code == 404


# The copy ----------------------------------------------------------------------------------------------------------


def test_everything_is_held_with_its_text(acme):
    held = {one.cstar_id: one.payload["content"] for one in Article.objects.filter(team=acme)}
    there = SandboxArticle.objects.filter(team__uuid=acme.cstar_team_id)
    assert held == dict(there.values_list("id", "content"))


def test_where_the_export_says_too_little_the_list_is_read(acme, wire, monkeypatch):
    Article.objects.filter(team=acme).delete()
    handle = wire.handle_request

    def poor(request):
        if not request.url.path.endswith("/export") or b'"articles"' not in request.read():
            return handle(request)
        rows = [{"id": "art_1", "title": "Sample"}]
        data = {"object": "export", "format": "json", "totalRows": 1, "resources": {"articles": rows}}
        return Response(200, json={"success": True, "data": data})

    monkeypatch.setattr(wire, "handle_request", poor)
    assert refresh(acme)
    held = Article.objects.filter(team=acme)
    assert held.count() == SandboxArticle.objects.filter(team__uuid=acme.cstar_team_id).count()
    assert not any(one.has_content for one in held)


def test_others_changes_arrive_by_the_feed(quiet, wire, article):  # noqa: F811
    others = client_for(quiet)
    others.articles.update(article.cstar_id, title="Renamed", is_public=False)
    made = others.articles.create(title="Brand new", category="News", content="Read *this*")
    wire.calls.clear()
    assert feed.poll(quiet)
    assert sorted(call for _, call in wire.calls) == sorted(
        [f"articles/{article.cstar_id}", f"articles/{made.id}", "audit-log"]
    )
    article.refresh_from_db()
    assert (article.title, article.is_public) == ("Renamed", False)
    assert Article.objects.get(team=quiet, cstar_id=made.id).html == "<p>Read <em>this</em></p>\n"
    others.articles.delete(made.id)
    assert feed.poll(quiet)
    assert not Article.objects.filter(cstar_id=made.id).exists()


def test_deliveries_arrive_without_a_call(endpoint, wire, article):
    team, others = endpoint.team, client_for(endpoint.team)
    others.articles.update(article.cstar_id, status="archived", tags=["old"], content="Outdated")
    made = others.articles.create(title="Brand new", category="News", status="published", is_public=True)
    gone = others.articles.create(title="Not for long", category="News")
    others.articles.delete(gone.id)
    wire.calls.clear()
    assert deliver_all(team) == [
        "article.updated", "article.created", "article.published", "article.created", "article.deleted",
    ]  # fmt: skip
    article.refresh_from_db()
    assert (article.status, article.tags, article.html) == ("archived", ["old"], "<p>Outdated</p>\n")
    assert Article.objects.get(team=team, cstar_id=made.id).status == "published"
    assert not Article.objects.filter(cstar_id=gone.id).exists()
    assert wire.calls == []
    assert feed.poll(team)
    assert [call for _, call in wire.calls] == ["audit-log"]


def test_a_delivery_with_a_part_of_an_article_has_it_read(endpoint, wire, article):
    client_for(endpoint.team).articles.update(article.cstar_id, title="Renamed")
    wire.calls.clear()
    body = envelope(endpoint.team, "article.updated", {"article": {"id": article.cstar_id, "title": "Renamed"}})
    assert knock(endpoint.team, body, signed(endpoint, body)).status_code == 200
    assert outcomes(endpoint.team) == [("article.updated", "read")]
    run_tasks()
    article.refresh_from_db()
    assert article.title == "Renamed"
    assert wire.calls == [("GET", f"articles/{article.cstar_id}")]


# The list while it is open -----------------------------------------------------------------------------------------


class OpenList:
    """A list as it was drawn, which asks for what changed in it."""

    def __init__(self, person, query: str = ""):
        self.person, self.query = person, query
        page = person.get(f"{URL}?{query}")
        self.shown = [article.cstar_id for article in page.context["page"].items]
        self.since = re.search(r'data-since="(\d+)"', page.content.decode())[1]

    def changes(self):
        address = f"{URL}live/?{self.query}&since={self.since}&drawn={self.since}"
        return self.person.get(address, headers={"X-Shown": ",".join(self.shown)})


def test_nothing_new_is_204(agent, wire):
    assert OpenList(agent).changes().status_code == 204
    assert wire.calls == []


def test_changed_rows_come_and_those_that_moved_on_are_marked(agent, acme, article):
    opened = OpenList(agent, "status=published")
    other = next(cstar_id for cstar_id in opened.shown if cstar_id != article.cstar_id)
    upsert.apply("articles", acme, [{"id": article.cstar_id, "title": "Renamed"}, {"id": other, "status": "archived"}])
    html = opened.changes().content.decode()
    assert set(re.findall(r'<tr id="article-(\w+)"', html)) == {article.cstar_id, other}
    assert "Renamed" in html
    assert re.findall(r'id="mark-(\w+)"', html) == [other]
    upsert.forget("articles", acme, [article.cstar_id])
    assert re.search(rf'id="mark-{article.cstar_id}"[^<]*>Deleted<', opened.changes().content.decode())


def test_new_articles_are_counted(agent, acme):
    opened, elsewhere = OpenList(agent), OpenList(agent, "category=Nowhere")
    now = timezone.now().isoformat()
    upsert.apply("articles", acme, [{"id": f"art_{n}", "title": "New", "updatedAt": now} for n in range(2)])
    assert "2 new articles" in opened.changes().content.decode()
    assert elsewhere.changes().status_code == 204


def test_another_teams_rows_never_come(agent, globex):
    opened = OpenList(agent)
    opened.shown, opened.since = list(Article.objects.filter(team=globex).values_list("cstar_id", flat=True)), "0"
    assert "<tr" not in opened.changes().content.decode()
