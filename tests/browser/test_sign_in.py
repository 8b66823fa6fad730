import re

from playwright.sync_api import expect


def test_a_button_signs_in_and_the_menu_signs_out(open_context):
    page = open_context().new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))
    page.locator("button[value=agent]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    expect(page).to_have_url("/")
    expect(page.locator(".rail__link[aria-current=page]")).to_contain_text("Home")

    page.get_by_label("account menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/accounts/sign-in/")
    page.goto("/tickets/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/\?next="))


def test_signing_in_leads_to_the_page_that_was_asked_for(open_context):
    page = open_context().new_page()
    page.goto("/customers/?status=active")
    page.locator("button[value=spectator]").click()
    expect(page).to_have_url("/customers/?status=active")


def test_a_wrong_password_says_so_and_keeps_the_name(open_context):
    page = open_context().new_page()
    page.goto("/accounts/sign-in/")
    page.get_by_label("Username").fill("nobody-of-us")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("correct")
    expect(page.get_by_label("Username")).to_have_value("nobody-of-us")
