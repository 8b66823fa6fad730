import pytest

from tests.sandbox.conftest import audited, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

ROW = {"id", "title", "category", "status", "isPublic", "viewCount", "useCount", "createdAt"}


def test_shapes(api, article):
    body = api.get("articles").json()
    assert [row.keys() for row in body["data"]] == [ROW]
    assert body["meta"]["pagination"]["total"] == 1
    assert got(api.get(f"articles/{article}")).keys() == ROW | {"content", "tags", "updatedAt"}
    assert refused(api.get("articles/art_1"), 404)["message"] == "Article not found"


def test_create_and_its_requirements(api):
    data = made(api.post("articles", json={"title": "A", "category": "Account", "tags": "a,b"}))
    assert data.keys() == {"id", "title", "category", "status", "isPublic", "createdAt"}
    assert (data["status"], data["isPublic"]) == ("draft", False)
    error = refused(api.post("articles", json={"title": "A"}), 400)
    assert (error["code"], error["message"]) == ("PARAMETER_MISSING", "title and category are required")


def test_update_and_delete(api, article):
    data = got(api.patch(f"articles/{article}", json={"status": "published", "isPublic": True, "content": "# Hi"}))
    assert data.keys() == {"id", "title", "status", "updatedAt"}
    assert got(api.get("audit-log"))[0]["details"]["changes"]["isPublic"] == {"from": False, "to": True}
    refused(api.patch(f"articles/{article}", json={"title": " "}), 400)
    got(api.delete(f"articles/{article}"))
    assert audited(api)[-1] == ("article.deleted", article)


def test_filters(api, article):
    other = {"title": "Pay", "category": "Billing", "content": "by card", "status": "published", "isPublic": True}
    other = made(api.post("articles", json={**other, "tags": ["money"]}))["id"]

    def found(query: str) -> list[str]:
        return [row["id"] for row in got(api.get(f"articles?{query}"))]

    for query in ("category=Billing", "status=published", "isPublic=true", "search=CARD", "tag=money"):
        assert found(query) == [other]
    assert found("isPublic=false") == [article]
    assert refused(api.get("articles?isPublic=maybe"), 400)["param"] == "isPublic"


def test_another_teams_article_does_not_exist(stranger, article):
    for method in ("GET", "PATCH", "DELETE"):
        refused(stranger.request(method, f"articles/{article}"), 404)
