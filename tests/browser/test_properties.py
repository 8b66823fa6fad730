import pytest
from playwright.sync_api import expect

from tests.browser.desk import new_ticket, open_ticket, stay, stayed, toast, unique


@pytest.fixture
def ticket(visit):
    page = visit()
    open_ticket(page, new_ticket(page, f"Properties {unique()}"))
    return page


@pytest.mark.parametrize(
    ("label", "value"), [("Status", "resolved"), ("Priority", "urgent"), ("Assignee", "")], ids=str
)
def test_a_choice_saves_itself(ticket, label, value):
    stay(ticket)
    field = ticket.get_by_label(label, exact=True)
    if label == "Assignee":
        value = field.locator("option").nth(1).get_attribute("value")
    field.select_option(value)
    expect(toast(ticket, "Saved.")).to_be_visible()
    assert stayed(ticket)
    ticket.reload()
    expect(ticket.get_by_label(label, exact=True)).to_have_value(value)


def test_the_head_shows_the_new_status(ticket):
    ticket.get_by_label("Status", exact=True).select_option("pending")
    expect(ticket.locator("#ticket-head .status")).to_have_text("Pending")


@pytest.mark.parametrize("how", ["Enter", "Tab"])
def test_the_subject_is_saved_once_and_the_head_follows(ticket, how):
    sent = []
    ticket.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    ticket.get_by_label("Subject").fill("A better subject & <b>more</b>")
    ticket.keyboard.press(how)
    expect(ticket.get_by_role("heading", level=1)).to_have_text("A better subject & <b>more</b>")
    expect(toast(ticket, "Saved.")).to_have_count(1)
    ticket.reload()
    expect(ticket.get_by_label("Subject")).to_have_value("A better subject & <b>more</b>")
    assert len(sent) == 1


def test_tags_come_and_go_one_by_one(ticket):
    for tag in ("first-tag", "zweite & letzte"):
        ticket.get_by_label("Add a tag").fill(tag)
        ticket.keyboard.press("Enter")
        expect(ticket.locator("#ticket-props .tag")).to_contain_text(
            [tag] if tag == "first-tag" else ["first-tag", tag]
        )
    ticket.get_by_role("button", name="Remove tag first-tag").click()
    expect(ticket.locator("#ticket-props .tag")).to_have_count(1)
    expect(toast(ticket, "Tags saved.").last).to_be_visible()
    ticket.reload()
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["zweite & letzte"])


def test_notes_are_kept(ticket):
    ticket.locator("#ticket-notes textarea").fill("Speaks Norwegian.\nCall before noon.")
    ticket.get_by_role("button", name="Save notes").click()
    expect(toast(ticket, "Notes saved.")).to_be_visible()
    ticket.reload()
    expect(ticket.locator("#ticket-notes textarea")).to_have_value("Speaks Norwegian.\nCall before noon.")


def test_notes_that_two_people_write_are_both_shown(ticket, visit):
    other = visit("manager")
    open_ticket(other, ticket.url)
    ticket.locator("#ticket-notes textarea").fill("What the agent wrote")
    other.locator("#ticket-notes textarea").fill("What the manager wrote")
    other.get_by_role("button", name="Save notes").click()
    expect(toast(other, "Notes saved.")).to_be_visible()

    ticket.get_by_role("button", name="Save notes").click()
    expect(ticket.locator("#ticket-notes").get_by_role("alert")).to_contain_text("What the manager wrote")
    expect(ticket.locator("#ticket-notes textarea")).to_have_value("What the agent wrote")
    other.get_by_label("Add a tag").fill("news")
    other.keyboard.press("Enter")
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["news"])
    expect(ticket.locator("#ticket-notes textarea")).to_have_value("What the agent wrote")

    ticket.locator("#ticket-notes textarea").fill("What both wrote")
    ticket.get_by_role("button", name="Save notes").click()
    expect(toast(ticket, "Notes saved.")).to_be_visible()
    other.reload()
    expect(other.locator("#ticket-notes textarea")).to_have_value("What both wrote")


def test_a_tag_of_somebody_else_stays(ticket, visit):
    other = visit("manager")
    open_ticket(other, ticket.url)
    other.get_by_label("Add a tag").fill("from-manager")
    other.keyboard.press("Enter")
    expect(other.locator("#ticket-props .tag")).to_have_count(1)
    ticket.get_by_label("Add a tag").fill("from-agent")
    ticket.keyboard.press("Enter")
    expect(ticket.locator("#ticket-props .tag")).to_contain_text(["from-manager", "from-agent"])
