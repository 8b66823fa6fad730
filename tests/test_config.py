"""The environment: what is wrong there stops the start with a sentence that names it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import embedding, env, sign_in
from teams.models import Team

ROOT = Path(__file__).resolve().parent.parent
OPENID = '{"id": "corp", "name": "Corp", "discovery": "https://login.corp.example", "client_id": "desk"}'
TOKEN = '{"token_header": "X-Token", "keys": "https://p.example.com/keys", "issuer": "https://p", "audience": "desk"}'
SAML = '{"id": "corp", "name": "Corp", "entity_id": "https://idp.example.com"}'
KEY, OTHER = (urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))


def read(name: str):
    """What config/env.py makes of the variable."""
    return {
        "DATA_DIR": env.data_dir,
        "STATIC_DIR": lambda: env.static_dir(Path("/var/lib/cstar-desk")),
        "SECRET_KEY": lambda: env.secret_key(Path("/nonexistent")),
        "ENCRYPTION_KEYS": lambda: env.encryption_keys(Path("/nonexistent")),
        "CSTAR_API_URL": env.cstar_api_url,
        "ALLOWED_HOSTS": env.allowed_hosts,
        "FRAME_ANCESTORS": env.frame_ancestors,
        "EMBED": lambda: embedding.cross_site(["https://a.example"], {"https://a.example": "x" * 32}, https=True),
        "EMBED_PORTALS": lambda: embedding.portals(["https://a.example", "https://b.example"]),
        "DATABASE_URL": lambda: env.database("DATABASE_URL", "sqlite:////tmp/x.sqlite3"),
        "CACHE_URL": env.cache,
        "SANDBOX_WEBHOOKS_PRIVATE": env.sandbox_webhooks_private,
        "METRICS_TOKEN": env.metrics_token,
        "TRUSTED_PROXIES": lambda: env.networks("TRUSTED_PROXIES", "127.0.0.1"),
        "WEB_CONCURRENCY": lambda: env.whole_number("WEB_CONCURRENCY", 2, least=1, most=64),
        "ACTIVITY_DAYS": lambda: env.whole_number("ACTIVITY_DAYS", 1_095, least=1, most=36_500),
        "OIDC_PROVIDERS": sign_in.oidc_providers,
        "SAML_PROVIDERS": sign_in.saml_providers,
        "LOCAL_PASSWORDS": sign_in.local_passwords,
        "PROXY_SIGN_IN": sign_in.proxy_sign_in,
        "WORKING_SET_DAYS": lambda: env.whole_number("WORKING_SET_DAYS", 90, least=1, most=36_500),
    }[name]()


BAD = [
    ("DATA_DIR", "/dev/null"),
    ("DATA_DIR", "/dev/null/below"),
    ("DATA_DIR", "/proc/nothing/here"),
    ("STATIC_DIR", "/var/lib/cstar-desk"),
    ("STATIC_DIR", "/var/lib/cstar-desk/x/.."),
    ("STATIC_DIR", "/var/lib"),
    ("STATIC_DIR", "/"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "x" * 49),
    ("ENCRYPTION_KEYS", "garbage"),
    ("ENCRYPTION_KEYS", f"{KEY},garbage"),
    ("ENCRYPTION_KEYS", KEY[:-2]),
    ("ENCRYPTION_KEYS", "ä" * 44),
    ("ENCRYPTION_KEYS", " , ,"),
    ("CSTAR_API_URL", "garbage"),
    ("CSTAR_API_URL", "www.cstar.help/api/v1"),
    ("CSTAR_API_URL", "http://www.cstar.help/api/v1"),
    ("CSTAR_API_URL", "http://localhost.evil.example/api/v1"),
    ("CSTAR_API_URL", "ftp://www.cstar.help/"),
    ("CSTAR_API_URL", "https://"),
    ("CSTAR_API_URL", "https://user:secret@www.cstar.help/api/v1"),
    ("CSTAR_API_URL", "https://www.cstar.help/api/v1?x=1"),
    ("CSTAR_API_URL", "https://www.cstar.help/api/v1#x"),
    ("CSTAR_API_URL", "https://www.cstar.help:99999/"),
    ("CSTAR_API_URL", "https://www.cstar.help:port/"),
    ("CSTAR_API_URL", "https://[::1/"),
    ("CSTAR_API_URL", "https://www.cstar.help/a b"),
    ("CSTAR_API_URL", "https://www.cstar.help\\@evil.example/"),
    ("ALLOWED_HOSTS", "https://desk.example.com"),
    ("ALLOWED_HOSTS", "desk.example.com/"),
    ("ALLOWED_HOSTS", "desk.example.com:8000"),
    ("ALLOWED_HOSTS", "desk.example.com other.example.com"),
    ("FRAME_ANCESTORS", "*"),
    ("FRAME_ANCESTORS", "https://*.example.com"),
    ("FRAME_ANCESTORS", "portal.example.com"),
    ("FRAME_ANCESTORS", "https://portal.example.com/path"),
    ("FRAME_ANCESTORS", "https://portal.example.com; script-src 'unsafe-inline'"),
    ("FRAME_ANCESTORS", "https://portal.example.com https://other.example.com"),
    ("FRAME_ANCESTORS", "https://portal.example.com?x"),
    ("FRAME_ANCESTORS", "https://user@portal.example.com"),
    ("FRAME_ANCESTORS", "javascript:alert(1)"),
    ("FRAME_ANCESTORS", "'self'"),
    ("FRAME_ANCESTORS", "https://[::1"),
    ("EMBED", "yes"),
    ("EMBED", "cross_site"),
    ("EMBED_PORTALS", "https://a.example"),
    ("EMBED_PORTALS", '["https://a.example"]'),
    ("EMBED_PORTALS", '{"https://a.example": 1}'),
    ("EMBED_PORTALS", "/nonexistent/portals.json"),
    ("EMBED_PORTALS", f'{{"https://a.example": "{"x" * 31}"}}'),
    ("EMBED_PORTALS", f'{{"https://a.example": "{"x y" * 20}"}}'),
    ("EMBED_PORTALS", f'{{"https://c.example": "{"x" * 32}"}}'),
    ("EMBED_PORTALS", f'{{"https://a.example": "{"x" * 32}", "https://b.example": "{"x" * 32}"}}'),
    ("DATABASE_URL", "mysql://user@localhost/desk"),
    ("DATABASE_URL", "garbage"),
    ("DATABASE_URL", "postgres://user:pass@host:port/desk"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "postgres://localhost"),
    ("CACHE_URL", "garbage"),
    ("CACHE_URL", "memcached://localhost"),
    ("CACHE_URL", "redis://"),
    ("CACHE_URL", "redis://localhost:port/0"),
    ("CACHE_URL", "redis://localhost/first"),
    ("WORKING_SET_DAYS", "ninety"),
    ("WORKING_SET_DAYS", "-1"),
    ("WORKING_SET_DAYS", "0"),
    ("WORKING_SET_DAYS", "1.5"),
    ("WORKING_SET_DAYS", "9" * 5000),
    ("WORKING_SET_DAYS", "٣"),
    ("SANDBOX_WEBHOOKS_PRIVATE", "yes"),
    ("ACTIVITY_DAYS", "0"),
    ("METRICS_TOKEN", "short"),
    ("METRICS_TOKEN", "with spaces in between"),
    ("TRUSTED_PROXIES", "proxy.example.com"),
    ("TRUSTED_PROXIES", "10.0.0.7/8"),
    ("TRUSTED_PROXIES", "10.0.0.7 10.0.0.8"),
    ("TRUSTED_PROXIES", "10.0.0.7, 0.0.0.0/0"),
    ("TRUSTED_PROXIES", "::/0"),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "two"),
    ("LOCAL_PASSWORDS", "no"),
    ("SAML_PROVIDERS", "[{}]"),
    ("SAML_PROVIDERS", f"[{SAML}]"),
    ("SAML_PROVIDERS", f'[{SAML[:-1]}, "sso": "https://idp.example.com/sso"}}]'),
    ("SAML_PROVIDERS", f'[{SAML[:-1]}, "metadata": "http://idp.example.com/"}}]'),
    ("TRUSTED_PROXIES", "10.0.0.7/24"),
    ("TRUSTED_PROXIES", "*"),
    ("PROXY_SIGN_IN", "X-User"),
    ("PROXY_SIGN_IN", '["X-User"]'),
    ("PROXY_SIGN_IN", '{"header": "X-User"}'),
    ("PROXY_SIGN_IN", '{"user_header": "X_User"}'),
    ("PROXY_SIGN_IN", '{"user_header": "X-User", "sign_out": "//evil.example"}'),
    ("PROXY_SIGN_IN", '{"token_header": "X-Token"}'),
    ("PROXY_SIGN_IN", TOKEN.replace("https", "http")),
    ("OIDC_PROVIDERS", "/nonexistent/providers.json"),
    ("OIDC_PROVIDERS", "corp"),
    ("OIDC_PROVIDERS", "{}"),
    ("OIDC_PROVIDERS", "[{}]"),
    ("OIDC_PROVIDERS", f'[{OPENID[:-1]}, "secret": "x"}}]'),
    ("OIDC_PROVIDERS", f"[{OPENID.replace('corp', 'Corp SSO')}]"),
    ("OIDC_PROVIDERS", f"[{OPENID.replace('https', 'http')}]"),
    ("OIDC_PROVIDERS", f"[{OPENID.replace('https://', '')}]"),
    ("OIDC_PROVIDERS", f"[{OPENID.replace('login.', 'user:secret@login.')}]"),
    ("OIDC_PROVIDERS", f'[{OPENID[:-1]}, "scope": "email"}}]'),
]
GOOD = [
    ("SECRET_KEY", "x" * 50),
    ("ENCRYPTION_KEYS", f" {KEY} , {OTHER} "),
    ("CSTAR_API_URL", ""),
    ("CSTAR_API_URL", "https://www.cstar.help/api/v1/"),
    ("CSTAR_API_URL", "http://localhost:9000/api/v1"),
    ("CSTAR_API_URL", "http://[::1]:9000/api/v1"),
    ("EMBED", ""),
    ("EMBED", "same-site"),
    ("EMBED", "cross-site"),
    ("EMBED_PORTALS", f'{{"https://a.example/": "{"x" * 32}"}}'),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "desk.example.com,.example.org,10.0.0.7,[::1],*"),
    ("FRAME_ANCESTORS", "https://portal.example.com,http://localhost:3000/"),
    ("DATABASE_URL", "postgres://user:p%40ss@localhost:5432/desk"),
    ("DATABASE_URL", "sqlite:////tmp/desk.sqlite3"),
    ("CACHE_URL", ""),
    ("CACHE_URL", "redis://:secret@localhost:6379/1"),
    ("CACHE_URL", "rediss://cache.example.com"),
    ("WORKING_SET_DAYS", ""),
    ("WORKING_SET_DAYS", "30"),
    ("SANDBOX_WEBHOOKS_PRIVATE", "1"),
    ("METRICS_TOKEN", ""),
    ("METRICS_TOKEN", "0123456789abcdef"),
    ("TRUSTED_PROXIES", ""),
    ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8, ::1"),
    ("LOCAL_PASSWORDS", "0"),
    ("SAML_PROVIDERS", f'[{SAML[:-1]}, "metadata": "https://idp.example.com/"}}]'),
    ("SAML_PROVIDERS", f'[{SAML[:-1]}, "sso": "https://idp.example.com/sso", "certificate": "MII"}}]'),
    ("TRUSTED_PROXIES", "10.0.0.7, fd00::/8"),
    ("PROXY_SIGN_IN", ""),
    ("PROXY_SIGN_IN", '{"user_header": "X-User", "sign_out": "/bye"}'),
    ("PROXY_SIGN_IN", TOKEN),
    ("OIDC_PROVIDERS", ""),
    ("OIDC_PROVIDERS", f"[{OPENID}]"),
    ("OIDC_PROVIDERS", f"[{OPENID.replace('https://login', 'http://localhost:9000/x')}]"),
]


@pytest.mark.filterwarnings("ignore:Engine not recognized")
@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as caught:
        read(name)
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_good_value_is_taken(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(env, "find_spec", lambda package: True)
    read(name)


@pytest.mark.parametrize(("name", "value"), [("DATABASE_URL", "postgres://localhost/desk"), ("CACHE_URL", "redis://a")])
def test_a_package_that_is_not_installed_is_named(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(env, "find_spec", lambda package: None)
    with pytest.raises(ImproperlyConfigured, match=f"{name} needs the Python package"):
        read(name)


def test_a_folder_that_cannot_be_written_to_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR .* cannot be written to"):
        env.data_dir()


def test_a_secret_is_made_once_whoever_starts_first(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / "secret-key"

    def make_while_another_starts() -> str:
        others.append(env.kept_secret("SECRET_KEY", file, lambda: "theirs"))
        return "mine"

    others: list[str] = []
    assert env.kept_secret("SECRET_KEY", file, make_while_another_starts) == "theirs" == others[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


# The start itself --------------------------------------------------------------------------------------------------

SHOW = """
import django
django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.DEBUG)
print(s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-ancestors"])
"""


CROSS_SITE = {
    "ALLOWED_HOSTS": "desk.example.com",
    "EMBED": "cross-site",
    "FRAME_ANCESTORS": "https://p.example.net",
    "EMBED_PORTALS": '{"https://p.example.net": "a-secret-of-thirty-two-characters"}',
}


def start(folder: Path, **variables: str) -> subprocess.CompletedProcess:
    base = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=base | variables, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"WORKING_SET_DAYS": "-3"}, "WORKING_SET_DAYS"),
        ({"LOCAL_PASSWORDS": "0", "CSTAR_API_URL": "https://cstar.example.com"}, "LOCAL_PASSWORDS"),
        ({"PROXY_SIGN_IN": '{"user_header": "X-User"}'}, "TRUSTED_PROXIES"),
        ({"OIDC_PROVIDERS": f"[{OPENID}, {OPENID}]"}, "OIDC_PROVIDERS"),
        ({"OIDC_PROVIDERS": f"[{OPENID.replace('corp', 'saml', 1)}]"}, "OIDC_PROVIDERS"),
        (
            {"DATABASE_URL": "sqlite:////tmp/a.db", "SANDBOX_DATABASE_URL": "sqlite:////tmp/a.db"},
            "SANDBOX_DATABASE_URL",
        ),
        ({"SESSION_IDLE_MINUTES": "121", "SESSION_HOURS": "2"}, "SESSION_IDLE_MINUTES"),
        ({"EMBED": "cross-site", "ALLOWED_HOSTS": "desk.example.com"}, "FRAME_ANCESTORS"),
        ({"EMBED": "cross-site", "FRAME_ANCESTORS": "https://p.example.net"}, "ALLOWED_HOSTS"),
        (CROSS_SITE | {"FRAME_ANCESTORS": "http://p.example.net"}, "FRAME_ANCESTORS"),
        (CROSS_SITE | {"EMBED_PORTALS": ""}, "EMBED_PORTALS"),
        ({"EMBED_PORTALS": CROSS_SITE["EMBED_PORTALS"]}, "EMBED_PORTALS"),
        ({"DATABASE_URL": "postgres://db/desk"}, "SECRET_KEY"),
        ({"DATABASE_URL": "postgres://db/desk", "SECRET_KEY": "x" * 50}, "ENCRYPTION_KEYS"),
    ],
)
def test_a_bad_value_stops_the_start(variables, name, tmp_path):
    done = start(tmp_path, **variables)
    assert done.returncode != 0
    assert re.search(rf"ImproperlyConfigured: .*{name}", done.stderr)


def test_behind_tls_cookies_are_secure_and_only_the_portal_may_frame_the_desk(tmp_path):
    done = start(tmp_path, ALLOWED_HOSTS="desk.example.com", FRAME_ANCESTORS="https://portal.example.com")
    assert done.stdout == "True True __Host-session True False\n['https://portal.example.com']\n"
    done = start(tmp_path)
    assert done.stdout == "False False session False False\n[\"'none'\"]\n"
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*-key")} == {0o600}


# What works and should not be used in production (`manage.py check --deploy`) --------------------------------------


API = {"CSTAR_API_URL": "https://cstar.example.com/api/v1"}
SITE = {"ALLOWED_HOSTS": "desk.example.com"}


def checked(folder: Path, **variables: str) -> subprocess.CompletedProcess:
    base = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=base | variables, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_desk_as_the_readme_sets_it_up_is_ready(tmp_path):
    done = checked(tmp_path, **SITE, **API, OIDC_PROVIDERS=f"[{OPENID}]", LOCAL_PASSWORDS="0")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (SITE, "The demo is open to everybody who reaches desk.example.com"),
        (SITE | {"SANDBOX_WEBHOOKS_PRIVATE": "1"}, "SANDBOX_WEBHOOKS_PRIVATE is 1"),
        (API | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS holds *"),
        (SITE | {"CSTAR_API_URL": "https://desk.example.com/api/v1"}, "CSTAR_API_URL leads to the desk itself"),
    ],
)
def test_what_contradicts_itself_is_told_before_it_is_used(variables, sentence, tmp_path):
    done = checked(tmp_path, **variables)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_cookies_of_another_sites_frame_have_names_of_their_own(tmp_path):
    done = start(tmp_path, **CROSS_SITE)
    assert done.stdout == "True True __Host-framed-session True False\n['https://p.example.net']\n", done.stderr


# Keys at rest ------------------------------------------------------------------------------------------------------


def stored(team: Team) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM teams_team WHERE id = %s", [team.pk.hex])
        return cursor.fetchone()[0]


def test_keys_are_encrypted_and_the_encryption_key_can_be_rotated(acme, settings):
    secret = acme.key
    settings.ENCRYPTION_KEYS = [KEY]
    acme.save()
    assert secret not in stored(acme)
    assert Fernet(KEY).decrypt(stored(acme).encode()).decode() == secret

    settings.ENCRYPTION_KEYS = [OTHER, KEY]
    acme.refresh_from_db()
    assert acme.key == secret
    acme.save()

    settings.ENCRYPTION_KEYS = [OTHER]
    acme.refresh_from_db()
    assert acme.key == secret

    settings.ENCRYPTION_KEYS = [KEY]
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS") as caught:
        acme.refresh_from_db()
    assert secret not in str(caught.value)


# The README's table ------------------------------------------------------------------------------------------------


READERS = r"(env\.)*(str|int|list|bool|database|whole_number|networks|kept_secret)$|os\.environ\.get$"


def variables_of(file: Path) -> set[str]:
    """What the file reads: the first argument of calls such as `env.str("NAME")`, and `os.environ[...]`."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        candidate = None
        if isinstance(node, ast.Call) and node.args and re.match(READERS, ast.unparse(node.func)):
            candidate = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            candidate = node.slice
        if isinstance(candidate, ast.Constant) and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(candidate.value)):
            found.add(candidate.value)
    return found


def test_the_readme_lists_each_variable_that_is_read():
    read_by_us = set().union(*(variables_of(file) for file in (ROOT / "config").rglob("*.py")))
    read_by_us |= set(re.findall(r"^export ([A-Z_]+) \?=", (ROOT / "Makefile").read_text(), re.MULTILINE))
    listed = set()
    for line in (ROOT / "README.md").read_text().splitlines():
        if line.startswith("| `"):
            listed |= set(re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[1]))
    assert read_by_us == listed
