"""Markdown as safe HTML: articles, and what agents write. Others' words are shown as written (core/plain_text.py).

Markdown without raw HTML, then an allow-list over what came out. Images are never loaded, since a remote image tells
its sender when and from where a message was read: they become a link to where they are.
"""

import re
from functools import cache
from html import escape

import nh3
from django.utils.translation import gettext, gettext_noop
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table

# Raised when the output changes, or that of core/plain_text.py, so that stored HTML is rendered again.
VERSION = 3

# One message may not take the page down with it: beyond this the rest is shown as plain text.
MAX_LENGTH = 50_000
# A row has a cell for each column of its table even if it says nothing: a few characters would make thousands of them.
# What is more than this stays text.
MAX_CELLS = 2_000
MAX_COLUMNS = 100

TAGS = {
    *("a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "ol": {"start"},
}


def render(text: str) -> str:
    """Markdown to HTML that may be put into a page as it is."""
    text = text.replace("\x00", "")
    html = clean(_parser().render(text[:MAX_LENGTH], {_CELLS: MAX_CELLS}))
    rest = text[MAX_LENGTH:]
    return f"{html}<pre>{escape(rest)}</pre>" if rest else html


def clean(html: str, tags: set[str] = TAGS, attributes: dict[str, set[str]] = ATTRIBUTES) -> str:
    """Remove all other tags and attributes. The content of removed tags stays, except for scripts and styles."""
    return nh3.clean(
        html,
        tags=tags,
        attributes=attributes,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


_CELLS = "cells"  # that are left to the message


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.block.ruler.at("table", _capped_table, {"alt": ["paragraph", "reference"]})
    parser.add_render_rule("image", _image_as_link)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll" tabindex="0"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


def _capped_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's table rule, limited to the rows for which the message has cells left."""
    if start + 2 > end:
        return False
    ruler = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
    columns = ruler.strip(" \t|").count("|") + 1
    rows = state.env[_CELLS] // columns
    if rows < 2 or columns > MAX_COLUMNS or not table(state, start, min(end, start + 1 + rows), silent):
        return False
    if not silent:
        state.env[_CELLS] -= (state.line - start) * columns
    return True


def _image_as_link(renderer, tokens, index, options, env) -> str:
    token = tokens[index]
    label = nh3.clean_text(token.content or "image")
    address = nh3.clean_text(str(token.attrs.get("src", "")))
    return f'<a class="blocked-image" href="{address}">{_BLOCKED.format(label=label)}</a>'


# What is made is kept, so that this stands in it in English (core/stored_texts.py).
_BLOCKED = gettext_noop("Picture not loaded: {label}")
_BLOCKED_WITHIN = re.compile(
    r"(<a [^>]*\bblocked-image\b[^>]*>)" + re.escape(_BLOCKED).replace(r"\{label\}", "(.*?)</a>")
)


def spoken(html: str) -> str:
    """Translate the desk's own words in HTML that `render` made."""
    if "blocked-image" not in html:
        return html
    return _BLOCKED_WITHIN.sub(lambda found: f"{found[1]}{gettext(_BLOCKED).format(label=found[2])}</a>", html)
