import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import (
    messages,
    new_customer,
    new_person,
    new_ticket,
    open_ticket,
    reply_box,
    rows,
    send_button,
    switch,
    toast,
)


@pytest.fixture
def ticket(visit):
    return new_ticket(visit(), "For the roles", content="Hello")


def test_a_spectator_reads_and_is_offered_nothing_else(visit, ticket):
    page = visit("spectator")
    open_ticket(page, ticket)
    expect(messages(page, "Hello")).to_be_visible()
    for what in ("textarea", "select", ".composer", "[data-hotkey=c]", "form[method=post]:not([action*=accounts])"):
        expect(page.locator(what)).to_have_count(0)
    page.goto("/tickets/")
    expect(page.get_by_role("link", name="New ticket")).to_have_count(0)
    page.goto("/customers/")
    expect(page.get_by_role("link", name="New customer")).to_have_count(0)


@pytest.mark.parametrize("path", ["/tickets/new/", "/customers/new/", "/activity/"])
def test_a_spectator_who_types_the_address_is_told_why_not(visit, path):
    page = visit("spectator")
    assert page.goto(path).status == 403
    expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()


def test_an_agent_is_not_offered_what_managers_do(visit, ticket):
    page = visit()
    open_ticket(page, ticket)
    expect(page.get_by_role("link", name="Delete ticket")).to_have_count(0)
    expect(page.get_by_role("link", name="Activity")).to_have_count(0)
    assert page.goto(f"{ticket}delete/").status == 403
    page.goto(new_customer(page))
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Delete customer")).to_have_count(0)


def test_a_manager_deletes_a_ticket(visit, ticket):
    page = visit("manager")
    open_ticket(page, ticket)
    page.get_by_role("link", name="Delete ticket").click()
    expect(page.get_by_role("main")).to_contain_text("1 message")
    page.get_by_role("button", name="Delete for good").click()
    expect(toast(page, "is deleted")).to_be_visible()
    assert page.goto(ticket).status == 404


def test_what_was_done_stands_in_the_activity(visit, ticket):
    page = visit("manager")
    open_ticket(page, ticket)
    page.get_by_label("Priority", exact=True).select_option("urgent")
    expect(toast(page, "Saved.")).to_be_visible()
    page.goto("/activity/?type=ticket")
    expect(rows(page).filter(has_text="For the roles").first).to_contain_text("urgent")


def test_switching_the_team_shows_the_other_teams_tickets(visit):
    page = visit("admin")
    page.goto("/tickets/?page_size=100")
    ours = set(page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.id)"))
    switch(page, "Globex Care")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto("/tickets/?page_size=100")
    theirs = set(page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.id)"))
    assert theirs
    assert not ours & theirs


def test_a_link_to_another_of_ones_teams_opens_it_there(visit, ticket):
    page = visit("admin")
    page.goto("/")
    switch(page, "Globex Care")
    page.goto(ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text("For the roles")
    expect(page.get_by_label("Switch team")).to_contain_text("Acme Support")


def test_another_teams_ticket_is_not_found(visit, ticket):
    page = visit("globex-agent")
    assert page.goto(ticket).status == 404
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()


def test_a_reply_begun_in_the_other_team_is_refused_and_kept(visit, ticket):
    page = visit("admin")
    open_ticket(page, ticket)
    reply_box(page).fill("Meant for Acme's customer")
    tab = page.context.new_page()
    tab.goto("/")
    switch(tab, "Globex Care")
    send_button(page).click()
    expect(toast(page, "made for another team")).to_be_visible()
    expect(reply_box(page)).to_have_value("Meant for Acme's customer")
    switch(tab, "Acme Support")
    send_button(page).click()
    expect(messages(page, "Meant for Acme's customer")).to_have_count(1)


def test_a_page_form_of_the_other_team_is_refused_and_gives_back_what_was_typed(visit):
    page = visit("admin")
    page.goto("/customers/new/")
    person = new_person()
    page.get_by_label("Name", exact=True).fill(person["name"])
    page.get_by_label("Email").fill(person["email"])
    page.get_by_label(re.compile("^Internal notes")).fill("A long story")
    tab = page.context.new_page()
    tab.goto("/")
    switch(tab, "Globex Care")
    page.get_by_role("button", name="Create customer").click()
    expect(page.get_by_role("heading", name="Another team")).to_be_visible()
    expect(page.get_by_label("Notes")).to_have_value("A long story")
    expect(page.get_by_label("Email")).to_have_value(person["email"])
