"""JSON and vCards become tables."""

import contextlib
import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfers.tables import json_file, vcard_file
from transfers.tables.errors import TableError
from transfers.tables.file_types import Kind, kind


def converted(tmp_path, content: bytes | str):
    """(rows of the table, rows of the messages)."""
    path, target, thread = tmp_path / "x.json", tmp_path / "x.csv", tmp_path / "y.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    has_thread = json_file.to_csv(path, target, thread, lambda header: header.index("id") if "id" in header else None)
    assert has_thread == thread.exists()
    return [rows_of(file) if file.exists() else [] for file in (target, thread)]


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


TWO = [{"id": 1, "subject": "Printer"}, {"id": 2, "subject": "Mäuse", "tags": ["a", "b"]}]
TABLE = [["id", "subject", "tags"], ["1", "Printer", ""], ["2", "Mäuse", '["a", "b"]']]

WRITTEN = {
    "array": json.dumps(TWO),
    "array with blanks": json.dumps(TWO, indent=4),
    "lines": "\n".join(map(json.dumps, TWO)) + "\n",
    "lines with a mark": "\ufeff" + "\r\n".join(map(json.dumps, TWO)),
    "wrapped": json.dumps({"count": 2, "next_page": None, "tickets": TWO}),
    "wrapped twice": json.dumps({"data": {"tickets": TWO}}),
    "UTF-16": json.dumps(TWO, ensure_ascii=False).encode("utf-16"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_objects_become_rows(tmp_path, name):
    assert converted(tmp_path, WRITTEN[name]) == [TABLE, []]


def test_one_object_is_one_row(tmp_path):
    assert converted(tmp_path, '{"id": 7, "subject": "x"}')[0] == [["id", "subject"], ["7", "x"]]


def test_objects_within_objects_are_named_with_dots(tmp_path):
    record = {
        "id": 1,
        "via": {"channel": "web", "source": {"from": {}}},
        "custom_fields": [{"id": 360, "value": "Gold"}, {"id": 361, "value": None}],
        "due": None,
        "closed": False,
        "score": 1.50,
    }
    table, _ = converted(tmp_path, json.dumps([record]))
    assert dict(zip(*table, strict=True)) == {
        **{"id": "1", "via.channel": "web", "via.source.from": "", "custom_fields.360": "Gold"},
        **{"custom_fields.361": "", "due": "", "closed": "false", "score": "1.5"},
    }


def test_messages_within_objects_become_a_table_with_their_authors(tmp_path):
    ticket = {
        "id": 35,
        "requester_id": 9007199254740993,
        "requester": {"id": 9007199254740993, "name": "Ada", "email": "ada@x.example", "role": "end-user"},
        "assignee": {"id": 8, "name": "Bo", "email": "bo@y.example"},
        "comments": [
            {"author_id": 9007199254740993, "body": "Hello", "public": True},
            {"author_id": 8, "body": "Hi", "public": False},
            {"author_id": 7, "body": "?", "public": True},
        ],
    }
    table, thread = converted(tmp_path, json.dumps([ticket, {"id": 36, "comments": []}]))
    assert [row[0] for row in table] == ["id", "35", "36"]
    assert thread[0] == ["ticket_id", "author_id", "body", "public", "author.name", "author.email", "author.role"]
    assert [row[:1] + row[2:] for row in thread[1:]] == [
        ["35", "Hello", "true", "Ada", "ada@x.example", "end-user"],
        ["35", "Hi", "false", "Bo", "bo@y.example", "agent"],
        ["35", "?", "true", "", "", ""],
    ]


def test_a_large_file_is_read_object_by_object(tmp_path):
    rows = [{"id": number, "subject": "x" * 90_000} for number in range(60)]
    assert len(converted(tmp_path, json.dumps(rows))[0]) == 61
    assert len(converted(tmp_path, json.dumps({"count": 60, "list": rows}))[0]) == 61
    assert len(converted(tmp_path, "\n".join(map(json.dumps, rows)))[0]) == 61


@pytest.mark.parametrize(
    "content",
    [
        *("[]", "{}", "[1, 2]", "[[1], [2]]", '[{"a": 1}', '[{"a": 1}, 2]', '{"a": }', '{"a": 1} x', '["a"]'),
        '[{"a": ' + '{"a": ' * 900 + "1" + "}" * 901,
        *("[" * 10_000, '[{"a": ' + "[" * 5_000, b'[{"a": "\xff"}]', '[{"a": 1e999999999}]x'),
        *(json.dumps([{str(at): 1 for at in range(1001)}]), json.dumps([{"a": "x" * 6_000_000}])),
    ],
    ids=range(16),
)
def test_what_is_no_list_of_objects_is_refused_in_a_sentence(tmp_path, content):
    with pytest.raises(TableError, match=r"(JSON|CSV|fields)"):
        converted(tmp_path, content)


@given(content=st.text(alphabet='[]{}",:abc12 \n') | st.text())
@settings(deadline=None)
def test_any_text_is_read_or_refused(tmp_path_factory, content):
    with contextlib.suppress(TableError):
        converted(tmp_path_factory.mktemp("json"), "[" + content)


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Byron;Ada;King;;
FN:Ada Byron
ORG:Analytical Engines\\, Ltd.;Research
item1.EMAIL;type=INTERNET:ada@home.example
EMAIL;TYPE=work,pref:ada@x.example
TEL;TYPE=CELL:+44 20 7946 0000
NOTE:First line\\nSecond\\; line that is long enough to be
  folded
CATEGORIES:vip,press
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCr=
gen
EMAIL:juergen@x.example
END:VCARD
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_contacts_become_rows(written, tmp_path, encoding):
    path, target = written(CARDS.replace("\n", "\r\n").encode(encoding), "x.vcf"), tmp_path / "x.csv"
    assert kind(path) is Kind.VCARD
    vcard_file.to_csv(path, target)
    heads, *cards = rows_of(target)
    ada, juergen = (dict(zip(heads, card, strict=True)) for card in cards)
    assert ada["Name"] == "Ada Byron"
    assert ada["Email"] == "ada@x.example, ada@home.example"
    assert ada["Company"] == "Analytical Engines, Ltd., Research"
    assert ada["Notes"] == "First line\nSecond; line that is long enough to be folded"
    assert ada["Tags"] == "vip,press"
    assert (juergen["Name"], juergen["Email"]) == ("Jürgen Müller", "juergen@x.example")


@pytest.mark.parametrize("content", ["BEGIN:VCARD\nEND", "BEGIN:VCARD\n" + " x" * 3_000_000])
def test_a_file_without_contacts_is_refused(written, tmp_path, content):
    with pytest.raises(TableError, match="no contacts"):
        vcard_file.to_csv(written(content), tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('[{"a": 1}]', Kind.JSON),
        ('\ufeff {"a": 1}', Kind.JSON),
        ("[]", Kind.JSON),
        ("[ID],Name\n", Kind.TEXT),
        ("{name},b\n", Kind.TEXT),
        ("begin:vcard\r\n", Kind.VCARD),
    ],
)
def test_kinds_are_known_by_their_first_letters(written, head, found):
    assert kind(written(head)) is found
