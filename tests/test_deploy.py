"""The files of docs/deploy: what they start is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_service_can_do_little_beside_its_work(unit):
    """In tenths of ten, where 96 is no isolation at all: what is left is mostly the network."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


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


def listed_variables() -> set[str]:
    """Those of the README's table."""
    lines = [line.split("|")[1] for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")]
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", " ".join(lines)))


def test_every_variable_reaches_the_containers():
    """Compose takes nothing out of `--env-file` that no line asks for: the file itself is given to them."""
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name in ("migrate", "web", "worker", "transfers"):
        service = composed["services"][name]
        assert (DEPLOY / service["env_file"]).resolve() == ROOT / "desk.env"
        fixed = {key: value for key, value in service["environment"].items() if f"${{{key}" not in str(value)}
        # The composition's own: where its database, its cache and its volume are, and the port that it opens.
        assert set(fixed) == {"DATABASE_URL", "CACHE_URL", "DATA_DIR", "BIND", "PORT"}
        assert set(service["environment"]) <= listed_variables()


def copied_into_the_image(path: str) -> bool:
    """What .dockerignore says of a path: the last pattern that matches it, or a folder that it is in, decides."""
    copied = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        places = [str(place) for place in (Path(path), *Path(path).parents)]
        names = [Path(place).name for place in places] if pattern.startswith("**/") else places
        if line and not line.startswith("#") and any(fnmatch(name, pattern.removeprefix("**/")) for name in names):
            copied = line.startswith("!")
    return copied


@pytest.mark.parametrize(
    "path",
    [
        *("desk.env", ".env", "prod.env", "config/desk.env", ".env.local", "var/desk.sqlite3", "var/secret-key"),
        *(".git/config", "desk.sqlite3", "secrets.json", "tests/settings.py", "config/__pycache__/env.pyc"),
        "a-file-of-tomorrow",
    ],
)
def test_no_secret_gets_into_the_image(path):
    assert not copied_into_the_image(path)


def test_all_that_runs_gets_into_the_image():
    apart = {"tests", "bench", "docs", "pyproject.toml", "Makefile", "Dockerfile"}
    apart |= {".ci", ".gitignore", ".dockerignore", ".stylelintrc.yaml"}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in tracked.splitlines():
        assert copied_into_the_image(path) is (Path(path).parts[0] not in apart and not path.endswith(".md")), path
