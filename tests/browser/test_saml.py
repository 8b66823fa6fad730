"""Signing in at a real SAML provider: who comes, who comes back, who does not, and what is not believed."""

import datetime
import json
import re
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Faults, contexts
from tests.browser.providers import HERE, NPM, running
from tests.browser.server import free_port, served

RULES = """
from teams.models import GroupRule, Team
GroupRule.objects.create(team=Team.objects.get(name="Acme Support"), group="acme-agents", role="agent")
"""
ADA = {"email": "ada@corp.example", "groups": ["acme-agents", "staff"]}


def key_files(folder) -> list[str]:
    """A key, a certificate of it, and a key that is not the certificate's."""
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, keys[0].public_key(), 1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(keys[0], hashes.SHA256())
    )
    pems = [key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()) for key in keys]
    files = {"key.pem": pems[0], "certificate.pem": certificate.public_bytes(Encoding.PEM), "foreign.pem": pems[1]}
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [str(folder / file) for file in files]


@pytest.fixture(scope="module")
def ports():
    return free_port(), free_port()


@pytest.fixture(scope="module")
def idp(ports, tmp_path_factory):
    port, desk = ports
    metadata = f"http://127.0.0.1:{desk}/accounts/saml/corp/metadata/"
    arguments = (str(port), NPM, metadata, *key_files(tmp_path_factory.mktemp("idp")))
    with running(port, "node", HERE / "saml_provider.mjs", *arguments) as provider:
        yield provider


@pytest.fixture(scope="module")
def site(ports, idp):
    address = f"{idp.url}/metadata"
    entry = {"id": "corp", "name": "Corp", "entity_id": address, "metadata": address}
    with served(RULES, PORT=str(ports[1]), SAML_PROVIDERS=json.dumps([entry])) as url:
        yield url


@pytest.fixture
def honest(idp):
    idp.lies("honest")
    idp.people(ada=ADA)
    return idp


@pytest.fixture
def browser_of(chromium, site, honest):
    faults = Faults(urlsplit(site).netloc, urlsplit(honest.url).netloc)
    with contexts(chromium, faults, base_url=site) as make:

        def with_icon() -> BrowserContext:
            context = make()
            # The provider's small pages have none.
            context.route(f"{honest.url}/favicon.ico", lambda route: route.fulfill(body=""))
            return context

        yield with_icon
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(browser_of) -> Page:
    return browser_of().new_page()


def at_provider(page: Page, path: str = "/tickets/") -> None:
    """As far as the page that sends the provider's answer."""
    page.goto(path)
    page.get_by_role("link", name="Sign in with Corp").click()
    page.get_by_label("Person").fill("ada")
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, path: str = "/tickets/") -> None:
    at_provider(page, path)
    page.get_by_role("button", name="Continue").click()


def expect_refused(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/$"))
    expect(page.locator("#messages")).to_contain_text("Sign-in with Corp did not work.")
    page.goto("/tickets/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))


def test_the_first_time_and_the_next(browser_of):
    for _ in range(2):
        page = browser_of().new_page()
        sign_in(page, "/customers/?status=active")
        expect(page).to_have_url("/customers/?status=active")
        page.get_by_label("account menu").click()
        expect(page.locator(".menu__person")).to_contain_text("ada")


def test_a_group_that_is_left_is_a_team_that_is_left(browser_of, honest):
    first, second = browser_of().new_page(), browser_of().new_page()
    sign_in(first)
    expect(first).to_have_url("/tickets/")
    honest.people(ada={**ADA, "groups": []})
    sign_in(second)
    expect(second.get_by_role("heading", level=1)).to_have_text("No team yet")
    first.reload()
    expect(first).to_have_url(re.compile(r"/accounts/sign-in/"))


@pytest.mark.parametrize("lie", ["tampered", "unsigned", "foreign", "audience", "expired", "unasked"])
def test_an_answer_that_proves_nothing_lets_nobody_in(lie, page, honest):
    honest.lies(lie)
    sign_in(page)
    expect_refused(page)


def test_an_id_that_is_another_each_time_is_refused(page, honest):
    honest.people(ada={**ADA, "format": "transient"})
    sign_in(page)
    expect_refused(page)


def test_an_answer_counts_once_and_in_the_browser_that_asked(browser_of, page):
    at_provider(page)
    answer = page.locator("input[name=SAMLResponse]").input_value()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url("/tickets/")
    for again in (page, browser_of().new_page()):
        again.context.clear_cookies(name="session")
        again.goto("/accounts/sign-in/")
        sent = again.context.request.post("/accounts/saml/corp/acs/", form={"SAMLResponse": answer})
        assert sent.url.endswith("/accounts/sign-in/")
        again.goto("/tickets/")
        expect(again).to_have_url(re.compile(r"/accounts/sign-in/"))


@pytest.mark.parametrize("answer", ["", "nonsense", "PHg+", "x" * 300_000])
def test_nonsense_is_no_answer(answer, page):
    sent = page.context.request.post("/accounts/saml/corp/acs/", form={"SAMLResponse": answer})
    assert sent.ok
    assert sent.url.endswith("/accounts/sign-in/")


def test_signing_out_asks_the_provider_too(page, honest):
    sign_in(page)
    page.get_by_label("account menu").click()
    with page.expect_request(f"{honest.url}/slo?**"):
        page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))
    page.goto("/tickets/")
    expect(page).to_have_url(re.compile(r"/accounts/sign-in/"))


def test_a_provider_that_is_away_is_a_sentence(chromium):
    address = f"http://127.0.0.1:{free_port()}/metadata"
    entry = {"id": "corp", "name": "Corp", "entity_id": address, "metadata": address}
    with served(SAML_PROVIDERS=json.dumps([entry])) as url:
        page = chromium.new_page(base_url=url)
        page.goto("/")
        page.get_by_role("link", name="Sign in with Corp").click()
        expect_refused(page)
        page.close()
