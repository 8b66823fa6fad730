"""Measures each page on all sites in turns, request by request: what slows the machine for a while slows them all."""

from statistics import median

from bench.pages import PAGES, Page
from bench.sites import Desk, Peer

ROUNDS, REQUESTS = 10, 15
PEER_EVERY = 3  # the peer takes part in each third turn, for it takes most of the time
HEAD = ("", "desk", "peer", "ratio", "cpu", "bar", "100,000", "growth", "cpu", "bar", "queries", "calls", "")
LAYOUT = "  {:<38}{:>9}{:>10}{:>7}{:>7}{:>8}{:>10}{:>8}{:>7}{:>6}{:>9}{:>7}  {}"


class Measured:
    """What a page took on one site: milliseconds a request, and processor time of the server."""

    def __init__(self, site: Desk | Peer, page: Page):
        self._site, self._page, self._paths = site, page, site.paths(page)
        self._times: list[float] = []
        self._processor = 0.0

    def request(self) -> None:
        if self._page.after_change and isinstance(self._site, Desk):
            self._site.touch()
        before = self._site.server.processor_milliseconds()
        self._times.append(self._site.milliseconds(self._page, self._paths))
        self._processor += self._site.server.processor_milliseconds() - before

    def forget(self) -> None:
        self._times.clear()
        self._processor = 0.0

    @property
    def p50(self) -> float:
        return median(self._times)

    @property
    def processor(self) -> float:
        return self._processor / len(self._times)


class Row:
    """A page on the desk, on the desk with ten times the tickets, and on the peer if that has such a page."""

    def __init__(self, page: Page, desk: Desk, large: Desk, peer: Peer):
        self.page = page
        self.desk, self.large = Measured(desk, page), Measured(large, page)
        self.peer = Measured(peer, page) if page.peer else None
        self._queries = desk.costs[page.name]["queries"]
        self._calls = max(site.costs[page.name]["calls"] for site in (desk, large))

    def go_round(self) -> None:
        for turn in range(REQUESTS):
            self.desk.request()
            self.large.request()
            if self.peer and turn % PEER_EVERY == 0:
                self.peer.request()

    def warm_up(self) -> None:
        self.go_round()
        for measured in filter(None, (self.desk, self.large, self.peer)):
            measured.forget()

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer's page it is."""
        return self.peer.p50 / self.desk.p50

    @property
    def growth(self) -> float:
        """How many times as long it takes with ten times the tickets."""
        return self.large.p50 / self.desk.p50

    def missed(self) -> list[str]:
        """The bars that are missed, in words."""
        page, found = self.page, []
        if page.ratio_bar and self.ratio < page.ratio_bar:
            found.append(f"{page.name}: {self.ratio:.1f} times as fast as the peer, not {page.ratio_bar}")
        if page.growth_bar and self.growth > page.growth_bar:
            found.append(f"{page.name}: {self.growth:.2f} times its time with ten times the tickets")
        if self._calls:
            found.append(f"{page.name}: {self._calls} API calls")
        return found

    def __str__(self) -> str:
        compared = ("", "", "", "")
        if self.peer:
            processor = self.peer.processor / self.desk.processor
            bar = f">= {self.page.ratio_bar}" if self.page.ratio_bar else ""
            compared = (f"{self.peer.p50:.1f} ms", f"{self.ratio:.1f}", f"{processor:.1f}", bar)
        return LAYOUT.format(
            self.page.name,
            f"{self.desk.p50:.1f} ms",
            *compared,
            f"{self.large.p50:.1f} ms",
            f"{self.growth:.2f}",
            f"{self.large.processor / self.desk.processor:.2f}",
            f"<= {self.page.growth_bar}" if self.page.growth_bar else "",
            self._queries,
            self._calls,
            "MISSED" if self.missed() else "ok",
        )


def measure(desk: Desk, large: Desk, peer: Peer) -> list[Row]:
    rows = [Row(page, desk, large, peer) for page in PAGES]
    for row in rows:
        row.warm_up()
    for _ in range(ROUNDS):
        desk.poll()
        large.poll()
        for row in rows:
            row.go_round()
    return rows


def print_table(rows: list[Row]) -> None:
    print(LAYOUT.format(*HEAD).rstrip())
    for row in rows:
        print(row)
