"""Cells that a spreadsheet would take for formulas, made harmless in CSV (OWASP, "CSV Injection"), and back again.

A quote before the cell makes it text. A cell that already has such quotes gets one more, so that taking one off when
the file is read again gives back exactly what was there. Others write such a quote before numbers, too ('0049301234).

Spreadsheets of many countries separate by semicolons, whatever the file says, and then a cell begins behind each one
that stands within ours. There the quote has an invisible space behind it, so that a quote which somebody wrote (as in
`split(',','-')`) is never taken for one of these.
"""

import re

# Spreadsheets pass over spaces, some over stray double quotes, and East Asian ones read the full-width signs too.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_ACTIVE = re.compile(rf"""'*(?:[\t\r\n]|[\s"]*[{_SIGNS}])""")
_QUOTED_NUMBER = re.compile(r"'+\(?\d[\d\s().,/:-]*")
_GUARD = "'\u200b"
# Behind whatever may separate cells: guards that are there already, spaces and double quotes, and then a sign.
_BEHIND = "(?<=[;,|\t\r\n])"
_SIGN_AHEAD = rf'(?=(?:{_GUARD})*(?:(?![\t\r\n])\s|")*[{_SIGNS}])'
_INNER = re.compile(_BEHIND + _SIGN_AHEAD)
_GUARDED = re.compile(_BEHIND + _GUARD + _SIGN_AHEAD)


def neutral(text: str) -> str:
    """The text with a quote wherever a spreadsheet might begin to run it.

    Only for text: numbers are written as they are.
    """
    before = "'" if _ACTIVE.match(text) or _QUOTED_NUMBER.fullmatch(text) else ""
    return before + _INNER.sub(_GUARD, text)


def restored(text: str) -> str:
    """What `neutral` was given: `'=1+1` is `=1+1` again, `'0049` is `0049`."""
    text = _GUARDED.sub("", text)
    is_quoted = text.startswith("'") and (_ACTIVE.match(text) or _QUOTED_NUMBER.fullmatch(text))
    return text[1:] if is_quoted else text
