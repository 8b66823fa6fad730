"""Workbooks: honest ones become CSV, hostile and broken ones a sentence."""

import contextlib
import datetime
import zipfile

import pytest
import xlsxwriter

from transfers.tables import workbook
from transfers.tables.errors import TableError
from transfers.tables.table import open_table
from transfers.tables.xlsx_file import sheets, to_csv


@pytest.fixture
def made(tmp_path):
    """Makes a workbook: `made(lambda book: ...)`."""

    def make(fill, name="book.xlsx"):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            fill(book)
        return path

    return make


def rows(path, sheet="Sheet1"):
    target = path.with_suffix(".csv")
    dialect = to_csv(path, sheet, target)
    table = open_table(target, "utf-8", dialect)
    return [(1, table.header), *table.lines()]


def fault(path) -> str:
    """The sentence, which is the same whether sheets are listed or one is read; nothing is left behind."""
    target = path.with_suffix(".out")
    with pytest.raises(TableError) as listed:
        sheets(path)
    with pytest.raises(TableError) as read:
        to_csv(path, "Sheet1", target)
    assert str(listed.value) == str(read.value)
    assert not target.exists()
    return str(read.value)


def test_sheets_that_a_person_sees_are_offered(made):
    def fill(book):
        book.add_worksheet("Tickets & more")
        book.add_worksheet("Lists").hide()
        book.add_chartsheet("Chart")
        book.add_worksheet("Größe")

    path = made(fill, "named-as-anything.dat")
    assert sheets(path) == ["Tickets & more", "Größe"]
    for name in ("Lists", "Chart", "", "no\0ne"):
        with pytest.raises(TableError, match="not in this workbook"):
            to_csv(path, name, path.with_suffix(".csv"))


def test_cells_become_text_that_an_import_understands(made):
    def fill(book):
        sheet = book.add_worksheet()
        day, moment, span, clock = (
            book.add_format({"num_format": shown}) for shown in ("yyyy-mm-dd", "d/m/yy h:mm", "[h]:mm:ss", "hh:mm")
        )
        sheet.write_row(0, 0, ["Day", "Moment", "Span", "Clock", "Whole", "Part", "Yes", "Sum", "Wrong", "Text"])
        sheet.write_datetime(1, 0, datetime.date(2024, 1, 2), day)
        sheet.write_datetime(1, 1, datetime.datetime(2024, 1, 2, 3, 4, 5), moment)
        sheet.write_number(1, 2, 1.5, span)
        sheet.write_datetime(1, 3, datetime.time(3, 4), clock)
        sheet.write_number(1, 4, 1234567)
        sheet.write_number(1, 5, -0.25)
        sheet.write_boolean(1, 6, True)
        sheet.write_formula(1, 7, "=E2+1", None, 1234568)
        sheet.write_formula(1, 8, "=1/0", None, "#DIV/0!")
        sheet.write_string(1, 9, '\'=1, "a"\nü\rb ')

    [_, (line, cells)] = rows(made(fill))
    assert line == 2
    assert cells[:7] == ["2024-01-02", "2024-01-02T03:04:05", "36:00:00", "03:04:00", "1234567", "-0.25", "true"]
    assert cells[7:] == ["1234568", "", '\'=1, "a"\nü\rb ']


def test_days_counted_from_1904_are_the_same_days(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Day")
        sheet.write_datetime(1, 0, datetime.date(2024, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert rows(path)[1] == (2, ["2024-01-02"])


def test_rows_keep_their_number_and_what_is_empty_around_them_is_dropped(made):
    def fill(book):
        sheet = book.add_worksheet()
        grey = book.add_format({"bg_color": "#cccccc"})
        sheet.write_row(2, 0, ["a", "b"])
        sheet.write_row(3, 0, ["1\n2\n3", "x"])
        sheet.write_row(6, 0, ["4"])
        for row in range(7, 40):
            sheet.write_formula(row, 5, '=""', None, "")
        sheet.write_blank(1_048_575, 16_383, None, grey)

    assert rows(made(fill))[1:] == [(4, ["1\n2\n3", "x"]), (7, ["4", ""])]


def test_one_cell_in_the_last_row_and_column_takes_no_memory_of_ours(made):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_string(1_048_575, 16_383, "far")

    path = made(fill)
    assert sheets(path) == ["Sheet1"]
    with pytest.raises(TableError, match="too large to be read"):
        to_csv(path, "Sheet1", path.with_suffix(".csv"))
    assert not path.with_suffix(".csv").exists()


def test_a_workbook_without_visible_sheets(made):
    assert "no sheet with cells" in fault(made(lambda book: book.add_chartsheet("Chart")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"a,b\n1,2\n", "not a workbook"),
        (b"MZ\x90\0\0\0", "is a program"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "not an XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "format used before 2007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_what_is_no_workbook_is_named(written, content, words):
    assert words in fault(written(content, "book.xlsx"))


def packed(path, members: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_of_something_else(tmp_path):
    assert "not an XLSX workbook" in fault(packed(tmp_path / "book.xlsx", {"word/document.xml": b"<a/>"}))


def test_a_zip_bomb_is_not_opened(tmp_path):
    path = packed(tmp_path / "bomb.xlsx", {"xl/workbook.xml": b"<workbook/>", "xl/bomb.xml": b"0" * 20_000_000})
    assert path.stat().st_size < 50_000
    assert "unpacks to far more than its size" in fault(path)


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path):
    path = packed(tmp_path / "bomb.xlsx", {"xl/workbook.xml": b"<workbook/>", "xl/bomb.xml": b"0" * 20_000_000})
    said = (20_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(said, (1_000).to_bytes(4, "little")))
    assert fault(path)


def test_the_limit_of_what_is_unpacked_holds_whatever_the_ratio(made, monkeypatch):
    path = made(lambda book: book.add_worksheet().write_string(0, 0, "a"))
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000)
    with pytest.raises(TableError, match="unpacks to far more"):
        workbook.check(path)


def test_an_archive_of_very_many_parts(tmp_path):
    path = packed(tmp_path / "book.xlsx", {f"{number}": b"" for number in range(10_001)})
    assert "more than 10,000 parts" in fault(path)


def test_a_locked_archive(made):
    path = made(lambda book: book.add_worksheet())
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = -1
        while (position := content.find(signature, position + 1)) >= 0:
            content[position + flags] |= 1
    path.write_bytes(content)
    assert "protected by a password" in fault(path)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"\xff\xfe\x00", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'])
def test_parts_that_are_not_what_they_should_be(made, part, content):
    path = made(lambda book: book.add_worksheet().write_string(0, 0, "a"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    packed(path, members | {part: content})
    with contextlib.suppress(TableError):
        assert to_csv(path, "Sheet1", path.with_suffix(".csv"))


def test_a_workbook_cut_off_at_any_point(made):
    path = made(lambda book: book.add_worksheet().write_string(0, 0, "a"))
    content = path.read_bytes()
    for length in range(4, len(content), len(content) // 8):
        path.write_bytes(content[:length])
        assert "damaged" in fault(path)
