"""Files to read: made on the spot, and one as a helpdesk exported it."""

from pathlib import Path

import pytest

# It is no part of the project: it lies beside it where the project is worked on.
_EXPORT = Path(__file__).parents[4] / "shared" / "data" / "helpdesk-export-tickets.csv"


@pytest.fixture
def helpdesk_export() -> Path:
    if not _EXPORT.exists():
        pytest.skip("the helpdesk's export does not lie beside the project")
    return _EXPORT


@pytest.fixture
def written(tmp_path):
    """Makes a file of these bytes (or this text, in UTF-8)."""

    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
