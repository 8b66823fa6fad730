"""Sentences that are kept in the database: English there, whoever was at work, and in the reader's language when shown.

What such a sentence is about is part of it (“cStar refused this: …”), so it is found again by its pattern.
"""

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext

# (the sentence, its plural or nothing)
_patterns: list[tuple[str, str]] = []
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN_SENTENCES = re.compile(r"((?<=[.!?]) |; )")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")


def pattern(one: str, many: str = "") -> str:
    """A sentence with {places} that is kept: `shown` knows it from here on. A plural's number is its first place."""
    _patterns.append((one, many))
    return one


def in_english() -> translation.override:
    """Where a sentence is made that is kept."""
    return translation.override(settings.LANGUAGE_CODE)


def shown(text: str) -> str:
    """What was kept, in the language that is spoken; what is not of ours as it is."""
    if not text or translation.get_language()[:2] == settings.LANGUAGE_CODE[:2]:
        return text
    return _known(text) or text


def _known(text: str) -> str | None:
    if (known := gettext(text)) != text:
        return known
    pieces = _BETWEEN_SENTENCES.split(text)
    if len(pieces) > 1 and all(translated := [_known(piece) for piece in pieces[::2]]):
        pieces[::2] = map(str, translated)
        return "".join(pieces)
    if _GROUPED.fullmatch(text):
        return localize(_number(text))
    for (one, many), form in _forms(len(_patterns)):
        if found := form.fullmatch(text):
            values = {name: shown(value) for name, value in found.groupdict().items()}
            words = ngettext(one, many, _number(next(iter(values.values())))) if many else gettext(one)
            return words.format(**values)
    return None


def _number(text: str) -> int:
    digits = "".join(filter(str.isdigit, text))
    return int(digits or 0)


@cache
def _forms(number: int) -> list[tuple[tuple[str, str], re.Pattern[str]]]:
    """Compiled when all modules have named theirs; those that say most of their own come first."""
    forms = [(pair, _PLACE.sub(r"(?P<\1>.+)", re.escape(form))) for pair in _patterns for form in pair if "{" in form]
    forms.sort(key=lambda entry: -len(re.sub(r"\(\?P<\w+>\.\+\)", "", entry[1])))
    return [(pair, re.compile(form, re.DOTALL)) for pair, form in forms]
