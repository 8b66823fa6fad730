"""Whatever is uploaded is a table or a sentence, and never a large part of our memory."""

import contextlib
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transfers.tables.csv_file import sniff
from transfers.tables.encoding import CHOICES, detect, preview
from transfers.tables.errors import TableError
from transfers.tables.file_types import Kind, kind
from transfers.tables.table import open_table
from transfers.tables.writing import XlsxWriter
from transfers.tables.xlsx_file import sheets, to_csv

ENCODINGS = [name for name, _ in CHOICES]


def taken_in(path, asked: str = "cp1252") -> int:
    """The steps of an import up to the number of rows; `asked` is what a person answers."""
    if kind(path) is Kind.WORKBOOK:
        target = path.with_suffix(".out")
        return open_table(target, "utf-8", to_csv(path, sheets(path)[0], target)).count()
    encoding = detect(path) or asked
    assert preview(path, encoding)
    return open_table(path, encoding, sniff(path, encoding)).count()


@given(content=st.binary(max_size=200), asked=st.sampled_from(ENCODINGS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes(written, content, asked):
    with contextlib.suppress(TableError):
        assert taken_in(written(content), asked)


@given(
    head=st.sampled_from(["a;b\n", "\ufeffa\tb\r", '"a","b"\r\n', "'a'|'b'\n"]),
    body=st.text(alphabet="a1;,|\t\"'\r\n\0 =é", max_size=60),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_anything_below_a_header(written, head, body, encoding):
    with contextlib.suppress(TableError):
        assert taken_in(written((head + body).encode(encoding)))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8)
def test_any_fault_in_a_workbook(tmp_path, data):
    path = tmp_path / "book.xlsx"
    with XlsxWriter(path, ["a", "b"]) as table:
        table.write(["x", 1])
    with zipfile.ZipFile(path) as archive:
        members = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    part = members[data.draw(st.sampled_from(sorted(members)))]
    for _ in range(data.draw(st.integers(1, 5))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, bytes(content))
    with contextlib.suppress(TableError):
        assert taken_in(path)


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n" + "value,another value\n" * 50_000,
        "a,b\n" + '1,"' + "x" * 5_000_000,
        "a,b\n" + '1,"' + "x\n" * 2_500_000,
        "a,b\n" + "," * 5_000_000,
        "a" * 5_000_000,
    ],
    ids=["long", "one cell", "one cell of many lines", "one row", "one header"],
)
def test_a_large_file_is_not_held_in_memory(written, content):
    path = written(content)
    tracemalloc.start()
    with contextlib.suppress(TableError):
        taken_in(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000
