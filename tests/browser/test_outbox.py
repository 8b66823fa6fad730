"""Replies that can be undone, that wait, that are refused: as a person meets them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import ACME, messages, new_ticket, open_ticket, reply_box, send_button, toast, unique
from tests.browser.test_accessibility import check

KEY = "sk_test_acme0000000000000000000000000000"


@pytest.fixture
def undo(visit):
    """Give the agent this many seconds to undo: `undo(20)`; none afterwards."""
    page = visit()

    def choose(seconds: int) -> None:
        page.goto("/settings/")
        page.get_by_label("Undo send").select_option(str(seconds))
        page.get_by_role("button", name="Save").click()
        expect(toast(page, "Settings saved.")).to_be_visible()

    yield choose
    choose(0)


def ticket(page: Page) -> Page:
    open_ticket(page, new_ticket(page, f"Parcel {unique()}", content="Where is it?"))
    return page


def leaving(page: Page, text: str):
    return page.locator("#ticket-thread [id^=outgoing-]").filter(has_text=text)


def test_undo_brings_the_words_back(visit, undo):
    undo(20)
    page = ticket(visit())
    reply_box(page).fill("Oops")
    send_button(page).click()
    expect(leaving(page, "Will be sent in")).to_be_visible()
    expect(reply_box(page)).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(reply_box(page)).to_have_value("Oops")
    expect(messages(page, "Oops")).to_have_count(0)


def test_when_the_time_is_over_it_is_sent_even_without_the_page(visit, undo):
    undo(5)
    page = ticket(visit())
    address = page.url
    reply_box(page).fill("By itself")
    send_button(page).click()
    expect(leaving(page, "By itself")).to_be_visible()
    page.goto("about:blank")
    page.wait_for_timeout(5500)
    page.goto(address)
    expect(messages(page, "By itself")).to_have_class("message message--agent")


def test_the_page_shows_by_itself_that_it_was_sent(visit, undo):
    undo(5)
    page = ticket(visit())
    reply_box(page).fill("Watched")
    send_button(page).dblclick()
    expect(leaving(page, "Watched")).to_have_count(1)
    expect(messages(page, "Watched")).to_have_class("message message--agent")
    expect(leaving(page, "Watched")).to_have_count(0)
    page.reload()
    expect(messages(page, "Watched")).to_have_count(1)


def test_undo_without_javascript(visit, undo):
    undo(20)
    page = visit(java_script_enabled=False)
    page.goto(new_ticket(page, "Plain", content="Where is it?"))
    reply_box(page).fill("Oops")
    send_button(page).click()
    expect(leaving(page, "Will be sent in")).to_be_visible()
    reply_box(page).fill("And something more")
    page.get_by_role("button", name="Undo").click()
    expect(reply_box(page)).to_have_value("Oops\n\nAnd something more")


def test_refused_it_is_kept(visit, undo):
    """Its ticket is deleted at cStar while the time to undo runs."""
    undo(5)
    page = ticket(visit(reduced_motion="reduce"))
    reply_box(page).fill("For nobody")
    send_button(page).click()
    expect(leaving(page, "For nobody")).to_be_visible()
    cstar_id = page.url.rstrip("/").rpartition("/")[2]
    answer = page.context.request.delete(
        f"/api/v1/teams/{ACME}/tickets/{cstar_id}", headers={"Authorization": f"Bearer {KEY}"}
    )
    assert answer.ok
    expect(leaving(page, "Not sent.")).to_be_visible()
    check(page)
    page.goto("/outbox/")
    expect(page.get_by_text("For nobody")).to_be_visible()


def test_new_messages_are_shown_before_sending(visit):
    page, colleague = ticket(visit(reduced_motion="reduce")), visit("manager")
    reply_box(page).press_sequentially("Did you look")
    open_ticket(colleague, page.url)
    reply_box(colleague).fill("They found it.")
    send_button(colleague).click()
    expect(messages(colleague, "They found it.")).to_be_visible()
    send_button(page).click()
    expect(page.get_by_text("1 new message since you began")).to_be_visible()
    expect(page.locator(".composer__newer").get_by_text("They found it.")).to_be_visible()
    expect(reply_box(page)).to_have_value("Did you look")
    check(page)
    page.get_by_role("button", name="Send anyway").click()
    expect(messages(page, "Did you look")).to_have_count(1)
    expect(reply_box(page)).to_have_value("")
