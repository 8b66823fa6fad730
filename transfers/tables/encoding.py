"""How the bytes of a file mean letters: found out where that is certain, else asked with a preview.

No guessing beyond that: every byte is some letter in cp1252, and a wrong guess spoils names in silence.
"""

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext_lazy as _

_BLOCK = 1 << 20
_HEAD = 1 << 16
_PREVIEW_WIDTH = 300  # characters of a line
LINE_END = re.compile(r"\r\n|\n|\r")

# The longer mark first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Those that a mark tells of; a file without its mark cannot be read as one of them.
MARKED = (
    ("utf-8-sig", _("Unicode (UTF-8 with a byte order mark)")),
    ("utf-16", _("Unicode (UTF-16 with a byte order mark)")),
    ("utf-32", _("Unicode (UTF-32 with a byte order mark)")),
)
# What a person may choose, likeliest first; Python's name and ours.
CHOICES = (
    ("cp1252", _("Western European (Windows)")),
    ("iso8859-15", _("Western European (ISO, with €)")),
    ("cp1250", _("Central European (Windows)")),
    ("cp1251", _("Cyrillic (Windows)")),
    ("cp1253", _("Greek (Windows)")),
    ("cp1254", _("Turkish (Windows)")),
    ("cp1255", _("Hebrew (Windows)")),
    ("cp1256", _("Arabic (Windows)")),
    ("cp1257", _("Baltic (Windows)")),
    ("cp437", _("US English (DOS)")),
    ("cp850", _("Western European (DOS)")),
    ("mac_roman", _("Western European (old Mac)")),
    ("koi8_r", _("Cyrillic (KOI8-R)")),
    ("cp932", _("Japanese (Shift JIS)")),
    ("euc_jp", _("Japanese (EUC)")),
    ("gb18030", _("Chinese, simplified (GB 18030)")),
    ("big5", _("Chinese, traditional (Big5)")),
    ("euc_kr", _("Korean (EUC)")),
    ("utf-8", _("Unicode (UTF-8)")),
    ("utf-16-le", _("Unicode (UTF-16, little end first)")),
    ("utf-16-be", _("Unicode (UTF-16, big end first)")),
)

UNICODE = {"utf-8-sig", "utf-16", "utf-32", "utf-8", "utf-16-le", "utf-16-be"}


def detect(path: Path) -> str | None:
    """The encoding where it is certain (one of MARKED or CHOICES): by its mark, as unmarked UTF-16 of mostly ASCII, or
    because the whole file is UTF-8. None: ask.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if unmarked := _unmarked_utf16(head):
            return unmarked
        file.seek(0)
        return "utf-8" if _is_utf8(file) else None


def preview(path: Path, encoding: str, lines: int = 5) -> list[str]:
    """The first lines as they read in this encoding, cut to 300 characters; what it cannot read shows as �."""
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        text = decoder.decode(file.read(_HEAD))
    return [line[:_PREVIEW_WIDTH] for line in LINE_END.split(text)[:lines]]


def _unmarked_utf16(head: bytes) -> str | None:
    """Which UTF-16 it is, if more than half of it is ASCII in that order: one byte of two is then zero."""
    pairs = len(head) // 2
    for name, letters, zeros in (("utf-16-le", head[0::2], head[1::2]), ("utf-16-be", head[1::2], head[0::2])):
        ascii_letters = sum(1 for letter, zero in zip(letters, zeros, strict=False) if not zero and 0 < letter < 128)
        if pairs and ascii_letters > pairs / 2:
            return name
    return None


def _is_utf8(file) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
