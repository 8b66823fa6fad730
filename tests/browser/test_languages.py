"""What scripts say is in the page's language too, and long words break no page."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import new_ticket, open_ticket, rows

ADA = {"locale": "de-DE"}


def test_a_german_browser_says_everything_in_german(visit):
    page = visit("manager", **ADA)
    page.goto("/tickets/?page_size=25")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    rows(page).first.locator(".cell-check input").check()
    expect(page.locator("#announce")).to_have_text("1 ausgewählt")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    sheet = page.locator("#hotkey-sheet")
    for words in ("Suchen, auch beim Schreiben", "Nächste Zeile", "Zeile auswählen", "Zu Meine Tickets"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()


def test_a_draft_is_said_to_be_saved_in_german(visit):
    page = visit("agent", **ADA)
    open_ticket(page, new_ticket(page, "Ein Entwurf"))
    page.locator("#composer-reply").fill("Guten Tag")
    expect(page.locator(".composer__state[data-kind=reply] [data-state]")).to_have_text("Entwurf gespeichert")
    page.evaluate(
        "document.querySelector('relative-time > time').dateTime = new Date(Date.now() - 7200e3).toISOString();"
        "document.querySelector('relative-time').dataset.clock = '12:00'"
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("relative-time > time").first).to_have_text("2 Std.")


@pytest.mark.parametrize(
    "path", ["/tickets/?status=active", "/settings/", "/transfers/", "/transfers/import/", "/customers/"]
)
@pytest.mark.parametrize("width", [1024, 390])
def test_german_pages_fit(visit, path, width):
    page = visit("admin", viewport={"width": width, "height": 800}, **ADA)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
