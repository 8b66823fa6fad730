import pytest
from playwright.sync_api import expect
def test_shots(visit):
    page = visit("manager", reduced_motion="reduce", color_scheme="light")
    page.goto("/tickets/?status=closed&status=open")
    page.locator(".pagination").scroll_into_view_if_needed()
    page.screenshot(path="/tmp/exbench/list.png")
    page.get_by_role("link", name="Export", exact=True).click()
    page.screenshot(path="/tmp/exbench/form.png", full_page=True)
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    page.screenshot(path="/tmp/exbench/run.png", full_page=True)
    page.set_viewport_size({"width":360,"height":740}); page.screenshot(path="/tmp/exbench/run-narrow.png", full_page=True)
    page.go_back(); page.screenshot(path="/tmp/exbench/form-narrow.png", full_page=True)
