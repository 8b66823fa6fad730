"""The desk without a mouse."""

from playwright.sync_api import expect

from tests.browser.desk import messages, new_ticket, note_box, open_ticket, reply_box, unique, wait_for_scripts

MANY = 40


def tab_to(page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse would."""
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if page.locator(selector).evaluate_all("all => all.includes(document.activeElement)"):
            return
    raise AssertionError(f"{MANY} times Tab do not reach {selector}")


def test_from_signing_in_to_a_sent_reply(open_context):
    page = open_context().new_page()
    words = f"Written without a mouse {unique()}"
    page.goto("/")
    tab_to(page, "button[value=agent]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    wait_for_scripts(page)
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", level=1)).to_have_text("My tickets")
    wait_for_scripts(page)
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(0)).to_have_class("is-current")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1)).to_have_class("is-current")
    page.keyboard.press("k")
    subject = page.locator("tbody tr.is-current a.subject").inner_text()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(reply_box(page)).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(messages(page, words)).to_have_count(1)
    # Out of the composer, the list is one key away.
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_have_text("My tickets")


def test_reply_and_note_have_a_key_each(visit):
    page = visit()
    open_ticket(page, new_ticket(page, "Keys"))
    page.keyboard.press("n")
    expect(note_box(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(reply_box(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(reply_box(page)).to_be_focused()


def test_the_first_tab_skips_to_the_content(visit):
    page = visit()
    page.goto("/tickets/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_slash_and_ctrl_k_search(visit):
    page = visit()
    word = unique()
    new_ticket(page, f"Searched {word}")
    page.goto("/customers/")
    page.keyboard.press("/")
    expect(page.locator("#omnibox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#omnibox")).not_to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    expect(page.locator("tbody a.subject")).to_have_text([f"Searched {word}"])
    # The list of tickets has a search of its own, and the bar above it none.
    page.keyboard.press("Control+k")
    expect(page.locator("#filter-search")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_count(1)


def test_what_a_closed_menu_holds_has_its_key(visit):
    page = visit("manager")
    page.goto("/tickets/")
    wait_for_scripts(page)
    page.keyboard.press("g")
    page.keyboard.press("x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Transfers")
    expect(page.locator(".rail__link[aria-current=page]")).to_have_text("Transfers")


def test_the_sheet_lists_the_keys_and_escape_closes_it(visit):
    page = visit()
    page.goto("/tickets/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    for words in ("Next row", "Open the row", "New ticket", "Go to My tickets"):
        expect(sheet.get_by_role("row").filter(has_text=words)).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_have_count(1)


def test_two_keys_lead_to_a_view(visit):
    page = visit()
    page.goto("/customers/")
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Unassigned")


def test_keys_typed_into_a_field_are_text(visit):
    page = visit()
    open_ticket(page, new_ticket(page, "Typing"))
    reply_box(page).click()
    page.keyboard.type("jkro?/x")
    expect(reply_box(page)).to_have_value("jkro?/x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Typing")


def test_switched_off_they_do_nothing(visit):
    page = visit("globex-agent")
    page.goto("/settings/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Settings saved.")
    page.goto("/customers/")
    for key in ("j", "x", "?", "c", "/"):
        page.keyboard.press(key)
    expect(page.locator(".is-current")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#omnibox")).not_to_be_focused()
    expect(page).to_have_url("/customers/")
    page.goto("/settings/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/tickets/")
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_have_count(1)
