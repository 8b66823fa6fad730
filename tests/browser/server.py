"""The desk as people have it: `scripts.prepare` and gunicorn, in a folder and on a port of their own."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
TICKETS = 120
START = 60  # seconds
WORKER = ("manage.py", "worker", "--interval", "1", "--no-startup-delay", "--no-reload")
# Tests of the time to undo ask for one in the settings; all tests of the folder take their calls from one hour.
FOR_MANY_TESTS = """
from django.conf import settings
from sandbox.models import ApiKey
from teams.models import User

User.objects.update(undo_seconds=0)
if settings.SANDBOX:
    ApiKey.objects.filter(is_secret=True).update(limit=1_900)
"""


# Settings that decide where a desk's databases are and what stands in them.
OF_THE_DATABASES = {"DATA_DIR", "DATABASE_URL", "SANDBOX_DATABASE_URL", "CSTAR_API_URL", "DEMO_TICKETS"}


@contextmanager
def served(beforehand: str = "", **settings: str) -> Iterator[str]:
    """The address of a desk with the demo in it; it ends, and its data goes, with the block.

    `settings` are environment variables of it, as the README lists them; `beforehand` is Python to run in it first.
    """
    with tempfile.TemporaryDirectory(prefix="desk-browser-") as folder, services.of_a_desk() as data:
        env = environment(folder) | data | settings
        if OF_THE_DATABASES & (data | settings).keys():
            _prepare(env)
        else:
            shutil.copytree(_demo(), folder, dirs_exist_ok=True)
        if beforehand:
            _run(env, "manage.py", "shell", "-c", beforehand)
        log = Path(folder) / "gunicorn.log"
        with log.open("wb") as out:
            gunicorn = Path(sys.executable).parent / "gunicorn"
            server = subprocess.Popen(
                [gunicorn, "--config", "config/gunicorn.py"], cwd=ROOT, env=env, stdout=out, stderr=out
            )
            worker = subprocess.Popen([sys.executable, *WORKER], cwd=ROOT, env=env, stdout=out, stderr=out)
            url = f"http://127.0.0.1:{env['PORT']}"
            try:
                _wait(f"{url}/healthz", server, log)
                yield url
            finally:
                for process in (worker, server):
                    process.terminate()
                    process.wait(20)


@cache
def _demo() -> Path:
    """A desk's folder with the demo in it, made once for each test process: its desks begin with a copy."""
    folder = tempfile.mkdtemp(prefix="desk-demo-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _prepare(environment(folder))
    return Path(folder)


def _prepare(env: dict[str, str]) -> None:
    _run(env, "-m", "scripts.prepare")
    _run(env, "manage.py", "shell", "-c", FOR_MANY_TESTS)


def _run(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True, capture_output=True)


def environment(folder: str) -> dict[str, str]:
    """Nothing of the test process's own settings but where programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {"DATA_DIR": folder, "DEMO_TICKETS": str(TICKETS), "PORT": str(free_port())}
    return kept | own | {"SANDBOX_WEBHOOKS_PRIVATE": "1"}  # as under `make run`


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"The desk did not start:\n{log.read_text()}")
