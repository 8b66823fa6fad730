import pytest
from playwright.sync_api import expect

from tests.browser.desk import (
    choose_kind,
    messages,
    new_ticket,
    note_box,
    open_ticket,
    reply_box,
    send_button,
    stay,
    stayed,
    toast,
    unique,
)


@pytest.fixture
def ticket(visit):
    """A ticket of the test's own, with one message of its customer."""
    page = visit()
    open_ticket(page, new_ticket(page, f"Order {unique()}", content="Where is my **parcel**?"))
    return page


def test_a_reply_appears_in_the_thread_without_a_page_load(ticket):
    stay(ticket)
    expect(messages(ticket, "Where is my parcel?").locator("strong")).to_have_text("parcel")
    reply_box(ticket).fill("It left *today*.")
    send_button(ticket).click()
    expect(messages(ticket, "It left today.").locator("em")).to_have_text("today")
    expect(messages(ticket, "It left today.")).to_have_class("message message--agent")
    expect(reply_box(ticket)).to_have_value("")
    expect(toast(ticket, "Reply sent.")).to_be_visible()
    assert stayed(ticket)
    ticket.reload()
    expect(messages(ticket, "It left today.")).to_have_count(1)


def test_ctrl_enter_sends(ticket):
    reply_box(ticket).fill("Sent from the keyboard.")
    ticket.keyboard.press("Control+Enter")
    expect(messages(ticket, "Sent from the keyboard.")).to_have_count(1)
    expect(reply_box(ticket)).to_have_value("")


def test_an_internal_note_is_drawn_as_one(ticket):
    choose_kind(ticket, "Internal note")
    expect(note_box(ticket)).to_be_focused()
    note_box(ticket).fill("Their third parcel this year.")
    send_button(ticket).click()
    note = messages(ticket, "Their third parcel this year.")
    expect(note).to_have_class("message message--note")
    expect(note).to_contain_text("Internal note")
    expect(toast(ticket, "Note added.")).to_be_visible()


def test_a_reply_and_a_note_never_mix(ticket):
    reply_box(ticket).fill("To the customer.")
    choose_kind(ticket, "Internal note")
    expect(reply_box(ticket)).to_be_hidden()
    note_box(ticket).fill("To the team.")
    choose_kind(ticket, "Reply")
    expect(note_box(ticket)).to_be_hidden()
    expect(reply_box(ticket)).to_have_value("To the customer.")
    send_button(ticket).click()
    expect(messages(ticket, "To the customer.")).to_have_count(1)
    expect(messages(ticket, "To the team.")).to_have_count(0)
    # The note that was begun is still there to be finished.
    expect(reply_box(ticket)).to_have_value("")
    choose_kind(ticket, "Internal note")
    expect(note_box(ticket)).to_have_value("To the team.")


def test_a_note_leaves_the_reply_that_was_begun(ticket):
    reply_box(ticket).fill("Half a reply")
    choose_kind(ticket, "Internal note")
    note_box(ticket).fill("A whole note.")
    send_button(ticket).click()
    expect(messages(ticket, "A whole note.")).to_have_class("message message--note")
    choose_kind(ticket, "Reply")
    expect(reply_box(ticket)).to_have_value("Half a reply")
    expect(messages(ticket, "Half a reply")).to_have_count(0)


def test_nothing_is_sent_when_nothing_is_written(ticket):
    send_button(ticket).click()
    expect(ticket.get_by_role("alert").filter(has_text="Write something first.")).to_be_visible()
    expect(ticket.locator("#ticket-thread .message")).to_have_count(1)


def test_a_quick_reply_goes_in_at_the_caret_and_can_be_undone(ticket):
    reply_box(ticket).fill("Hello!\n")
    ticket.get_by_text("Quick replies", exact=True).click()
    choices = ticket.locator(".composer [data-insert]")
    text = choices.first.get_attribute("data-insert")
    assert "{{" not in text
    choices.first.click()
    expect(reply_box(ticket)).to_have_value(f"Hello!\n{text}")
    expect(reply_box(ticket)).to_be_focused()
    ticket.keyboard.press("Control+z")
    expect(reply_box(ticket)).to_have_value("Hello!\n")


def test_quick_replies_are_still_there_after_sending(ticket):
    reply_box(ticket).fill("First.")
    send_button(ticket).click()
    expect(messages(ticket, "First.")).to_have_count(1)
    ticket.get_by_text("Quick replies", exact=True).click()
    expect(ticket.locator(".composer [data-insert]").first).to_be_visible()


@pytest.mark.parametrize("status", ["pending", "resolved"])
def test_sending_sets_the_status_in_one_go(ticket, status):
    reply_box(ticket).fill("Done for now.")
    ticket.locator(".composer .button-group summary").click()
    ticket.get_by_role("button", name=f"Send and set to {status}").click()
    expect(messages(ticket, "Done for now.")).to_have_count(1)
    expect(ticket.get_by_label("Status", exact=True)).to_have_value(status)
    expect(ticket.locator("#ticket-head .status")).to_have_text(status.capitalize())


def test_leaving_with_unsent_words_asks_first(ticket):
    ticket.route("**/draft/", lambda route: None)  # no save of the draft is answered
    reply_box(ticket).press_sequentially("Not yet")
    asked = []
    ticket.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ticket.get_by_role("link", name="Unassigned").click()
    expect(ticket.get_by_role("heading", level=1)).to_have_text("Unassigned")
    assert asked == ["beforeunload"]
