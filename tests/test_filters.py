"""A filter that cannot be used never widens a list, nor an export or a bulk edit that is made from its address."""

from __future__ import annotations

from html import unescape

import pytest

from articles.models import Article
from customers.models import Customer
from tickets.models import Ticket
from transfers.models import Run, RunRow

LONG = "search=" + "a" * 201
NUL = "search=before%00after"
UNUSABLE = [
    *(("/tickets/", query) for query in (LONG, NUL, "status=%00", "status=" + "x" * 33, "priority=" + "x" * 33)),
    *(("/tickets/", query) for query in ("tag=" + "x" * 101, "&".join(f"tag=t{at}" for at in range(21)))),
    *(("/tickets/", query) for query in ("assigned_to=" + "x" * 65, "customer=" + "x" * 65, "customer=a%00")),
    *(("/tickets/", query) for query in ("search=%CC%81", "search=%E2%80%8B", "status=open&search=%00")),
    *(("/customers/", query) for query in (LONG, NUL, "status=" + "x" * 33, "sentiment=%00", "tag=%00")),
    *(("/articles/", query) for query in (LONG, NUL, "visibility=secret", "category=" + "x" * 201, "status=%00")),
    *(("/activity/", query) for query in (LONG, NUL, "type=nonsense")),
]
# They could be a value, and nothing has it.
UNKNOWN = [
    *(("/tickets/", query) for query in ("status=moon", "priority=cosmic", "assigned_to=mem_nobody", "tag=no-such")),
    ("/tickets/", "customer=cus_nobody"),
    *(("/customers/", query) for query in ("status=moon", "sentiment=cosmic", "tag=no-such")),
    *(("/articles/", query) for query in ("status=moon", "category=no-such")),
]
EXPORTED = [(path, query) for path, query in UNUSABLE if path != "/activity/"]


@pytest.mark.parametrize(("path", "query"), UNUSABLE)
def test_it_lets_nothing_through_and_says_why(manager, acme, path, query):
    page = manager.get(f"{path}?{query}")
    assert page.status_code == 200
    assert page.context["page"].total == 0
    text = page.content.decode()
    assert "This filter cannot be used" in text
    assert unescape(page.context["form"].problems[0]) in unescape(text)
    assert "Clear the filters" in text
    # What was counted for it is not what the whole list is counted by.
    assert manager.get(path).context["page"].total == manager.get(path, {"page_size": "25"}).context["page"].total
    if path != "/activity/":
        assert manager.get(path).context["page"].total > 0


@pytest.mark.parametrize(("path", "query"), UNKNOWN)
def test_an_unknown_value_matches_nothing(manager, path, query):
    assert manager.get(f"{path}?{query}").context["page"].total == 0


@pytest.mark.parametrize(("path", "query"), EXPORTED)
def test_no_export_is_made_of_it(manager, path, query):
    address = f"/transfers/export{path}?{query}"
    page = manager.get(address)
    assert "Then you can export." in page.content.decode()
    assert "The whole list" not in page.content.decode()
    answer = manager.post(address, {"format": "csv", "columns": ["id"]})
    assert answer.status_code == 400
    assert not Run.objects.exists()


@pytest.mark.parametrize(("path", "query"), EXPORTED)
@pytest.mark.parametrize("chosen", [{"all": "1", "number": "48"}, {}])
def test_nothing_is_selected_by_it(manager, acme, path, query, chosen):
    model = {"/tickets/": Ticket, "/customers/": Customer, "/articles/": Article}[path]
    some = model.objects.filter(team=acme).values_list("cstar_id", flat=True)[:2]
    answer = manager.post(f"/transfers/bulk{path}", {"address": f"?{query}", "ids": list(some), **chosen}, follow=True)
    assert answer.redirect_chain == [(f"{path}?{query}", 302)]
    assert "This filter cannot be used" in answer.content.decode()
    assert not Run.objects.exists()


def test_the_pill_of_an_unusable_filter_takes_it_away(agent):
    page = agent.get("/tickets/?status=open&tag=%00&tag=vip")
    pills = {pill.label: pill for pill in page.context["pills"]}
    assert pills["Tag"].url == "?status=open"
    assert agent.get(f"/tickets/{pills['Tag'].url}").context["page"].total > 0


def test_an_empty_value_beside_another_is_no_value(agent):
    for query in ("search=zzzzzz&search=", "search=&search=zzzzzz", "customer=cus_nobody&customer=%20"):
        assert agent.get(f"/tickets/?{query}").context["page"].total == 0


def test_a_search_of_200_characters_is_searched(agent, acme):
    title = " ".join(f"word{at}" for at in range(40))[:200]
    Ticket.objects.filter(pk=Ticket.objects.filter(team=acme).first().pk).update(folded=title)
    assert agent.get("/tickets/", {"search": title}).context["page"].total == 1


def test_cstar_is_not_asked_for_what_cannot_be_searched(agent, wire):
    for query in (LONG, NUL):
        page = agent.get(f"/tickets/search/?{query}")
        assert "This filter cannot be used" in page.content.decode()
    assert wire.calls == []


def test_open_lists_are_told_that_nothing_matches(agent, acme):
    row = Ticket.objects.filter(team=acme).first()
    Ticket.objects.filter(pk=row.pk).update(changed=10**6)
    acme.state.change_number = 10**6
    acme.state.save()
    answer = agent.get(f"/tickets/live/?{LONG}&since=1&drawn=1", headers={"X-Shown": row.cstar_id})
    assert b"Moved on" in answer.content


def test_previous_and_next_are_nobody(agent, acme):
    ticket = Ticket.objects.filter(team=acme).first()
    page = agent.get(f"/tickets/{ticket.cstar_id}/?{LONG}")
    assert page.context["previous_url"] is page.context["next_url"] is None


@pytest.mark.parametrize("number", ["abc", "-1", "0", "9" * 5000, "²", "1e3", "%00", ""])
@pytest.mark.parametrize("path", ["/tickets/", "/customers/", "/articles/", "/activity/", "/transfers/"])
def test_a_page_that_cannot_be_is_one_that_can(manager, path, number):
    assert manager.get(f"{path}?page={number}").status_code == 200


def test_a_receipt_shows_no_row_for_a_result_that_does_not_exist(manager, acme):
    run = Run.objects.create(team=acme, user=manager.person, person="M", kind="bulk", resource="tickets", state="done")
    RunRow.objects.create(run=run, line=1, resource="tickets", cstar_id="tkt_1", outcome="updated")
    for query, shown in (("", 1), ("outcome=updated", 1), ("outcome=failed", 0), ("outcome=x%00", 0)):
        page = manager.get(f"/transfers/{run.pk}/?{query}&page={'9' * 5000}")
        assert page.context["page"].total == shown
