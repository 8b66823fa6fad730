"""Runs one of this folder's modules in a process and a DATA_DIR of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent


def apart(module: str, **options: object) -> subprocess.CompletedProcess:
    """`module` gets the options as `--name value`; whatever it leaves behind goes with its folder."""
    chosen = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    with tempfile.TemporaryDirectory(prefix="desk-faults-") as folder, services.of_a_desk() as data:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", module, *chosen, "--here"],
            cwd=ROOT,
            env=kept | data | {"DATA_DIR": folder, "WORKING_SET_DAYS": "36500"},
            capture_output=True,
            text=True,
            check=False,
        )
