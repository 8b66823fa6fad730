"""Whether what was sent has arrived though its answer was lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.utils import timezone

import cstar
from outbox.models import Outgoing
from replica import cstar_time
from replica.models import TeamState

R = TypeVar("R", bound=cstar.Resource)

# cStar's clock is known this well.
CLOCKS = timedelta(seconds=5)
_ABOUT_THE_KEY = re.compile(r"idempoten|\bkey\b", re.IGNORECASE)


def claimed(entry: Outgoing, step: str, others: QuerySet[Outgoing]) -> set[str]:
    """The ids of what these other entries have made in a step: not what a lost try of this one did."""
    answers = others.filter(team=entry.team).exclude(pk=entry.pk).values_list("answers", flat=True)
    return {found[step]["id"] for found in answers if step in found}


def tried_since(entry: Outgoing) -> datetime:
    """The moment, by cStar's clock, before which nothing can be what a lost try did."""
    state = TeamState.objects.filter(team=entry.team).first() or TeamState(team=entry.team)
    return cstar_time.of(state, entry.unsure_since or timezone.now()) - CLOCKS


def is_from(made_at: object, since: datetime) -> bool:
    """Whether something that was made then, as cStar says, can be what a lost try did."""
    return isinstance(made_at, datetime) and made_at >= since


def answer_of(kind: type[R], raw: dict[str, Any], request_id: str | None = None) -> R:
    """An answer that says what is known by now, where cStar's own says less or was lost."""
    answer = cast(Any, kind)(id=raw["id"])
    answer.attach(raw, request_id)
    return answer


def key_was_used(error: cstar.Conflict) -> bool:
    """Whether cStar refuses a request because it has seen its Idempotency-Key before."""
    return bool(_ABOUT_THE_KEY.search(f"{error.code} {error.message}"))
