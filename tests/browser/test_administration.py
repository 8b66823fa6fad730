"""An admin looks after the people of the team."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import toast, unique, wait_for_scripts


@pytest.fixture
def people(visit):
    page = visit("admin")
    page.goto("/settings/people/")
    wait_for_scripts(page)
    return page


def row(page, name):
    return page.get_by_role("row").filter(has_text=name)


def test_somebody_gets_an_account_another_role_and_leaves(people, open_context):
    name = unique()
    people.get_by_label("Username", exact=True).fill(name)
    people.get_by_label("First password").fill("between-the-engines")
    people.get_by_role("button", name="Create account").click()
    expect(toast(people, f"{name} now has an account and was added to the team.")).to_be_visible()

    theirs = open_context().new_page()
    theirs.goto("/accounts/sign-in/")
    theirs.locator("#id_username").fill(name)
    theirs.locator("#id_password").fill("between-the-engines")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Home")
    expect(theirs.locator(".menu__item").filter(has_text="Activity")).to_have_count(0)

    wait_for_scripts(people)
    people.get_by_label(f"Role of {name}").select_option("manager")
    expect(toast(people, f"{name} now has the role Manager.")).to_be_visible()
    theirs.reload()
    expect(theirs.locator(".menu__item").filter(has_text="Activity")).to_have_count(1)

    row(people, name).locator("summary").click()
    row(people, name).get_by_role("button", name="Remove from team").click()
    expect(toast(people, f"{name} was removed from the team.")).to_be_visible()
    expect(row(people, name)).to_have_count(0)
    theirs.goto("/tickets/")
    expect(theirs).to_have_url("/accounts/sign-in/?next=%2Ftickets%2F")
