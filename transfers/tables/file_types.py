"""What kind of file was uploaded, by its first bytes; its name may say anything."""

import re
from enum import StrEnum
from pathlib import Path

from core.stored_texts import pattern
from transfers.tables.errors import TableError, gettext_noop

_NOT_A_TABLE = pattern(
    gettext_noop(
        "This file is {kind}, not a table, whatever its name says. Save the table as CSV or XLSX and upload that."
    )
)
_PROTECTED = gettext_noop("This workbook is protected by a password. Save it without one and upload it again.")
_OLD_OFFICE = gettext_noop(
    "This is an Office file of the format used before 2007. Save it as XLSX or CSV and upload that."
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of new ones behind a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# First bytes that no table in letters begins with.
_OTHERS = (
    (b"\x89PNG", gettext_noop("a picture")),
    (b"\xff\xd8\xff", gettext_noop("a picture")),
    (b"GIF87a", gettext_noop("a picture")),
    (b"GIF89a", gettext_noop("a picture")),
    (b"%PDF-", gettext_noop("a PDF document")),
    (b"{\\rtf", gettext_noop("a text document")),
    (b"\x7fELF", gettext_noop("a program")),
    (b"\x1f\x8b", gettext_noop("a packed archive")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("a packed archive")),
    (b"Rar!\x1a\x07", gettext_noop("a packed archive")),
    (b"\xfd7zXZ\x00", gettext_noop("a packed archive")),
    (b"SQLite format 3\x00", gettext_noop("a database")),
    (b"<!DOCTYPE", gettext_noop("a web page")),
    (b"<!doctype", gettext_noop("a web page")),
    (b"<html", gettext_noop("a web page")),
    (b"<?xml", gettext_noop("an XML document")),
)


# What JSON with objects and vCards begin with, behind a mark of the encoding and blanks.
_JSON = re.compile(rb"\s*(?:\[\s*[\[{\]]|\{\s*[\"}])")
_VCARD = re.compile(rb"\s*BEGIN:VCARD", re.IGNORECASE)
_CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)


class Kind(StrEnum):
    TEXT = "text"
    WORKBOOK = "workbook"
    JSON = "json"
    VCARD = "vcard"


def kind(path: Path) -> Kind:
    """Return TEXT (to be read as CSV), WORKBOOK (any zip file: `xlsx_file` looks closer), JSON or VCARD.

    Raise `TableError` if the file is empty, is known to be something else, or is an old or encrypted workbook.
    """
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise TableError(gettext_noop("This file is empty. Choose a file with a header and at least one row."))
    if head.startswith(_ZIP):
        return Kind.WORKBOOK
    if head.startswith(_OLE):
        raise TableError(_PROTECTED if _ENCRYPTED in path.read_bytes() else _OLD_OFFICE)
    # "MZ" could also begin a header; no table has a program's zero bytes right after it.
    if head.startswith(b"MZ") and b"\0\0" in head:
        raise _not_a_table(gettext_noop("a program"))
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise _not_a_table(what)
    letters = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    if _CALENDAR.match(letters):
        raise _not_a_table(gettext_noop("a calendar"))
    if _VCARD.match(letters):
        return Kind.VCARD
    return Kind.JSON if _JSON.match(letters) else Kind.TEXT


def _not_a_table(what: str) -> TableError:
    return TableError(_NOT_A_TABLE.format(kind=what))
