"""Cells that a spreadsheet would take for formulas, made harmless in CSV (OWASP, "CSV Injection"), and back again.

A quote before the cell makes it text. A cell that already has such quotes gets one more, so that taking one off when
the file is read again gives back exactly what was there. Others write such a quote before numbers, too ('0049301234).
"""

import re

# Spreadsheets pass over spaces, and East Asian ones read the full-width signs too.
_ACTIVE = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_QUOTED_NUMBER = re.compile(r"'+\(?\d[\d\s().,/:-]*")


def neutral(text: str) -> str:
    """The text with a quote before it if a spreadsheet might run it. Only for text: numbers are written as they are."""
    return f"'{text}" if _ACTIVE.match(text) or _QUOTED_NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """What `neutral` was given: `'=1+1` is `=1+1` again, `'0049` is `0049`."""
    is_quoted = text.startswith("'") and (_ACTIVE.match(text) or _QUOTED_NUMBER.fullmatch(text))
    return text[1:] if is_quoted else text
