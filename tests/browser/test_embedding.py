"""The desk in a portal's frame, third-party cookies blocked: on a sibling host, on another site, and where none may be.

nginx gives every host its name and TLS; the portals are the example of docs/embedding/portal.py.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser import desk
from tests.browser.conftest import WAIT, Faults
from tests.browser.desk import messages, reply_box, rows, send_button, unique
from tests.browser.server import ROOT, free_port, served
from tests.browser.test_accessibility import RUN

# By a sibling host of the portals', and by another site.
SIBLING, APART = "desk.corp.example", "desk.vendor.example"
DESKS = (SIBLING, APART)
PORTALS = {"portal.corp.example": "agent", "leads.corp.example": "manager"}
ROGUE, THIRD = "portal.rogue.example", "third.party.example"
SECRETS = {f"https://{host}": f"{host}-" * 3 for host in PORTALS}
ISSUED: list[str] = []
CONFIG = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  access_log {folder}/access.log; client_max_body_size 55m;
  ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
  {servers}
}}
"""
SERVER = """
  server {{
    listen 127.0.0.1:{tls} ssl; server_name {host};
    location / {{
      proxy_pass http://127.0.0.1:{port};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def listening(app) -> Iterator[int]:
    """The port on which the WSGI application answers; it ends with the block."""
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def portal(host: str, username: str, tls: int) -> ModuleType:
    """The example of the docs, for this host; the way from its server to the desks leads through our nginx."""
    spec = importlib.util.spec_from_file_location(f"portal_{username}", ROOT / "docs/embedding/portal.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.SECRET, module.PERSON = SECRETS[f"https://{host}"], username

    def urlopen(request, timeout):
        answer = asked(tls, request.host, "POST", request.selector, content=request.data, headers=request.headers)
        ISSUED.append(answer.raise_for_status().json()["token"])
        return io.BytesIO(answer.content)

    module.urlopen = urlopen

    def chosen(environ, start_response):
        """One portal for each desk: as the page is asked for."""
        if environ["PATH_INFO"] == "/":
            module.DESK = f"https://{environ['QUERY_STRING']}"
        return module.portal(environ, start_response)

    module.app = chosen
    return module


def asked(tls: int, host: str, method: str, path: str, **kwargs) -> httpx.Response:
    """What a server on another machine gets."""
    headers = {**kwargs.pop("headers", {}), "Host": host}
    with httpx.Client(verify=False) as client:
        return client.request(
            method, f"https://127.0.0.1:{tls}{path}", headers=headers, extensions={"sni_hostname": host}, **kwargs
        )


def third_party(environ, start_response):
    """Sets a cookie as third parties used to, and says which it was sent."""
    headers = [("Content-Type", "text/html"), ("Set-Cookie", "third=party; Path=/; Secure; SameSite=None")]
    start_response("200 OK", headers)
    return [f"<p>Cookies: {environ.get('HTTP_COOKIE', 'none')}.</p>".encode()]


@pytest.fixture(scope="module")
def tls(tmp_path_factory) -> Iterator[int]:
    """nginx's port: everything of these tests is behind it."""
    folder, port = tmp_path_factory.mktemp("frames"), free_port()
    certificate(folder)
    with ExitStack() as stack:
        ports = {host: stack.enter_context(listening(portal(host, who, port).app)) for host, who in PORTALS.items()}
        ports[ROGUE] = ports["portal.corp.example"]
        ports[THIRD] = stack.enter_context(listening(third_party))
        listed = {"FRAME_ANCESTORS": ",".join(SECRETS), "EMBED_PORTALS": json.dumps(SECRETS)}
        for host in DESKS:
            # With two portals' secrets in both: on the sibling host it is the quicker way in, not the only one.
            mode = {"EMBED": "cross-site"} if host == APART else {}
            url = stack.enter_context(served(ALLOWED_HOSTS=f"{host},127.0.0.1", **listed, **mode))
            ports[host] = int(url.rpartition(":")[2])
        servers = "".join(SERVER.format(tls=port, host=host, port=to) for host, to in ports.items())
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, user=user, servers=servers))
        process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(20)
        logged = (folder / "access.log").read_text()
        assert "/embed/?" in logged
        assert not [token for token in ISSUED if token in logged]


def certificate(folder: Path) -> None:
    names = ",".join(f"DNS:{host}" for host in (*DESKS, *PORTALS, ROGUE, THIRD))
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subject = ["-subj", "/CN=frames", "-addext", f"subjectAltName={names}"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *subject]
    subprocess.run(command, check=True, capture_output=True)


def wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            asked(port, APART, "GET", "/healthz").raise_for_status()
            return
        except (httpx.HTTPError, ssl.SSLError):
            assert time.monotonic() < end, "nginx did not start"
            assert process.poll() is None, "nginx did not start"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def blocking(chromium, tls):
    """A Chromium that keeps no third party's cookies, and finds every host of these tests at nginx."""
    arguments = ["--test-third-party-cookie-phaseout", f"--host-resolver-rules=MAP *.example 127.0.0.1:{tls}"]
    browser = desk.launch(chromium.browser_type, *arguments, whole=True)
    yield browser
    browser.close()


@pytest.fixture
def faults_in_frames():
    found = Faults(*DESKS, *PORTALS)
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def open_portal(blocking, faults_in_frames):
    """`open_portal(desk's host)` is the page of somebody who is at the portal, with the desk in it."""
    made: list[BrowserContext] = []

    def make(host: str, of: str = "portal.corp.example", **options) -> Page:
        context = blocking.new_context(
            ignore_https_errors=True, **{"viewport": {"width": 1200, "height": 950}, **options}
        )
        context.set_default_timeout(WAIT)
        faults_in_frames.watch(context)
        made.append(context)
        page = context.new_page()
        page.goto(f"https://{of}/?{host}")
        return page

    yield make
    for context in made:
        context.close()


def framed(page: Page) -> FrameLocator:
    return page.frame_locator("#desk")


def inside(page: Page):
    """The frame itself: its address, and its words."""
    return page.frames[1]


def new_ticket(page: Page) -> str:
    """Made in the frame; its subject."""
    subject = f"From the frame {unique()}"
    framed(page).get_by_role("link", name="New ticket", exact=True).first.click()
    framed(page).get_by_label("Subject").fill(subject)
    framed(page).get_by_role("textbox", name="Name").fill("Robin")
    framed(page).get_by_role("textbox", name="Email").fill(f"{unique()}@example.com")
    framed(page).get_by_role("button", name="Create ticket").click()
    expect(framed(page).get_by_role("heading", level=1)).to_have_text(subject)
    expect(framed(page).locator("#ticket-thread:not([hx-get])")).to_be_attached()
    return subject


def forget_session(page: Page, host: str) -> None:
    """The session is over, as after a long lunch: its cookie is gone."""
    before = page.context.cookies()
    gone = [cookie["name"] for cookie in before if cookie["domain"] == host and cookie["name"].endswith("session")]
    assert gone
    for name in gone:
        page.context.clear_cookies(name=name, domain=host)


def drop_tokens(page: Page) -> None:
    """From now on the portal answers nobody."""
    page.route("**/desk-token", lambda route: route.fulfill(status=403))


def hold_heartbeat(page: Page) -> None:
    """So that it is the person who finds out, and not the page before them."""
    page.route("**/live/?**", lambda route: route.fulfill(status=204))


def expect_compact(page: Page) -> None:
    expect(framed(page).locator(".embed-bar")).to_be_visible()
    expect(framed(page).locator(".rail")).to_be_hidden()
    expect(framed(page).locator(".topbar")).to_have_count(0)


def test_a_third_partys_ordinary_cookie_is_blocked(blocking):
    context = blocking.new_context(ignore_https_errors=True)
    page = context.new_page()
    for _ in range(2):
        page.goto(f"https://{THIRD}/")
    expect(page.get_by_text("Cookies: third=party.")).to_be_visible()  # of the first party it is none
    page.goto(f"https://portal.corp.example/?{SIBLING}")
    expect(rows(framed(page)).first).to_be_visible()
    for _ in range(2):
        page.evaluate(f"document.getElementById('desk').src = 'https://{THIRD}/?{unique()}'")
        expect(framed(page).get_by_text("Cookies: none.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("host", DESKS)
def test_the_portal_signs_in_and_the_agent_replies(open_portal, host):
    page = open_portal(host)
    expect(framed(page).get_by_role("heading", level=1)).to_have_text("Tickets")
    assert "#" not in inside(page).url
    new_ticket(page)
    reply_box(framed(page)).fill("Written in the portal")
    send_button(framed(page)).click()
    expect(messages(framed(page), "Written in the portal").first).to_be_visible()
    expect(reply_box(framed(page))).to_have_value("")


def test_cookies_are_as_the_mode_says(open_portal):
    for host, partitioned in ((SIBLING, False), (APART, True)):
        page = open_portal(host)
        expect(rows(framed(page)).first).to_be_visible()
        cookies = [cookie for cookie in page.context.cookies() if cookie["domain"] == host]
        assert len(cookies) == 2
        for cookie in cookies:
            assert cookie["name"].startswith("__Host-")
            assert cookie["secure"]
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == ("None" if partitioned else "Lax")
            assert bool(cookie.get("partitionKey")) == partitioned


@pytest.mark.parametrize("host", DESKS)
def test_a_file_is_uploaded(open_portal, host, tmp_path):
    page, word = open_portal(host, of="leads.corp.example"), unique()
    file = tmp_path / "export.csv"
    file.write_text(f"Ticket ID,Subject,Email\r\n{word},From the portal,{word}@example.com\r\n")
    for name in ("Settings", "Transfers"):
        framed(page).get_by_role("button", name="Menu", exact=True).click()
        framed(page).get_by_role("link", name=name, exact=True).click()
    framed(page).get_by_role("link", name="Import", exact=True).click()
    framed(page).get_by_label("File", exact=True).set_input_files(file)
    framed(page).get_by_role("button", name="Upload").click()
    expect(framed(page).get_by_role("heading", level=1)).to_have_text("Import tickets")
    expect_compact(page)


@pytest.mark.parametrize("host", DESKS)
def test_a_session_lost_while_writing_comes_back_from_the_portal_and_the_words_stay(open_portal, host):
    page, word = open_portal(host), unique()
    new_ticket(page)
    hold_heartbeat(page)
    reply_box(framed(page)).fill(f"Begun before {word}")
    forget_session(page, host)
    send_button(framed(page)).click()
    expect(framed(page).get_by_text("You are signed in again.")).to_be_visible()
    expect(reply_box(framed(page))).to_have_value(f"Begun before {word}")
    reply_box(framed(page)).press_sequentially(" and after")
    send_button(framed(page)).click()
    expect(messages(framed(page), f"Begun before {word} and after")).to_have_count(1)
    expect(reply_box(framed(page))).to_have_value("")


def test_a_form_that_was_sent_too_late_is_given_back_and_the_portal_asked(open_portal):
    page, name = open_portal(APART), f"Robin {unique()}"
    expect(rows(framed(page)).first).to_be_visible()
    inside(page).goto(f"https://{APART}/customers/new/")
    framed(page).get_by_label("Name", exact=True).fill(name)
    framed(page).get_by_label("Email").fill(f"{unique()}@example.com")
    hold_heartbeat(page)
    forget_session(page, APART)
    framed(page).get_by_role("button", name="Create customer").click()
    expect(framed(page).get_by_text("You are signed in again.")).to_be_visible()
    expect(framed(page).get_by_role("textbox").first).to_have_value(name)


def test_a_page_that_only_stays_open_comes_back_by_itself(open_portal):
    page = open_portal(APART)
    expect(rows(framed(page)).first).to_be_visible()
    drop_tokens(page)
    forget_session(page, APART)
    expect(framed(page).get_by_text("The portal signs you in again")).to_be_visible(timeout=2 * WAIT)
    page.unroute_all()
    # A question of before may have been answered by now, and the button be gone.
    inside(page).evaluate("document.querySelector('[data-ask]')?.click()")
    expect(framed(page).get_by_text("The portal signs you in again")).to_have_count(0)
    framed(page).get_by_role("link", name="Home", exact=True).click()
    expect(framed(page).get_by_role("heading", level=1)).to_have_text("Home")


def test_a_link_followed_after_the_session_ended_leads_on_as_soon_as_the_portal_answers(open_portal):
    page = open_portal(APART)
    expect(rows(framed(page)).first).to_be_visible()
    forget_session(page, APART)
    subject = rows(framed(page)).first.locator("a.subject").inner_text()
    rows(framed(page)).first.locator("a.subject").click()
    expect(framed(page).get_by_role("heading", level=1)).to_contain_text(subject)


def test_on_the_same_site_a_window_signs_in_and_the_words_stay(open_portal):
    page, word = open_portal(SIBLING), unique()
    new_ticket(page)
    drop_tokens(page)
    hold_heartbeat(page)
    reply_box(framed(page)).fill(f"Kept {word}")
    forget_session(page, SIBLING)
    send_button(framed(page)).click()
    banner = framed(page).get_by_role("alert").filter(has_text="You are signed out.")
    expect(banner).to_be_visible()
    with page.expect_popup() as opened:
        banner.get_by_role("link", name="Sign in").click()
    with opened.value.expect_event("close"):
        opened.value.locator("button[value=agent]").click()
    expect(reply_box(framed(page))).to_have_value(f"Kept {word}")
    # The draft is saved with the session of the window, and brings the page its new token.
    saved = framed(page).get_by_role("form").get_by_text("Draft saved", exact=True)
    expect(saved).to_be_visible(timeout=2 * WAIT)
    send_button(framed(page)).click()
    expect(messages(framed(page), f"Kept {word}")).to_have_count(1)


def test_on_the_same_site_the_waiting_page_goes_on_after_the_window(open_portal):
    page = open_portal(SIBLING)
    expect(rows(framed(page)).first).to_be_visible()
    drop_tokens(page)
    forget_session(page, SIBLING)
    framed(page).get_by_role("button", name="Menu", exact=True).click()
    framed(page).get_by_role("link", name="Customers", exact=True).click()
    with page.expect_popup() as opened:
        framed(page).get_by_role("link", name="Sign in").click()
    opened.value.locator("button[value=agent]").click()
    expect(framed(page).get_by_role("heading", level=1)).to_have_text("Customers")


@pytest.mark.parametrize("host", DESKS)
def test_a_token_that_was_used_is_refused_in_words(open_portal, host):
    page = open_portal(host, reduced_motion="reduce")
    expect(rows(framed(page)).first).to_be_visible()
    drop_tokens(page)
    address = page.get_attribute("#desk", "src")
    page.context.clear_cookies()
    page.evaluate("address => { document.getElementById('desk').src = address; }", address)
    expect(framed(page).get_by_text("This sign-in was already used.")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        inside(page).evaluate(AXE_SCRIPT)
        results = AxeResults(inside(page).evaluate(RUN))
        assert not results.violations_count, results.generate_report()


def test_a_portal_that_is_not_listed_shows_nothing(blocking):
    context = blocking.new_context(ignore_https_errors=True)
    page = context.new_page()
    for host in DESKS:
        refused = []
        page.on("console", lambda message, refused=refused: refused.append(message.text))
        page.goto(f"https://{ROGUE}/?{host}")
        page.evaluate(f"document.getElementById('desk').src = 'https://{host}/accounts/sign-in/'")
        page.wait_for_timeout(300)
        assert any("frame-ancestors" in text for text in refused), refused
        assert inside(page).locator("form").count() == 0
    context.close()


def test_pages_stay_compact_wherever_one_goes(open_portal):
    page = open_portal(APART)
    expect_compact(page)
    rows(framed(page)).first.locator("a.subject").click()
    expect(framed(page).locator("#ticket-thread")).to_be_visible()
    expect_compact(page)
    page.evaluate("history.back()")
    expect(rows(framed(page)).first).to_be_visible()
    expect_compact(page)
    framed(page).get_by_label("Status", exact=True).select_option("open")
    expect(framed(page).get_by_role("heading", level=1)).to_be_visible()
    inside(page).evaluate("location.reload()")
    expect_compact(page)
    framed(page).get_by_role("button", name="Menu", exact=True).click()
    framed(page).get_by_role("link", name="Customers", exact=True).click()
    framed(page).get_by_role("searchbox", name="Search tickets").fill("a")
    framed(page).get_by_role("searchbox", name="Search tickets").press("Enter")
    expect_compact(page)
    new_ticket(page)
    expect_compact(page)


def test_a_page_opened_in_a_new_tab_is_the_whole_desk(open_portal):
    page = open_portal(SIBLING)
    with page.context.expect_page() as opened:
        rows(framed(page)).first.locator("a.subject").click(modifiers=["Control"])
    expect(opened.value.locator(".topbar")).to_be_visible()
    expect(opened.value.locator(".rail")).to_be_visible()
    expect(opened.value.locator(".embed-bar")).to_have_count(0)


LISTEN = """() => {
    window.heard = [];
    addEventListener("message", ({ origin, data }) => heard.push({ origin, ...data }));
}"""


def test_the_portal_is_told_and_nobody_else(open_portal):
    page = open_portal(APART)
    expect(rows(framed(page)).first).to_be_visible()
    expect(page.locator("#unread")).to_have_text(re.compile(r"\d+ tickets"))
    page.evaluate(LISTEN)
    subject = new_ticket(page)
    page.wait_for_function("() => heard.some((one) => one.type === 'height')")
    heard = page.evaluate("() => heard")
    assert {one["origin"] for one in heard} == {f"https://{APART}"}
    assert {one["source"] for one in heard} == {"cstar-desk"}
    route = next(one for one in heard if one["type"] == "route" and "/tickets/tkt_" in one["path"])
    assert subject in route["title"]
    assert "embed" not in route["path"]
    height = next(one for one in heard if one["type"] == "height")["height"]
    assert height > 100
    expect(page).to_have_title(re.compile("- Portal$"))


def test_a_page_says_its_own_height_and_not_the_frames(open_portal):
    page = open_portal(SIBLING)
    expect(rows(framed(page)).first).to_be_visible()
    page.evaluate(LISTEN)
    page.evaluate("() => { document.getElementById('desk').height = 4000 }")
    framed(page).get_by_role("link", name="New ticket", exact=True).first.click()
    page.wait_for_function("() => heard.some((one) => one.type === 'height' && one.height < 2000)")


def test_a_message_with_a_token_counts_only_from_the_portal_and_only_when_signed_out(open_portal):
    page = open_portal(APART)
    expect(rows(framed(page)).first).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/embed/") else None)
    page.evaluate("desk => frames[0].postMessage({ type: 'token', token: 'x' }, desk)", f"https://{APART}")
    inside(page).evaluate("() => postMessage({ type: 'token', token: 'x' }, location.origin)")
    page.wait_for_timeout(300)
    assert sent == []
