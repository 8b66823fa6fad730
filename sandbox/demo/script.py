"""The form in which the demo's conversations are written: scenarios made of beats, with slots in the text.

A slot is a lower-case name in braces, `{invoice}`, filled by `slots.py` with one value for the whole ticket. JSON and
other code in the texts keeps its braces, because a slot has neither space nor quote in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

Role = Literal["customer", "agent", "note", "thanks", "wait"]

_BREAK = "\\"
# Lists, quotes, tables, headings, rules, images and tags begin a line even inside a paragraph.
_OWN_LINE = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|>|\||#+\s|---?|!\[|<)")


@dataclass(frozen=True, slots=True)
class Beat:
    """One step of a conversation; any variant may stand for any other."""

    role: Role
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A conversation that can be cut after any beat: what was said so far makes sense without the rest."""

    tags: tuple[str, ...]
    priorities: tuple[str, ...]
    subjects: tuple[str, ...]
    openings: tuple[str, ...]  # dressed with the customer's own greeting and sign-off
    one_liners: tuple[str, ...]  # openings taken as they stand
    beats: tuple[Beat, ...]
    product: str  # "" fits every product
    locale: str  # "" fits every customer

    @property
    def openings_count(self) -> int:
        """How many ways there are to begin."""
        return len(self.openings) + len(self.one_liners)


def scenario(
    *,
    tags: str,
    priorities: str,
    subjects: Sequence[str],
    beats: Sequence[Beat],
    openings: Sequence[str] = (),
    one_liners: Sequence[str] = (),
    product: str = "",
    locale: str = "",
) -> Scenario:
    """Build a scenario from the way it is convenient to write one."""
    return Scenario(
        tags=tuple(tags.split()),
        priorities=tuple(priorities.split()),
        subjects=tuple(subjects),
        openings=tuple(unwrap(text) for text in openings),
        one_liners=tuple(unwrap(text) for text in one_liners),
        beats=tuple(beats),
        product=product,
        locale=locale,
    )


def customer(*texts: str) -> Beat:
    """Write a customer's follow-up that waits for an answer."""
    return _beat("customer", texts)


def agent(*texts: str) -> Beat:
    """Write an agent's public reply, without greeting or sign-off."""
    return _beat("agent", texts)


def note(*texts: str) -> Beat:
    """Write an internal note."""
    return _beat("note", texts)


def thanks(*texts: str) -> Beat:
    """Write a customer's last word, after which nothing is owed."""
    return _beat("thanks", texts)


# A place where time goes by: the customer may ask for news and be put off.
WAIT = Beat("wait", ())


def unwrap(text: str) -> str:
    """Join the wrapped lines of each paragraph: people's mail clients do not wrap, our source files do.

    A backslash at the end of a line keeps the break, as in Markdown.
    """
    lines: list[str] = []
    fenced = joinable = False
    for line in cleandoc(text).splitlines():
        fence = line.startswith("```")
        fenced ^= fence
        if joinable and line and not fenced and not fence and not _OWN_LINE.match(line):
            lines[-1] = f"{lines[-1]} {line.removesuffix(_BREAK)}"
        else:
            lines.append(line.removesuffix(_BREAK))
        joinable = bool(line) and not fenced and not fence and not line.endswith(_BREAK)
    return "\n".join(lines)


def _beat(role: Role, texts: tuple[str, ...]) -> Beat:
    return Beat(role, tuple(unwrap(text) for text in texts))
