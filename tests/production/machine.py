"""What happens on the throw-away machine of `test_readme`, in a network of its own, once everything is installed.

`python -m tests.production.machine FOLDER`: the rest of the README's commands, then a person who signs in over TLS. In
the folder lie the commands (`rest.sh`, `several.sh`), the certificate and the site's name.
"""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import httpx

from scripts.services import services
from tests.browser.server import served

# Where the machine's cStar is: the embedded one of another desk.
CSTAR_PORT = "9000"
# A team of its demo.
TEAM, KEY = "11111111-1111-4111-8111-111111111111", "sk_test_acme0000000000000000000000000000"
DONE = "signed in, on SQLite and on PostgreSQL"
PASSWORD = "a long enough password"
ALL_UNITS = ("cstar-desk-web", "cstar-desk-worker", "cstar-desk-transfers")
PATIENCE = 60  # seconds


def main(folder: Path) -> None:
    name = (folder / "name").read_text()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with Path("/etc/hosts").open("a") as hosts:
        hosts.write(f"\n127.0.0.1 {name}\n")
    with ExitStack() as stack:
        stack.enter_context(served(PORT=CSTAR_PORT, DEMO_TICKETS="30"))
        stack.callback(
            lambda: [subprocess.run(["systemctl", "stop", unit], check=False) for unit in (*ALL_UNITS, "nginx")]
        )
        stack.enter_context(logs_if_it_fails())
        follow(folder / "rest.sh")
        work(name, folder / "cert.pem")
        secrets_are_kept(folder / "arguments.sh")
        variables = stack.enter_context(services())
        lines = "".join(f"{key}={value}\n" for key, value in variables.items() if key != "SANDBOX_DATABASE_URL")
        with Path("/etc/cstar-desk.env").open("a") as settings:
            settings.write(lines)
        follow(folder / "several.sh")
        work(name, folder / "cert.pem")
    sys.stdout.write(DONE)


class logs_if_it_fails:  # noqa: N801 - used as a function
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind, *failure) -> None:
        if kind:
            for log in (*sorted(Path("/var/log/units").glob("*")), Path("/var/log/nginx/error.log")):
                sys.stderr.write(f"--- {log}\n{log.read_text()[-3000:] if log.exists() else ''}\n")


def follow(commands: Path) -> None:
    """A shell reads the commands as the README gives them; the one question, for a password, is answered."""
    subprocess.run(["bash", "-euo", "pipefail", commands], input=f"{PASSWORD}\n", text=True, check=True)


def secrets_are_kept(arguments: Path) -> None:
    """The file with the secrets is root's; the web server in front reads static files alone; no arguments tell."""
    settings = Path("/etc/cstar-desk.env")
    held = settings.stat()
    assert (held.st_uid, held.st_gid, oct(held.st_mode & 0o777)) == (0, 0, "0o600")
    static = next(Path("/var/www/cstar-desk").rglob("*.css"))
    for path, readable in ((settings, False), ("/var/lib/cstar-desk", False), (static, True)):
        done = subprocess.run(["runuser", "-u", "www-data", "--", "test", "-r", path], check=False)
        assert (done.returncode == 0) is readable, path
    tried = ["runuser", "-u", "www-data", "--", "ls", "/var/lib/cstar-desk/transfers"]
    assert subprocess.run(tried, capture_output=True, check=False).returncode != 0
    said = subprocess.run(["bash", "-euo", "pipefail", arguments], capture_output=True, text=True, check=True).stdout
    assert "python" in said
    lines = [line.partition("=")[2] for line in settings.read_text().splitlines() if "KEY" in line.partition("=")[0]]
    running = [process.read_bytes().decode(errors="replace") for process in Path("/proc").glob("[0-9]*/cmdline")]
    assert len(lines) == 2
    assert not [secret for secret in lines if secret in said or any(secret in line for line in running)]


def work(name: str, certificate: Path) -> None:
    """The first admin signs in, adds the team, and sees its tickets."""
    trusted = ssl.create_default_context(cafile=certificate)
    with httpx.Client(base_url=f"https://{name}", verify=trusted, headers={"Referer": f"https://{name}/"}) as person:
        plain = until(lambda: httpx.get(f"http://{name}/tickets/"))
        assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{name}/tickets/")
        until(lambda: person.get("/readyz").raise_for_status())
        page = person.get("/accounts/sign-in/")
        assert page.headers["Strict-Transport-Security"]
        style = re.search(r'"(/static/css/base[^"]+)"', page.text)[1]
        assert person.get(style).headers["Cache-Control"] == "public, max-age=31536000, immutable"
        answer = person.post("/accounts/sign-in/", data=hidden(page) | {"username": "ada", "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        assert all(cookie.name.startswith("__Host-") and cookie.secure for cookie in person.cookies.jar)
        form = person.get("/settings/teams/add/")
        team = {"name": "Support", "cstar_team_id": TEAM, "key": KEY}
        answer = person.post("/settings/teams/add/", data=hidden(form) | team)
        assert answer.status_code == 302, answer.text
        inbox = until(lambda: with_tickets(person.get("/tickets/")))
        assert "Support" in inbox.text
        assert KEY not in inbox.text


def hidden(page: httpx.Response) -> dict[str, str]:
    form = page.text[page.text.rindex('<form class="') if 'form class="' in page.text else 0 :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {field: unescape(value) for field, value in found}


def with_tickets(page: httpx.Response) -> httpx.Response:
    page.raise_for_status()
    assert re.search(r"/tickets/tkt_", page.text)
    return page


def until(tried):
    """What it answers as soon as it works; the worker takes a moment to fetch the tickets, all to start."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return tried()
        except (httpx.HTTPError, AssertionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
