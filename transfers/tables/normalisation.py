"""Headers and values as they compare: "TicketSubject", "ticket_subject" and "Ticket subject:" are one."""

import re

from core.folding import fold

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"\be mail\b")


def phrase(text: str) -> str:
    """Small letters and digits without accents, one space between words; "E-Mail" and "eMail" are "email"."""
    return _EMAIL.sub("email", _BETWEEN.sub(" ", fold(_HUMP.sub(" ", text))).strip())
