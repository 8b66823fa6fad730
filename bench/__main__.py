"""Runs every measurement on data of its own, prints each figure beside its bar, fails when one is missed."""

import json
import os
import subprocess
import sys
import tempfile
import time

from bench.figures import Figure
from bench.server import ROOT

SIZES = (10_000, 100_000)
# The desk as it is without any configuration.
CONFIGURED = ("ALLOWED_HOSTS", "CACHE_URL", "CSTAR_API_URL", "DATABASE_URL", "SANDBOX_DATABASE_URL", "WEB_CONCURRENCY")


def main() -> int:
    start, load = time.monotonic(), os.getloadavg()[0]
    if load > 0.5 * (os.cpu_count() or 1):
        print(f"The machine is busy (load {load:.1f}): times will be too long; processor times tell more.")
    missed = [(size, figure.name) for size in SIZES for figure in _at_size(size) if figure.missed]
    print(f"\n{time.monotonic() - start:.0f} s")
    for size, name in missed:
        print(f"MISSED at {size:,} tickets: {name}")
    return 1 if missed else 0


def _at_size(size: int) -> list[Figure]:
    """The figures at this size, each printed as it comes."""
    print(f"\n{size:,} tickets", flush=True)
    figures = []
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        command = [sys.executable, "-m", "bench.at_size", str(size)]
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment | {"DATA_DIR": folder}, stdout=subprocess.PIPE, text=True
        )
        for line in child.stdout:
            figures.append(Figure(*json.loads(line)))
            print(figures[-1], flush=True)
        if child.wait():
            raise SystemExit(f"The measurement at {size:,} tickets broke off.")
    return figures


sys.exit(main())
