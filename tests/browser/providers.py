"""Other people's identity providers: `make test` installs them with npm, tests start them beside the desk."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

HERE = Path(__file__).parent
# Where `make test` puts the packages of package.json.
NPM = HERE.parent.parent / ".venv" / "npm"
START = 30  # seconds


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
