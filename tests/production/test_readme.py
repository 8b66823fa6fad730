"""The README's "In production", followed to the letter on a machine of its own, up to a signed-in page over TLS.

The machine is this one with a layer that is thrown away (machine.sh), so that the commands have their true paths,
ports and users. Three things stand for others: apt-get finds what it would install, systemctl starts the units' own
commands, and cStar is the embedded one. Installing from requirements/production.txt, nginx, gunicorn, the workers,
PostgreSQL and Redis are the real ones.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.services import postgres_folder
from tests.production.machine import CSTAR_PORT, DONE

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
NAME = "support.corp.test"
NEEDED = ("unshare", "nginx", "git", "openssl", "runuser", "ip", "redis-server")
# Says the arguments of its own process and of those that it was started by.
ARGUMENTS = """
import pathlib, re
pid = "self"
while pid != "0":
    process = pathlib.Path("/proc", pid)
    print(process.joinpath("cmdline").read_bytes().replace(b"\\0", b" ").decode())
    pid = re.search(r"^PPid:\\s*([0-9]+)", process.joinpath("status").read_text(), re.MULTILINE)[1]
"""
pytestmark = pytest.mark.xdist_group("readme")  # begun early, as every group is: it takes a minute or more
TIMEOUT = 300  # seconds; on an idle machine it takes a fifth of it


def section() -> str:
    return re.search(r"^## In production\n(.*?)^## ", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[1]


def commands() -> str:
    """The one block of commands, with what a reader fills in."""
    [block] = re.findall(r"^```\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    filled = block.replace("<this repository>", ROOT.as_uri())
    filled = filled.replace("name=desk.example.com", f"name={NAME}")
    # The only word that is not the README's: the address of a cStar that can be reached from here.
    return filled.replace("https://www.cstar.help/api/v1", f"http://127.0.0.1:{CSTAR_PORT}/api/v1")


def first_admin() -> str:
    return re.search(r"`(desk manage\.py createadmin [^`]+)`", section())[1]


def why_not() -> str:
    if os.geteuid() != 0:
        return "only root makes machines"
    if missing := [program for program in NEEDED if not shutil.which(program)]:
        return f"there is no {missing[0]}"
    if not postgres_folder():
        return "there is no PostgreSQL"
    if subprocess.run(
        ["/usr/bin/python3", "-c", "import ensurepip, venv"], capture_output=True, check=False
    ).returncode:
        return "Debian's python3-venv is not installed"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], capture_output=True, check=False)
    return "this machine lets nobody make another" if tried.returncode else ""


def test_every_command_is_followed():
    assert f"name={NAME}" in commands()
    assert "<" not in re.sub(r"<<END", "", commands())
    assert "pip install --require-hashes" in commands()


def test_the_readme_leads_to_a_signed_in_page_over_tls(tmp_path):
    assert not why_not(), f"The README cannot be followed here: {why_not()}."
    (tmp_path / "disk").mkdir()
    (tmp_path / "name").write_text(NAME)
    installing, _, rest = commands().partition("\n\n")
    assert installing.rstrip().endswith("requirements/production.txt")
    (tmp_path / "install.sh").write_text(installing)
    # What comes after has a network of its own, hence a shell of its own.
    (tmp_path / "rest.sh").write_text(f"name={NAME}\ncd /opt/cstar-desk\n{rest}\n{first_admin()}\n")
    [desk] = re.findall(r"^desk\(\) .*$", rest, re.MULTILINE)
    migrate = "desk manage.py migrate"
    assert migrate in rest
    units = re.search(r"^systemctl enable --now (.*)$", rest, re.MULTILINE)[1]
    several = ["cd /opt/cstar-desk", desk, migrate, first_admin(), f"systemctl restart {units}"]
    (tmp_path / "several.sh").write_text("\n".join(several))
    (tmp_path / "arguments.sh").write_text(f"cd /opt/cstar-desk\n{desk}\ndesk -c {shlex.quote(ARGUMENTS)}\n")
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2"]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *subject], capture_output=True, check=True
    )
    machine = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", HERE / "machine.sh"]
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PIP_") or name.endswith(("_proxy", "_PROXY"))
    }
    env = {"HOME": "/root", "LANG": "C.UTF-8", "PATH": os.environ["PATH"]} | kept
    done = subprocess.run(
        [*machine, tmp_path, ROOT, sys.executable],
        env=env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-9000:]}"
    assert done.stdout.endswith(DONE)
