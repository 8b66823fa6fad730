"""Tables on their way out: harmless in a spreadsheet, and the same again when they come back."""

import csv
import io
import itertools
import json
import re
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from transfers.tables import writing
from transfers.tables.csv_file import Dialect
from transfers.tables.encoding import detect
from transfers.tables.errors import TableError
from transfers.tables.formulas import neutral, restored
from transfers.tables.table import open_table
from transfers.tables.writing import CsvWriter, JsonWriter, XlsxWriter
from transfers.tables.xlsx_file import to_csv

WRITERS = [CsvWriter, XlsxWriter, JsonWriter]
HEADER = ["Name", "Note", "Number"]


def write(writer, path, rows, header=HEADER, **options):
    with writer(path, header, **options) as table:
        for row in rows:
            table.write(row)
    return path


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+49 30 1234", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "\xa0=1", "=", "-"),
        *("＝1", "＋1", "－1", "＠a", "　＝1", "'=1", "''-5", "' =1"),
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_run_gets_a_quote_before_it(text):
    assert neutral(text) == "'" + text
    assert restored(neutral(text)) == text


@pytest.mark.parametrize(
    "text", ["", "a=b", "5", "'quoted'", "a\nb", "(+1)", "1-2", "'", " ", "a;'=b", "split(',','-')", "a, b", "x;y|z"]
)
def test_what_is_harmless_stays_as_it_is(text):
    assert neutral(text) == restored(text) == text


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\r\n ＝"), st.characters())))
def test_every_text_comes_back_and_none_can_be_run(text):
    assert restored(neutral(text)) == text
    assert not neutral(text).lstrip().startswith(("=", "+", "-", "@", "＝"))


SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "\n", "\r\n", "\r"])
@pytest.mark.parametrize("between", ["", " ", '"', ' "', "\xa0"])
@pytest.mark.parametrize("sign", SIGNS)
def test_behind_a_separator_it_gets_a_quote_too(separator, between, sign):
    text = f"hello{separator}{between}{sign}cmd|' /C calc'!A0"
    safe = neutral(text)
    assert safe.startswith(f"hello{separator}'")
    assert restored(safe) == text


@pytest.mark.parametrize(
    "text", ["a;'=b", "split(',','-')", "['-a','-b']", "x;'\u200b=y", "x;'\u200b'\u200b=y", "\n=1", " \n=1", "'\n'=1"]
)
def test_a_quote_that_somebody_wrote_is_theirs(text):
    assert restored(neutral(text)) == text


def test_a_file_of_others_keeps_its_quotes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Code,Number\n\"f(',','-')\",1\n")
    assert [cells for _, cells in open_table(path, "utf-8", Dialect()).lines()] == [["f(',','-')", "1"]]


def begin(cell: str) -> str:
    """How a spreadsheet sees the cell begin, that passes over spaces and stray double quotes."""
    return cell.lstrip(' \t\r\n\xa0"')[:1]


@given(
    rows=st.lists(
        st.tuples(*[st.text(alphabet=st.sampled_from(list("ab'\" ;,|\t\r\n=+-@＝")), max_size=12)] * 3), max_size=4
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_separates_the_cells_none_begins_like_a_formula(tmp_path, rows):
    path = write(CsvWriter, tmp_path / "a.csv", rows)
    text = path.read_bytes().decode()
    for delimiter in ",;\t|":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not [cell for cell in line if begin(cell) in SIGNS]
        # One that knows no quotes at all.
        for line in re.split(r"[\r\n]+", text):
            assert not [cell for cell in line.split(delimiter) if begin(cell) in SIGNS]


def test_csv_keeps_numbers_and_makes_text_harmless(tmp_path):
    path = write(CsvWriter, tmp_path / "a.csv", [["=1+1", "-5", -5], ["a,b", 'x"y\nz', 4.25], [None, True, 0]])
    assert path.read_bytes().decode() == (
        '"Name","Note","Number"\r\n"\'=1+1","\'-5","-5"\r\n' + '"a,b","x""y\nz","4.25"\r\n' + '"","true","0"\r\n'
    )


def test_csv_for_excel_begins_with_a_mark(tmp_path):
    path = write(CsvWriter, tmp_path / "a.csv", [["ü", "", 1]], bom=True)
    assert path.read_bytes().startswith(b'\xef\xbb\xbf"Name",')
    assert detect(path) == "utf-8-sig"
    assert open_table(path, "utf-8-sig", Dialect()).header == HEADER


def test_a_header_is_made_harmless_too(tmp_path):
    path = write(CsvWriter, tmp_path / "a.csv", [["x"]], header=["=1+1"])
    assert path.read_text().startswith("\"'=1+1")
    assert open_table(path, "utf-8", Dialect()).header == ["=1+1"]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path):
    texts = ["=1+1", "{=1+1}", "https://desk.example", "internal:Sheet1!A1", "12", "-5", " \t=1"]
    rows = [[text, None, 5] for text in texts] + [["", True, -0.5], ["x", 2**60, 10**15 - 1]]
    path = write(XlsxWriter, tmp_path / "a.xlsx", rows)
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert read[0] == HEADER
    assert read[1:] == [[text, "", 5.0] for text in texts] + [["", True, -0.5], ["x", str(2**60), 10.0**15 - 1]]


def test_a_workbooks_text_stays_text_when_somebody_edits_it(tmp_path):
    path = write(XlsxWriter, tmp_path / "a.xlsx", [["=1+1", "plain", 1]])
    with ZipFile(path) as parts:
        sheet, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert 'quotePrefix="1"' in styles
    assert re.findall(r'r="([AB]2)"( s="1")?', sheet) == [("A2", ' s="1"'), ("B2", "")]
    assert "<f>" not in sheet


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
def test_a_cell_too_long_for_excel_is_cut_and_says_so(tmp_path, letter):
    path = write(XlsxWriter, tmp_path / "a.xlsx", [[letter * 40_000, letter * 16_383, 1]])
    [long, fits, _] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1]
    assert len(long.encode("utf-16-le")) // 2 in {32_766, 32_767}
    assert long.startswith(letter * 16_000)
    assert long.endswith(" … (cut: 40,000 characters)")
    assert fits == letter * 16_383


def test_a_workbook_that_is_full_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MAX_XLSX_ROWS", 3)
    path = tmp_path / "a.xlsx"
    write(XlsxWriter, path, [["a", "b", 1]] * 2)
    with pytest.raises(TableError, match="holds 2 rows at most"):
        write(XlsxWriter, path, [["a", "b", 1]] * 3)
    assert not path.exists()


def test_json_is_an_array_of_objects(tmp_path):
    path = write(JsonWriter, tmp_path / "a.json", [["=1", "ü\n", 1.5], ["", None, False]])
    assert json.loads(path.read_text("utf-8")) == [
        {"Name": "=1", "Note": "ü\n", "Number": 1.5},
        {"Name": "", "Note": None, "Number": False},
    ]
    assert json.loads(write(JsonWriter, tmp_path / "none.json", []).read_text()) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_half_a_file_is_not_left(writer, tmp_path):
    path = tmp_path / "a"

    def rows():
        yield ["a", "b", 1]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(writer, path, rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_what_no_file_can_hold_does_not_stop_it(writer, tmp_path):
    path = write(writer, tmp_path / "a", [["a\0b", "\ud83d half", 1]])
    if writer is XlsxWriter:
        assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1] == ["ab", "? half", 1]
    else:
        assert "ab" in path.read_text("utf-8")
        assert "? half" in path.read_text("utf-8")


@pytest.mark.parametrize("writer", [CsvWriter, JsonWriter])
def test_rows_are_in_the_file_as_they_come(writer, tmp_path):
    path = tmp_path / "a"
    with writer(path, HEADER) as table:
        for row in itertools.repeat(["x" * 1_000, "y" * 1_000, 1], 500):
            table.write(row)
        assert path.stat().st_size > 900_000


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
ROWS = st.lists(st.tuples(TEXT, TEXT, TEXT).filter(lambda row: any(map(str.strip, row))), min_size=1, max_size=5)


@given(rows=ROWS, bom=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_comes_back_as_it_went(tmp_path, rows, bom):
    path = write(CsvWriter, tmp_path / "a.csv", rows, bom=bom)
    table = open_table(path, detect(path), Dialect())
    assert [tuple(cells) for _, cells in table.lines()] == rows


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
def test_a_workbook_comes_back_as_it_went(tmp_path, rows):
    path = write(XlsxWriter, tmp_path / "a.xlsx", rows)
    table = open_table(tmp_path / "a.csv", "utf-8", to_csv(path, "Sheet1", tmp_path / "a.csv"))
    assert [tuple(cells) for _, cells in table.lines()] == rows


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_comes_back_as_it_went(tmp_path, rows):
    path = write(JsonWriter, tmp_path / "a.json", rows)
    assert [tuple(row.values()) for row in json.loads(path.read_text("utf-8"))] == rows


def test_other_readers_of_csv_agree(tmp_path):
    path = write(CsvWriter, tmp_path / "a.csv", [["a\rb", "c\nd", 1], ['"', ",", 2]])
    with path.open(newline="") as file:
        assert list(csv.reader(file))[1:] == [["a\rb", "c\nd", "1"], ['"', ",", "2"]]
