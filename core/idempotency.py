"""Forms whose sending twice must do its work once."""

from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm


class NonceField(forms.UUIDField):
    """Refuses a nonce that makes no sense, and gives the form a new one: sending it again works."""

    def __init__(self):
        words = dict.fromkeys(("required", "invalid"), _("This form was damaged on its way. Send it again."))
        super().__init__(widget=forms.HiddenInput, initial=uuid4, error_messages=words)

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return self.clean(data)
        except ValidationError:
            return initial


class WithNonce(DeskForm):
    """Carries a nonce that is made with the page.

    Together with what was typed it gives the Idempotency-Key, so that a double click or a second try is the same
    request to cStar, and a corrected text is another.
    """

    nonce = NonceField()

    def key(self, part: str, *names: str) -> str:
        """The Idempotency-Key of one of the calls that the form makes, of which `names` are the fields."""
        return self.key_of(part, *(self.cleaned_data[name] for name in names))

    def key_of(self, part: str, *sent: object) -> str:
        """The same for a call that sends these values."""
        return str(uuid5(NAMESPACE_URL, f"{part}:{[str(value) for value in (self.cleaned_data['nonce'], *sent)]}"))
