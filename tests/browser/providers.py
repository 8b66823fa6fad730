"""Identity providers of others, for the tests: installed into a temporary folder, started beside the desk."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

HERE = Path(__file__).parent
START = 30  # seconds


@cache
def npm(*packages: str) -> str:
    """A folder with these packages in it; the test is skipped where they cannot be had."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("node and npm are not installed")
    folder = Path(tempfile.mkdtemp(prefix="desk-npm-"))
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *packages],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm could not install {', '.join(packages)}")
    return str(folder)


class Running:
    """A provider at work. `people(ada={...})` says who there is (None: no more), `lies("tampered")` how it lies."""

    def __init__(self, url: str):
        self.url = url

    def people(self, **claims: dict[str, Any] | None) -> None:
        self._tell("people", claims)

    def lies(self, how: str) -> None:
        self._tell("mode", how)

    def _tell(self, what: str, value: Any) -> None:
        urlopen(Request(f"{self.url}/-/{what}", data=json.dumps(value).encode(), method="POST"), timeout=10).close()


@contextmanager
def running(port: int, *command: str | Path) -> Iterator[Running]:
    """The provider that the command starts on the port; it ends with the block."""
    provider = Running(f"http://127.0.0.1:{port}")
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(process, provider, log)
            yield provider
        finally:
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen, provider: Running, log) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            provider.lies("honest")
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    log.seek(0)
    raise RuntimeError(f"The provider did not start:\n{log.read()}")
