"""The likeliest encoding of bytes that are no Unicode: only a suggestion, for a person to confirm by reading a preview.

Bytes are decoded in each encoding, and what comes out is compared with how words are written: letters stand among
letters of their own script, small ones behind capital ones, and few signs stand within words.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from transfers.tables.vocabulary import load

_HEAD = 1 << 16
# (encoding, its script); of equals the first wins, so the commonest of each script stands first.
_CANDIDATES = (
    ("cp1252", "LATIN"),
    ("cp1250", "LATIN"),
    ("cp1254", "LATIN"),
    ("cp1257", "LATIN"),
    ("iso8859-15", "LATIN"),
    ("mac_roman", "LATIN"),
    ("cp850", "LATIN"),
    ("cp437", "LATIN"),
    ("cp1251", "CYRILLIC"),
    ("koi8_r", "CYRILLIC"),
    ("cp1253", "GREEK"),
    ("cp1255", "HEBREW"),
    ("cp1256", "ARABIC"),
    ("cp932", "CJK"),
    ("euc_jp", "CJK"),
    ("gb18030", "CJK"),
    ("big5", "CJK"),
    ("euc_kr", "CJK"),
)
# What a sign of each script says for the encoding: Korean has few Chinese ones, Chinese no Japanese ones.
_JAPANESE, _CHINESE = {"KANA": 1.0, "CJK": 0.8, "FORMS": 0.5}, {"CJK": 0.9, "FORMS": 0.5}
_EAST_ASIAN: dict[str, dict[str, float]] = {
    "cp932": _JAPANESE,
    "euc_jp": _JAPANESE,
    "gb18030": _CHINESE,
    "big5": _CHINESE,
    "euc_kr": {"HANGUL": 1.0, "FORMS": 0.5},
}
_OTHERS = re.compile(r"[^\x00-\x7f]+")


def guess_encoding(data: bytes) -> str:
    """The name of the likeliest encoding; "cp1252" where nothing speaks for another."""
    scores = {name: _score(data[:_HEAD], name, script) for name, script in _CANDIDATES}
    return max(scores, key=lambda name: scores[name])


def _score(data: bytes, name: str, script: str) -> float:
    """About -1 to 1: how well the letters beyond ASCII make words."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeDecodeError:
        return -1
    marks = [mark for run in _OTHERS.finditer(text) for mark in _marks(text, run, name, script)]
    return sum(marks) / len(marks) if marks else 0


def _marks(text: str, run: re.Match[str], name: str, script: str) -> Iterator[float]:
    """Yield a score for each letter of a run of letters beyond ASCII."""
    common = _common(name)
    for at in range(run.start(), run.end()):
        letter = text[at]
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        if script == "LATIN":
            # Words with several such letters in a row are of another script.
            yield (1.0 if letter in common and len(run[0]) < 4 else -0.5) - _disorder(letter, before, behind)
        elif script == "CJK":
            yield _EAST_ASIAN[name].get(_script_of(letter), -1.0)
        else:
            # A word has letters of one script only.
            beside_ascii = any(sign.isascii() and sign.isalpha() for sign in (before, behind))
            fits = _script_of(letter) == script and not beside_ascii
            weight = 1.0 if letter.lower() in common else 0.6
            yield (weight if fits else -0.7) - _disorder(letter, before, behind)


def _disorder(letter: str, before: str, behind: str) -> float:
    """More than 0 for a capital behind a small letter, and a sign between two letters."""
    if letter.isupper() and before.islower():
        return 0.5
    return 0.5 if not letter.isalpha() and before.isalpha() and behind.isalpha() and letter not in "'\u2019" else 0


@cache
def _common(name: str) -> str:
    """The letters that the languages of an encoding use often."""
    return "".join(letters["often"] for letters in load("letters")["letters"] if name in letters["encodings"])


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return "KANA"
    if name.startswith(("IDEOGRAPHIC", "FULLWIDTH")):
        return "FORMS"
    return name.split(" ", 1)[0]
