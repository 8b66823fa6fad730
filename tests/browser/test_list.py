import pytest
from playwright.sync_api import expect

from tests.browser.desk import (
    new_ticket,
    open_ticket,
    rows,
    stay,
    stayed,
    toast,
    unique,
    wait_for_query,
    wait_for_scripts,
)


def subjects(page) -> list[str]:
    return page.locator("#ticket-list a.subject").all_inner_texts()


def test_a_status_filters_without_a_page_load_and_its_pill_takes_it_away(visit):
    page, word = visit(), unique()
    new_ticket(page, f"A {word}")
    open_ticket(page, new_ticket(page, f"B {word}"))
    page.get_by_label("Status", exact=True).select_option("pending")
    expect(toast(page, "Saved.")).to_be_visible()
    page.goto(f"/tickets/?search={word}")
    expect(rows(page)).to_have_count(2)
    stay(page)
    page.get_by_label("Status", exact=True).select_option("pending")
    wait_for_query(page, search=word, status="pending")
    expect(page.locator(".pill").filter(has_text="Status Pending")).to_be_visible()
    assert stayed(page)
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".cell-status .status--pending")).to_have_count(1)

    page.locator(".pill").filter(has_text="Status Pending").click()
    expect(page.locator(".pill").filter(has_text="Status Pending")).to_have_count(0)
    expect(page.get_by_label("Status", exact=True)).to_have_value("")
    expect(rows(page)).to_have_count(2)


def test_filters_add_up_and_are_cleared_at_once(visit):
    page = visit()
    page.goto("/tickets/?sort=subject")
    page.get_by_label("Status", exact=True).select_option("active")
    wait_for_query(page, sort="subject", status="active")
    page.get_by_label("Priority", exact=True).select_option("high")
    wait_for_query(page, sort="subject", status="active", priority="high")
    expect(page.locator(".pill")).to_have_count(2)
    expect(page.locator(".cell-priority .priority--high")).to_have_count(rows(page).count())
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url("/tickets/?sort=subject")


def test_typing_searches_and_keeps_the_caret(visit):
    page = visit()
    word = unique()
    new_ticket(page, f"Parcel {word} is late")
    page.goto("/tickets/")
    box = page.get_by_role("searchbox", name="Text")
    box.press_sequentially(word)
    expect(rows(page)).to_have_count(1)
    wait_for_query(page, search=word)
    expect(page.locator("#announce")).to_have_text("1 ticket")
    expect(box).to_be_focused()
    box.press_sequentially("-and-nothing-else")
    expect(page.get_by_role("heading", name="No ticket matches")).to_be_visible()


def test_the_heading_follows_the_filter(visit):
    page = visit()
    page.goto("/tickets/?status=active&assigned_to=me")
    expect(page.get_by_role("heading", level=1)).to_have_text("My tickets")
    page.get_by_label("Assignee", exact=True).select_option("")
    wait_for_query(page, status="active")
    expect(page.get_by_role("heading", level=1)).to_have_text("All open")
    expect(page.locator(".rail__link[aria-current=page]")).to_contain_text("All open")


def test_a_head_sorts_and_sorts_the_other_way(visit):
    page = visit()
    page.goto("/tickets/?page_size=100")
    page.get_by_role("link", name="Messages").click()
    expect(page.get_by_role("columnheader", name="Messages")).to_have_attribute("aria-sort", "descending")
    numbers = [int(text) for text in page.locator("td[data-label=Messages]").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    page.get_by_role("link", name="Messages").click()
    expect(page.get_by_role("columnheader", name="Messages")).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url("/tickets/?page_size=100&sort=messages")
    numbers = [int(text) for text in page.locator("td[data-label=Messages]").all_inner_texts()]
    assert numbers == sorted(numbers)


def test_pages_and_their_size_and_the_way_back(visit):
    page = visit()
    page.goto("/tickets/?sort=created")
    page.get_by_role("link", name="25", exact=True).click()
    expect(rows(page)).to_have_count(25)
    first = subjects(page)
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".pagination")).to_contain_text("26–50")
    expect(page).to_have_url("/tickets/?sort=created&page_size=25&page=2")
    second = subjects(page)
    assert second != first
    page.go_back()
    expect(page.locator(".pagination")).to_contain_text("1–25")
    assert subjects(page) == first
    page.go_forward()
    expect(page.locator(".pagination")).to_contain_text("26–50")
    page.reload()
    assert subjects(page) == second


def test_back_and_forward_undo_a_filter_that_was_set_in_place(visit):
    page = visit()
    page.goto("/tickets/?page_size=25")
    before = subjects(page)
    page.get_by_label("Status", exact=True).select_option("resolved")
    wait_for_query(page, status="resolved", page_size="25")
    expect(page.locator(".pill")).to_be_visible()
    resolved = subjects(page)
    page.go_back()
    expect(page).to_have_url("/tickets/?page_size=25")
    expect(page.locator(".pill")).to_have_count(0)
    expect(page.get_by_label("Status", exact=True)).to_have_value("")
    assert subjects(page) == before
    page.go_forward()
    expect(page.locator(".pill")).to_contain_text("Resolved")
    expect(page.get_by_label("Status", exact=True)).to_have_value("resolved")
    assert subjects(page) == resolved


@pytest.fixture
def three(visit):
    """A page with a list of three tickets of its own, and the list's address."""
    page = visit()
    word = unique()
    for letter in "BCA":
        new_ticket(page, f"{letter} {word}")
    page.goto(f"/tickets/?search={word}&sort=subject")
    expect(rows(page)).to_have_count(3)
    return page, word


def test_next_and_previous_keep_to_the_list(three):
    page, word = three
    page.get_by_role("link", name=f"A {word}").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"A {word}")
    expect(page.get_by_role("link", name="Previous ticket")).to_have_count(0)
    page.get_by_role("link", name="Next ticket").click()
    expect(heading).to_have_text(f"B {word}")
    page.keyboard.press("j")
    expect(heading).to_have_text(f"C {word}")
    expect(page.get_by_role("link", name="Next ticket")).to_have_count(0)
    page.keyboard.press("k")
    expect(heading).to_have_text(f"B {word}")
    page.get_by_role("link", name="List", exact=True).click()
    expect(page).to_have_url(f"/tickets/?search={word}&sort=subject")
    expect(rows(page)).to_have_count(3)


def test_a_change_leaves_the_way_through_the_list_as_it_was(three):
    page, word = three
    page.get_by_role("link", name=f"B {word}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"B {word}")
    wait_for_scripts(page)
    page.get_by_label("Priority", exact=True).select_option("high")
    expect(page.locator("#messages")).to_contain_text("Saved.")
    page.get_by_role("link", name="Next ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"C {word}")
    page.get_by_role("link", name="List", exact=True).click()
    expect(page).to_have_url(f"/tickets/?search={word}&sort=subject")


def test_rows_are_chosen_by_box_and_by_range(three):
    page, _ = three
    boxes = page.locator("tbody .cell-check input")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator(".bulk-bar")).to_contain_text("3 selected")
    page.locator(".bulk-bar").get_by_role("button", name="Clear").click()
    expect(page.locator(".bulk-bar")).to_be_hidden()
    expect(page.locator("tbody .cell-check input:checked")).to_have_count(0)
