"""Runs a measurement in a process and on data of its own: settings are read once, and nothing is left behind."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import Figure
from bench.server import ROOT

# The desk as it is without any configuration.
CONFIGURED = ("ALLOWED_HOSTS", "CACHE_URL", "CSTAR_API_URL", "DATABASE_URL", "SANDBOX_DATABASE_URL", "WEB_CONCURRENCY")


@contextmanager
def own_data() -> Iterator[dict[str, str]]:
    """An environment whose DATA_DIR is an empty folder, which goes with the block."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        yield environment | {"DATA_DIR": folder}


def start(environment: dict[str, str], module: str, *arguments: str) -> subprocess.Popen:
    """A module as a process that takes lines and prints lines."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def figures_of(module: str, *arguments: str) -> list[Figure]:
    """The figures that the module prints as JSON lines, each printed for people as it comes."""
    figures = []
    with own_data() as environment, start(environment, module, *arguments) as child:
        for line in child.stdout:
            figures.append(Figure(*json.loads(line)))
            print(figures[-1], flush=True)
    if child.returncode:
        raise SystemExit(f"The measurement broke off: {module} {' '.join(arguments)}")
    return figures


def warn_if_busy() -> None:
    load = os.getloadavg()[0]
    if load > 0.5 * (os.cpu_count() or 1):
        print(f"The machine is busy (load {load:.1f}): times will be too long, and ratios less exact.")
