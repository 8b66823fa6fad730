"""Signing in at a real OpenID provider: who comes, who comes back, who does not, and what is not believed."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Faults, contexts
from tests.browser.providers import HERE, NPM, Running, running
from tests.browser.server import free_port, served
from tests.browser.test_accessibility import check

RULES = """
from teams.models import GroupRule, Team
acme = Team.objects.get(name="Acme Support")
GroupRule.objects.create(team=acme, group="acme-agents", role="agent")
GroupRule.objects.create(team=acme, group="acme-leads", role="manager")
"""
SECRET = "the-client-secret-of-the-tests"
# The provider's own pages ask for one.
FONTS = "fonts.googleapis.com"
ADA = {"name": "Ada Lovelace", "preferred_username": "ada", "email": "ada@corp.example", "email_verified": True}


@pytest.fixture(scope="module")
def ports():
    return free_port(), free_port()


@pytest.fixture(scope="module")
def op(ports):
    port, desk = ports
    site = f"http://127.0.0.1:{desk}/accounts"
    arguments = (
        str(port),
        str(NPM),
        "desk",
        SECRET,
        f"{site}/oidc/corp/callback/",
        f"{site}/sign-in/",
    )
    with running(port, "node", HERE / "openid_provider.mjs", *arguments) as provider:
        yield provider


@pytest.fixture(scope="module")
def site(ports, op):
    entry = {"id": "corp", "name": "Corp", "discovery": op.url, "client_id": "desk", "client_secret": SECRET}
    settings = {"PORT": str(ports[1]), "LOCAL_PASSWORDS": "0", "OIDC_PROVIDERS": json.dumps([entry])}
    with served(RULES, **settings) as url:
        yield url


@pytest.fixture
def honest(op):
    op.lies("honest")
    op.people(ada=ADA)
    yield op
    op.lies("honest")


@pytest.fixture
def browser_of(chromium, site, honest):
    """`browser_of()` is a browser with nothing in it yet, at the desk or at the provider."""
    faults = Faults(urlsplit(site).netloc, urlsplit(honest.url).netloc, FONTS)
    with contexts(chromium, faults, base_url=site, reduced_motion="reduce") as make:

        def without_fonts() -> BrowserContext:
            context = make()
            context.route(f"https://{FONTS}/**", lambda route: route.fulfill(body=""))
            return context

        yield without_fonts
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(browser_of) -> Page:
    return browser_of().new_page()


def to_provider(page: Page) -> None:
    page.get_by_role("link", name="Sign in with Corp").click()


def sign_in(page: Page, name: str = "ada", path: str = "/") -> None:
    page.goto(path)
    to_provider(page)
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()


def expect_refused(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/$"))
    expect(page.locator("#messages")).to_contain_text("Sign-in with Corp did not work.")
    page.goto("/tickets/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))


def test_the_first_time_an_account_is_made_and_the_next_time_found(browser_of):
    for _ in range(2):
        page = browser_of().new_page()
        sign_in(page, path="/customers/?status=active")
        expect(page).to_have_url("/customers/?status=active")
        expect(page.get_by_role("heading", level=1)).to_have_text("No team yet")


def test_passwords_are_switched_off(page):
    page.goto("/accounts/sign-in/")
    check(page)
    expect(page.get_by_label("Password")).to_have_count(0)
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrf")
    form = {"csrfmiddlewaretoken": token, "username": "agent", "password": "a long enough password"}
    assert page.context.request.post("/accounts/sign-in/", form=form).status == 403


def test_groups_give_a_team_and_take_it_back_in_every_browser(browser_of, honest):
    first, second = browser_of().new_page(), browser_of().new_page()
    honest.people(ada={**ADA, "groups": ["acme-agents"]})
    sign_in(first, path="/tickets/")
    expect(first.locator(".rail")).to_contain_text("My tickets")
    expect(first.locator(".menu__item").filter(has_text="Activity")).to_have_count(0)

    honest.people(ada={**ADA, "groups": ["acme-agents", "acme-leads"]})
    sign_in(second, path="/tickets/")
    expect(second.locator(".menu__item").filter(has_text="Activity")).to_have_count(1)
    first.reload()
    expect(first.locator(".menu__item").filter(has_text="Activity")).to_have_count(1)

    honest.people(ada={**ADA, "groups": ["staff"]})
    second.context.clear_cookies(name="session")
    second.goto("/tickets/")
    to_provider(second)
    expect(second.get_by_role("heading", level=1)).to_have_text("No team yet")
    first.goto("/tickets/")
    expect(first).to_have_url(re.compile(r"/accounts/sign-in/"))


def test_signing_out_ends_the_providers_session_too(page, honest):
    sign_in(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{honest.url}/**")
    page.locator("button[value=yes]").click()
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))
    to_provider(page)
    expect(page.locator("input[name=login]")).to_be_visible()


def test_who_is_switched_off_there_does_not_come_in(page, honest):
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("No team yet")
    page.context.clear_cookies(name="session")
    honest.people(ada=None)
    page.goto("/")
    to_provider(page)
    expect(page.locator("#messages")).to_contain_text("Sign-in with Corp was not completed.")
    page.goto("/tickets/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))


@pytest.mark.parametrize("lie", ["tampered", "foreign", "audience", "issuer", "expired", "nonce", "unsigned"])
def test_a_token_that_proves_nothing_lets_nobody_in(lie, page, honest):
    honest.lies(lie)
    sign_in(page)
    expect_refused(page)


def test_an_answer_counts_once_and_only_where_it_was_asked_for(browser_of, page):
    answers: list[str] = []
    page.on("request", lambda request: answers.append(request.url) if "/callback/" in request.url else None)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("No team yet")
    stranger = browser_of().new_page()
    stranger.goto(answers[0])
    expect_refused(stranger)
    page.goto(answers[0])
    expect(page).not_to_have_url(re.compile("callback"))


def test_changing_ones_mind_at_the_provider_leads_back(page):
    page.goto("/")
    to_provider(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#messages")).to_contain_text("Sign-in with Corp was not completed.")


def test_a_provider_that_is_away_is_a_sentence(chromium):
    entry = {"id": "corp", "name": "Corp", "discovery": f"http://127.0.0.1:{free_port()}", "client_id": "desk"}
    with served(OIDC_PROVIDERS=json.dumps([entry])) as url:
        page = chromium.new_page(base_url=url)
        page.goto("/")
        to_provider(page)
        expect_refused(page)
        page.close()


def test_the_provider_is_told_what_it_needs_and_nothing_else(page, honest: Running):
    page.goto("/")
    with page.expect_request(f"{honest.url}/auth?**") as asked:
        page.goto("/accounts/oidc/corp/?scope=admin&process=connect&auth_params=prompt%3Dnone&next=//evil.example")
    query = urlsplit(asked.value.url).query
    assert {"code_challenge_method=S256", "response_type=code"} <= set(query.split("&"))
    assert "nonce=" in query
    for word in ("admin", "prompt", "evil", SECRET):
        assert word not in query
