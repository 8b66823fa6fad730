"""A copy of all that the desk has, taken while it runs, and the way back.

`python -m scripts.backup FOLDER` writes, `python -m scripts.backup --restore FOLDER` reads; both act on the desk that
the environment names. The folder holds each database, the files of imports and exports, and the secrets that the desk
made for itself: it is as secret as the desk. SECRET_KEY and ENCRYPTION_KEYS from the environment are not in it, and
without them sessions and the teams' keys cannot be read: keep them elsewhere.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402

# What `config/env.py` makes on the first start where the environment names none.
SECRETS = ("secret-key", "encryption-key")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--restore", action="store_true", help="put the folder's contents in place of what is there")
    chosen = parser.parse_args()
    try:
        (restore if chosen.restore else back_up)(chosen.folder)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        sys.exit(f"It did not work: {error}")
    return 0


def back_up(folder: Path) -> None:
    """Files come after the databases: what these name is there, and one that came meanwhile does no harm."""
    folder.mkdir(mode=0o700, parents=True)
    for alias, database in databases().items():
        if is_sqlite(database):
            copy_sqlite(database["NAME"], folder / f"{alias}.sqlite3")
        else:
            postgres("pg_dump", database, "--format=custom", f"--file={folder / f'{alias}.dump'}")
    for name in SECRETS:
        if (settings.DATA_DIR / name).exists():
            shutil.copy2(settings.DATA_DIR / name, folder / name)
    if settings.TRANSFERS_DIR.exists():
        shutil.copytree(settings.TRANSFERS_DIR, folder / "transfers")


def restore(folder: Path) -> None:
    """With the desk stopped. What is in the databases now is replaced."""
    for alias, database in databases().items():
        if is_sqlite(database):
            copy_sqlite(folder / f"{alias}.sqlite3", database["NAME"])
        else:
            options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
            postgres("pg_restore", database, *options, folder / f"{alias}.dump")
    for name in SECRETS:
        if (folder / name).exists():
            shutil.copy2(folder / name, settings.DATA_DIR / name)
    if (folder / "transfers").exists():
        shutil.copytree(folder / "transfers", settings.TRANSFERS_DIR, dirs_exist_ok=True)


def databases() -> dict[str, dict]:
    """The desk's own, and the sandbox's where it is in use."""
    return {alias: entry for alias, entry in settings.DATABASES.items() if settings.SANDBOX or alias == "default"}


def is_sqlite(database: dict) -> bool:
    return database["ENGINE"] == "django.db.backends.sqlite3"


def copy_sqlite(source: str | Path, target: str | Path) -> None:
    """All that was committed when it began, whoever writes meanwhile."""
    if not Path(source).exists():
        raise FileNotFoundError(f"{source} is not there.")
    with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)


def postgres(program: str, database: dict, *arguments: str | Path) -> None:
    """The password is given in the environment, for everybody on the machine may read command lines."""
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {name: str(database[part]) for name, part in where.items() if database.get(part)}
    command = [program, f"--dbname={database['NAME']}", *arguments]
    subprocess.run(command, env=os.environ | env, check=True)


if __name__ == "__main__":
    sys.exit(main())
