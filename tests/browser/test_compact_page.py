"""A page as it looks in a portal's frame, in a window of its own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import rows
from tests.browser.test_accessibility import check, ticket


def test_in_a_window_of_its_own_a_compact_page_stays_compact(visit):
    page = visit()
    page.goto("/tickets/?embed=1")
    expect(page.locator(".embed-bar")).to_be_visible()
    rows(page).first.locator("a.subject").click()
    expect(page.locator("#ticket-thread")).to_be_visible()
    expect(page.locator(".embed-bar")).to_be_visible()
    page.get_by_role("searchbox", name="Search tickets").fill("a")
    page.get_by_role("searchbox", name="Search tickets").press("Enter")
    expect(page.locator(".embed-bar")).to_be_visible()
    page.get_by_label("Status", exact=True).select_option("open")
    page.wait_for_url(re.compile(r"status=open.*embed=1|embed=1.*status=open"))
    page.reload()
    expect(page.locator(".embed-bar")).to_be_visible()
    page.go_back()
    expect(page.locator(".embed-bar")).to_be_visible()


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_it_is_usable_by_everybody(visit, who):
    page = visit(who, reduced_motion="reduce")
    page.goto("/tickets/?embed=1")
    check(page)
    ticket(page)
    page.goto(f"{page.url}?embed=1")
    expect(page.locator("#ticket-thread:not([hx-get])")).to_be_attached()
    check(page)
    page.get_by_role("button", name="Menu").click()
    expect(page.locator(".rail")).to_be_visible()
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def test_the_window_of_a_sign_in_ends_with_a_word(visit):
    page = visit(reduced_motion="reduce")
    page.route("**/close-window.*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/embed/")
    expect(page.get_by_role("heading", name="You are signed in")).to_be_visible()
    check(page)
