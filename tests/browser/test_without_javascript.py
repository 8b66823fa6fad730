"""What a form can do works where scripts do not run."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import (
    choose_kind,
    messages,
    new_customer,
    new_ticket,
    note_box,
    reply_box,
    rows,
    send_button,
    toast,
    unique,
    wait_for_query,
)


@pytest.fixture
def plain(visit):
    """The page of an agent whose browser runs no scripts."""
    return visit("agent", java_script_enabled=False)


def test_signing_in_and_filtering(open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.locator("button[value=agent]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto("/tickets/?page_size=100")
    page.get_by_label("Status", exact=True).select_option("closed")
    page.get_by_role("button", name="Apply").click()
    wait_for_query(page, status="closed", page_size="100")
    expect(page.locator(".cell-status .status--closed")).to_have_count(rows(page).count())
    page.goto("/tickets/?status=closed&sort=-messages")
    page.locator("a.subject").first.click()
    expect(page.locator("#ticket-thread .message").first).to_be_visible()


def test_replying(plain):
    plain.goto(new_ticket(plain, "No scripts", content="Hello?"))
    expect(messages(plain, "Hello?")).to_be_visible()
    reply_box(plain).fill("A plain answer.")
    choose_kind(plain, "Internal note")
    note_box(plain).fill("Half a note")
    choose_kind(plain, "Reply")
    send_button(plain).click()
    expect(toast(plain, "Reply sent.")).to_be_visible()
    expect(messages(plain, "A plain answer.")).to_have_class("message message--agent")
    expect(messages(plain, "Half a note")).to_have_count(0)


def test_a_refused_reply_is_still_there(plain):
    plain.goto(new_ticket(plain, "No scripts"))
    note_text = "Kept with the error"
    choose_kind(plain, "Internal note")
    note_box(plain).fill(note_text)
    choose_kind(plain, "Reply")
    send_button(plain).click()
    expect(plain.get_by_role("alert").filter(has_text="Write something first.")).to_be_visible()
    choose_kind(plain, "Internal note")
    expect(note_box(plain)).to_have_value(note_text)


def test_changing_a_property(plain):
    plain.goto(new_ticket(plain, "No scripts"))
    form = plain.locator("form", has=plain.locator("#prop-status"))
    form.locator("select").select_option("pending")
    form.get_by_role("button", name="Save").click()
    expect(toast(plain, "Saved.")).to_be_visible()
    expect(plain.locator("#ticket-head .status")).to_have_text("Pending")


def test_tags(plain):
    plain.goto(new_ticket(plain, "No scripts"))
    plain.get_by_label("Add a tag").fill("plain")
    plain.get_by_role("button", name="Add", exact=True).click()
    expect(plain.locator("#ticket-props .tag")).to_have_text(["plain"])
    plain.get_by_role("button", name="Remove tag plain").click()
    expect(plain.locator("#ticket-props .tag")).to_have_count(0)


def test_finding_a_customer_for_a_new_ticket(plain):
    word = unique()
    new_customer(plain, name=f"Kim {word}")
    plain.goto("/tickets/new/")
    plain.get_by_label("Who is it for?").fill(word)
    plain.get_by_role("button", name="Find").click()
    plain.get_by_role("radio", name=f"Kim {word}").check()
    plain.get_by_label("Subject").fill("From a plain page")
    plain.get_by_role("button", name="Create ticket").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("From a plain page")


def test_editing_a_customer(plain):
    plain.goto(new_customer(plain))
    plain.get_by_role("link", name="Edit", exact=True).click()
    plain.get_by_label("Name", exact=True).fill("Plain Name")
    plain.get_by_label("Sentiment").select_option("positive")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Plain Name")
    expect(toast(plain, "Saved.")).to_be_visible()


def test_the_menus_open(plain):
    plain.goto("/tickets/")
    plain.get_by_label("account menu").click()
    expect(plain.get_by_role("banner").get_by_role("link", name="Settings", exact=True)).to_be_visible()
    plain.set_viewport_size({"width": 390, "height": 844})
    plain.get_by_role("button", name="Menu", exact=True).click()
    expect(plain.get_by_role("navigation", name="Main").get_by_role("link", name="Customers")).to_be_visible()
