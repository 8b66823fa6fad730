"""The line to cStar is cut while somebody works, and comes back: a desk with another desk's cStar, over a socket."""

import select
import socket
import threading
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import messages, reply_box, rows, send_button
from tests.browser.server import served

PASSWORD = "correct horse battery staple"
PEOPLE = f"""
from teams import demo
from teams.models import User
demo.seed()
agent = User.objects.get(username="agent")
agent.set_password("{PASSWORD}")
agent.save()
"""
LONG = 45_000  # until the next try, after some that failed


class Line(threading.Thread):
    """Passes connections on to a port as long as it is not cut."""

    def __init__(self, port: int):
        super().__init__(daemon=True)
        self.to, self.cut, self.ended = port, False, False
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def run(self) -> None:
        while not self.ended:
            if select.select([self.server], [], [], 0.2)[0]:
                caller, _ = self.server.accept()
                threading.Thread(target=self._pass, args=(caller,), daemon=True).start()
        self.server.close()

    def _pass(self, caller: socket.socket) -> None:
        with caller:
            if self.cut:
                return
            with socket.create_connection(("127.0.0.1", self.to)) as there:
                while not self.cut and not self.ended:
                    for side in select.select([caller, there], [], [], 0.1)[0]:
                        data = side.recv(65536)
                        if not data:
                            return
                        (there if side is caller else caller).sendall(data)


@pytest.fixture
def line(desk_url):
    found = Line(urlsplit(desk_url).port)
    found.start()
    yield found
    found.ended = True
    found.join()


@pytest.fixture
def page(chromium, line):
    """The agent of a desk whose cStar is behind the line."""
    with served(PEOPLE, CSTAR_API_URL=f"http://127.0.0.1:{line.port}/api/v1") as url:
        context = chromium.new_context(base_url=url)
        page = context.new_page()
        page.goto("/accounts/sign-in/")
        page.get_by_label("Username").fill("agent")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Home")
        yield page
        context.close()


def test_work_goes_on_and_leaves_by_itself_when_cstar_is_back(page: Page, line, visit):
    page.goto("/tickets/?status=active&sort=-messages")
    while not rows(page).count():  # the first fill
        page.wait_for_timeout(500)
        page.reload()
    rows(page).first.get_by_role("link").first.click()
    expect(reply_box(page)).to_be_visible()
    path = urlsplit(page.url).path
    another = "low" if page.get_by_label("Priority").input_value() != "low" else "high"

    line.cut = True
    reply_box(page).fill("Written while cStar was away")
    send_button(page).click()
    leaving = page.locator("[id^=outgoing-]").filter(has_text="Written while cStar was away")
    expect(leaving).to_contain_text("Waiting for cStar", timeout=LONG)
    expect(reply_box(page)).to_have_value("")
    page.get_by_label("Priority").select_option(another)
    expect(page.locator("#prop-row-priority")).to_contain_text("aiting for cStar", timeout=LONG)
    page.goto("/tickets/?status=active&sort=-messages")
    expect(rows(page).first).to_contain_text("Waiting for cStar")
    expect(page.locator("#freshness, #notices")).to_contain_text(["cStar does not answer"], timeout=LONG)

    page.goto(path)
    line.cut = False
    expect(leaving).to_have_count(0, timeout=LONG)
    expect(messages(page, "Written while cStar was away")).to_have_count(1)
    there = visit("agent")
    there.goto(path)
    expect(messages(there, "Written while cStar was away")).to_have_count(1)
    expect(there.get_by_label("Priority")).to_have_value(another, timeout=LONG)
