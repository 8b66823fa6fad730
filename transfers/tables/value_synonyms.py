"""Which of our values a word of another product means: "Critical" is urgent, "Pending Customer Response" is pending.

What may mean two things is not guessed.
"""

from collections.abc import Mapping
from functools import cache

from transfers.tables.normalisation import phrase
from transfers.tables.vocabulary import load

_NOT = {"not", "no", "non", "never", "nicht", "kein", "pas", "sans", "sin"}


def guess_value(text: str, allowed: Mapping[str, str]) -> str | None:
    """Return the allowed value that the text means; None if that is not certain.

    `allowed` holds our values with the labels that people see. A text that equals one of these, in any case, means it.
    """
    said = phrase(text)
    if not said:
        return None
    own = [value for value, label in allowed.items() if said in (phrase(value), phrase(label))]
    meant = [value for value in allowed if said in _words(value)]
    if certain := _only(own) or _only(meant):
        return certain
    if _NOT & set(said.split()):
        return None  # the text says what the value is not
    return _only([value for value in allowed if any(f" {word} " in f" {said} " for word in _words(value))])


def means_nobody(text: str) -> bool:
    """Whether a cell of an assignee's column says that there is none: "No agent", "-"."""
    return phrase(text) in load("words")["nobody"]["words"]


@cache
def _words(value: str) -> tuple[str, ...]:
    return tuple(word for field in load("words").values() for word in field.get(value, ()))


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None
