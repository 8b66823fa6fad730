"""Every kind of page passes axe in both colour schemes, wide and narrow, and fits a small phone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import expect

from tests.browser.desk import ACME, new_customer, new_person, new_ticket, open_ticket, reply_box, send_button, toast

RUN = """() => axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    rules: {"target-size": {enabled: true}},
})"""
SIZES = {1440: 900, 390: 844}
SMALLEST = {"width": 360, "height": 740}


def tickets(page):
    page.goto("/tickets/?status=active&priority=high&priority=normal")
    page.locator("tbody .cell-check input").first.check()


def no_tickets(page):
    page.goto("/tickets/?search=nothing-has-this")


def filter_unusable(page):
    page.goto(f"/tickets/?search={'x' * 300}")
    expect(page.get_by_role("alert")).to_be_visible()


def ticket_source(page):
    wide = f"|{' a |' * 14}\n|{'---|' * 14}\n|{' b |' * 14}"
    path = new_ticket(page, "Source", sender="agent", content=wide)
    open_ticket(page, path)
    check(page)  # with its table
    page.goto(f"{path}source/")


def ticket(page):
    path = new_ticket(
        page,
        "A ticket with a long subject that does not fit into one line of a phone and has averyverylongwordinside",
        content="# Heading\n\n- one\n- [two](https://example.com)\n\n> said\n\n`code`\n\n```\na very long line "
        + "x" * 200,
        tags="vip, a-rather-long-tag-of-somebody",
    )
    open_ticket(page, path)
    for kind in ("Internal note", "Reply"):
        page.locator(".composer__kind").filter(has_text=kind).click()
        page.locator(".composer textarea:visible").fill("Words.")
        send_button(page).click()
        expect(page.locator(".composer textarea:visible")).to_have_value("")


def ticket_with_long_message(page):
    open_ticket(page, new_ticket(page, "A long log", content="A line of a log.\n" * 600 + "x" * 500))
    expect(page.get_by_role("link", name="Show all of it")).to_be_visible()


def whole_message(page):
    ticket_with_long_message(page)
    page.goto(page.get_by_role("link", name="Show all of it").get_attribute("href"))


def ticket_refused(page):
    open_ticket(page, new_ticket(page, "Refused"))
    send_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="Write something first.")).to_be_visible()
    page.context.clear_cookies(name="session")
    reply_box(page).fill("Signed out")
    send_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()


def new_ticket_refused(page):
    page.goto("/tickets/new/")
    page.locator("main form[method=post]").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def new_ticket_found(page):
    page.goto("/tickets/new/?who=a")


def customers(page):
    page.goto("/customers/")


def customer(page):
    person = new_person()
    page.goto(new_customer(page, **person, tags="vip, beta", notes="Short answers."))


def customer_refused(page):
    taken = new_person()
    new_customer(page, **taken)
    page.goto("/customers/new/")
    page.get_by_label("Name", exact=True).fill("A name")
    page.get_by_label("Email").fill(taken["email"])
    page.get_by_role("button", name="Create customer").click()
    expect(page.get_by_role("alert")).to_be_visible()


def customer_edited(page):
    page.goto(f"{new_customer(page)}edit/")


def articles(page):
    page.goto("/articles/?visibility=public")
    page.locator("tbody .cell-check input").first.check()


def article(page):
    page.goto("/articles/")
    page.get_by_role("link", name="First steps in").click()
    page.get_by_role("heading", name="History").click()
    expect(page.get_by_text("No changes made through this desk")).to_be_visible()


def delete_ticket(page):
    page.goto(f"{new_ticket(page, 'To be deleted')}delete/")


def delete_customer(page):
    page.goto(f"{new_customer(page)}delete/")


def settings(page):
    page.goto("/settings/")


def webhook(page):
    page.goto("/settings/webhook/")
    page.get_by_role("button", name="Register").click()
    expect(toast(page, "a test delivery arrived")).to_be_visible()
    assert page.request.post(page.locator("dd.mono").first.inner_text(), data="{}").status == 401
    page.goto("/settings/webhook/")
    expect(page.get_by_role("heading", name="Last refusals")).to_be_visible()


def group_rules(page):
    page.goto("/settings/groups/")
    page.get_by_label("Group", exact=True).fill("acme-leads")
    page.get_by_role("button", name="Add rule").click()
    expect(toast(page, "acme-leads has a role")).to_be_visible()
    page.get_by_label("Group", exact=True).fill("acme-leads")
    page.get_by_role("button", name="Add rule").click()
    expect(page.get_by_text("This group already has a rule")).to_be_visible()


def accounts(page):
    page.goto("/settings/accounts/")
    page.locator("details.menu--end summary").first.click()


def people(page):
    page.goto("/settings/people/")
    page.get_by_label("Username", exact=True).fill("agent")
    page.get_by_label("First password").fill("between-the-engines")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("This username is taken.")).to_be_visible()


def team(page):
    page.goto("/settings/team/")
    page.get_by_label("New secret key").fill("nonsense")
    page.get_by_role("button", name="Verify and save").click()
    expect(page.get_by_text("A secret key begins with sk_.")).to_be_visible()


def all_teams(page):
    page.goto("/settings/teams/")


def added_team(page):
    page.goto("/settings/teams/add/")
    page.get_by_label("Name", exact=True).fill("Acme again")
    page.get_by_label("cStar team ID").fill(ACME)
    page.get_by_label("Secret key").fill("sk_test_nonsense")
    page.get_by_role("button", name="Verify and add").click()
    expect(page.get_by_text("This cStar team was already added.")).to_be_visible()


def removed_team(page):
    page.goto(f"/settings/teams/remove/?which={ACME}")
    page.get_by_label("Type “Acme Support” to remove it").fill("acme")
    page.get_by_role("button", name="Remove the team").click()
    expect(page.get_by_text("This is not the team's name.")).to_be_visible()


def activity(page):
    open_ticket(page, new_ticket(page, "Seen in the activity"))
    page.get_by_label("Priority", exact=True).select_option("urgent")
    expect(toast(page, "Saved.")).to_be_visible()
    page.goto("/activity/")


def shortcuts(page):
    page.goto("/tickets/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def not_found(page):
    page.goto("/nothing/is/here/")


def not_allowed(page):
    page.goto("/activity/")
    expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()


MANAGERS = (
    *(
        tickets,
        no_tickets,
        filter_unusable,
        ticket,
        ticket_source,
        ticket_refused,
        new_ticket_found,
        new_ticket_refused,
        delete_ticket,
        shortcuts,
    ),
    *(customers, customer, customer_edited, customer_refused, delete_customer, articles, article),
    *(activity, not_found, ticket_with_long_message, whole_message),
)


ADMINS = (settings, webhook, group_rules, people, accounts, team, all_teams, added_team, removed_team)


@pytest.mark.parametrize(
    ("who", "show"),
    [
        *(("manager", show) for show in MANAGERS),
        *(("admin", show) for show in ADMINS),
        ("spectator", not_allowed),
    ],
)
def test_page(visit, who, show):
    page = visit(who, reduced_motion="reduce")
    show(page)
    check(page)


def test_signing_in(open_context):
    page = open_context(reduced_motion="reduce").new_page()
    page.goto("/accounts/sign-in/")
    check(page)


def check(page) -> None:
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            results = AxeResults(page.evaluate(RUN))
            if results.violations_count:
                found.append(f"--- {scheme}, {width} px\n{results.generate_report()}")
    page.set_viewport_size(SMALLEST)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    if wide > SMALLEST["width"]:
        found.append(f"--- {wide} px wide on a screen of {SMALLEST['width']}: {page.evaluate(TOO_WIDE)}")
    assert not found, "\n".join(found)


# What sticks out, for the message.
TOO_WIDE = """() => [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 6).map((e) => `${e.tagName.toLowerCase()}.${[...e.classList].join(".")}`).join(", ")"""
