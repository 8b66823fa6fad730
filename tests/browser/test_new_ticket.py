import re

from playwright.sync_api import expect

from tests.browser.desk import messages, new_customer, new_person, toast, unique


def test_for_a_customer_who_is_found(visit):
    page = visit()
    person = new_person()
    new_customer(page, **person)
    page.goto("/tickets/new/")
    page.get_by_label("Who is it for?").press_sequentially(person["email"][:9])
    found = page.get_by_role("radio", name=re.compile(person["name"]))
    expect(found).not_to_be_checked()  # nobody is chosen whom nobody chose
    found.check()
    expect(page.get_by_role("textbox", name="Name")).to_be_hidden()
    page.get_by_label("Subject").fill("Cannot log in")
    page.get_by_label("Priority").select_option("high")
    page.get_by_label(re.compile("^Tags")).fill("login, sso,login")
    page.get_by_role("textbox", name=re.compile("^First message")).fill("It says **wrong password**.")
    page.get_by_role("button", name="Create ticket").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Cannot log in")
    expect(toast(page, "Ticket created.")).to_be_visible()
    # A customer's words, as they wrote them.
    expect(messages(page, "It says **wrong password**.")).to_have_class("message message--customer")
    expect(page.get_by_label("Priority", exact=True)).to_have_value("high")
    expect(page.locator("#ticket-props .tag")).to_have_text(["login", "sso"])
    expect(page.locator(".customer-card__head")).to_contain_text(person["email"])


def test_for_a_new_customer(visit):
    page = visit()
    person = new_person()
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="New ticket").click()
    page.get_by_role("textbox", name="Name").fill(person["name"])
    page.get_by_label(re.compile("^Email")).fill(person["email"])
    page.get_by_label("Subject").fill("A question")
    page.get_by_role("textbox", name=re.compile("^First message")).fill("We will look into it.")
    page.get_by_label("Us", exact=True).check()
    page.get_by_role("button", name="Create ticket").click()
    expect(messages(page, "We will look into it.")).to_have_class("message message--agent")
    page.locator(".customer-card__head a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(person["name"])
    expect(page.locator("a.subject")).to_have_text(["A question"])


def test_an_error_keeps_everything_that_was_typed(visit):
    page = visit()
    page.goto("/tickets/new/")
    typed = {"Name": "Somebody New", "Email": "not-an-address", "Tags": "one, two", "First message": "Long words."}
    for label, text in typed.items():
        page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)
    page.get_by_label("Us", exact=True).check()
    page.locator("form[method=post] [required]").evaluate_all("all => all.forEach(e => e.removeAttribute('required'))")
    page.get_by_label(re.compile("^Email")).evaluate("e => { e.type = 'text' }")
    page.get_by_role("button", name="Create ticket").click()

    subject = page.get_by_label("Subject")
    expect(subject).to_have_attribute("aria-invalid", "true")
    expect(subject).to_have_accessible_description("A ticket needs a subject.")
    expect(page.get_by_label(re.compile("^Email"))).to_have_attribute("aria-invalid", "true")
    for label, text in typed.items():
        expect(page.get_by_role("textbox", name=re.compile(f"^{label}"))).to_have_value(text)
    expect(page.get_by_label("Us", exact=True)).to_be_checked()


def test_an_address_that_is_taken_is_said_beside_the_field(visit):
    page = visit()
    taken = new_person()
    new_customer(page, **taken)
    page.goto("/tickets/new/")
    page.get_by_role("textbox", name="Name").fill("Robin's double")
    page.get_by_label(re.compile("^Email")).fill(taken["email"].upper())
    page.get_by_label("Subject").fill(subject := f"Second try {unique()}")
    page.get_by_role("button", name="Create ticket").click()
    field = page.locator(".field--invalid")
    expect(field).to_have_count(1)
    expect(field.get_by_role("alert")).to_be_visible()
    expect(field.get_by_label(re.compile("^Email"))).to_have_value(taken["email"].upper())
    expect(page.get_by_label("Subject")).to_have_value(subject)
    page.get_by_label(re.compile("^Email")).fill(new_person()["email"])
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def test_from_a_profile_the_customer_is_chosen(visit):
    page = visit()
    person = new_person()
    page.goto(new_customer(page, **person))
    page.get_by_role("main").get_by_role("link", name="New ticket").click()
    expect(page.get_by_role("radio", name=re.compile(person["name"]))).to_be_checked()
