"""The files of docs/deploy: what they start is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs/deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
HOME = "/opt/cstar-desk"


def command(unit: Path) -> str:
    return re.search(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)[1]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_no_fault_in_the_units(unit, tmp_path):
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace(f"{HOME}/.venv/bin", str(Path(sys.executable).parent)))
    done = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False)
    # It reads the units of the whole machine along, and tells of their faults, too.
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "web" not in unit.name], ids=lambda unit: unit.stem)
def test_the_workers_of_the_units_start(unit, tmp_path):
    """Until there is nothing to do: the commands themselves, on a desk without a team."""
    env = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    program, *arguments = command(unit).split()
    assert program == f"{HOME}/.venv/bin/python"
    for arguments_of in (["manage.py", "migrate", "-v0"], [*arguments, "--batch"]):
        subprocess.run([sys.executable, *arguments_of], cwd=ROOT, env=env, check=True, capture_output=True, timeout=60)


def test_containers_run_what_the_units_run():
    composed = (DEPLOY / "compose.yaml").read_text()
    for unit in UNITS:
        started = command(unit).removeprefix(f"{HOME}/.venv/bin/")
        assert started in composed or started.split() == ["gunicorn", "--config", "config/gunicorn.py"]
    assert '"gunicorn", "--config", "config/gunicorn.py"' in (ROOT / "Dockerfile").read_text()


def test_each_unit_and_page_is_told_of():
    told = (DEPLOY / "README.md").read_text()
    for file in DEPLOY.iterdir():
        assert file.name == "README.md" or f"]({file.name})" in told
