"""Measures the heartbeat of open pages, prints each figure beside its bar, fails when one is missed."""

import sys

from bench.apart import figures_of, warn_if_busy


def main() -> int:
    warn_if_busy()
    missed = [figure for figure in figures_of("bench.open_pages") if figure.missed]
    return 1 if missed else 0


sys.exit(main())
