"""Names of another direction within sentences that hold no markup, such as toasts; in HTML `<bdi>` does the same."""

import unicodedata

_ISOLATE, _END = "\u2068", "\u2069"


def isolate(name: str) -> str:
    """The name between marks that keep its direction to itself, where it has letters of the other direction."""
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name):
        return f"{_ISOLATE}{name}{_END}"
    return name
