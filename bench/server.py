"""A site as it is served: gunicorn on a loopback port, and a browser's connection to it."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
LOG_LINES = 30  # so many are printed when something goes wrong
MOST_REDIRECTS = 3
DESK = (sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--log-level", "warning")


class Answer(NamedTuple):
    milliseconds: float
    body: bytes


class Browser:
    """A signed-in browser: one connection that is kept alive, pages compressed on the way where the site does it."""

    def __init__(self, port: int, cookie: str):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept": "text/html"}

    def get(self, path: str, *, status: int = 200) -> Answer:
        """The page, redirects followed, and how long it took until its last byte. Any other status is an error."""
        start = time.perf_counter()
        response, body = self._request(path)
        for _ in range(MOST_REDIRECTS):
            if response.status not in {301, 302}:
                break
            response, body = self._request(response.headers["Location"])
        milliseconds = (time.perf_counter() - start) * 1000
        if response.status != status:
            raise RuntimeError(f"{path} answered {response.status}")
        return Answer(milliseconds, body)

    def first_news(self, path: str) -> str:
        """What a page's first heartbeat is told (live/views.py), to be said again with the next."""
        return self._request(path)[0].headers["X-Live"]

    def _request(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        return response, response.read()


class Server(NamedTuple):
    port: int
    process: subprocess.Popen

    def processor_milliseconds(self) -> float:
        """The processor time of gunicorn's workers so far: what pages cost, however busy the machine is."""
        ticks, pid = 0, self.process.pid
        for worker in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # in user and in system mode
        return ticks * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(environment: dict[str, str], command: tuple[str, ...] = DESK) -> Iterator[Server]:
    """gunicorn on a free loopback port, which `command` reads from PORT; ended with the block, its log kept aside."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment | {"PORT": str(port)}, stderr=log, stdout=log)
        try:
            _wait_for(port, process)
            yield Server(port, process)
        except RuntimeError:
            log.seek(0)
            print(*log.readlines()[-LOG_LINES:], sep="", file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")
