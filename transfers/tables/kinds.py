"""What kind of file was uploaded, by its first bytes; its name may say anything."""

from enum import StrEnum
from pathlib import Path

from transfers.tables.errors import TableError

_ADVICE = "Save the table as CSV or XLSX and upload that."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of new ones behind a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# First bytes that no table in letters begins with.
_OTHERS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a text document"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a packed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a packed archive"),
    (b"Rar!\x1a\x07", "a packed archive"),
    (b"\xfd7zXZ\x00", "a packed archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
)


class Kind(StrEnum):
    TEXT = "text"
    WORKBOOK = "workbook"


def kind(path: Path) -> Kind:
    """TEXT, to be read as CSV, or WORKBOOK (any zip; `xlsx_file` looks closer).

    TableError for a file that is empty, is known to be something else, or is a workbook that is old or encrypted.
    """
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise TableError("This file is empty. Choose a file with a header and at least one row.")
    if head.startswith(_ZIP):
        return Kind.WORKBOOK
    if head.startswith(_OLE):
        raise _old_or_encrypted(path)
    # "MZ" could also begin a header; no table has a program's zero bytes right after it.
    if head.startswith(b"MZ") and b"\0\0" in head:
        raise _not_a_table("a program")
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise _not_a_table(what)
    return Kind.TEXT


def _not_a_table(what: str) -> TableError:
    return TableError(f"This file is {what}, not a table, whatever its name says. {_ADVICE}")


def _old_or_encrypted(path: Path) -> TableError:
    if _ENCRYPTED in path.read_bytes():
        return TableError("This workbook is protected by a password. Save it without one and upload it again.")
    return TableError("This is an Office file of the format used before 2007. Save it as XLSX or CSV and upload that.")
