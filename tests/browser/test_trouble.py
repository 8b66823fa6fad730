"""Nothing that was typed is lost, and nothing is sent twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import messages, new_ticket, open_ticket, reply_box, send_button, toast, unique


@pytest.fixture
def ticket(visit):
    page = visit()
    open_ticket(page, new_ticket(page, f"Trouble {unique()}"))
    return page


def test_a_lost_session_leaves_the_words_and_says_so(ticket):
    reply_box(ticket).fill("An hour's work")
    ticket.context.clear_cookies(name="session")
    send_button(ticket).click()
    expect(ticket.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()
    expect(reply_box(ticket)).to_have_value("An hour's work")
    expect(messages(ticket, "An hour's work")).to_have_count(0)


def test_after_signing_in_in_another_tab_the_same_page_sends(ticket):
    # Sent before the draft was saved again, which renews the token too (test_drafts.py).
    ticket.route("**/draft/", lambda route: route.fulfill(status=401))
    reply_box(ticket).fill("An hour's work")
    ticket.context.clear_cookies(name="session")
    send_button(ticket).click()
    with ticket.context.expect_page() as opened:
        ticket.locator("#notices").get_by_role("link", name="Sign in").click()
    opened.value.locator("button[value=agent]").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Home")
    send_button(ticket).click()
    # The page's token is from before; it is replaced by the answer that says so.
    expect(toast(ticket, "send it once more")).to_be_visible()
    expect(reply_box(ticket)).to_have_value("An hour's work")
    send_button(ticket).click()
    expect(messages(ticket, "An hour's work")).to_have_count(1)
    expect(reply_box(ticket)).to_have_value("")


def test_an_outage_leaves_the_words_and_they_are_sent_once(ticket, faults):
    faults.offline_is_fine = True
    reply_box(ticket).fill("Over a bad line")
    ticket.context.set_offline(True)
    send_button(ticket).click()
    expect(toast(ticket, "could not be reached")).to_be_visible()
    expect(reply_box(ticket)).to_have_value("Over a bad line")
    ticket.context.set_offline(False)
    send_button(ticket).click()
    expect(messages(ticket, "Over a bad line")).to_have_count(1)
    expect(toast(ticket, "could not be reached")).to_have_count(0)
    ticket.reload()
    expect(messages(ticket, "Over a bad line")).to_have_count(1)


def test_an_answer_that_is_lost_on_the_way_is_no_second_message(ticket, faults):
    faults.offline_is_fine = True
    reply_box(ticket).fill("Did it arrive?")

    def lose(route):
        route.fetch()
        route.abort("internetdisconnected")

    ticket.route("**/reply/", lose, times=1)
    send_button(ticket).click()
    expect(toast(ticket, "could not be reached")).to_be_visible()
    expect(reply_box(ticket)).to_have_value("Did it arrive?")
    send_button(ticket).click()
    expect(reply_box(ticket)).to_have_value("")
    expect(messages(ticket, "Did it arrive?")).to_have_count(1)


def test_a_property_that_could_not_be_saved_says_so(ticket, faults):
    faults.offline_is_fine = True
    ticket.context.set_offline(True)
    ticket.get_by_label("Priority", exact=True).select_option("urgent")
    expect(toast(ticket, "could not be reached")).to_be_visible()


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_sending_twice_in_a_hurry_posts_once(ticket, how):
    reply_box(ticket).fill("Only once")
    if how == "mouse":
        send_button(ticket).dblclick()
    else:
        ticket.keyboard.press("Control+Enter")
        ticket.keyboard.press("Control+Enter")
    expect(messages(ticket, "Only once")).to_have_count(1)
    expect(reply_box(ticket)).to_have_value("")
    ticket.reload()
    expect(messages(ticket, "Only once")).to_have_count(1)


def test_a_form_sent_twice_makes_one_ticket(visit):
    page = visit()
    word = unique()
    page.goto("/tickets/new/")
    page.get_by_role("textbox", name="Name").fill("Twice")
    page.get_by_role("textbox", name="Email").fill(f"{word}@example.com")
    page.get_by_label("Subject").fill(f"Twice {word}")
    page.get_by_role("button", name="Create ticket").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Twice {word}")
    page.goto(f"/tickets/?search={word}")
    expect(page.locator("tbody a.subject")).to_have_count(1)
