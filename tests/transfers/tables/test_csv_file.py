"""CSV as it comes: any delimiter, quoting and line end; refused with its line where it cannot be read."""

import contextlib
import csv
import io
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transfers.tables import csv_file
from transfers.tables.csv_file import MAX_CELL, Dialect, rows, sniff
from transfers.tables.errors import TableError
from transfers.tables.table import open_table


def read(path, encoding="utf-8", dialect=Dialect()):  # noqa: B008 - frozen
    return [tuple(line) for line in rows(path, encoding, dialect)]


def fault(path, encoding="utf-8", dialect=Dialect()) -> TableError:  # noqa: B008
    with pytest.raises(TableError) as caught:
        read(path, encoding, dialect)
    assert str(caught.value).startswith(f"Line {caught.value.line:,}: ")
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(written, end):
    text = end.join(["a,b", '"x' + end + 'y",2', "", "3,4"])
    assert read(written(text)) == [(1, ["a", "b"]), (2, [f"x{end}y", "2"]), (4, []), (5, ["3", "4"])]


def test_a_sheet_counts_its_rows_and_not_the_lines_of_its_cells(written):
    path = written('a\n"1\n2\n3"\nb\n')
    assert [number for number, _ in read(path, dialect=Dialect(sheet=True))] == [1, 2, 3]
    assert fault(written("a\n" + '"1\n2"\n' + '"x" y\n'), dialect=Dialect(sheet=True))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32"])
def test_encodings(written, encoding):
    assert read(written("ä;ö\n1;2\n".encode(encoding)), encoding, Dialect(";")) == [(1, ["ä", "ö"]), (2, ["1", "2"])]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a,b\n1,2\n3,\x004\n", 3, "zero byte"),
        ('a,b\n1,2\n"3,4\n5,6\n', 3, "never closed"),
        ('a,b\n"x\ny","5\n6,7\n', 3, "never closed"),
        ('a,b\n"x ""y""\nz",1\n"un""closed\n\n', 4, "never closed"),
        ('a,b\n1,"2\n3,"4"\n', 2, "closed in line 3"),
        ('a,b\n1,"2" or 3\n', 2, "more text after it"),
        ("a,b\n1," + "x" * (MAX_CELL + 1) + "\n", 2, "100,000 characters"),
        ('a,b\n1,2\n3,"' + "x" * 10_000_000 + '"\n', 3, "1,000,000 characters"),
        ('a,b\n1,"' + "x\n" * 200_000 + '"\n', 2, "100,000 characters, or its quote is never closed"),
        ("a,b\n" + "," * 1_000 + "\n", 2, "1,001 cells"),
        ("a" + "," * 2_000_000, 1, "1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(written, text, line, words):
    error = fault(written(text))
    assert error.line == line
    assert words in str(error)


@pytest.mark.parametrize(
    ("encoding", "bad"), [("utf-8", b"\xe4"), ("utf-16-be", b"\xd8\x00"), ("euc_kr", b"\xff"), ("cp1252", b"\x81")]
)
def test_bytes_that_are_no_letters_are_named_by_line(written, encoding, bad):
    lines = ["a,b"] + [f"{number},x" for number in range(2, 5_000)]
    content = "\n".join(lines).encode(encoding) + "\n".encode(encoding) + bad + "\nc,d\n".encode(encoding)
    error = fault(written(content), encoding)
    assert error.line == 5_000
    assert "another encoding" in str(error)


def test_utf_16_that_ends_in_the_middle_of_a_letter(written):
    content = b"\xfe\xff" + "a,b\n1,2\n".encode("utf-16-be") + b"\0"
    assert fault(written(content), "utf-16").line == 3


def test_rows_before_the_fault_are_delivered(written):
    lines = rows(written("a,b\n1,2\n\x00,\n"), "utf-8", Dialect())
    assert next(lines).cells == ["a", "b"]
    assert next(lines).cells == ["1", "2"]
    with pytest.raises(TableError):
        next(lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found(written, delimiter, end):
    text = end.join(
        delimiter.join(row)
        for row in [
            ["Name", "Comment", "Price"],
            ["Ann", '"Hello, I need help; soon | now\tplease"', "1"],
            ["Bo, Jr", "a,b,c,d", "2"] if delimiter != "," else ["Bo", "b", "2"],
            ["", "", ""],
        ]
    )
    assert sniff(written(text), "utf-8") == Dialect(delimiter, '"')


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("", Dialect()),
        ("Name\nAnn\nBo\n", Dialect()),
        ("Name;Price\nAnn;1,50\nBo;2,50\nCy;3,50\n", Dialect(";")),
        ("Name;Price\n", Dialect(";")),
        ("'Name';'Note'\n'Ann';'a;b'\n", Dialect(";", "'")),
        ("'Name','Note'\n'Ann','it''s, well'\n'Bo','x'\n", Dialect(",", "'")),
        ("Name,Note\nAnn,'=1+1\nBo,'quoted'\n", Dialect()),  # no quoting, only quotes
        ('Name;Note\nAnn;"' + "x" * 200_000 + '"\n', Dialect(";")),
    ],
)
def test_the_dialect_is_found(written, text, dialect):
    assert sniff(written(text), "utf-8") == dialect


def test_the_dialect_of_a_file_in_no_known_encoding_is_found_all_the_same(written):
    assert sniff(written("Größe;Straße\n1;2\n".encode("cp1252")), "utf-8").delimiter == ";"


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-be", "gb18030"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read(written, table, delimiter, quote, end, encoding):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows(table)
    path = written(text.getvalue().encode(encoding))
    assert [cells for _, cells in read(path, encoding, Dialect(delimiter, quote))] == table


@given(
    content=st.binary(max_size=300), dialect=st.builds(Dialect, st.sampled_from(",;\t|"), st.sampled_from(["", "'"]))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_a_sentence(written, content, dialect):
    path = written(content)
    for encoding in ("utf-8", "utf-16-le", "cp932"):
        with contextlib.suppress(TableError):
            assert all(isinstance(cell, str) for _, cells in read(path, encoding, dialect) for cell in cells)
        assert sniff(path, encoding)


def steps(work, *given) -> int:
    """How many instructions of Python the work takes: the same each time, however busy the machine is."""
    count = 0

    def traced(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work(*given)
    finally:
        sys.settrace(before)
    return count


BLANK = ["\n", "\r\n", "\r", "  \n", ",,\n", " , \n"]


@pytest.mark.parametrize("blank", BLANK, ids=repr)
def test_blank_lines_are_passed_over_and_counted(blank, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"a,b,c{blank[-1]}{blank * 1_000}1,2,3\n".encode())
    found = [line for line in rows(path, "utf-8", Dialect()) if line.cells]
    assert found == [(1, ["a", "b", "c"]), (1_002, ["1", "2", "3"])]


def test_in_a_sheet_blank_rows_count_as_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"x\ny",1\n\n\n\n,\n1,2\n')
    found = [line for line in rows(path, "utf-8", Dialect(sheet=True)) if line.cells]
    assert found == [(1, ["a", "b"]), (2, ["x\ny", "1"]), (7, ["1", "2"])]


def test_blank_lines_within_a_cell_stay(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"x\n\n\n,\ny",1\n')
    assert list(rows(path, "utf-8", Dialect()))[1].cells == ["x\n\n\n,\ny", "1"]


@pytest.mark.parametrize("blank", BLANK, ids=repr)
def test_a_file_of_blank_lines_takes_as_long_as_it_has_lines(blank, tmp_path):
    def read(number: int) -> int:
        path = tmp_path / f"{number}.csv"
        path.write_bytes(f"a,b\n{blank * number}1,2\n".encode())
        return steps(list, rows(path, "utf-8", Dialect()))

    few, many = read(1_000), read(4_000)
    assert many < 4.2 * few
    # And not long for each: the reader itself is not asked.
    assert many < 100 * 4_000


def test_of_blank_lines_a_file_may_have_only_so_many(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "MAX_BLANK", 100)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "\n" * 50 + "1,2\n" + "\n" * 101 + "1,2\n")
    assert len(list(rows(path, "utf-8", Dialect()))) == 5
    path.write_text("a,b\n" + "\n" * 102 + "1,2\n")
    with pytest.raises(TableError, match="More than 100 blank lines follow here") as refused:
        list(rows(path, "utf-8", Dialect()))
    assert refused.value.line == 2


@pytest.mark.parametrize("heads", [["a"], ["a", "a (2)"], ["", "Column 2"], ["a", "b"]], ids=repr)
def test_equal_heads_are_named_in_one_go(heads, tmp_path):
    def read(number: int) -> int:
        path = tmp_path / f"{number}.csv"
        path.write_text(",".join((heads * number)[:number]) + "\n" + "x," * (number - 1) + "x\n")
        return steps(lambda: open_table(path, "utf-8", Dialect()).header)

    few, many = read(250), read(1_000)
    assert many < 4.5 * few
