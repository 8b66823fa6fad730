"""How texts are compared: folding for search, sort keys for lists, and one form for tags.

Databases do this differently from one another (SQLite folds ASCII alone, PostgreSQL goes by its locale), so it is done
here, and the results are kept in columns that both compare byte by byte.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import attrgetter, or_
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

T = TypeVar("T")

SORT_KEY_LENGTH = 200

# Letters and signs that Unicode does not decompose and people type as plain ones.
_ALIKE = {
    **{"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ħ": "h", "Ħ": "h"},
    **{"ŧ": "t", "Ŧ": "t", "ŋ": "n", "Ŋ": "n", "ɓ": "b", "Ɓ": "b", "ɗ": "d", "Ɗ": "d", "ƙ": "k", "Ƙ": "k"},
    **{"ə": "e", "Ə": "e", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"},
    # Arabic letters that keyboards of different countries write differently, and the stroke that widens a word.
    **{"ى": "ي", "ی": "ي", "ک": "ك", "ـ": ""},
    **dict.fromkeys("‘’‚‛′ʼʻ", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "⁄": "/",
}
# Canonical combining classes of marks that tell words apart as letters do: Japanese voicing marks, viramas, and the
# vowel signs of Telugu, Thai, Lao and Tibetan. All others are accents, points and tones.
_KEPT_MARKS = {0, 8, 9, 84, 91, 103, 118, 122, 129, 130, 132}
_SPACE = re.compile(r"\s+")
# Sorts behind every letter.
_LAST = "\U0010ffff"


def fold(text: str) -> str:
    """The text as it is searched: small letters without accents, compatibility forms resolved, single spaces.

    Folding what is folded changes nothing.
    """
    if not text.isascii():
        # The acute accent alone, which people take for an apostrophe, would decompose into a space with an accent.
        text = "".join(map(_folded_letter, unicodedata.normalize("NFKD", text.replace("´", "'"))))
    return _SPACE.sub(" ", text.casefold()).strip()


def sort_key(text: str) -> str:
    """What a text is sorted by, byte by byte: base letters count, accents and case do not.

    A first letter with an accent follows the plain one, as in the directories of most languages that have such letters:
    apple, azure, Äpfel, banana.
    """
    folded = fold(text)
    if folded and _has_accent(text.lstrip()[0]):
        folded = f"{folded[0]}{_LAST}{folded[1:]}"
    return folded[:SORT_KEY_LENGTH]


def sorted_by(attribute: str, rows: Iterable[T]) -> list[T]:
    """A few rows by a text of theirs, such as `name` or `user.username`."""
    text = attrgetter(attribute)
    return sorted(rows, key=lambda row: sort_key(text(row)))


def caseless(text: str) -> str:
    """Equal for texts that differ only in case or in how their accents are encoded: two such tags are one."""
    return nfc(unicodedata.normalize("NFD", text).casefold())


def nfc(text: str) -> str:
    """The text with composed accents, as keyboards write them."""
    return unicodedata.normalize("NFC", text)


def each_once(tags: Iterable[str]) -> list[str]:
    """Tags in NFC and in their order; of those that are equal then, the first."""
    return list(dict.fromkeys(map(nfc, tags)))


def words(text: str) -> list[tuple[str, str]]:
    """The words of a search, as written and folded; one that folds to nothing, such as a lone accent, is left out."""
    return [(word, folded) for word in dict.fromkeys(text.split()) if (folded := fold(word))]


def search(text: str, column: str = "folded", whole: Sequence[str] = ("cstar_id",)) -> Q:
    """The condition that each word of `text` stands in a folded column, or is the whole of one of the `whole` columns.

    Nothing matches a text in which nothing can be searched for.
    """
    condition = Q()
    for word, folded in words(text):
        condition &= reduce(or_, (Q(**{name: word}) for name in whole), Q(**{f"{column}__contains": folded}))
    return condition or Q(pk__in=[])


class SortKeyField(models.CharField):
    """A column for a `sort_key`; PostgreSQL compares it byte by byte too, as SQLite does without being told."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"max_length": SORT_KEY_LENGTH, "null": True, "editable": False, **kwargs})

    def db_parameters(self, connection: Any) -> Any:
        return {**super().db_parameters(connection), "collation": "C" if connection.vendor == "postgresql" else None}


@lru_cache(maxsize=20_000)
def _folded_letter(letter: str) -> str:
    """What becomes of a letter of decomposed text."""
    if letter in _ALIKE:
        return _ALIKE[letter]
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "" if _is_ignored(letter) else letter


def _has_accent(letter: str) -> bool:
    """Whether it is a Latin or Cyrillic letter whose accent, or stroke, folding takes away."""
    plain = unicodedata.normalize("NFKD", letter)
    alphabet = unicodedata.name(plain[0], "").startswith(("LATIN", "CYRILLIC"))
    return alphabet and plain.casefold() != fold(letter)


def _is_ignored(letter: str) -> bool:
    """Accents, enclosing marks, variation selectors, and marks that only tell how to draw the text."""
    selector = "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    drawing = unicodedata.category(letter) in {"Cf", "Me"}
    return drawing or selector or unicodedata.combining(letter) not in _KEPT_MARKS
