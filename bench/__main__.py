"""Runs every measurement on data of its own, prints each figure beside its bar, fails when one is missed."""

import sys
import time

from bench import sites
from bench.apart import figures_of, warn_if_busy
from bench.figures import Figure
from bench.rounds import measure, print_table

TRANSFERS = (("bench.transfers",), ("bench.importing", "10000"), ("bench.importing", "100000", "--rehearse"))


def main() -> int:
    start = time.monotonic()
    warn_if_busy()
    missed = measure_pages()
    print("\nTransfers", flush=True)
    for module, *arguments in TRANSFERS:
        missed += [figure.name for figure in figures_of(module, *arguments) if figure.missed]
    print(f"\n{time.monotonic() - start:.0f} s")
    for name in missed:
        print(f"MISSED: {name}")
    return 1 if missed else 0


def measure_pages() -> list[str]:
    """Print the table of pages; answers the bars that are missed."""
    figures: list[Figure] = []
    print("\nPreparing 10,000 tickets", flush=True)
    with sites.desk(10_000, figures) as desk:
        print("\nPreparing 100,000 tickets", flush=True)
        with sites.desk(100_000, figures) as large, sites.peer() as peer:
            rows = measure(desk, large, peer)
    print("\nPages: p50 of the desk and its peer with 10,000 tickets, and of the desk with 100,000")
    print_table(rows)
    return [figure.name for figure in figures if figure.missed] + [bar for row in rows for bar in row.missed()]


if __name__ == "__main__":
    sys.exit(main())
