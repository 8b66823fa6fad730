"""Where the desk calls out: to cStar, and to those who say who somebody is. There is no other way out of the code."""

from __future__ import annotations

import ast
import re
import socket
from pathlib import Path

from tests import services
from tests.conftest import Person
from tests.test_access import GUARDED, by_name

ROOT = Path(__file__).resolve().parent.parent
DESK = (
    *("activity", "administration", "articles", "budget", "config", "core", "cstar", "customers", "dashboard", "live"),
    *("members", "outbox", "replica", "sso", "teams", "tickets", "transfers"),
)
# Where Redis is while the suite runs on it; nothing where the cache is this process's memory.
CACHE = services.cache_address()
# Standard library and packages that can open a connection, or start what can.
WAYS_OUT = re.compile(
    r"(aiohttp|allauth|anyio|asyncio|ftplib|h11|h2|http\.client|httpcore|httpx|imaplib|jwt\.jwks_client|multiprocessing|"
    r"nntplib|onelogin|os\.(popen|system)|poplib|psycopg|redis|requests|smtplib|socket|socketserver|ssl|subprocess|"
    r"telnetlib|trio|urllib\.request|urllib3|webbrowser|websocket\w*|xmlrpc|django\.core\.mail)(\.|$)"
)
ALLOWED = {
    "cstar/http.py": ("httpx", "the client: Team.api_url or CSTAR_API_URL, both checked by core.addresses"),
    "sso/json_web_tokens.py": ("httpx", "keys and discovery documents, at addresses of the settings"),
    "sso/openid.py": ("allauth", "the provider's token and user addresses, as its discovery document names them"),
    "sso/saml.py": ("allauth onelogin", "the provider's metadata, at an address of the settings"),
    "sso/allauth_adapter.py": ("allauth", "follows no redirects, says what becomes of a sign-in"),
    "sso/identity.py": ("allauth", "the table of accounts"),
    "sso/sign_in_options.py": ("allauth", "the type of a provider"),
    "transfers/lease.py": ("socket", "the machine's name, for a run's lease"),
    "transfers/tables/xlsx_file.py": ("subprocess", "a workbook is read in a process without our environment"),
}


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"__import__", "import_module"}:
            names.add("subprocess")  # whatever it is, it has to be looked at
    return names


def test_only_these_modules_can_call_out():
    found = {}
    for file in (file for app in DESK for file in (ROOT / app).rglob("*.py")):
        ways = {match[1] for name in imported(file) if (match := WAYS_OUT.match(name))}
        if ways:
            found[str(file.relative_to(ROOT))] = ways
    assert found == {file: set(names.split()) for file, (names, _) in ALLOWED.items()}


def test_all_of_the_desk_was_looked_at():
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == {*DESK, "bench", "sandbox", "scripts", "tests"}


@by_name(GUARDED)
def test_no_page_connects_to_anything(address, acme, monkeypatch):
    """cStar is in this process here, so that whatever else is called is seen."""
    calls: list = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self, target):
        return connect(self, target) if target == CACHE else calls.append(target)

    def watched_look_up(host, port, *rest, **more):
        return look_up(host, port, *rest, **more) if (host, port) == CACHE else calls.append((host, port)) or []

    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    someone = Person("admin", raise_request_exception=False)
    someone.get(address.path(acme)).getvalue()
    someone.post(address.path(acme), {"words": "x", "url": "https://example.com/", "api_url": "https://example.com"})
    assert calls == []
