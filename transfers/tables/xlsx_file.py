"""XLSX: its sheets by name, and one of them turned into CSV, so that whatever follows reads CSV alone.

The reading itself is done by another process (`workbook`), which a hostile or broken file may end without harm. It gets
no environment of ours: no file may talk it into telling a secret.
"""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from transfers.tables.csv_file import Dialect
from transfers.tables.errors import TableError, gettext_noop

_TIMEOUT = 120  # seconds
_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-m", "transfers.tables.workbook")

logger = logging.getLogger(__name__)


def sheets(path: Path) -> list[str]:
    """The names of the sheets that a person sees, in the workbook's order. TableError if it cannot be read."""
    return _run(path=str(path.resolve()))


def to_csv(path: Path, sheet: str, target: Path) -> Dialect:
    """Write one sheet as CSV in UTF-8 and return its dialect. TableError if that cannot be done; then nothing is left.

    A record is a row, from the sheet's first to the last with something in it: formulas as the values they last had,
    dates and times in ISO 8601, whole numbers without a fraction, booleans as true and false.
    """
    try:
        _run(path=str(path.resolve()), sheet=sheet, target=str(target.resolve()))
    except TableError:
        target.unlink(missing_ok=True)
        raise
    return Dialect(sheet=True)


def _run(**request: str) -> list[str]:
    try:
        done = subprocess.run(  # noqa: S603 - our own module; what people chose goes in as data
            _COMMAND,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=_ROOT,
            env={"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
            timeout=_TIMEOUT,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        logger.warning("A workbook could not be read: %s", error)
        raise TableError(
            gettext_noop("This workbook is damaged, or too large to be read. Save the sheet as CSV and upload that.")
        ) from None
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise TableError(answer["error"])
    return answer["sheets"]
