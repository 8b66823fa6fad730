"""Cells that hold more than a value: addresses with names, HTML."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.tables.addresses import Addresses, find_addresses
from transfers.tables.dates import take_apart
from transfers.tables.html_text import as_text, looks_like_html
from transfers.tables.journal import entries
from transfers.tables.tags import WAYS, TagColumn, split_tags

ADA, BO = "ada@x.example", "bo@y.example"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (ADA, Addresses(ADA)),
        ("Ada Byron <ada@x.example>", Addresses(ADA, name="Ada Byron")),
        ('"Byron, Ada" <ada@x.example>', Addresses(ADA, name="Byron, Ada")),
        ("Ada Byron (ada@x.example)", Addresses(ADA, name="Ada Byron")),
        ("ada@x.example (Ada Byron)", Addresses(ADA, name="Ada Byron")),
        ("mailto:ada@x.example", Addresses(ADA)),
        ("<ada@x.example>", Addresses(ADA)),
        (f"{ADA}, {BO}", Addresses(ADA, (BO,))),
        (f"{ADA};{BO}", Addresses(ADA, (BO,))),
        (f"{ADA} ::: {BO}", Addresses(ADA, (BO,))),
        (f"{ADA} / {BO}", Addresses(ADA, (BO,))),
        (f"{ADA} {BO}\n{ADA}", Addresses(ADA, (BO,))),
        (f"Ada <{ADA}>, Bo <{BO}>", Addresses(ADA, (BO,))),
        ("Ada Byron", Addresses(name="Ada Byron")),
        ("@ada", Addresses(name="@ada")),
        ("", Addresses()),
    ],
)
def test_the_first_address_counts_and_the_others_are_kept(cell, found):
    assert find_addresses(cell) == found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello,</p><p>the printer<br>burns.</p>", "Hello,\n\nthe printer\nburns."),
        ("<div>One</div>\n<div>Two &amp; a half</div>", "One\n\nTwo & a half"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ('See <a href="https://x.example/a">our page</a>.', "See our page (https://x.example/a)."),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<style>p { color: red }</style><script>x()</script><p>Text</p>", "Text"),
        ("a  <b>bold</b>\n word", "a bold word"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
    ],
)
def test_html_becomes_text(html, text):
    assert as_text(html) == text


def test_an_article_becomes_markdown():
    html = '<h2>Reset</h2><p>Open <b>Settings</b>, see <a href="https://x.example/">help</a>.</p>'
    assert as_text(html, markdown=True) == "## Reset\n\nOpen **Settings**, see [help](https://x.example/)."


@pytest.mark.parametrize("text", ["<p>x</p>", "a<br/>b", '<div class="x">y</div>', "<a href='x'>y</a>"])
def test_html_is_known(text):
    assert looks_like_html(text)


@pytest.mark.parametrize("text", ["5 < 6", "<ada@x.example>", "List<String> a", "x <b", "<your name here>", ""])
def test_what_only_looks_alike_is_text(text):
    assert not looks_like_html(text)


@given(st.text() | st.text(alphabet="<>/pbrdiv ah=\"'&;!-"))
def test_any_text_is_read(text):
    as_text(text)
    find_addresses(text)


JOURNAL = """2025-03-04 14:30:00 - Ada Byron (Additional comments)
First line
second (line)

2025-03-04 10:00:00 - Bo Ek (Work notes)
Secret - note (x)
"""


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (
            JOURNAL,
            [
                ("2025-03-04 14:30:00", "Ada Byron", "Additional comments", "First line\nsecond (line)"),
                ("2025-03-04 10:00:00", "Bo Ek", "Work notes", "Secret - note (x)"),
            ],
        ),
        (
            "02/Jun/23 12:58 AM;ada;Text; with; signs\nand lines",
            [("02/Jun/23 12:58 AM", "ada", "", "Text; with; signs\nand lines")],
        ),
        ("a;b;c", [("", "", "", "a;b;c")]),
        (" Just text ", [("", "", "", "Just text")]),
        ("x - y (z)\ntext", [("", "", "", "x - y (z)\ntext")]),
    ],
)
def test_comments_of_a_cell_are_taken_apart(cell, found):
    assert list(entries(cell)) == found


HOSTILE = [
    *(
        "x" * 100_000 + " @",
        " " * 100_000,
        "a@" * 50_000,
        "<div>" * 20_000,
        "<" * 100_000,
        "a;" * 50_000,
        "; " * 50_000,
    ),
    *(
        "a - a (" * 14_000,
        "9" * 100_000,
        "1/" * 50_000,
        ("2025-01-01 - " * 15 + ")\n") * 500,
        "'" * 100_000,
        "&#" * 50_000,
    ),
]


@pytest.mark.parametrize("cell", HOSTILE, ids=range(len(HOSTILE)))
def test_a_long_cell_takes_no_long_time(cell):
    """The processor's time, which a busy machine does not change: the square of so many characters takes minutes."""
    start = process_time()
    find_addresses(cell)
    as_text(cell)
    list(entries(cell))
    take_apart(cell)
    for way in WAYS:
        split_tags(cell, way)
    column = TagColumn()
    column.add(cell)
    assert process_time() - start < 5
