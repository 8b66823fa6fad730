"""A backup that is taken while the desk runs, restored elsewhere: the same rows, and the same people may sign in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import services
from tests.browser.server import environment

ROOT = Path(__file__).resolve().parent.parent
# Run in the desk itself: every row of every table, each as text, in an order that no database chooses.
ALL_ROWS = """
from hashlib import sha256
from django.apps import apps
for model in apps.get_models(include_auto_created=True):
    rows = sorted(repr(row) for row in model._base_manager.values_list())
    print(model._meta.label, len(rows), sha256(chr(10).join(rows).encode()).hexdigest())
"""
SIGN_IN = """
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
from teams.models import Team
from tickets.models import Ticket
browser = Client()
assert browser.post("/accounts/sign-in/", {"username": "ada", "password": "correct horse battery"}).status_code == 302
page = browser.get("/tickets/")
assert page.status_code == 200 and Ticket.objects.exists() and "Acme Support" in page.content.decode()
assert Team.objects.get(name="Acme Support").key == "sk_test_acme0000000000000000000000000000"
print("signed in")
"""
PERSON = """
from teams.models import *
user = User.objects.create_user("ada", "ada@example.com", "correct horse battery")
Membership.objects.create(user=user, team=Team.objects.get(name="Acme Support"), role="admin")
"""


@contextmanager
def desk(folder: Path) -> Iterator[dict[str, str]]:
    """The variables of a desk that has nothing yet."""
    folder.mkdir()
    with services.of_a_desk() as data:
        yield environment(str(folder)) | data | {"DEMO_TICKETS": "20"}


def run(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shell(env: dict[str, str], program: str) -> str:
    return run(env, "manage.py", "shell", "-v0", "-c", program)


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory) -> Iterator[tuple[dict[str, str], Path]]:
    folder = tmp_path_factory.mktemp("backup")
    with desk(folder / "first") as env:
        run(env, "-m", "scripts.prepare")
        shell(env, PERSON)
        (folder / "first/transfers").mkdir()
        (folder / "first/transfers/a.upload").write_bytes(b"name,email\n")
        run(env, "-m", "scripts.backup", str(folder / "copy"))
        yield env, folder / "copy"


def test_all_rows_come_back_and_people_sign_in(backed_up, tmp_path):
    first, copy = backed_up
    with desk(tmp_path / "second") as env:
        run(env, "-m", "scripts.backup", "--restore", str(copy))
        assert shell(env, ALL_ROWS) == shell(first, ALL_ROWS)
        assert re.search(r"sandbox.Ticket [1-9]\d+ ", shell(env, ALL_ROWS))
        run(env, "manage.py", "collectstatic", "--no-input")
        assert shell(env, SIGN_IN).endswith("signed in\n")
    assert (tmp_path / "second/transfers/a.upload").read_bytes() == b"name,email\n"


def test_a_restored_desk_becomes_what_it_was(backed_up, tmp_path):
    """Over a desk that has other data by now, which is no longer there afterwards."""
    first, copy = backed_up
    with desk(tmp_path / "second") as env:
        run(env, "-m", "scripts.prepare")
        run(env, "-m", "scripts.backup", "--restore", str(copy))
        assert shell(env, ALL_ROWS) == shell(first, ALL_ROWS)


def test_a_backup_is_for_its_owner_alone_and_replaces_none(backed_up):
    env, copy = backed_up
    assert copy.stat().st_mode & 0o777 == 0o700
    again = subprocess.run(
        [sys.executable, "-m", "scripts.backup", str(copy)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert "It did not work" in again.stderr
    assert "Traceback" not in again.stderr
