"""A run's calls to cStar: in its person's name, in the lane of bulk work, and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from budget.client import client
from budget.models import Lane
from cstar import Attempt, Client
from transfers.models import Run

_PURPOSES: dict[str, str] = {
    Run.Kind.BULK: gettext_noop("bulk edit"),
    Run.Kind.IMPORT: gettext_noop("import"),
    Run.Kind.EXPORT: gettext_noop("export"),
    Run.Kind.UNDO: gettext_noop("undo"),
}


class Calls:
    """Counts what calls really cost, and notes by cStar's clock when the last one began and was answered."""

    def __init__(self) -> None:
        self.made = 0
        self.began_at: datetime | None = None
        self.answered_at: datetime | None = None

    def hear(self, attempt: Attempt) -> None:
        self.made += attempt.sent
        if attempt.answered_at:
            self.began_at = attempt.answered_at - timedelta(seconds=attempt.elapsed)
            self.answered_at = attempt.answered_at


def client_of(run: Run, calls: Calls, *, heard: Callable[[], None] = lambda: None) -> Client:
    """A client whose calls `calls` counts; `heard` is called after each."""

    def observe(attempt: Attempt) -> None:
        calls.hear(attempt)
        heard()

    return client(run.team, Lane.BULK, _PURPOSES[run.kind], run.person, observer=observe)
