"""Reads the environment once, refuses bad values with a sentence that names them.

Every variable here is listed in the README's configuration table; a test holds the two together.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}

env = environ.Env()


def data_dir() -> Path:
    folder = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be created: {error.strerror}.") from None
    return folder


def kept_secret(name: str, file: Path, make) -> str:
    """The variable's value, or one made on the first start and kept in a file only its owner can read."""
    if value := env.str(name, default=""):
        return value
    if not file.exists():
        # Two processes may start at once: the first to create the file decides.
        try:
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(make())
        except FileExistsError:
            pass
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
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"CSTAR_API_URL {url!r} is not an address like https://www.cstar.help/api/v1.")
    if parts.scheme == "http" and not local:
        raise ImproperlyConfigured("CSTAR_API_URL must be https: the team's secret key travels in every request.")
    return url


def allowed_hosts() -> list[str]:
    return env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def served_locally(hosts: list[str]) -> bool:
    """Whether the site answers to this machine's own names alone, where plain http is fine."""
    return set(hosts) <= LOOPBACK


def frame_ancestors() -> list[str]:
    origins = env.list("FRAME_ANCESTORS", default=[])
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or "*" in origin:
            raise ImproperlyConfigured(f"FRAME_ANCESTORS: {origin!r} is not an origin like https://portal.example.com.")
    return [origin.rstrip("/") for origin in origins]


def database(url_name: str, default: str) -> dict:
    """A Django database entry. SQLite gets what makes it safe with many processes: WAL, IMMEDIATE, a busy timeout."""
    try:
        config = env.db_url(url_name, default=default)
    except (KeyError, ValueError):
        config = {}
    if config.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{url_name} must be a sqlite:/// or postgres:// address.")
    config["CONN_MAX_AGE"] = 600
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"] == "django.db.backends.sqlite3":
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


def cache() -> dict:
    url = env.str("CACHE_URL", default="")
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not url.startswith(("redis://", "rediss://")):
        raise ImproperlyConfigured("CACHE_URL must be a redis:// address, or empty for local memory.")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
