"""`/categories`: what articles are sorted into."""

from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections

import cstar
from sandbox import seeding
from sandbox.models import Category, Event
from sandbox.transport import SandboxTransport
from tests.sandbox.conftest import SECRET, TEAM, audited, client, got, made, refused

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

ROW = {"id", "object", "name", "slug", "description", "isPublic", "sortOrder", "articleCount", "createdAt"}
WHOLE = {
    "name": "Getting Started",
    "description": "Beginner guides and onboarding",
    "icon": "credit-card",
    "color": "#7c3aed",
    "sortOrder": 7,
    "isPublic": True,
}


@pytest.fixture
def category(api) -> dict:
    """The category that the `article` fixture names."""
    return made(api.post("categories", json={"name": "Account"}))


def names(api, query: str = "") -> list[str]:
    return [row["name"] for row in got(api.get(f"categories{query}"))]


def test_shapes(api, category):
    assert category.keys() == ROW | {"updatedAt"}
    assert str(UUID(category["id"])) == category["id"]
    assert (category["object"], category["slug"]) == ("category", "account")
    assert (category["description"], category["isPublic"], category["sortOrder"]) == (None, False, 0)
    [row] = got(api.get("categories"))
    assert row == {key: category[key] for key in ROW}
    for spelling in (category["id"], UUID(category["id"]).hex, category["id"].upper()):
        assert got(api.get(f"categories/{spelling}")) == category


def test_every_field_is_kept_and_can_be_changed_and_cleared(api):
    category = made(api.post("categories", json=WHOLE))
    assert {key: category[key] for key in WHOLE} == WHOLE
    path = f"categories/{category['id']}"
    other = {"name": "B", "description": "d", "icon": "i", "color": "#FFFFFF", "sortOrder": 0, "isPublic": False}
    changed = got(api.patch(path, json=other))
    assert {key: changed[key] for key in other} == other
    assert changed["slug"] == "b"
    assert changed["updatedAt"] > category["updatedAt"]
    cleared = got(api.patch(path, json={"description": None, "icon": None, "color": None}))
    assert cleared["description"] is None
    assert cleared.keys() == ROW | {"updatedAt"}
    assert got(api.get(path)) == cleared


def test_a_change_that_changes_nothing_leaves_no_trace(api, category):
    assert got(api.patch(f"categories/{category['id']}", json={"name": " Account ", "isPublic": False})) == category
    assert audited(api) == [("category.created", category["id"])]


def test_the_order_is_sort_order_then_name_whatever_its_case(api):
    for name, place in (("c", 1), ("B", 1), ("a", 1), ("z", 0), ("first", 0)):
        made(api.post("categories", json={"name": name, "sortOrder": place}))
    assert names(api) == ["first", "z", "a", "B", "c"]
    last = made(api.post("categories", json={"name": "0"}))
    assert last["sortOrder"] == 2
    got(api.patch(f"categories/{last['id']}", json={"sortOrder": 0}))
    assert names(api) == ["0", "first", "z", "a", "B", "c"]


def test_one_page_holds_all_unless_a_page_is_asked_for(api):
    assert api.get("categories").json()["meta"]["pagination"] == {
        "page": 1,
        "pageSize": 20,
        "total": 0,
        "totalPages": 0,
    }
    for number in range(23):
        made(api.post("categories", json={"name": f"{number:02}", "isPublic": number == 5}))
    body = api.get("categories").json()
    assert len(body["data"]) == 23
    assert body["meta"]["pagination"] == {"page": 1, "pageSize": 23, "total": 23, "totalPages": 1}
    assert names(api, "?page=2") == ["20", "21", "22"]
    assert names(api, "?pageSize=2&page=2") == ["02", "03"]
    assert names(api, "?isPublic=true") == ["05"]
    assert len(names(api, "?isPublic=false")) == 22


@pytest.mark.parametrize(
    ("query", "param"), [("isPublic=maybe", "isPublic"), ("page=0", "page"), ("pageSize=x", "pageSize")]
)
def test_wrong_queries(api, query, param):
    assert refused(api.get(f"categories?{query}"), 400)["param"] == param


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": " \t"}])
def test_a_name_is_required(api, category, body):
    error = refused(api.post("categories", json=body), 400)
    assert (error["code"], error["message"], error["param"]) == ("PARAMETER_MISSING", "name is required", "name")
    if body:
        assert refused(api.patch(f"categories/{category['id']}", json=body), 400)["param"] == "name"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", None), ("name", 7), ("name", "x" * 201)),
        *(("description", "x" * 1001), ("description", []), ("icon", "x" * 51), ("icon", False)),
        *(("color", "red"), ("color", "#12345"), ("color", "#1234567"), ("color", "#123456\n"), ("color", "")),
        *(("sortOrder", -1), ("sortOrder", 1_000_001), ("sortOrder", "1"), ("sortOrder", None), ("sortOrder", 10**30)),
        *(("isPublic", "true"), ("isPublic", None), ("isPublic", 1)),
    ],
)
def test_wrong_values(api, category, field, value):
    assert refused(api.post("categories", json={"name": "New", field: value}), 400)["param"] == field
    assert refused(api.patch(f"categories/{category['id']}", json={field: value}), 400)["param"] == field
    assert audited(api) == [("category.created", category["id"])]


@pytest.mark.parametrize("name", ["Account", "ACCOUNT", " account "])
def test_a_name_is_taken_whatever_its_case(api, stranger, category, name):
    other = made(api.post("categories", json={"name": "Other"}))
    for method, path in (("POST", ""), ("PATCH", f"/{other['id']}")):
        error = refused(api.request(method, f"categories{path}", json={"name": name}), 409)
        assert (error["code"], error["param"]) == ("CONFLICT", "name")
        assert error["message"] == "A category with this name already exists"
    assert got(api.patch(f"categories/{category['id']}", json={"name": name}))["name"] == name.strip()
    made(stranger.post("categories", json={"name": name}))


def test_slugs_differ_where_names_look_alike(api):
    slugs = [
        made(api.post("categories", json={"name": name}))["slug"] for name in ("A B", "A-B!", "a   b", "日本", "-")
    ]
    assert slugs == ["a-b", "a-b-2", "a-b-3", "category", "category-2"]
    assert len(made(api.post("categories", json={"name": "x" * 200}))["slug"]) == 100
    # The letter takes two in lower case.
    made(api.post("categories", json={"name": "İ" * 200}))


def test_articles_follow_a_new_name(api, stranger, article, category):
    elsewhere = made(api.post("articles", json={"title": "Pay", "category": "Billing"}))["id"]
    theirs = made(stranger.post("articles", json={"title": "Theirs", "category": "Account"}))["id"]
    before = got(api.get(f"articles/{article}"))
    assert got(api.get(f"categories/{category['id']}"))["articleCount"] == 1
    renamed = got(api.patch(f"categories/{category['id']}", json={"name": "Your account"}))
    assert (renamed["slug"], renamed["articleCount"]) == ("your-account", 1)
    after = got(api.get(f"articles/{article}"))
    assert after["category"] == "Your account"
    assert after["updatedAt"] > before["updatedAt"]
    assert got(api.get(f"articles/{elsewhere}"))["category"] == "Billing"
    assert got(stranger.get(f"articles/{theirs}"))["category"] == "Account"
    assert audited(api)[-2:] == [("category.updated", category["id"]), ("article.updated", article)]
    own, by = got(api.get("audit-log?pageSize=2"))[::-1]
    assert (own["resourceType"], own["details"]["changes"]["slug"]) == (
        "category",
        {"from": "account", "to": "your-account"},
    )
    assert own["details"]["changes"]["name"] == by["details"]["changes"]["category"]
    assert own["details"]["changes"].keys() == {"name", "slug"}


def test_articles_outlive_their_category(api, article, category):
    path = f"categories/{category['id']}"
    assert got(api.delete(path)) == {"deleted": True}
    assert refused(api.get(path), 404)["message"] == "Category not found"
    assert got(api.get(f"articles/{article}"))["category"] is None
    assert [row["category"] for row in got(api.get("articles"))] == [None]
    assert audited(api)[-2:] == [("article.updated", article), ("category.deleted", category["id"])]
    assert got(api.get("audit-log?pageSize=1"))[0]["details"] == {"name": "Account"}
    assert names(api) == []
    export = api.post("export", json={"resources": [{"type": "articles"}], "format": "csv"})
    assert export.status_code == 200
    got(api.patch(f"articles/{article}", json={"category": "Account"}))
    assert got(api.get(f"articles/{article}"))["category"] == "Account"


def test_an_article_may_name_a_category_that_is_not_there(api, article):
    assert names(api) == []
    assert made(api.post("categories", json={"name": "Account"}))["articleCount"] == 1


def test_webhooks_hear_of_the_articles_only(api, article, category):
    made(api.post("webhooks", json={"name": "w", "url": "https://hooks.example.com/", "events": ["*"]}))
    got(api.patch(f"categories/{category['id']}", json={"name": "New"}))
    got(api.delete(f"categories/{category['id']}"))
    assert [event.type for event in Event.objects.all()] == ["article.updated"] * 2


def test_a_repeated_request_runs_once(api):
    first, second = (
        made(api.post("categories", json={"name": "A"}, headers={"Idempotency-Key": "post"})) for _ in range(2)
    )
    assert first == second
    path, key = f"categories/{first['id']}", {"Idempotency-Key": "patch"}
    renamed = got(api.patch(path, json={"name": "B"}, headers=key))
    got(api.patch(path, json={"name": "C"}))
    assert got(api.patch(path, json={"name": "B"}, headers=key)) == renamed
    assert names(api) == ["C"]
    refused(api.post("categories", json={"name": "Z"}, headers=key), 409)


def test_every_change_is_in_the_audit_log(api, category):
    path = f"categories/{category['id']}"
    got(api.patch(path, json={"sortOrder": 3, "isPublic": True}))
    got(api.delete(path))
    entries = got(api.get("audit-log?resourceType=category"))[::-1]
    assert [entry["action"] for entry in entries] == ["category.created", "category.updated", "category.deleted"]
    assert {entry["resourceId"] for entry in entries} == {category["id"]}
    assert entries[1]["details"]["changes"] == {
        "sortOrder": {"from": 0, "to": 3},
        "isPublic": {"from": False, "to": True},
    }


def test_methods(api, category):
    for method, path, allowed in (
        ("PUT", "", "GET, POST"),
        ("DELETE", "", "GET, POST"),
        ("POST", f"/{category['id']}", "GET, PATCH, DELETE"),
    ):
        response = api.request(method, f"categories{path}")
        refused(response, 405)
        assert response.headers["Allow"] == allowed


def test_publishable_keys_read_only(public, category):
    assert [row["id"] for row in got(public.get("categories"))] == [category["id"]]
    assert got(public.get(f"categories/{category['id']}")) == category
    refused(public.post("categories", json={"name": "New"}), 403)
    refused(public.patch(f"categories/{category['id']}", json={"name": "New"}), 403)
    refused(public.delete(f"categories/{category['id']}"), 403)
    refused(client(None).get("categories"), 401)


def test_another_teams_category_does_not_exist(stranger, category):
    assert names(stranger) == []
    for method in ("GET", "PATCH", "DELETE"):
        refused(stranger.request(method, f"categories/{category['id']}", json={"name": "Mine"}), 404)
    assert Category.objects.get(id=category["id"]).name == "Account"


@pytest.mark.parametrize("id", ["x", "cat_billing", "art_" + "a" * 32, "a" * 32, "%00", "' OR 1=1"])
def test_ids_that_lead_nowhere(api, category, id):  # noqa: A002
    for method in ("GET", "PATCH", "DELETE"):
        refused(api.request(method, f"categories/{id}", json={"name": "Mine"} if method == "PATCH" else None), 404)


def test_every_article_of_the_demo_is_in_a_category():
    seeding.seed_demo(4)
    for demo in (seeding.ACME, seeding.GLOBEX):
        api = client(demo.key("sk"), demo.id)
        rows = got(api.get("categories"))
        assert [row["name"] for row in rows] == ["Getting started", "Everyday work", "Account and security", "Billing"]
        assert all(row["description"] and row["isPublic"] and row["articleCount"] for row in rows)
        total = api.get("articles").json()["meta"]["pagination"]["total"]
        assert sum(row["articleCount"] for row in rows) == total


def test_an_older_database_gets_the_categories_that_its_articles_use(api, team, stranger):
    for name in ("Setup", "setup", "Pay!", "Pay?"):
        made(api.post("articles", json={"title": "t", "category": name}))
    made(stranger.post("articles", json={"title": "t", "category": "Setup"}))
    migration = import_module("sandbox.migrations.0004_categories_of_articles")
    for _ in range(2):
        migration.add_categories(apps, SimpleNamespace(connection=connections["sandbox"]))
        rows = got(api.get("categories"))
        assert [(row["name"], row["slug"]) for row in rows] == [("Pay!", "pay"), ("Pay?", "pay-2"), ("Setup", "setup")]
        assert [(row["sortOrder"], row["isPublic"]) for row in rows] == [(0, False), (1, False), (2, False)]
        assert names(stranger) == ["Setup"]


def test_the_client_writes_and_reads_them(team):
    desk = cstar.Client(key=SECRET, team_id=TEAM, base_url="https://sandbox/api/v1", transport=SandboxTransport())
    category = desk.categories.create(name="Account", icon="user", color="#7c3aed", idempotency_key="once")
    assert desk.categories.create(name="Account", icon="user", color="#7c3aed", idempotency_key="once") == category
    assert (category.slug, category.icon, category.color, category.sort_order) == ("account", "user", "#7c3aed", 0)
    changed = desk.categories.update(category.id, name="Your account", icon=None, is_public=True)
    assert (changed.name, changed.icon, changed.is_public, changed.article_count) == (
        "Your account",
        cstar.NOT_GIVEN,
        True,
        0,
    )
    assert desk.categories.get(category.id) == changed
    assert [row.id for row in desk.categories.list(is_public=True).items] == [category.id]
    assert desk.categories.list(page=2, page_size=1).items == []
    with pytest.raises(cstar.Conflict):
        desk.categories.create(name="your account")
    assert desk.categories.delete(category.id).deleted
    with pytest.raises(cstar.NotFound):
        desk.categories.get(category.id)
