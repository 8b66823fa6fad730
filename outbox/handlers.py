"""How a kind of outbox entry is sent and shown: what each resource declares in `Resource.writes`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import cstar
from activity.record import record_for
from outbox.models import Outgoing
from replica import registry
from teams.policy import May


class Sent(NamedTuple):
    """What cStar answered to a step, and what it changed: {field: (before, after)}.

    `warning` says what did not come out as it was meant.
    """

    answer: cstar.Resource
    changes: dict[str, tuple[Any, Any]] = {}
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One write to cStar.

    `send` makes the call with `idempotency_key(...)`; it returns None where there is nothing to do. `land` writes the
    answer into the working copy and the record, in the transaction that marks the step as done. `check` may raise
    `HeldError` before the first try. `find` looks for the result of an earlier try whose answer was lost; None if there
    is none. For a step that `creates` an object it is called before each further try, else only when cStar says that
    the key was used.
    """

    name: str
    send: Callable[[Outgoing, cstar.Client], Sent | None]
    land: Callable[[Outgoing, Sent], None]
    check: Callable[[Outgoing], None] | None = None
    find: Callable[[Outgoing, cstar.Client], Sent | None] | None = None
    creates: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of entry is sent and shown.

    `title` names the entry, `url` is the page of its object, `text` is what people read of it; `edit_url` is the form
    that corrects it after a refusal. `right` is what its writer needs.
    """

    purpose: str
    steps: tuple[Step, ...]
    title: Callable[[Outgoing], str]
    url: Callable[[Outgoing], str]
    text: Callable[[Outgoing], str]
    edit_url: Callable[[Outgoing], str] | None = None
    right: May = May.EDIT_TICKETS


class NotOfferedError(cstar.BadRequest):
    """This cStar does not offer what a step needs; raised before or after the call. The text says what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="not_offered")


def handler_of(entry: Outgoing) -> Handler:
    return registry.handler_of(entry.kind)


def idempotency_key(entry: Outgoing, step: str, *sent: Any) -> str:
    """The Idempotency-Key of a call: the same for the same values, in whichever try."""
    return str(uuid5(NAMESPACE_URL, f"{entry.key}:{entry.generation}:{step}:{[str(value) for value in sent]}"))


def record_sent(entry: Outgoing, action: str, cstar_id: str, label: str, sent: Sent) -> None:
    """Record in the entry's writer's name what a step did; `action` begins with the object's type: `ticket.updated`."""
    target = (action.partition(".")[0], cstar_id, label)
    author = (entry.team, entry.user, entry.person)
    record_for(author, action, target, changes=sent.changes, request_id=sent.answer.request_id)
