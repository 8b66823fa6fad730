import re

from playwright.sync_api import expect

from tests.browser.desk import new_customer, new_person, new_ticket, rows, stay, stayed, toast, wait_for_query


def test_the_list_filters_in_place(visit):
    page = visit()
    page.goto("/customers/")
    expect(rows(page).first).to_be_visible()
    stay(page)
    page.get_by_label("Sentiment").select_option("negative")
    wait_for_query(page, sentiment="negative")
    expect(page.locator(".pill")).to_contain_text("Sentiment Negative")
    expect(rows(page)).to_have_count(page.locator(".sentiment--negative").count())
    assert stayed(page)
    page.reload()
    expect(page.get_by_label("Sentiment")).to_have_value("negative")


def test_one_is_found_and_opened(visit):
    page = visit()
    person = new_person()
    path = new_customer(page, **person, tags="vip, beta", notes="Likes short answers.")
    page.goto("/customers/")
    page.get_by_role("searchbox", name="Text").press_sequentially(person["name"].split()[1])
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name=person["name"]).click()
    expect(page).to_have_url(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(person["name"])
    expect(page.locator(".prop .tag")).to_have_text(["vip", "beta"])
    expect(page.get_by_role("main")).to_contain_text("Likes short answers.")
    expect(page.get_by_role("heading", name="No tickets")).to_be_visible()


def test_one_is_created(visit):
    page = visit()
    person = new_person()
    page.goto("/customers/")
    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Name", exact=True).fill(person["name"])
    page.get_by_label("Email").fill(person["email"])
    page.get_by_label(re.compile("^Tags")).fill("vip")
    page.get_by_role("button", name="Create customer").click()
    expect(toast(page, "Customer created.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(person["name"])


def test_one_is_edited(visit):
    page = visit()
    page.goto(new_customer(page))
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Ærlig Ødegård <b>")
    page.get_by_label("Sentiment").select_option("positive")
    page.get_by_label(re.compile("^Internal notes")).fill("Moved to Bergen.")
    page.get_by_role("button", name="Save").click()
    expect(toast(page, "Saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ærlig Ødegård <b>")
    expect(page.locator(".prop .sentiment")).to_have_text("Positive")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Moved to Bergen.")


def test_one_without_a_sentiment_is_edited(visit):
    page = visit()
    page.goto(f"{new_customer(page)}edit/")
    page.get_by_label("Name", exact=True).fill("Another Name")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another Name")


def test_an_address_that_is_taken_is_said_beside_the_field(visit):
    page = visit()
    taken = new_person()
    new_customer(page, **taken)
    page.goto(new_customer(page) + "edit/")
    page.get_by_label("Sentiment").select_option("neutral")
    page.get_by_label("Name", exact=True).fill("A new name")
    page.get_by_label("Email").fill(taken["email"])
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Save").click()
    assert answer.value.status == 409
    expect(page.locator(".field--invalid")).to_have_count(1)
    expect(page.get_by_label("Email")).to_have_accessible_description("Another customer has this address.")
    expect(page.get_by_label("Email")).to_have_value(taken["email"])
    expect(page.get_by_label("Name", exact=True)).to_have_value("A new name")


def test_a_manager_deletes_one_and_is_told_what_happens_to_the_tickets(visit):
    page = visit("manager")
    ticket = new_ticket(page, "It stays")
    page.goto(ticket)
    page.locator(".customer-card__head a").click()
    page.get_by_role("link", name="Delete customer").click()
    expect(page.get_by_role("main")).to_contain_text("without a customer")
    page.get_by_role("button", name="Delete for good").click()
    expect(page).to_have_url("/customers/")
    expect(toast(page, "is deleted")).to_be_visible()
    page.goto(ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text("It stays")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


def test_the_tickets_that_are_left_behind_are_counted(visit):
    page = visit("manager")
    page.goto(new_ticket(page, "It stays"))
    page.locator(".customer-card__head a").click()
    page.get_by_role("link", name="Delete customer").click()
    expect(page.get_by_role("main")).to_contain_text("Their 1 ticket")


def test_keeping_one_changes_nothing(visit):
    page = visit("manager")
    path = new_customer(page)
    page.goto(f"{path}delete/")
    page.get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(path)
