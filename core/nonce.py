"""Forms whose sending twice must do its work once."""

from uuid import NAMESPACE_URL, uuid4, uuid5

from django import forms

from core.forms import DeskForm


class WithNonce(DeskForm):
    """Carries a nonce that is made with the page.

    Together with what was typed it gives the Idempotency-Key, so that a double click or a second try is the same
    request to cStar, and a corrected text is another.
    """

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def key(self, part: str, *names: str) -> str:
        """The Idempotency-Key of one of the calls that the form makes, of which `names` are the fields."""
        sent = [str(self.cleaned_data[name]) for name in ("nonce", *names)]
        return str(uuid5(NAMESPACE_URL, f"{part}:{sent}"))
