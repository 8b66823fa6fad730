"""The desk as it is served: gunicorn with the product's own configuration, and one browser's connection to it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


class Browser:
    """A signed-in browser: one connection that is kept alive, pages compressed on the way as for every browser."""

    def __init__(self, port: int, cookie: str, server: subprocess.Popen):
        self._server, self.port = server, port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept": "text/html"}

    def get(self, path: str, *, status: int = 200) -> tuple[float, int]:
        """Milliseconds until the page was there, and its bytes on the wire. Any status but this one is an error."""
        start = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        milliseconds = (time.perf_counter() - start) * 1000
        if answer.status != status:
            raise RuntimeError(f"{path} answered {answer.status}")
        return milliseconds, len(body)

    def first_news(self, path: str) -> str:
        """What a page's first heartbeat is told (live/views.py), to be said again with the next."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.headers["X-Live"]

    def processor_milliseconds(self) -> float:
        """The processor time of gunicorn's workers so far: what a page costs, however busy the machine is."""
        ticks = 0
        for pid in Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # in user and in system mode
        return ticks * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(cookie: str) -> Iterator[Browser]:
    """gunicorn on a free loopback port, on the data that the environment names; ended with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PORT": str(port)})
    try:
        _wait_for(port, server)
        yield Browser(port, cookie, server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")
