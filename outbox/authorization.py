"""Whose word an entry of the outbox is: nothing leaves of somebody who may no longer write in the team.

It is held for a manager, who sends it, edits it or discards it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from activity.record import record
from core.stored_texts import pattern
from outbox.models import Outgoing
from replica import registry
from teams.access import TeamRequest
from teams.accounts import may
from teams.models import User
from teams.policy import May

_LEFT = pattern(gettext_noop("{person} may no longer write in this team, so this was not sent."))
# The `code` of an entry that is held for this reason.
LEFT = "author_left"


class HeldError(Exception):
    """The entry must not leave before somebody looked again; the text says why."""

    def __init__(self, text: str, code: str = ""):
        super().__init__(text)
        self.code = code


def check(entry: Outgoing) -> None:
    """`HeldError` for an entry whose writer, or who let it go for them, may not write in its team."""
    responsible = entry.released_by or entry.user
    if responsible and not may(responsible, entry.team, _right(entry)):
        raise HeldError(_LEFT.format(person=responsible.display_name), LEFT)


def hold(sender: Any, user: User, **kwargs: Any) -> None:
    """Hold at once what waits of somebody who lost rights; what is just being sent is looked at with its next try."""
    waiting = Outgoing.objects.filter(user=user, released_by=None, state=Outgoing.State.WAITING)
    problem = _LEFT.format(person=user.display_name)
    for entry in waiting.select_related("team"):
        if not may(user, entry.team, _right(entry)):
            held = {"state": Outgoing.State.HELD, "code": LEFT, "problem": problem[:500]}
            waiting.filter(pk=entry.pk).update(**held)


def record_release(request: TeamRequest, entry: Outgoing) -> None:
    """Note who let go what somebody else wrote: it is sent in the writer's name."""
    if entry.user_id != request.user.pk:
        record(request, "outgoing.released", (entry.kind.partition(".")[0], entry.target_id, entry.person))


def _right(entry: Outgoing) -> May:
    """What the writer of the entry needs to be allowed."""
    return registry.handler_of(entry.kind).right
