"""The catalogues hold every text of the source, and what they make of it fits: `make messages` brings what is new."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.languages.catalogue import ROOT, Text, entries, said

LANGUAGES = [code for code, _ in settings.LANGUAGES if not code.startswith("en")]

_PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
_TAG = re.compile(r"</?[a-z][^>]*>")


def po(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


def test_every_text_is_there(language):
    held = {entry.text for entry in entries(po(language))}
    missing = [f"{where}: {text.one!r}" for text, where in said().items() if text not in held]
    assert missing == [], "run make messages and translate"


def test_nothing_is_there_that_nobody_says(language):
    spoken = set(said())
    assert [entry.text.one for entry in entries(po(language)) if entry.text not in spoken] == []


def test_every_text_is_translated(language):
    untranslated = [entry.text.one for entry in entries(po(language)) if not all(entry.translations)]
    assert untranslated == []


def test_no_translation_is_a_guess(language):
    assert [entry.text.one for entry in entries(po(language)) if entry.fuzzy] == []


def test_translations_keep_places_and_markup(language):
    """A place that is missing in one of both forms of a plural is a number said in words."""
    wrong = []
    for text, translations, _ in entries(po(language)):
        forms = [text.one, text.many or text.one]
        for translation in translations:
            if not any(_places(form) == _places(translation) for form in forms):
                wrong.append(("places", text.one, translation))
            if not any(_tags(form) == _tags(translation) for form in forms):
                wrong.append(("markup", text.one, translation))
    assert wrong == []


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _tags(text: str) -> list[str]:
    return sorted(_TAG.findall(text))


def test_texts_within_markup_cannot_break_it(language):
    """Templates put them into attributes too."""
    wrong = [
        translation
        for text, translations, _ in entries(po(language))
        for translation in translations
        if _TAG.sub("", text.one).count('"') == 0 and '"' in _TAG.sub("", translation)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_of_the_written_one(language):
    with po(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [entry.text.one for entry in entries(po(language)) if _compiled(compiled, entry.text) != entry.translations]
    assert stale == [], "run make messages"


def _compiled(catalogue: gettext.GNUTranslations, text: Text) -> tuple[str, ...]:
    if text.many:
        return tuple(catalogue.ngettext(text.one, text.many, number) for number in (1, 2))
    return (catalogue.pgettext(text.context, text.one) if text.context else catalogue.gettext(text.one),)
