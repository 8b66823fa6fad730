"""Reads the environment once, refuses bad values with a sentence that names them.

Every variable here is listed in the README's configuration table; a test holds the two together.
"""

import os
import re
import secrets
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError

from core.addresses import check_api_url, parts_of

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}

env = environ.Env()


def data_dir() -> Path:
    folder = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be created: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be written to.")
    return folder


def static_dir(folder: Path) -> Path:
    """Where the static files are collected: a folder that a web server in front may read, unlike that of the data."""
    static = Path(env.str("STATIC_DIR", default="") or folder / "static").expanduser().resolve()
    if static == folder or folder.is_relative_to(static):
        raise ImproperlyConfigured("STATIC_DIR holds DATA_DIR, so that a web server in front could read that: move it.")
    return static


def kept_secret(name: str, file: Path, make) -> str:
    """The variable's value, or one made on the first start and kept in a file only its owner can read."""
    if value := env.str(name, default=""):
        return value
    if not file.exists():
        # Two processes may start at once: the first to link its whole file decides.
        mine = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        mine.touch(mode=0o600)
        mine.write_text(make())
        with suppress(FileExistsError):
            file.hardlink_to(mine)
        mine.unlink()
    return file.read_text().strip()


def secret_key(folder: Path) -> str:
    value = kept_secret("SECRET_KEY", folder / "secret-key", lambda: secrets.token_urlsafe(64))
    if len(value) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: give it a longer random value.")
    return value


def encryption_keys(folder: Path) -> list[str]:
    value = kept_secret("ENCRYPTION_KEYS", folder / "encryption-key", lambda: Fernet.generate_key().decode())
    keys = [key.strip() for key in value.split(",") if key.strip()]
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"ENCRYPTION_KEYS: key {position} is not a Fernet key (32 bytes, url-safe base64)."
            ) from None
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS holds no key.")
    return keys


def cstar_api_url() -> str:
    url = env.str("CSTAR_API_URL", default="").rstrip("/")
    if not url:
        return ""
    try:
        check_api_url(url)
    except ValidationError as error:
        raise ImproperlyConfigured(f"CSTAR_API_URL {error.message}") from None
    return url


def allowed_hosts() -> list[str]:
    hosts = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[]) if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]", host):
            raise ImproperlyConfigured(f"ALLOWED_HOSTS: {host!r} is not a host's name like desk.example.com.")
    return hosts or ["localhost", "127.0.0.1", "[::1]"]


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    text = env.str(name, default="").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most:,}.")
    return int(text)


def is_set(name: str) -> bool:
    """Whether somebody decided about it, and it is not our own default that holds."""
    return bool(env.str(name, default="").strip())


def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """Addresses (10.0.0.7) and networks (10.0.0.0/8), comma separated."""
    listed = [text.strip() for text in env.str(name, default=default).split(",") if text.strip()]
    try:
        found = [ip_network(text) for text in listed]
    except ValueError:
        raise ImproperlyConfigured(f"{name} must list addresses like 10.0.0.7 or networks like 10.0.0.0/8.") from None
    if any(network.prefixlen == 0 for network in found):
        raise ImproperlyConfigured(f"{name} lists every address there is: name the proxies' own.")
    return found


def check_session_limits(*, idle_minutes: int, hours: int) -> None:
    """Refuse a time to be away that is longer than the session: it would look like a limit and be none."""
    if is_set("SESSION_IDLE_MINUTES") and idle_minutes > hours * 60:
        raise ImproperlyConfigured("SESSION_IDLE_MINUTES is longer than SESSION_HOURS: make it shorter.")


def sandbox_webhooks_private() -> bool:
    text = env.str("SANDBOX_WEBHOOKS_PRIVATE", default="").strip() or "0"
    if text not in {"0", "1"}:
        raise ImproperlyConfigured("SANDBOX_WEBHOOKS_PRIVATE must be 1 (on) or 0 (off).")
    return text == "1"


def served_locally(hosts: list[str]) -> bool:
    """Whether the site answers to this machine's own names alone, where plain http is fine."""
    return set(hosts) <= LOOPBACK


def frame_ancestors() -> list[str]:
    origins = env.list("FRAME_ANCESTORS", default=[])
    for origin in origins:
        # Goes into a header as it stands: a space or semicolon would begin another rule there.
        if not parts_of(origin) or not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+/?", origin):
            raise ImproperlyConfigured(f"FRAME_ANCESTORS: {origin!r} is not an origin like https://portal.example.com.")
    return [origin.rstrip("/") for origin in origins]


def database(url_name: str, default: str) -> dict:
    """A Django database entry. SQLite gets what makes it safe with many processes: WAL, IMMEDIATE, a busy timeout."""
    try:
        config = env.db_url(url_name, default=default)
    except (KeyError, ValueError, ImproperlyConfigured):
        config = {}
    if config.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{url_name} must be a sqlite:/// or postgres:// address.")
    if config["NAME"] in {"", ":memory:"}:
        raise ImproperlyConfigured(f"{url_name} names no database: one in memory would be another for each process.")
    config["CONN_MAX_AGE"] = 600
    if config["ENGINE"] == "django.db.backends.postgresql":
        needs("psycopg", url_name)
        config["CONN_HEALTH_CHECKS"] = True
    else:
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;"
            ),
        }
        # A file, so that tests with threads (a live server) have a connection each as users do.
        name = Path(config["NAME"])
        config["TEST"] = {"NAME": str(name.with_name(f"test-{name.name}"))}
    return config


def needs(package: str, name: str) -> None:
    """Refuse a value that only works with a package that is not installed."""
    if find_spec(package) is None:
        raise ImproperlyConfigured(f"{name} needs the Python package {package}: install it first.")


def keep_apart(databases: dict[str, dict]) -> None:
    """The sandbox's tables cannot stand beside the desk's: each database would take the other's for made already."""
    places = [tuple(entry.get(part) for part in ("ENGINE", "NAME", "HOST", "PORT")) for entry in databases.values()]
    if len(set(places)) < len(places):
        raise ImproperlyConfigured("SANDBOX_DATABASE_URL must name another database than DATABASE_URL.")


def share_secrets(database: dict) -> None:
    """What one machine makes for itself no other could read: behind a common database each must be given the same."""
    if database["ENGINE"] != "django.db.backends.postgresql":
        return
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS"):
        if not env.str(name, default=""):
            raise ImproperlyConfigured(
                f"DATABASE_URL is a server that several machines may share, so {name} has to be set: "
                f"the same on each of them."
            )


def metrics_token() -> str:
    token = env.str("METRICS_TOKEN", default="")
    if token and not re.fullmatch(r"[!-~]{16,}", token):
        raise ImproperlyConfigured("METRICS_TOKEN must have 16 characters or more, and no spaces.")
    return token


def cache() -> dict:
    url = env.str("CACHE_URL", default="")
    if not url:
        # Some entries are a person's: the 300 that Django would keep are too few for a large team.
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    if not re.fullmatch(r"rediss?://[^\s/]+(/[0-9]*)?", url) or parts_of(url.replace("redis", "http", 1)) is None:
        raise ImproperlyConfigured("CACHE_URL must be a redis:// address, or empty for local memory.")
    needs("redis", "CACHE_URL")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
