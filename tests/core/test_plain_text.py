"""Words of customers as they wrote them."""

import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plain_text import render

anything = settings(max_examples=300, deadline=None, derandomize=True)


def shown(html: str) -> str:
    """The text that a browser shows."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(html)
    return "".join(found)


def links(html: str) -> list[str]:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.extend(value for name, value in attributes if name == "href")
    parser.feed(html)
    return found


@pytest.mark.parametrize(
    "text",
    [
        r"\\server\_x",
        "Thanks\n--\nMaria",
        "# 7",
        "*.txt and __init__ and **bold**",
        "> quoted\nanswer",
        "&copy; &amp; <b>",
        "one\n\n\n\ntwo",
        "    def f():\n        return 1",
        "1. one\n5. five",
        "a | b\n--|--\n1 | 2",
        "[x](y) ![z](w) `code` ~~gone~~",
        "ends with <br>",
        "<3 you all",
        "2 < 3 > 1",
        "<Name> wrote:",
        "a\tb",
        "install.sh, setup.py, node.js",
        "//network/share",
        "مرحبا، world!",
    ],
)
def test_every_character_is_shown_as_it_is(text):
    html = render(text)
    assert shown(html) == text
    assert html.startswith('<p class="as-written">')
    assert not links(html)


@pytest.mark.parametrize("between", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_whatever_separates_lines_is_a_line_break(between):
    assert shown(render(f"one{between}two")) == "one\ntwo"


def test_empty_lines_around_the_text_and_what_cannot_be_seen_are_left_out():
    assert shown(render("\n \n  one\x00 \x07two  \n\n")) == "  one two"
    assert shown(render(" \n\t\n")) == ""


def test_addresses_are_links():
    html = render("See https://help.example/a?b=c&d=(e), www.example.com or mail ada@example.org. Not ftp://x.example")
    assert links(html) == ["https://help.example/a?b=c&d=(e)", "http://www.example.com", "mailto:ada@example.org"]
    assert html.count('target="_blank" rel="noopener noreferrer nofollow"') == 3


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "https://a.example/\"onmouseover='x'"])
def test_nothing_active_comes_out(text):
    html = render(f"<script>alert(1)</script> {text}")
    assert "<script" not in html
    assert all(url.startswith("https://") and '"' not in url for url in links(html))


@anything
@given(st.text(max_size=60))
def test_no_text_becomes_markup(text):
    text = f"x{text}"
    assert "".join(shown(render(text)).split()) == "".join(
        letter
        for line in text.splitlines()
        for letter in line
        if letter.isprintable() or ord(letter) > 159
        if not letter.isspace()
    )


MAIL = """<!DOCTYPE html><html><head><title>t</title><style>p {color: red}</style></head><body onload="x()">
<div>Dear team,</div><p>it <b>broke</b>.<br>Look: <a href="https://example.com/x" onclick="y()">here</a>
<img src="https://tracker.example/p.gif"></p><script>alert(1)</script><table><tr><td>1</td><td>2</td></tr></table>
<a href="javascript:alert(1)">bad</a><!--[if mso]>odd<![endif]--></body></html>
"""


@pytest.mark.parametrize("mail", [MAIL, "<div>Hello</div><div>again</div>", "  <p>Hello<br></p>\n", "<html>Hi</html>"])
def test_a_mail_in_html_is_shown_as_a_mail(mail):
    html = render(mail)
    assert html.startswith('<div class="from-html" tabindex="0">')
    assert "&lt;" not in html
    for word in ("<script", "<style", "<img", "onload", "onclick", "javascript", "color", "odd", "<body", "<html"):
        assert word not in html


def test_what_a_mail_in_html_says_is_kept():
    html = render(MAIL)
    assert "Dear team," in html
    assert "<b>broke</b>" in html
    assert links(html) == ["https://example.com/x"]
    assert "<td>1</td><td>2</td>" in html


@pytest.mark.parametrize("text", ["<b>bold</b> is what I typed", "Use <div> here", "<div> is not closed", "<3"])
def test_a_word_about_html_is_no_html(text):
    assert unescape(shown(render(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a@" * 50_000, "www." * 40_000, "http://" * 20_000, "<div>" * 40_000 + "</div>", "\n" * 200_000),
        *(
            "<div>" * 4_990 + "</div>",
            "(" * 100_000,
            "https://a.example/" + "(" * 50_000,
            "a.b." * 40_000,
            "mailto:" * 20_000,
        ),
    ],
)
def test_hostile_text_is_rendered_in_time(text):
    start = time.process_time()
    render(text)
    assert time.process_time() - start < 3
