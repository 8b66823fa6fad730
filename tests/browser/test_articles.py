from playwright.sync_api import expect

from tests.browser.desk import rows, stay, stayed, wait_for_query


def test_the_list_filters_in_place_and_says_where_one_is(visit):
    page = visit()
    page.goto("/articles/")
    expect(rows(page).first).to_be_visible()
    stay(page)
    page.get_by_label("Status").select_option("draft")
    wait_for_query(page, status="draft")
    expect(page.locator(".pill")).to_contain_text("Status Draft")
    expect(rows(page)).to_have_count(page.locator("tbody .status").filter(has_text="Draft").count())
    expect(page.get_by_role("link", name="Drafts")).to_have_attribute("aria-current", "page")
    assert stayed(page)
    page.reload()
    expect(page.get_by_label("Status")).to_have_value("draft")


def test_one_is_found_by_its_text_and_opened_by_keyboard(visit):
    page = visit("spectator")
    page.goto("/tickets/")
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Articles")
    page.get_by_role("searchbox", name="Text").press_sequentially("invoice")
    expect(page.locator(".pill")).to_contain_text("invoice")
    title = rows(page).first.locator("a.subject").inner_text()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1).first).to_have_text(title)
    expect(page.get_by_role("article", name="Text")).to_contain_text("invoice")


def test_rows_are_chosen(visit):
    page = visit()
    page.goto("/articles/")
    page.get_by_label("Select all on this page").check()
    expect(page.locator(".bulk-bar")).to_contain_text(f"{rows(page).count()} selected")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".bulk-bar")).to_be_hidden()
