"""HTML bodies as text: for messages plain, for articles as Markdown. What is no text (scripts, styles) is left out."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

_TAG = re.compile(r"<(?:p|div|br|span|table|ul|ol|li|a|b|strong|em|i|h[1-6]|html|body|blockquote|img)\b[^>]*/?>", re.I)
_BLOCKS = {
    *("address", "article", "blockquote", "div", "dl", "dt", "dd", "fieldset", "figure", "footer", "form", "header"),
    *("main", "nav", "p", "pre", "section", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
}
_LINES = {"br", "li", "tr"}
_SILENT = {"script", "style", "title", "template", "noscript"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_KEPT = {*_BLOCKS, *_LINES, *_MARKS, "a", "td", "th"}
_ANY_TAG = re.compile(r"<[^<>]*>")
# With more, nested ones take long to read.
_MAX_TAGS = 4_000
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_MANY_LINES = re.compile(r"\n{3,}")


def looks_like_html(text: str) -> bool:
    """Whether the text has elements that bodies of messages are written with."""
    return _TAG.search(text) is not None


def as_text(html: str, *, markdown: bool = False) -> str:
    """The text of an HTML body, paragraphs apart; with `markdown` also headings, emphasis and links."""
    if html.count("<") > _MAX_TAGS:
        return unescape(_ANY_TAG.sub(" ", html)).strip()
    writer = _Writer(markdown=markdown)
    # What comes out is well-formed, so that the parser below, which is slow with what is not, meets no tricks.
    writer.feed(
        nh3.clean(
            html,
            tags=_KEPT,
            attributes={"a": {"href"}},
            clean_content_tags=_SILENT,
            url_schemes={"http", "https"},
            link_rel=None,
        )
    )
    writer.close()
    lines = (line.strip() for line in "".join(writer.parts).split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    """Collects the text in `parts`."""

    def __init__(self, *, markdown: bool) -> None:
        super().__init__()
        self.markdown = markdown
        self.parts: list[str] = []
        self.links: list[tuple[str, int]] = []  # address, and where its text begins in `parts`

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag in _LINES:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in _BLOCKS:
            self.parts.append(
                "\n\n" + ("#" * int(tag[1]) + " " if self.markdown and re.fullmatch(r"h[1-6]", tag) else "")
            )
        elif self.markdown and tag in _MARKS:
            self.parts.append(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif self.markdown and tag in _MARKS:
            self.parts.append(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        self.parts.append(_BLANKS.sub(" ", data))

    def _end_link(self, address: str, begun: int) -> None:
        text = "".join(self.parts[begun:])
        if not address or text.strip() == address:
            return
        self.parts[begun:] = [f"[{text.strip()}]({address})" if self.markdown else f"{text} ({address})"]
