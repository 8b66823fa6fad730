"""Pictures of the desk for the documentation, by hand: `.venv/bin/python -m scripts.screenshots`.

They are taken of a desk of their own with the demo in it, by what the browser tests use (requirements/dev.txt).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import desk
from tests.browser.server import served

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
LIMIT = 300_000  # bytes; a page with pictures has to load too
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
KINDS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW, "has_touch": True},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
}


def tickets(page: Page) -> None:
    page.goto("/tickets/?status=active")


def ticket(page: Page) -> None:
    """The longest conversation among the urgent ones."""
    page.goto("/tickets/?status=active&priority=urgent&sort=-messages")
    page.goto(page.locator("a.subject").first.get_attribute("href") or "")
    page.wait_for_selector("#ticket-thread:not([hx-get])", state="attached")


def customer(page: Page) -> None:
    page.goto("/customers/?sort=-tickets")
    page.locator("a.subject").first.click()
    page.wait_for_load_state("networkidle")


def sign_in(page: Page) -> None:
    page.goto("/accounts/sign-in/")


SIGNED_IN = {"tickets": tickets, "ticket": ticket, "customer": customer}


def take(browser: Browser, url: str) -> None:
    for kind, options in KINDS.items():
        context = browser.new_context(base_url=url, reduced_motion="reduce", **options)
        page = context.new_page()
        shoot(page, "sign-in", sign_in, kind)
        desk.sign_in(context, "manager")
        for name, show in SIGNED_IN.items():
            shoot(page, name, show, kind)
        context.close()


def shoot(page: Page, name: str, show: Callable[[Page], None], kind: str) -> None:
    show(page)
    path = FOLDER / f"{name}-{kind}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > LIMIT:
        raise SystemExit(f"{path.name} has {size:,} bytes; {LIMIT:,} are allowed.")
    print(f"{path.name}: {size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as url, sync_playwright() as playwright:
        take(desk.launch(playwright.chromium), url)
