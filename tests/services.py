"""Where tests find PostgreSQL and Redis when the suite runs on them (`make test-services`), else nothing: SQLite.

A desk that a test starts has databases of its own there, as it has a folder of its own.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

DATABASES = ("DATABASE_URL", "SANDBOX_DATABASE_URL")
# What several machines would have in common.
SECRETS = {"SECRET_KEY": secrets.token_urlsafe(64), "ENCRYPTION_KEYS": Fernet.generate_key().decode()}
# As many as scripts/services.py gives Redis; the first ones are for the test processes.
FIRST_OF_DESKS, LAST_OF_DESKS = 100, 999


def in_use() -> bool:
    return "DATABASE_URL" in os.environ


def of_test_process() -> str:
    """A Redis database a test process: each test begins with an empty one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return _cache(int(worker))


@contextmanager
def of_a_desk() -> Iterator[dict[str, str]]:
    """The variables of a desk with empty databases; they are gone with the block. None without services."""
    if not in_use():
        yield {}
        return
    names = {variable: f"desk_{secrets.token_hex(6)}" for variable in DATABASES}
    with _server() as server:
        for name in names.values():
            server.execute(f"CREATE DATABASE {name}")
    try:
        addresses = {variable: _database(name) for variable, name in names.items()}
        cache = _cache(FIRST_OF_DESKS + secrets.randbelow(LAST_OF_DESKS - FIRST_OF_DESKS))
        yield addresses | SECRETS | {"CACHE_URL": cache}
    finally:
        with _server() as server:
            for name in names.values():
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def cache_address() -> tuple[str, int] | None:
    """Host and port of Redis, None without services."""
    if not in_use():
        return None
    address = urlsplit(os.environ["CACHE_URL"])
    return address.hostname or "", address.port or 6379


def _server():
    import psycopg  # noqa: PLC0415 - the suite runs without it, too

    return psycopg.connect(_database("postgres"), autocommit=True)


def _database(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _cache(number: int) -> str:
    return urlsplit(os.environ["CACHE_URL"])._replace(path=f"/{number}").geturl()
