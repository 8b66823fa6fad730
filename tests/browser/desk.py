"""What tests do in a browser over and over. `page.context` is one signed-in person."""

import os
import re
import subprocess
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, BrowserType, Locator, Page, expect

from tests.browser.server import ROOT

ACME = "11111111-1111-4111-8111-111111111111"


def launch(chromium: BrowserType, *arguments: str, whole: bool = False) -> Browser:
    """The headless shell if there is one; `whole` is a Chromium with all that people have."""
    find = [str(ROOT / "scripts/find-chromium"), *(["whole"] if whole else [])]
    path = os.environ.get("CHROMIUM") or subprocess.check_output(find, text=True).strip()
    # The headless shell asks for no language of its own.
    language = ["--lang=en-US", "--accept-lang=en-US,en"]
    usual = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", *language]
    return chromium.launch(executable_path=path, args=[*usual, *arguments])


def sign_in(context: BrowserContext, username: str) -> None:
    """By the request that a demo button makes; the buttons themselves have a test of their own."""
    context.request.get("/accounts/sign-in/")
    answer = context.request.post("/accounts/demo/", form={"username": username, **_token(context)}, max_redirects=0)
    assert answer.status == 302


def new_ticket(page: Page, subject: str, **fields: str) -> str:
    """A ticket for the test alone, of a customer of its own unless `customer` names one; answers its path."""
    who = {} if "customer" in fields else new_person()
    return _created(
        page, "/tickets/new/", {"title": subject, "priority": "normal", "sender": "customer", **who, **fields}
    )


def new_customer(page: Page, **fields: str) -> str:
    return _created(page, "/customers/new/", {**new_person(), **fields})


def new_person() -> dict[str, str]:
    """A name and an address that nobody else has."""
    word = unique()
    return {"name": f"Robin {word.capitalize()}", "email": f"{word}@example.com"}


def unique() -> str:
    return f"q{uuid4().hex[:10]}"


def switch(page: Page, team: str) -> None:
    page.get_by_label("Switch team").click()
    page.get_by_role("button", name=team).click()
    expect(page.get_by_label("Switch team")).to_contain_text(team)


def open_ticket(page: Page, path: str) -> None:
    """Show the ticket and let the page fetch its newest thread, if what is held is old."""
    page.goto(path)
    expect(page.locator("#ticket-thread:not([hx-get])")).to_be_attached()


def wait_for_scripts(page: Page) -> None:
    """Nobody is as quick as a test that changes something before the page's scripts are there."""
    expect(page.locator("auto-submit:not(:defined)")).to_have_count(0)


def reply_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Reply to "))


def note_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Internal note", exact=True)


def choose_kind(page: Page, kind: str) -> None:
    page.locator(".composer__kind").filter(has_text=kind).click()


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Send", exact=True)


def messages(page: Page, text: str) -> Locator:
    """The messages of the thread in which the text stands."""
    return page.locator("#ticket-thread .message").filter(has_text=text)


def toast(page: Page, text: str) -> Locator:
    return page.locator("#messages toast-message").filter(has_text=text)


def rows(page: Page) -> Locator:
    return page.locator(".data-table tbody tr")


def wait_for_query(page: Page, **expected: str) -> None:
    """Wait until the address asks for just this; parameters without a value do not count."""
    page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == expected)


def stay(page: Page) -> None:
    """Mark the document, so that `stayed` can tell that no other was loaded."""
    page.evaluate("() => { window.marked = true }")


def stayed(page: Page) -> bool:
    return page.evaluate("() => window.marked === true")


def _created(page: Page, path: str, fields: dict[str, str]) -> str:
    form: dict[str, str | float | bool] = {"team": ACME, "nonce": str(uuid4()), **fields, **_token(page.context)}
    answer = page.context.request.post(path, form=form)
    assert answer.ok, answer.text()
    assert not answer.url.endswith(path), answer.text()
    return re.sub(r"^https?://[^/]+", "", answer.url)


def _token(context: BrowserContext) -> dict[str, str]:
    return {"csrfmiddlewaretoken": next(c["value"] for c in context.cookies() if c["name"] == "csrf")}
