"""The HTML of messages, made when somebody looks at them, within a budget.

Whoever writes to the team decides what its threads hold, and Markdown can cost a thousand times what it takes to send.
So a page shows the beginning of a long message and all of it on demand, makes only so much HTML in one request, the
newest messages first, and holds only so much. What was made is kept beside the message.
"""

import time

from django.db.models.functions import Length, Right, Substr
from django.utils.html import format_html

from core import markdown, plain_text
from core.plain_text import ENDING
from tickets.models import Message

# Characters of a message that a page shows at once, and of one that the page's budget does not reach.
OPENING = 8_000
STUB = 300
# Characters that one request may turn into HTML, those that come out included, and seconds of the processor for that.
WORK = 150_000
SECONDS = 1.0
# Characters of HTML that a page may hold of all messages; each has a frame of its own.
PAGE = 400_000
_FRAME = 800


def opening_of(text: str) -> str:
    """The beginning of a long text, up to the end of a line if there is one; a shorter text as it is."""
    if len(text) <= OPENING:
        return text
    end = text.rfind("\n", OPENING // 2, OPENING)
    return text[: end if end > 0 else OPENING]


def prepare(thread: list[Message]) -> None:
    """Give the messages, oldest first, the HTML that a page shows of them, and say which are `folded`."""
    made = _make([message for message in thread if message.html_version != markdown.VERSION])
    if made:
        Message.objects.bulk_update(made, ["html", "html_version", "folded"])
    left, stubs = PAGE, []
    for message in reversed(thread):
        left -= len(message.html) + _FRAME
        if left < 0 or message.html_version != markdown.VERSION:
            stubs.append(message)
    beginnings = _beginnings(stubs, STUB)
    for message in stubs:
        text, length, _ = beginnings[message.pk]
        message.html, message.folded = format_html("<p>{}</p>", text), length > 0


def whole(message: Message) -> str:
    """The HTML of all that the message says."""
    return _html(message, message.content, message.content)


def _html(message: Message, text: str, ending: str) -> str:
    """What agents write is Markdown, as the composer says; everybody else's words are shown as written.

    `text` is the message or its beginning, `ending` is how the whole message ends.
    """
    by_agent = message.sender == "agent" or message.is_internal
    return markdown.render(text) if by_agent else plain_text.render(text, ending)


def _make(undrawn: list[Message]) -> list[Message]:
    """Render messages until the budget is used up; return those that were rendered."""
    left, made = WORK, []
    end = time.thread_time() + SECONDS
    beginnings = _beginnings(undrawn, OPENING + 1)
    for message in reversed(undrawn):
        if left <= 0 or time.thread_time() > end:
            break
        text, length, ending = beginnings[message.pk]
        shown = opening_of(text)
        message.html, message.html_version = _html(message, shown, ending), markdown.VERSION
        message.folded = length > len(shown)
        left -= len(shown) + len(message.html)
        made.append(message)
    return made


def _beginnings(messages: list[Message], most: int) -> dict[int, tuple[str, int, str]]:
    """By the messages' keys their first characters, how many there are, and the last ones."""
    if not messages:
        return {}
    read = Message.objects.filter(pk__in=[message.pk for message in messages])
    rows = read.order_by().values_list("pk", Substr("content", 1, most), Length("content"), Right("content", ENDING))
    return {pk: (text, length, ending) for pk, text, length, ending in rows}
