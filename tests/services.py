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
# What `make test-services` leaves out, and why no database or cache can change it. What is not named here runs there.
SAME_ON_EVERY_DATABASE = {
    "tests/browser/": "is how pages behave in a browser (ARGS='-m \"\"' runs them, too)",
    "tests/cstar/": "is the client, which holds nothing",
    "tests/languages/": "is about texts",
    "tests/production/": "starts PostgreSQL and Redis itself",
    "tests/strict_cstar/": "is a server that keeps its objects in memory",
    "tests/transfers/tables/": "reads and writes files",
    "tests/core/test_markdown.py": "renders texts",
    "tests/core/test_plain_text.py": "renders texts",
    "tests/core/test_template_folding.py": "compiles templates",
    "tests/sandbox/test_keys.py": "asks which key opens which path",
    "tests/sandbox/test_openapi.py": "compares answers with a document; tests/sandbox/test_hostile.py sends anything",
    "tests/sandbox/test_story.py": "makes up texts",
    "tests/sso/test_json_web_tokens.py": "is about signatures",
    "tests/sso/test_saml.py": "is about settings and signatures",
    "tests/test_access.py": "asks who may do what; tests/test_crawl.py opens every page in every role",
    "tests/test_bad_answers.py::test_a_form_meets_a_fault_and_works_when_it_is_over": "reads answers",
    "tests/test_bad_answers.py::test_a_page_meets_a_fault": "reads answers",
    "tests/test_bad_input.py::test_a_message_": "renders texts",
    "tests/test_bad_input.py::test_bodies_that_are_no_form": "is refused before anything is read",
    "tests/test_bad_input.py::test_bytes_that_are_no_text": "is decoded before anything is stored",
    "tests/test_bad_input.py::test_fields_may_be_missing": "is refused by forms",
    "tests/test_bad_input.py::test_more_fields_than_any_form_has": "is refused before anything is read",
    "tests/test_bad_input.py::test_no_message_becomes_anything_else": "renders texts",
    "tests/test_bad_input.py::test_what_others_wrote_stays_text_on_every_page": "looks at markup",
    "tests/test_config.py": "starts processes that only read their settings",
    "tests/test_deploy.py": "reads files",
    "tests/test_direction.py": "looks at markup",
    "tests/test_floors.py": "reads source",
    "tests/test_headers.py": "looks at headers",
    "tests/test_markup.py": "reads files",
    "tests/test_nginx.py": "is about nginx in front of the desk",
    "tests/test_references.py": "reads files",
}
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
