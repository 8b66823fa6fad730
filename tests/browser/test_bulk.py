"""Many tickets changed at once, from the rows of the list to the receipt and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ACME, new_ticket, open_ticket, rows, stay, stayed, toast, unique
from tests.browser.test_accessibility import check
from tests.browser.test_keyboard import tab_to

SECRET = {"Authorization": f"Bearer sk_test_acme{'0' * 28}"}
LONG = "with a subject that goes on and on, and holds averyverylongwordthatnothingbreaks" * 2


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def state(page):
    return page.locator("#run-progress .run-state")


def lines(page, outcome):
    return page.locator(".receipt tbody tr").filter(has=page.locator(f".outcome--{outcome}"))


@pytest.fixture
def listed(visit):
    """`listed(4)`: a manager's page with a list of so many tickets of its own, and their paths in the list's order."""

    def make(number: int, **options):
        page, word = visit("manager", **options), unique()
        paths = [new_ticket(page, f"{letter} {word}") for letter in "ABCDEFGH"[:number]]
        page.goto(f"/tickets/?search={word}&sort=subject")
        expect(rows(page)).to_have_count(number)
        return page, paths

    return make


def choose_all(page):
    """The first, and with Shift the last."""
    boxes = page.locator("tbody .cell-check input")
    boxes.first.check()
    boxes.last.click(modifiers=["Shift"])
    expect(page.locator(".bulk-bar")).to_contain_text(f"{boxes.count()} selected")


def prepared(page, **fields):
    """The chosen ones, with what is to be changed in them, reviewed."""
    button(page, "Edit").click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").select_option(value)
    button(page, "Preview changes").click()
    expect(page.locator(".price")).to_be_visible()


def delete_behind_the_desks_back(page, path):
    cstar_id = path.strip("/").split("/")[-1]
    assert page.request.delete(f"/api/v1/teams/{ACME}/tickets/{cstar_id}", headers=SECRET).ok


def test_rows_are_changed_one_fails_and_is_chosen_again_and_all_is_undone(listed):
    page, paths = listed(4)
    choose_all(page)
    prepared(page, priority="urgent")
    expect(page.locator(".price")).to_contain_text("Changes 4 tickets. Uses 1 request, 0.1 % of this hour.")
    expect(page.locator(".examples li")).to_have_count(4)
    expect(page.locator(".examples li").first).to_contain_text("priority normal urgent")
    delete_behind_the_desks_back(page, paths[3])
    button(page, "Apply to 4 tickets").click()
    stay(page)
    expect(state(page)).to_have_text("Done")
    assert stayed(page)  # it came by itself
    expect(lines(page, "updated")).to_have_count(3)
    expect(lines(page, "failed")).to_contain_text("It no longer exists")
    address = page.url

    button(page, "Select the 1 that failed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit 1 ticket")
    expect(page.locator("[name=priority]")).to_have_value("urgent")

    open_ticket(page, paths[0])
    expect(page.get_by_label("Priority", exact=True)).to_have_value("urgent")
    page.get_by_label("Priority", exact=True).select_option("low")
    expect(toast(page, "Saved.")).to_be_visible()
    page.goto(address)
    button(page, "Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo it for 3 tickets?")
    button(page, "Undo").click()
    expect(state(page)).to_have_text("Done")
    expect(lines(page, "updated")).to_have_count(2)
    expect(lines(page, "skipped")).to_contain_text("Changed since: priority is now low.")
    page.goto(paths[1])
    expect(page.get_by_label("Priority", exact=True)).to_have_value("normal")


def test_all_that_match_are_more_than_the_page_shows(visit):
    page = visit("manager")
    page.goto("/tickets/?status=active&page_size=25")
    number = int(page.locator(".pagination").inner_text().split(" of ")[1].split()[0])
    assert number > 25
    rows(page).first.locator(".cell-check input").check()
    button(page, f"Edit all {number} that match").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Edit {number} tickets")
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url("/tickets/?status=active&page_size=25")


def test_deleting_asks_for_the_number(listed):
    page, _ = listed(2)
    address = page.url
    choose_all(page)
    button(page, "Edit").click()
    button(page, "Delete them instead").click()
    number = page.get_by_label("Type 2 to delete them")
    number.fill("20")
    button(page, "Delete 2 tickets").click()
    expect(toast(page, "Nothing was deleted: type 2")).to_be_visible()
    number.fill("2")
    button(page, "Delete 2 tickets").click()
    expect(state(page)).to_have_text("Done")
    expect(lines(page, "deleted")).to_have_count(2)
    expect(button(page, "Undo")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("heading", name="No ticket matches")).to_be_visible()


def test_with_the_keyboard_alone(listed):
    page, _ = listed(3)
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.locator(".bulk-bar")).to_contain_text("2 selected")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit 2 tickets")
    tab_to(page, "[name=priority]")
    page.keyboard.type("High")
    tab_to(page, "[name=review]")
    page.keyboard.press("Enter")
    expect(page.locator(".price")).to_contain_text("Changes 2 tickets")
    tab_to(page, "[name=start]")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Done")
    expect(lines(page, "updated")).to_have_count(2)


def test_without_scripts(listed):
    page, _ = listed(2, java_script_enabled=False)
    page.locator("tbody .cell-check input").first.check()
    prepared(page, priority="high")
    button(page, "Apply to 1 ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bulk edit of 1 ticket")


def test_the_pages_are_for_everybody(listed, visit):
    page, paths = listed(4, reduced_motion="reduce")
    new_ticket(page, f"Z {paths[0][-8:-1]} {LONG}")
    page.goto(f"/tickets/?search={paths[0][-8:-1]}")
    page.go_back()
    choose_all(page)
    button(page, "Edit").click()
    check(page)
    button(page, "Preview changes").click()
    expect(page.get_by_role("alert").filter(has_text="Choose what to change first.")).to_be_visible()
    check(page)
    page.get_by_label("Add tags").fill("vip, a-rather-long-tag-of-somebody")
    button(page, "Preview changes").click()
    check(page)
    delete_behind_the_desks_back(page, paths[0])
    # It stays as it was drawn first.
    page.route(
        re.compile("/transfers/"), lambda route: route.fulfill(status=204) if _asks_again(route) else route.continue_()
    )
    button(page, "Apply to 4 tickets").click()
    expect(button(page, "Pause")).to_be_visible()
    check(page)
    page.unroute_all()
    page.reload()
    expect(state(page)).to_have_text("Done")
    check(page)
    button(page, "Undo").click()
    check(page)
    page.goto("/transfers/")
    expect(page.locator("#runs tbody tr").first).to_contain_text("Undo of 3 tickets")
    check(page)


def _asks_again(route) -> bool:
    return "hx-request" in route.request.headers
