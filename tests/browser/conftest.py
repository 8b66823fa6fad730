"""One real server and one real Chromium for all tests of a process; a context of its own for each person in a test.

Whatever a test does, its pages must not log an error, break the content policy, reach for another host or get a 5xx.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import desk
from tests.browser.server import served

HERE = Path(__file__).parent
WAIT = 10_000
# Chromium and htmx log each answer of 4xx; the pages that the tests provoke it on are meant to answer so.
REFUSED = re.compile(r"status of 4\d\d|Response Status Error Code 4\d\d")
UNREACHABLE = re.compile(r"ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")
TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`))"""


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Parallel workers share the modules; each has a desk and a Chromium of its own.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def desk_url():
    with served() as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    # Playwright keeps an event loop in this thread; Django would refuse the database to every later test because of it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = desk.launch(playwright.chromium)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Faults(list):
    """What went wrong in a test's pages without the test looking for it."""

    def __init__(self, *hosts: str):
        super().__init__()
        self.hosts = hosts
        self.offline_is_fine = False

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._logged)
        context.on("weberror", lambda error: self.append(f"thrown: {error.error}"))
        context.on("request", self._requested)
        context.on("response", self._answered)

    def _logged(self, message):
        text = message.text
        if message.type not in {"error", "warning"} or REFUSED.search(text):
            return
        if not (self.offline_is_fine and UNREACHABLE.search(text)):
            self.append(f"{message.type}: {text}")

    def _requested(self, request):
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc not in self.hosts:
            self.append(f"another host: {request.url}")

    def _answered(self, response):
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.append(f"{response.status}: {response.url}")


@contextmanager
def contexts(chromium: Browser, faults: Faults, **usual: Any) -> Iterator[Callable[..., BrowserContext]]:
    """A function that opens browsers with nothing in them yet; they are closed with the block."""
    made = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**usual | options)
        context.set_default_timeout(WAIT)
        faults.watch(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def faults(desk_url):
    found = Faults(urlsplit(desk_url).netloc)
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def open_context(chromium, desk_url, faults):
    """`open_context(**options)` is a browser with nothing in it yet."""
    with contexts(chromium, faults, base_url=desk_url, viewport={"width": 1440, "height": 900}) as make:
        yield make


@pytest.fixture
def visit(open_context):
    """`visit("agent")` is the page of somebody who is signed in, in a browser of their own."""

    def make(username: str = "agent", **options) -> Page:
        context = open_context(**options)
        desk.sign_in(context, username)
        return context.new_page()

    return make
