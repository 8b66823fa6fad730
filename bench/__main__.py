"""Runs every measurement on data of its own, prints each figure beside its bar, fails when one is missed."""

import sys
import time

from bench.apart import figures_of, warn_if_busy

SIZES = (10_000, 100_000)
TRANSFERS = (("bench.transfers",), ("bench.importing", "10000"), ("bench.importing", "100000", "--rehearse"))


def main() -> int:
    start = time.monotonic()
    warn_if_busy()
    missed = []
    for size in SIZES:
        print(f"\n{size:,} tickets", flush=True)
        figures = figures_of("bench.at_size", str(size))
        missed += [f"{figure.name} at {size:,} tickets" for figure in figures if figure.missed]
    print("\nTransfers", flush=True)
    for module, *arguments in TRANSFERS:
        missed += [figure.name for figure in figures_of(module, *arguments) if figure.missed]
    print(f"\n{time.monotonic() - start:.0f} s")
    for name in missed:
        print(f"MISSED: {name}")
    return 1 if missed else 0


sys.exit(main())
