"""Form fields that several apps use."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.folding import caseless, nfc, words


class ManyField(forms.Field):
    """A parameter that may stand in the address several times; answers a list of short texts, each once."""

    MOST = 20  # each may cost a condition of the query

    widget = forms.MultipleHiddenInput

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(**kwargs)
        self.max_length = max_length

    def to_python(self, value: Any) -> list[str]:
        found = list(dict.fromkeys(text.strip() for text in value or [] if text.strip()))
        if len(found) > self.MOST or any(len(text) > self.max_length or "\x00" in text for text in found):
            raise ValidationError("unusable")  # in words: FilterForm.problems
        return found


class SearchField(forms.CharField):
    """Words to search for."""

    MOST = 200

    def __init__(self, **kwargs: Any):
        super().__init__(label=gettext_lazy("Search"), required=False, max_length=self.MOST, **kwargs)

    def clean(self, value: Any) -> str:
        text = (value or "").strip()
        if len(text) > self.MOST:
            problem = _("This search has {number} characters: shorten it to {most} or fewer.")
            raise ValidationError(problem.format(number=localize(len(text)), most=self.MOST))
        if text and ("\x00" in text or not words(text)):
            raise ValidationError(_("This text cannot be searched for: write letters or numbers."))
        return text


class TextField(forms.CharField):
    """A text that may go to cStar: no NUL (Django sees to that), no half of a surrogate pair, which UTF-8 cannot say.

    Line ends are those of Unix: browsers send CRLF, which would make an unchanged text look changed.
    """

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValidationError(_("This text holds characters that cannot be sent. Remove them.")) from None
        return text


class TagField(TextField):
    """One tag, or a text with several, in NFC: cStar takes no line breaks and no other control characters in them."""

    def clean(self, value: Any) -> Any:
        text = nfc(super().clean(value))
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise ValidationError(_("A tag cannot hold line breaks or control characters."))
        return text


class TagsField(TagField):
    """Tags separated by commas; answers them trimmed, each once, in the order given."""

    def __init__(self, *, tag_length: int = 50, **kwargs):
        super().__init__(max_length=2000, **kwargs)
        self.tag_length = tag_length

    def clean(self, value: Any) -> list[str]:
        tags = split_tags(super().clean(value))
        if too_long := [tag for tag in tags if len(tag) > self.tag_length]:
            text = _("The tag “{tag}…” is longer than {most} characters.")
            raise ValidationError(text.format(tag=too_long[0][:20], most=self.tag_length))
        return tags


def split_tags(text: str) -> list[str]:
    """The tags in a text, in NFC; of those that differ in case alone, the first."""
    first: dict[str, str] = {}
    for tag in nfc(text).split(","):
        if tag.strip():
            first.setdefault(caseless(tag.strip()), tag.strip())
    return list(first.values())
