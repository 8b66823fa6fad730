"""PostgreSQL and Redis from Debian's packages, in a temporary folder on free ports, for as long as they are wanted.

`python -m scripts.services` prints the variables that lead to them and waits for Ctrl-C; with a command behind it, the
command runs with these variables, and everything stops when it is over. Nothing of it outlives the run: no durability.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PACKAGES = ("postgresql", "redis-server")
START = 30  # seconds
# Test processes have a Redis database each, and so has each desk that a test starts.
REDIS_DATABASES = 1000


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped then, too
    install()
    with ExitStack() as stack:
        variables = stack.enter_context(services())
        if command:
            return subprocess.run(command, env=os.environ | variables, check=False).returncode
        for name, value in variables.items():
            print(f"export {name}={value}", flush=True)
        print("# PostgreSQL and Redis run until Ctrl-C.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


def install() -> None:
    """Leave with a sentence unless both are there; root on Debian gets them installed."""
    if postgres_folder() and shutil.which("redis-server"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", *PACKAGES], env=env, stdout=sys.stderr, check=False)
    if not (postgres_folder() and shutil.which("redis-server")):
        sys.exit(f"PostgreSQL or Redis is missing: run `apt-get install {' '.join(PACKAGES)}` as root and try again.")


def postgres_folder() -> Path | None:
    """Where Debian keeps the newest PostgreSQL's programs, which are not on the PATH."""
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """The variables that lead to both, which run as long as the block does."""
    with tempfile.TemporaryDirectory(prefix="desk-services-") as name, ExitStack() as stack:
        folder = Path(name)
        # PostgreSQL refuses to run as root, and its own user has to get through to its folder.
        folder.chmod(0o755)
        database = stack.enter_context(postgres(folder))
        cache = stack.enter_context(redis(folder))
        yield {
            "DATABASE_URL": f"{database}/desk",
            "SANDBOX_DATABASE_URL": f"{database}/sandbox",
            "CACHE_URL": f"{cache}/0",
        }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a server with the empty databases `desk` and `sandbox`."""
    programs, data, port, password = postgres_folder(), folder / "postgres", free_port(), secrets.token_hex(16)
    data.mkdir()
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(secret, "postgres")
    initdb = [
        *as_user,
        f"{programs}/initdb",
        "-D",
        str(data),
        "-U",
        "desk",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    by_password = ["-A", "scram-sha-256", "--pwfile", str(secret)]
    subprocess.run([*initdb, *by_password], cwd=data, stdout=subprocess.DEVNULL, check=True)
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": data,
        "max_connections": 200,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "log_min_messages": "fatal",
        "log_min_error_statement": "fatal",
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with process([*as_user, f"{programs}/postgres", "-D", data, *settings], signal.SIGINT):  # SIGINT: fast shutdown
        env = os.environ | {"PGPASSWORD": password}
        admin = ["-h", "127.0.0.1", "-p", str(port), "-U", "desk"]
        wait_for(lambda: subprocess.run([f"{programs}/pg_isready", "-q", *admin], check=False).returncode == 0)
        for name in ("desk", "sandbox"):
            subprocess.run([f"{programs}/createdb", *admin, name], env=env, check=True)
        yield f"postgres://desk:{password}@127.0.0.1:{port}"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a server that keeps nothing on disk."""
    port, password = free_port(), secrets.token_hex(16)
    config = folder / "redis.conf"  # not on the command line, which everybody on the machine may read
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
        f"databases {REDIS_DATABASES}\ndir {folder}\nloglevel warning\n"
    )
    with process(["redis-server", config], signal.SIGTERM):
        wait_for(lambda: answers(port))
        yield f"redis://:{password}@127.0.0.1:{port}"


@contextmanager
def process(command: list, end: signal.Signals) -> Iterator[None]:
    """In a session of its own: Ctrl-C must not reach it before what still needs it is over."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as running:
        try:
            yield
        finally:
            running.send_signal(end)


def wait_for(ready) -> None:
    deadline = time.monotonic() + START
    while not ready():
        if time.monotonic() > deadline:
            sys.exit("PostgreSQL or Redis did not start.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
