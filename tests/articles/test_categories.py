"""Categories of the knowledge base: a resource on the kit for small ones (outbox/small.py)."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from httpx import ReadTimeout

from activity.models import Activity
from cstar.http import ConnectError, Response
from outbox.delivery import send_line
from outbox.models import Outgoing
from replica import capabilities, feed
from replica.models import SmallObject
from sandbox.models import Category
from teams.clients import client_for
from teams.models import Membership

URL = "/categories/"


@pytest.fixture
def category(acme) -> SmallObject:
    return SmallObject.objects.filter(team=acme, resource="categories").order_by("position").first()


@pytest.fixture
def librarian(agent, acme):
    Membership.objects.filter(user=agent.person, team=acme).update(role="librarian")
    return agent


def form(**typed) -> dict[str, str]:
    return {"nonce": str(uuid4()), "name": "Returns", "description": "How to send things back", **typed}


def as_held(category: SmallObject, **typed) -> dict[str, str]:
    payload = category.payload
    public = {"is_public": "on"} if payload["isPublic"] else {}
    return form(name=payload["name"], description=payload["description"] or "") | public | typed


def names(page) -> list[str]:
    return [row.name for row in page.context["page"].items]


def test_the_list_is_in_the_teams_own_order_and_costs_nothing(agent, acme, wire):
    page = agent.get(URL)
    assert names(page) == list(Category.objects.filter(team__name="Acme Support").order_by("sort_order", "name")
                               .values_list("name", flat=True))  # fmt: skip
    assert wire.calls == []
    assert names(agent.get(f"{URL}?sort=-name")) == sorted(names(page), reverse=True)


def test_filters_and_search(agent, category):
    assert all(row.payload["isPublic"] for row in agent.get(f"{URL}?visibility=public").context["page"].items)
    assert category.name in names(agent.get(URL, {"search": category.name.upper()}))
    assert names(agent.get(f"{URL}?search=nosuchcategory")) == []
    assert agent.get(f"{URL}?visibility=%00").status_code == 200


def test_a_librarian_creates_one(librarian, wire):
    typed = form(is_public="on")
    answer = librarian.post(f"{URL}new/", typed)
    assert answer["Location"] == URL
    assert wire.calls == [("POST", "categories")]
    made = Category.objects.get(name="Returns")
    assert (made.description, made.is_public) == ("How to send things back", True)
    assert "Returns" in names(librarian.get(URL))
    done = Activity.objects.get()
    assert (done.action, done.target_label, done.words) == ("category.created", "Returns", "created the category")
    librarian.post(f"{URL}new/", typed)
    assert Category.objects.filter(name="Returns").count() == 1


def test_a_name_is_needed_and_what_was_typed_stays(manager, wire):
    page = manager.post(f"{URL}new/", form(name=""))
    assert page.status_code == 400
    assert "A category needs a name." in page.content.decode()
    assert "How to send things back</textarea>" in page.content.decode()
    assert wire.calls == []


def test_a_taken_name_is_said_and_what_was_typed_stays(manager, category):
    page = manager.post(f"{URL}new/", form(name=category.name))
    assert page.status_code in {400, 409}
    assert "How to send things back</textarea>" in page.content.decode()
    assert not Outgoing.objects.exists()


def test_an_edit_sends_what_differs_and_is_recorded(manager, category, wire):
    address = f"{URL}{category.cstar_id}/"
    assert category.name in manager.get(address).content.decode()
    answer = manager.post(address, as_held(category, description="All about it"))
    assert answer["Location"] == URL
    assert wire.calls[0] == ("PATCH", f"categories/{category.cstar_id}")
    assert Category.objects.get(pk=category.cstar_id).description == "All about it"
    done = Activity.objects.get()
    assert (done.action, list(done.changes)) == ("category.updated", ["description"])
    assert done.changes["description"][1] == "All about it"
    assert "All about it" in manager.get(f"{address}history/").content.decode()


def test_an_unchanged_form_costs_nothing(manager, category, wire):
    assert manager.post(f"{URL}{category.cstar_id}/", as_held(category)).status_code == 302
    assert wire.calls == []


def test_deleting_asks_first_and_leaves_the_articles(manager, category):
    address = f"{URL}{category.cstar_id}/delete/"
    assert "Its articles stay, without a category." in manager.get(address).content.decode()
    assert Category.objects.filter(pk=category.cstar_id).exists()
    assert manager.post(address)["Location"] == URL
    assert not Category.objects.filter(pk=category.cstar_id).exists()
    assert category.name not in names(manager.get(URL))
    assert Activity.objects.get().action == "category.deleted"


def test_what_a_colleague_has_deleted_already_counts_as_deleted(manager, category):
    Category.objects.filter(pk=category.cstar_id).delete()
    assert manager.post(f"{URL}{category.cstar_id}/delete/")["Location"] == URL
    assert category.name not in names(manager.get(URL))


def test_moving_changes_the_order_for_everybody(manager, acme):
    before = names(manager.get(URL))
    second = SmallObject.objects.get(team=acme, resource="categories", name=before[1])
    assert manager.post(f"{URL}move/", {"up": second.cstar_id})["Location"] == URL
    moved = [before[1], before[0], *before[2:]]
    assert names(manager.get(URL)) == moved
    at_cstar = Category.objects.filter(team__name="Acme Support").order_by("sort_order", "name")
    assert list(at_cstar.values_list("name", flat=True)) == moved
    manager.post(f"{URL}move/", {"down": second.cstar_id})
    assert names(manager.get(URL)) == before


def test_the_first_stays_first_and_what_is_gone_is_said(manager, acme, category):
    before = names(manager.get(URL))
    ways = [row.moves for row in manager.get(URL).context["page"].items]
    assert ways == [("down",), *[("up", "down")] * (len(before) - 2), ("up",)]
    manager.post(f"{URL}move/", {"up": category.cstar_id})
    assert names(manager.get(URL)) == before
    page = manager.post(f"{URL}move/", {"up": "nothing"}, follow=True)
    assert "It is no longer there" in page.content.decode()


def test_cstar_away_keeps_what_was_typed_and_does_it_later(manager, wire, acme):
    wire.answer(ConnectError("refused"))
    kept = manager.post(f"{URL}new/", form())["Location"]
    page = manager.get(kept).content.decode()
    assert "New category Returns" in re.sub(r"[\u2066-\u2069]", "", page)
    assert "How to send things back" in page
    wire.instead.clear()
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, Outgoing.objects.get().line)
    assert Category.objects.get(name="Returns").description == "How to send things back"
    assert manager.get(kept)["Location"] == URL


def test_a_lost_answer_makes_no_second_one(manager, wire, acme, monkeypatch):
    original = wire.handle_request

    def lose_the_answer(request):
        answer = original(request)
        if request.method == "POST" and request.url.path.endswith("/categories"):
            raise ReadTimeout("lost")
        return answer

    monkeypatch.setattr(wire, "handle_request", lose_the_answer)
    manager.post(f"{URL}new/", form())
    monkeypatch.undo()
    Outgoing.objects.update(next_try_at=None, generation=1)  # a key that cStar has forgotten
    send_line(acme, Outgoing.objects.get().line)
    assert Category.objects.filter(name="Returns").count() == 1
    assert Outgoing.objects.get().state == Outgoing.State.SENT


def test_a_cstar_that_creates_none_is_said(manager, wire):
    wire.answer(Response(405, json={"success": False, "error": {"code": "method_not_allowed", "message": "No."}}))
    page = manager.post(f"{URL}new/", form())
    assert "Do it in cStar itself." in page.content.decode()
    assert "How to send things back</textarea>" in page.content.decode()


def test_a_colleagues_change_arrives_by_the_feed(category, acme, wire):
    assert feed.poll(acme)
    client_for(acme).categories.update(category.cstar_id, description="Written elsewhere")
    wire.calls.clear()
    assert feed.poll(acme)
    assert [path for _, path in wire.calls] == ["audit-log", "categories"]
    category.refresh_from_db()
    assert category.payload["description"] == "Written elsewhere"


def test_a_change_of_our_own_is_not_read_again(manager, category, acme, wire):
    assert feed.poll(acme)
    manager.post(f"{URL}{category.cstar_id}/", as_held(category, description="All about it"))
    wire.calls.clear()
    assert feed.poll(acme)
    assert [path for _, path in wire.calls] == ["audit-log"]


def test_who_may_only_look_is_offered_nothing(spectator, agent, category):
    for someone in (spectator, agent):
        page = someone.get(URL).content.decode()
        assert category.name in page
        assert "New category" not in page
        assert 'form="move"' not in page
        assert f"{URL}{category.cstar_id}/" not in page
        for address in ("new/", "move/", f"{category.cstar_id}/", f"{category.cstar_id}/delete/"):
            assert someone.post(f"{URL}{address}", form()).status_code == 403


def test_another_teams_category_does_not_exist(manager, globex):
    theirs = SmallObject.objects.filter(team=globex, resource="categories").first()
    membership = manager.person.memberships.filter(team=globex)
    membership.delete()
    assert manager.get(f"{URL}{theirs.cstar_id}/").status_code == 404
    assert manager.post(f"{URL}{theirs.cstar_id}/delete/").status_code == 404
    assert theirs.cstar_id not in manager.get(URL).content.decode()


def test_articles_offer_the_categories_in_their_order(agent, acme):
    filters = {one.name: [value for value, _ in one.choices] for one in agent.get("/articles/").context["filters"]}
    own = names(agent.get(URL))
    assert filters["category"][: len(own)] == own


def test_what_waits_of_somebody_who_lost_the_right_is_held(librarian, wire, acme):
    wire.answer(ConnectError("refused"))
    librarian.post(f"{URL}new/", form())
    wire.instead.clear()
    Membership.objects.filter(user=librarian.person, team=acme).update(role="spectator")
    Outgoing.objects.update(next_try_at=None)
    send_line(acme, Outgoing.objects.get().line)
    assert Outgoing.objects.get().state == Outgoing.State.HELD
    assert not Category.objects.filter(name="Returns").exists()


def test_an_open_list_shows_what_others_changed(manager, agent, category):
    opened = agent.get(URL)
    since = re.search(r'data-since="(\d+)"', opened.content.decode())[1]
    manager.post(f"{URL}{category.cstar_id}/", as_held(category, name="Renamed here"))
    headers = {"HX-Request": "true", "X-Shown": category.cstar_id}
    changed = agent.get(reverse("categories:live"), {"since": since, "drawn": since}, headers=headers)
    assert "Renamed here" in changed.content.decode()


def test_a_field_that_cstar_does_not_keep_says_nothing_of_categories_as_such(acme):
    capabilities.learn(acme, "categories.description", False)
    assert capabilities.lacking(acme) == []
