"""The sites that are measured in turns: the desk with some number of tickets, and its peer."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bench.apart import own_data, start
from bench.figures import Figure
from bench.pages import Page
from bench.server import ROOT, Browser, Server, serving

PEER_PYTHON = str(ROOT / "bench/peer/.venv/bin/python")
PEER = (PEER_PYTHON, "-m", "gunicorn", "--config", "bench/peer/gunicorn.py")
ROWS = 50
# The address from which the peer's list loads its rows, as its script names it.
PEER_ROWS = re.compile(rb'"(/datatables_ticket_list/[^"]+)"')


class Site:
    """A running site, with a browser for each person who is signed in to it."""

    def __init__(self, server: Server, cookies: dict[str, str], values: dict[str, str]):
        self.server, self.values = server, values
        self._browsers = {username: Browser(server.port, cookie) for username, cookie in cookies.items()}

    def milliseconds(self, page: Page, paths: list[str]) -> float:
        """How long a person waits for all of the page."""
        return sum(self._browsers[page.username].get(path).milliseconds for path in paths)

    def body(self, page: Page, path: str) -> bytes:
        return self._browsers[page.username].get(path).body


class Desk(Site):
    def __init__(self, child: subprocess.Popen, server: Server, prepared: dict):
        super().__init__(server, prepared["cookies"], prepared["values"])
        self.costs: dict[str, dict[str, int]] = prepared["costs"]
        self._child = child

    def paths(self, page: Page) -> list[str]:
        return [page.path.format(**self.values)]

    def poll(self) -> None:
        """Ask the sandbox for changes, as the worker does all the time: pages then know that they are current."""
        self._command("poll")

    def touch(self) -> None:
        """Say that something in the team changed."""
        self._command("touch")

    def _command(self, name: str) -> None:
        print(name, file=self._child.stdin, flush=True)
        if not self._child.stdout.readline():
            raise RuntimeError("The desk's process broke off")


class Peer(Site):
    def paths(self, page: Page) -> list[str]:
        """The page, and where it is a list the request by which it loads its rows."""
        shell = page.peer.format(**self.values)
        rows = PEER_ROWS.search(self.body(page, shell))
        if not rows:
            return [shell]
        path = f"{rows[1].decode()}?draw=1&start={page.start}&length={ROWS}"
        loaded = len(json.loads(self.body(page, path))["data"])
        if loaded != ROWS:
            raise RuntimeError(f"The peer's list has {loaded} rows: {shell}")
        return [shell, path]


@contextmanager
def desk(size: int, figures: list[Figure]) -> Iterator[Desk]:
    """The desk with so many tickets; what preparing it told is printed and added to the figures."""
    with own_data() as environment, start(environment, "bench.desk", str(size)) as child:
        for line in child.stdout:
            prepared = json.loads(line)
            if isinstance(prepared, dict):
                break
            figures.append(Figure(*prepared))
            print(figures[-1], flush=True)
        else:
            raise SystemExit("The desk could not be prepared")
        with serving(environment) as server:
            yield Desk(child, server, prepared)


@contextmanager
def peer() -> Iterator[Peer]:
    command = [PEER_PYTHON, "-m", "bench.peer.sign_in"]
    prepared = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    with serving({}, PEER) as server:
        yield Peer(server, **prepared)
