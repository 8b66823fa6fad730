"""The desk behind nginx, as docs/deploy/nginx.conf sets it up and with Debian's nginx."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from tests.browser.server import free_port, served

ROOT = Path(__file__).resolve().parent.parent
HOST = "desk.example.com"
MAIN = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""
pytestmark = pytest.mark.xdist_group("test_nginx")  # they share a server


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """`plain` and `tls` are browsers of the site; `direct` is one that got around nginx."""
    folder, data = tmp_path_factory.mktemp("nginx"), tmp_path_factory.mktemp("desk")
    certificate(folder)
    ports = {"80": free_port(), "443": free_port()}
    with served(DATA_DIR=str(data), ALLOWED_HOSTS=f"{HOST},127.0.0.1") as url, nginx(folder, data, url, ports):
        trusted = ssl.create_default_context(cafile=folder / "cert.pem")
        plain = httpx.Client(base_url=f"http://127.0.0.1:{ports['80']}", headers={"Host": HOST})
        with plain, tls(ports["443"], trusted) as browser:
            yield SimpleNamespace(plain=plain, tls=browser, fresh=lambda: tls(ports["443"], trusted), folder=folder)


def tls(port: int, trusted: ssl.SSLContext) -> httpx.Client:
    names = {"Host": HOST, "Referer": f"https://{HOST}/", "Origin": f"https://{HOST}"}
    # From an address that is no proxy's, as a client's is.
    transport = httpx.HTTPTransport(verify=trusted, local_address="127.0.0.2")
    client = httpx.Client(base_url=f"https://127.0.0.1:{port}", headers=names, transport=transport, timeout=60)
    client.event_hooks["request"].append(lambda request: request.extensions.update(sni_hostname=HOST))
    return client


def certificate(folder: Path) -> None:
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *subject]
    subprocess.run(command, check=True, capture_output=True)


class nginx:  # noqa: N801
    """Debian's nginx with the site of our docs, its ports and paths put in; it ends with the block."""

    def __init__(self, folder: Path, data: Path, desk: str, ports: dict[str, int]):
        site = (ROOT / "docs/deploy/nginx.conf").read_text()
        for port, free in ports.items():
            site = site.replace(f"listen {port}", f"listen 127.0.0.1:{free}")
        site = re.sub(r"listen \[::\].*", "", site)
        site = site.replace("127.0.0.1:8000", desk.removeprefix("http://"))
        site = site.replace("/var/www/cstar-desk/", f"{data}/static/")
        site = site.replace("/var/log/nginx/", f"{folder}/")
        site = re.sub(r"/etc/letsencrypt/\S+/fullchain", f"{folder}/cert", site)
        site = re.sub(r"/etc/letsencrypt/\S+/privkey", f"{folder}/key", site)
        (folder / "site.conf").write_text(site)
        user = "user root;" if os.geteuid() == 0 else ""
        self._config, self._port = folder / "nginx.conf", ports["443"]
        self._config.write_text(MAIN.format(folder=folder, user=user))

    def __enter__(self):
        self._running = subprocess.Popen(["nginx", "-c", self._config], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._running.poll() is None:
            try:
                return httpx.get(f"https://127.0.0.1:{self._port}/", verify=False)
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError(f"nginx did not start: {self._running.stderr.read()}")

    def __exit__(self, *failure):
        self._running.terminate()
        self._running.wait(20)
        self._running.stderr.close()


def signed_in(browser: httpx.Client, username: str = "agent") -> httpx.Client:
    browser.get("/accounts/sign-in/")
    token = browser.cookies["__Host-csrf"]
    answer = browser.post("/accounts/demo/", data={"username": username, "csrfmiddlewaretoken": token})
    assert answer.status_code == 302, answer.text
    return browser


def test_plain_http_is_sent_to_tls(site):
    answer = site.plain.get("/tickets/?status=open")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{HOST}/tickets/?status=open"


def test_a_person_signs_in_and_sees_the_inbox(site):
    with site.fresh() as browser:
        answer = signed_in(browser).get("/tickets/")
    assert answer.status_code == 200
    assert "Acme Support" in answer.text
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers.get_list("Content-Encoding") == ["gzip"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "nginx/" not in answer.headers["Server"]


def test_cookies_are_for_this_host_and_tls_alone(site):
    with site.fresh() as browser:
        cookies = browser.get("/accounts/sign-in/").headers.get_list("Set-Cookie")
    assert cookies
    assert all(re.match(r"__Host-.*; Path=/;.*Secure", cookie) for cookie in cookies)


def test_files_come_from_nginx_compressed_and_are_kept_for_ever(site):
    page = site.tls.get("/accounts/sign-in/").text
    path = re.search(r"/static/[^\"]+\.css", page)[0]
    answer = site.tls.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Request-ID" not in answer.headers  # the desk was not asked
    assert site.tls.get("/static/none.css").status_code == 404


def test_a_large_file_gets_through_and_a_larger_one_does_not(site):
    with site.fresh() as browser:
        signed_in(browser, "manager")
        token = browser.cookies["__Host-csrf"]

        def upload(size: int) -> int:
            form = {"csrfmiddlewaretoken": token, "resource": "tickets"}
            files = {"file": ("much.csv", b"x" * size, "text/csv")}
            return browser.post("/transfers/import/", data=form, files=files).status_code

        assert upload(54_000_000) not in {413, 502, 504}
        assert upload(60_000_000) == 413


def test_both_logs_have_the_same_request_id_whatever_the_client_says(site):
    answer = site.tls.get("/accounts/sign-in/?next=/private", headers={"X-Request-ID": "forged-by-the-client"})
    said = answer.headers["X-Request-ID"]
    assert said != "forged-by-the-client"
    end = time.monotonic() + 5  # nginx writes the line after the answer
    while said not in (log := (site.folder / "cstar-desk.log").read_text()).split():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "private" not in log


def test_a_client_cannot_hide_its_address(site):
    """Ten wrong passwords from one address are enough, whatever else it claims to be."""
    with site.fresh() as browser:
        browser.get("/accounts/sign-in/")
        form = {"username": "spectator", "password": "wrong", "csrfmiddlewaretoken": browser.cookies["__Host-csrf"]}
        answers = [
            browser.post("/accounts/sign-in/", data=form, headers={"X-Forwarded-For": f"198.51.100.{number}"})
            for number in range(11)
        ]
    assert [answer.status_code for answer in answers][-1] == 429


def test_a_foreign_host_name_reaches_nobody(site):
    answer = site.tls.get("/accounts/sign-in/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
