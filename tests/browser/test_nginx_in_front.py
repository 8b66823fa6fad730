"""nginx in front has signed people in and names them in a header: what of that the desk believes."""

import json
import subprocess
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.server import free_port, served

# Who signs in at nginx stands in for whatever the company has there: a cookie's value is the person.
CONFIG = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $cookie_who $groups {{ default ""; ada "acme-agents,staff"; }}
  server {{
    listen 127.0.0.1:{port};
    location = /bye {{ add_header Set-Cookie "who=; Path=/; Max-Age=0"; return 303 /accounts/sign-in/; }}
    location / {{
      proxy_pass http://127.0.0.1:{desk};
      proxy_set_header Host $http_host;
      proxy_set_header X-User $cookie_who;
      proxy_set_header X-Groups $groups;
    }}
  }}
}}
"""
RULES = """
from teams.models import GroupRule, Team
GroupRule.objects.create(team=Team.objects.get(name="Acme Support"), group="acme-agents", role="agent")
"""
PROXY = json.dumps({"user_header": "X-User", "groups_header": "X-Groups", "sign_out": "/bye"})


@pytest.fixture(scope="module")
def desk():
    return free_port()


@pytest.fixture(scope="module")
def front(desk, tmp_path_factory):
    """The address of nginx, with the desk behind it that believes it."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, desk=desk))
    with served(RULES, PORT=str(desk), PROXY_SIGN_IN=PROXY, TRUSTED_PROXIES="127.0.0.1"):
        process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError as error:
            if isinstance(error, HTTPError):  # nginx is there and the desk is not
                error.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.fixture
def page(chromium, front):
    context = chromium.new_context(base_url=front)
    yield context.new_page()
    context.close()


def led_to(url: str, headers: dict[str, str]) -> str:
    """Where somebody without a browser ends who asks for the inbox with these headers."""
    with urlopen(Request(f"{url}/tickets/", headers=headers), timeout=10) as answer:
        return answer.url


def become(page, front: str, who: str) -> None:
    page.context.add_cookies([{"name": "who", "value": who, "url": front}])


def test_who_nginx_names_is_signed_in_with_the_roles_of_their_groups(page, front):
    become(page, front, "ada")
    page.goto("/tickets/")
    expect(page.locator(".rail")).to_contain_text("My tickets")
    become(page, front, "grace")
    page.goto("/tickets/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No team yet")


def test_a_session_ends_with_nginxs_word_and_signing_out_ends_that(page, front):
    become(page, front, "ada")
    page.goto("/tickets/")
    page.get_by_label("account menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "who"]


@pytest.mark.parametrize(
    "headers", [{"X-User": "ada"}, {"X_User": "ada"}, {"X-User": "ada", "X-Groups": "acme-agents"}]
)
def test_a_header_that_a_client_sends_does_not_come_through(headers, front):
    assert led_to(front, headers).startswith(f"{front}/accounts/sign-in/")


def test_a_clients_groups_are_not_added_to_its_own(page, front):
    become(page, front, "grace")
    page.set_extra_http_headers({"X-Groups": "acme-agents"})
    page.goto("/tickets/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No team yet")


def test_behind_nginxs_back_a_header_from_elsewhere_is_refused(front):
    """The desk listens on this machine alone; from an address that is not listed it would be believed as little."""
    with served(PROXY_SIGN_IN=PROXY, TRUSTED_PROXIES="192.0.2.1") as url:
        with pytest.raises(HTTPError) as caught:
            led_to(url, {"X-User": "ada"})
        assert caught.value.code == 403
        caught.value.close()
        assert led_to(url, {"X_User": "ada"}).startswith(f"{url}/accounts/sign-in/")
