"""Text as it was written, as safe HTML: every character is shown, lines stay lines, and addresses are links.

A text that is an HTML document, as some mail programs send, is shown as the mail that it is.
"""

import re
from functools import cache
from html import escape

from linkify_it import LinkifyIt

from core import markdown

# Beyond this a text is searched for no more addresses, and HTML is cut.
MAX_LENGTH = 100_000
# HTML with more tags is shown as text: to nest so many takes seconds.
MOST_TAGS = 5_000
# As many of a text's last characters as it takes to know how it ends; mails end with blank lines.
ENDING = 200

_LINK = '<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">{text}</a>'
# Neither seen nor a space; what separates lines has become a line feed by then.
_INVISIBLE = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\t"), ord("\n")})

_BLOCK = "html|head|body|meta|div|p|table|center|span|font"
_IS_HTML = re.compile(rf"<!doctype html\b|<(?:html|body)\b|<(?:{_BLOCK})\b[^>]*>", re.IGNORECASE)
_HTML_ENDS = re.compile(rf"(?:</(?:{_BLOCK})>|<br\s?/?>)\Z", re.IGNORECASE)
_MAIL_TAGS = markdown.TAGS | {"b", "center", "dd", "dl", "dt", "i", "small", "sub", "sup", "tfoot", "u"}
_MAIL_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def render(text: str, ending: str | None = None) -> str:
    """The text as HTML that may be put into a page as it is.

    Where it is only the beginning of a text, `ending` is that text's last characters (`ENDING` of them or more).
    """
    text = text.strip("\x00")
    if is_html(text, text if ending is None else ending):
        mail = markdown.clean(text[:MAX_LENGTH], _MAIL_TAGS, _MAIL_ATTRIBUTES)
        return f'<div class="from-html" tabindex="0">{mail}</div>'
    return f'<p class="as-written">{_linked(_lines(text))}</p>'


def is_html(text: str, ending: str) -> bool:
    """Whether the whole text is HTML: it begins with a tag that no sentence begins with, and ends with one."""
    ends = _HTML_ENDS.search(ending.rstrip()[-20:])
    return bool(ends and _IS_HTML.match(text.lstrip())) and text.count("<") <= MOST_TAGS


def _lines(text: str) -> str:
    """With line feeds between lines, whatever separated them, and no empty lines around all of them."""
    lines = text.splitlines()
    filled = [at for at, line in enumerate(lines) if line.strip()]
    shown = lines[filled[0] : filled[-1] + 1] if filled else []
    return "\n".join(line.rstrip() for line in shown).translate(_INVISIBLE)


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _links().match(text[:MAX_LENGTH]) or ():
        # What names neither a protocol nor www is as likely a file: install.sh.
        if match.schema or match.raw.lower().startswith("www."):
            link = _LINK.format(url=escape(match.url), text=escape(match.raw))
            pieces += [escape(text[end : match.index]), link]
            end = match.last_index
    return "".join([*pieces, escape(text[end:])])


@cache
def _links() -> LinkifyIt:
    return LinkifyIt().add("ftp:", None).add("//", None)
