"""Files to read, made on the spot."""

import pytest


@pytest.fixture
def written(tmp_path):
    """Makes a file of these bytes (or this text, in UTF-8)."""

    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
