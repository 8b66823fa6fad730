"""What is being written survives whatever happens to page, tab, session and server, and is gone once it is sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import choose_kind, messages, new_ticket, note_box, open_ticket, reply_box, send_button, unique


@pytest.fixture
def ticket(visit) -> Page:
    page = visit()
    open_ticket(page, new_ticket(page, f"Draft {unique()}"))
    return page


def state(page: Page, kind: str = "reply"):
    return page.locator(f".composer__state[data-kind={kind}]")


def copies(page: Page) -> list[str]:
    """What the tab keeps until the server has it."""
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft '))")


def write(page: Page, words: str) -> None:
    reply_box(page).press_sequentially(words)


def test_it_is_saved_and_there_after_a_reload_and_on_another_device(ticket, visit):
    reply_box(ticket).fill("Dear Ada,\n\nhalf a reply")
    expect(state(ticket)).to_contain_text("Draft saved")
    ticket.reload()
    expect(reply_box(ticket)).to_have_value("Dear Ada,\n\nhalf a reply")
    expect(state(ticket)).to_contain_text("Draft saved")
    device = visit()
    device.goto(ticket.url)
    expect(reply_box(device)).to_have_value("Dear Ada,\n\nhalf a reply")
    stranger = visit("manager")
    stranger.goto(ticket.url)
    expect(reply_box(stranger)).to_have_value("")


def test_a_tab_that_is_closed_in_mid_sentence_loses_nothing(ticket):
    write(ticket, "Closed too ear")
    address, context = ticket.url, ticket.context
    ticket.close(run_before_unload=False)
    again = context.new_page()
    again.goto(address)
    expect(reply_box(again)).to_have_value("Closed too ear")


def test_reply_and_note_are_restored_apart(ticket):
    reply_box(ticket).fill("For the customer")
    expect(state(ticket)).to_contain_text("Draft saved")
    choose_kind(ticket, "Internal note")
    note_box(ticket).fill("For us")
    expect(state(ticket, "note")).to_contain_text("Draft saved")
    ticket.reload()
    expect(note_box(ticket)).to_have_value("For us")
    choose_kind(ticket, "Reply")
    expect(reply_box(ticket)).to_have_value("For the customer")


def test_an_outage_says_so_and_is_made_good(ticket, faults):
    faults.offline_is_fine = True
    ticket.context.set_offline(True)
    reply_box(ticket).fill("Over a bad line")
    expect(state(ticket)).to_contain_text("Not saved, trying again")
    expect(ticket.locator("#announce")).to_have_text("Not saved, trying again.")
    ticket.context.set_offline(False)
    expect(state(ticket)).to_contain_text("Draft saved")
    expect(ticket.locator("#announce")).to_have_text("Draft saved")
    ticket.reload()
    expect(reply_box(ticket)).to_have_value("Over a bad line")


def test_a_page_that_dies_while_the_server_is_away_keeps_the_words(ticket, faults):
    faults.offline_is_fine = True
    ticket.route("**/draft/", lambda route: route.abort("internetdisconnected"))
    reply_box(ticket).fill("Only here")
    expect(state(ticket)).to_contain_text("Not saved")
    ticket.unroute("**/draft/")
    # A crash asks nobody whether to leave.
    ticket.on("dialog", lambda dialog: dialog.accept())
    ticket.route("**/draft/", lambda route: route.abort("internetdisconnected"), times=2)
    ticket.reload()
    expect(reply_box(ticket)).to_have_value("Only here")
    expect(state(ticket)).to_contain_text("Draft saved")
    assert copies(ticket) == []


def test_a_session_that_ends_while_writing_goes_on_after_signing_in_elsewhere(ticket):
    ticket.context.clear_cookies(name="session")
    reply_box(ticket).fill("An hour's work")
    expect(state(ticket)).to_contain_text("Not saved: you are signed out.")
    with ticket.context.expect_page() as opened:
        state(ticket).get_by_role("link", name="Sign in").click()
    opened.value.locator("button[value=agent]").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Home")
    expect(state(ticket)).to_contain_text("Draft saved")
    # The page's token was renewed with the draft: sending works at once.
    send_button(ticket).click()
    expect(messages(ticket, "An hour's work")).to_have_count(1)


def test_another_persons_sign_in_does_not_make_the_words_theirs(ticket, visit):
    ticket.context.clear_cookies(name="session")
    reply_box(ticket).fill("The agent's words")
    expect(state(ticket)).to_contain_text("signed out")
    with ticket.context.expect_page() as opened:
        state(ticket).get_by_role("link", name="Sign in").click()
    opened.value.locator("button[value=manager]").click()
    expect(state(ticket)).to_contain_text("You are now signed in as")
    opened.value.goto(ticket.url)
    expect(reply_box(opened.value)).to_have_value("")
    expect(reply_box(ticket)).to_have_value("The agent's words")


def test_it_is_gone_once_it_was_sent(ticket):
    write(ticket, "Sent in a hurry")
    send_button(ticket).click()
    expect(messages(ticket, "Sent in a hurry")).to_have_count(1)
    expect(reply_box(ticket)).to_have_value("")
    ticket.reload()
    expect(messages(ticket, "Sent in a hurry")).to_have_count(1)
    expect(reply_box(ticket)).to_have_value("")
    assert copies(ticket) == []


def test_the_other_text_is_a_draft_still_after_sending(ticket):
    choose_kind(ticket, "Internal note")
    note_box(ticket).fill("Half a note")
    choose_kind(ticket, "Reply")
    reply_box(ticket).fill("Hello")
    send_button(ticket).click()
    expect(messages(ticket, "Hello")).to_have_count(1)
    expect(state(ticket, "note")).to_contain_text("Draft")
    ticket.reload()
    expect(note_box(ticket)).to_have_value("Half a note")


@pytest.mark.parametrize(("choice", "left"), [("Use it", "At the desk"), ("Keep mine", "On the phone")])
def test_two_tabs_lose_neither_text(ticket, choice, left):
    other = ticket.context.new_page()
    other.goto(ticket.url)
    reply_box(ticket).fill("At the desk")
    expect(state(ticket)).to_contain_text("Draft saved")
    reply_box(other).fill("On the phone")
    expect(other.get_by_text("A newer draft was saved elsewhere.").first).to_be_visible()
    expect(reply_box(other)).to_have_value("On the phone")
    other.get_by_role("button", name=choice).click()
    expect(reply_box(other)).to_have_value(left)
    expect(other.get_by_role("button", name=choice)).to_have_count(0)
    expect(state(other)).to_contain_text("Draft saved")
    other.reload()
    expect(reply_box(other)).to_have_value(left)
    if choice == "Keep mine":
        reply_box(ticket).press_sequentially("!")
        expect(ticket.get_by_role("button", name="Use it")).to_be_visible()


def test_discarding_can_be_undone(ticket):
    reply_box(ticket).fill("Never mind")
    expect(state(ticket)).to_contain_text("Draft saved")
    state(ticket).get_by_role("button", name="Discard draft").click()
    expect(reply_box(ticket)).to_have_value("")
    expect(state(ticket)).to_contain_text("Draft discarded.")
    state(ticket).get_by_role("button", name="Undo").click()
    expect(reply_box(ticket)).to_have_value("Never mind")
    expect(state(ticket)).to_contain_text("Draft saved")
    state(ticket).get_by_role("button", name="Discard draft").click()
    expect(state(ticket)).to_contain_text("Draft discarded.")
    ticket.reload()
    expect(reply_box(ticket)).to_have_value("")
