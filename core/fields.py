"""Form fields that several apps use."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.folding import nfc, words
from core.limits import MAX_TAG, MAX_TAGS
from core.tags import join_tags, split_tags, without_doubles


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
    """Tags separated by commas; one that holds a comma stands in quotes. Answers them trimmed, each once, in order.

    Tags that are `known`, because the object has them already, are taken whatever they look like.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known: frozenset[str] = frozenset()

    def prepare_value(self, value: Any) -> Any:
        return join_tags(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        tags = without_doubles(split_tags(super().clean(value)))
        new = [tag for tag in tags if tag not in self.known]
        if too_long := [tag for tag in new if len(tag) > MAX_TAG]:
            text = _("The tag “{tag}…” is longer than {most} characters.")
            raise ValidationError(text.format(tag=too_long[0][:20], most=MAX_TAG))
        if new and len(tags) > MAX_TAGS:
            text = _("These are {number} tags; cStar takes {most}.")
            raise ValidationError(text.format(number=localize(len(tags)), most=MAX_TAGS))
        return tags
