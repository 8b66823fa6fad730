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


@pytest.fixture
def held(ticket):
    """The first change of the tags is held on its way to the desk; `held[0].continue_()` lets it go on."""
    waiting = []
    ticket.route("**/tags/*", lambda route: waiting.append(route) if not waiting else route.continue_())
    return waiting


def add_tag(page, tag):
    page.get_by_label("Add a tag").fill(tag)
    page.keyboard.press("Enter")


def test_a_tag_that_is_typed_while_another_is_being_saved_is_saved_too(ticket, held):
    add_tag(ticket, "first-tag")
    box = ticket.get_by_label("Add a tag")
    box.fill("sec")
    expect(box).to_have_value("sec")
    box.fill("second-tag")
    ticket.keyboard.press("Enter")
    expect(box).not_to_be_editable()
    held[0].continue_()
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["first-tag", "second-tag"])
    expect(box).to_have_value("")
    expect(box).to_be_editable()
    expect(box).to_be_focused()


def test_what_is_typed_while_a_tag_is_being_saved_stays(ticket, held):
    add_tag(ticket, "first-tag")
    ticket.get_by_label("Add a tag").fill("sec")
    held[0].continue_()
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["first-tag"])
    expect(ticket.get_by_label("Add a tag")).to_have_value("sec")


def test_a_tag_that_cannot_be_sent_stays_in_its_field(ticket, held, faults):
    faults.offline_is_fine = True
    add_tag(ticket, "first-tag")
    ticket.keyboard.press("Enter")
    ticket.context.set_offline(True)
    held[0].abort("internetdisconnected")
    expect(ticket.locator("#toast-offline")).to_be_visible()
    box = ticket.get_by_label("Add a tag")
    expect(box).to_have_value("first-tag")
    expect(box).to_be_editable()
    ticket.context.set_offline(False)
    box.press("Enter")
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["first-tag"])


def test_a_tag_that_is_removed_while_another_is_being_added(ticket, held):
    held.append(None)
    add_tag(ticket, "first-tag")
    expect(ticket.locator("#ticket-props .tag")).to_have_count(1)
    held.clear()
    add_tag(ticket, "second-tag")
    ticket.get_by_role("button", name="Remove tag first-tag").click()
    expect(ticket.locator("#ticket-props .tag")).to_have_count(0)
    held[0].continue_()
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["second-tag"])
    expect(toast(ticket, "Tags saved.")).to_have_count(3)


def test_two_tags_that_are_removed_at_once_are_the_right_two(ticket, held):
    held.append(None)
    for number, tag in enumerate(("one", "two", "three"), 1):
        add_tag(ticket, tag)
        expect(ticket.locator("#ticket-props .tag")).to_have_count(number)
    held.clear()
    for tag in ("one", "two"):
        ticket.get_by_role("button", name=f"Remove tag {tag}").click()
    held[0].continue_()
    expect(ticket.locator("#ticket-props .tag")).to_have_text(["three"])


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
