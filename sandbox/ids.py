"""Ids: a prefix that names the kind, then random hex. Paths take a prefixed id or the bare UUID (API articles)."""

import re
import secrets
import uuid

_PARTS = re.compile(r"^(?P<prefix>[a-z]{3}_)?(?P<hex>[0-9a-f]{32})$")


def new_id(prefix: str) -> str:
    """`tkt_` and 32 hex digits (a UUID without hyphens, as the reference prints them)."""
    return prefix + uuid.uuid4().hex


def new_message_id() -> str:
    """`msg_` and 12 hex digits, as the ticket page prints them."""
    return "msg_" + secrets.token_hex(6)


def canonical(prefix: str, text: str) -> str | None:
    """The stored form of an id given prefixed or as a bare UUID; None when it cannot be one of this kind."""
    parts = _PARTS.match(text.lower().replace("-", ""))
    if not parts or parts["prefix"] not in (None, prefix):
        return None
    return prefix + parts["hex"]
