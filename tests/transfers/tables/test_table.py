"""Header and rows as an import wants them."""

import pytest

from transfers.tables.csv_file import Dialect
from transfers.tables.errors import TableError
from transfers.tables.table import Ragged, open_table


def table(path, dialect=Dialect()):  # noqa: B008 - frozen
    return open_table(path, "utf-8", dialect)


def fault(path) -> str:
    with pytest.raises(TableError) as caught:
        table(path)
    return str(caught.value)


def test_columns_have_one_name_each(written):
    header = table(written(" Name ,,Name,Order\r\nNumber,Name,name,Name (2),\n1\n".replace("\r\n", " "))).header
    assert header == ["Name", "Column 2", "Name (2)", "Order Number", "Name (3)", "name", "Name (2) (2)", "Column 8"]


def test_rows_are_as_wide_as_the_header_and_know_their_line(written):
    lines = table(written('a,b,c\n\n1\n"x\ny",2,3\n , ,\n1,2,3,,\n1,2,3,4\n4,5,6\n')).lines()
    assert next(lines) == (3, ["1", "", ""])
    assert next(lines) == (4, ["x\ny", "2", "3"])
    assert next(lines) == (7, ["1", "2", "3"])
    number, ragged = next(lines)
    assert number == 8
    assert ragged == Ragged(["1", "2", "3", "4"], 3)
    assert "4 cells, but there are 3 columns" in str(ragged)
    assert list(lines) == [(9, ["4", "5", "6"])]


def test_rows_are_counted_up_to_a_limit(written):
    opened = table(written("a\n" + "1\n" * 20))
    assert opened.count() == 20
    assert opened.count(limit=20) == 20
    with pytest.raises(TableError, match=r"^Line 21: This file has more than 19 rows"):
        opened.count(limit=19)


def test_a_fault_further_down_shows_when_it_is_counted(written):
    opened = table(written('a,b\n1,2\n"3,4\n'))
    with pytest.raises(TableError, match=r"^Line 3: .*never closed"):
        opened.count()


def test_a_quote_that_made_a_formula_harmless_is_taken_off(written):
    path = written("'=a,b\n'=1+1,'-5\n''@x,'quoted'\n")
    assert table(path).header == ["=a", "b"]
    assert [cells for _, cells in table(path).lines()] == [["=1+1", "-5"], ["'@x", "'quoted'"]]
    assert next(cells for _, cells in table(path, Dialect(sheet=True)).lines()) == ["'=1+1", "'-5"]


def test_a_mark_that_the_encoding_left_in_the_header_is_no_part_of_its_name(written):
    assert table(written("\ufeffa,b\n1,2\n")).header == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"\n\r\n , ,\n", "nothing but blank lines"),
        (b"a,b\n", "no rows below it"),
        (b"a,b\n\n , \n", "no rows below it"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "is a program"),
        (b"\x7fELF\x02", "is a program"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\xff\xd8\xff\xe0", "is a picture"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"\x1f\x8b\x08", "is a packed archive"),
        (b"<!DOCTYPE html>", "is a web page"),
        (b"PK\x03\x04", "is a workbook, not CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format used before 2007"),
        (b"\x01\x02,b\n1,2\n", "does not look like a table"),
        (b"a,\x00b\n1,2\n", "Line 1: A zero byte"),
    ],
)
def test_what_is_no_table_is_named(written, content, words):
    assert words in fault(written(content))


def test_a_header_may_begin_like_a_program(written):
    assert table(written("MZ,b\n1,2\n")).header == ["MZ", "b"]
