"""Checks that a delivery comes from cStar (docs/cstar-api.md#webhook-signatures)."""

import hmac
import re
from hashlib import sha256

from django.utils.translation import gettext_noop

# How far the sender's clock and ours, and the way between them, may be apart.
TOLERANCE = 300  # seconds
_STAMP = re.compile(r"[0-9]{1,12}")
_LEGACY = "sha256="


class SignatureError(Exception):
    """A delivery that is not known to be cStar's; the text says why."""


def verify(secret: str, header: str, body: bytes) -> int | None:
    """Check an `X-Signature` over the raw body; SignatureError unless it holds. Answers when it was made.

    `t=<unix seconds>,v1=<hex>` signs `{t}.{body}`; while a secret is being replaced there may be several v1. The older
    `sha256=<hex>` signs the body alone and says nothing of its age: None, and the event itself says when it was made.
    """
    if not header:
        raise SignatureError(gettext_noop("It carries no signature."))
    if header.startswith(_LEGACY):
        stamp, given, signed = "", [header.removeprefix(_LEGACY)], body
    else:
        stamp, given = _parts(header)
        signed = f"{stamp}.".encode() + body
    expected = hmac.new(secret.encode(), signed, sha256).hexdigest().encode()
    # Compared as bytes: a header may hold any character.
    if not any(hmac.compare_digest(expected, one.encode()) for one in given):
        raise SignatureError(gettext_noop("Its signature is not the one of our secret."))
    return int(stamp) if stamp else None


def check_age(made: float, now: float) -> None:
    """SignatureError for a delivery that was made too long ago, or will be. Both in Unix seconds."""
    if abs(now - made) > TOLERANCE:
        raise SignatureError(gettext_noop("Its signature is more than five minutes from our clock."))


def _parts(header: str) -> tuple[str, list[str]]:
    """The timestamp, and every v1. Parts of other names belong to schemes to come."""
    pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
    stamps = [value for name, value in pairs if name == "t"]
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        raise SignatureError(gettext_noop("Its signature cannot be read."))
    return stamps[0], [value for name, value in pairs if name == "v1"]
