"""Pages of this very process in a browser: what a test has put into its database is shown, and rolled back with it.

For tests of how pages look. Those of how the desk works drive a server that was started as people start it.
"""

from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

ORIGIN = "http://testserver"
# What the browser says that a page may depend on.
HEADERS = ("accept-language", "content-type", "hx-request", "hx-target", "referer", "sec-fetch-dest", "x-shown")


def show(page: Page, response: HttpResponse) -> None:
    """Show an answer that the test already has."""
    address = f"{ORIGIN}/the-answer/"

    def answer(route: Route) -> None:
        route.fulfill(headers=dict(response.items()), body=response.getvalue())

    page.route(address, answer)
    page.goto(address)
    page.unroute(address)


def answer_from(context: BrowserContext, person: Client) -> None:
    """Answer all requests of the context in the name of the person, whatever cookies the browser has."""
    # Django keeps its database connections in context variables, of which the browser's events have their own.
    here = copy_context()

    def answer(route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        assert f"{address.scheme}://{address.netloc}" == ORIGIN, request.url
        if address.path.startswith(settings.STATIC_URL):
            return route.fulfill(path=Path(str(finders.find(address.path.removeprefix(settings.STATIC_URL)))))
        given = request.all_headers()
        headers = {name: given[name] for name in HEADERS if name in given}
        path = f"{address.path}?{address.query}" if address.query else address.path
        body = request.post_data_buffer or b""
        kind = headers.pop("content-type", "application/octet-stream")
        response = here.run(person.generic, request.method, path, body, content_type=kind, headers=headers)
        return route.fulfill(status=response.status_code, headers=dict(response.items()), body=response.getvalue())

    context.route("**/*", answer)
