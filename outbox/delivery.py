"""Sends the outbox: claims what is due, line by line, and does each entry's steps."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from budget.client import client
from budget.models import Lane
from core.errors import sentence
from core.stored_texts import in_english, pattern
from outbox import authorization, reconciliation
from outbox.authorization import HeldError
from outbox.conflicts import NotesConflictError
from outbox.handlers import Sent, Step, handler_of
from outbox.models import Outgoing
from outbox.retrying import may_pass, pause
from teams.models import Team

State = Outgoing.State

# The request that makes an entry sends it at once; the worker leaves a new entry alone for this long.
HEAD_START = timedelta(seconds=1)
# Longer than all calls of an entry take (20 s each, cstar.Client): only a killed sender's entry is ever taken over.
LEASE = timedelta(seconds=90)
# cStar forgets Idempotency-Keys after 24 hours; from then on a second try might be a second message.
KEY_LIFE = timedelta(hours=23)
#: The code of an entry that was sent, but not with the intended result.
WARNING = "warning"

UNKNOWN_FATE = gettext_noop(
    "It is not known whether cStar took this. Look at the thread; if it is not there, try again."
)
_CONFLICT = pattern(gettext_noop("The notes were changed meanwhile. They are now: “{notes}”."))


class _OvertakenError(Exception):
    """Another sender has the entry now."""


def due_lines() -> list[tuple[Any, str]]:
    """Return (team id, line) of all entries that may be sent now, those of killed senders included."""
    now = timezone.now()
    waiting = Q(state=State.WAITING) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    abandoned = Q(state=State.SENDING, lease_until__lte=now)
    just_made = Q(attempts=0, created_at__gt=now - HEAD_START)
    leaving = Outgoing.objects.filter(waiting | abandoned, state__in=Outgoing.LEAVING, due_at__lte=now)
    return list(leaving.exclude(just_made).order_by().values_list("team_id", "line").distinct())


def send_line(team: Team, line: str) -> dict[int, Exception]:
    """Send a line's due entries in order; return the refusals by entry. An entry that waits holds back later ones."""
    refusals = {}
    while entry := _claim(team, line):
        # What the entry keeps of a refusal is in English.
        with suppress(_OvertakenError), in_english():
            if refusal := _send(entry):
                refusals[entry.pk] = refusal
    return refusals


def _claim(team: Team, line: str) -> Outgoing | None:
    """Claim the line's next entry for this sender; None if no entry may be sent now."""
    now = timezone.now()
    leaving = Outgoing.objects.filter(team=team, line=line, state__in=Outgoing.LEAVING, due_at__lte=now)
    entry = leaving.order_by("due_at", "id").select_related("team", "user", "released_by").first()
    if entry is None:
        return None
    not_before = entry.lease_until if entry.state == State.SENDING else entry.next_try_at
    if not_before and not_before > now:
        return None
    # `attempts` goes up with each claim: of two senders that saw the same number, one updates no row.
    seen = Outgoing.objects.filter(pk=entry.pk, state=entry.state, attempts=entry.attempts)
    if not seen.update(state=State.SENDING, attempts=entry.attempts + 1, lease_until=now + LEASE):
        return None
    entry.state, entry.attempts = State.SENDING, entry.attempts + 1
    return entry


def _send(entry: Outgoing) -> Exception | None:
    """Do the steps that are left; return why the entry was refused, None where it was sent or waits."""
    try:
        authorization.check(entry)
        api = client(entry.team, Lane.WRITE, handler_of(entry).purpose, entry.person, user_id=entry.user_id)
        for step in handler_of(entry).steps:
            if step.name not in entry.answers:
                _do_step(entry, step, api)
    except HeldError as reason:
        _settle(entry, state=State.HELD, problem=str(reason), code=reason.code)
        return None
    except NotesConflictError as conflict:
        _settle(entry, state=State.FAILED, problem=_CONFLICT.format(notes=conflict.theirs[:400]))
        return conflict
    except cstar.CStarError as error:
        return _trouble(entry, error)
    # A warning outlives the success.
    problem = entry.problem if entry.code == WARNING else ""
    _settle(entry, state=State.SENT, sent_at=timezone.now(), problem=problem, code=WARNING if problem else "")
    if entry.attempts > 1:
        # cStar takes again what it refused before: the team's other waiting entries need wait no longer.
        waiting = Outgoing.objects.filter(team=entry.team, state=State.WAITING, next_try_at__gt=timezone.now())
        waiting.update(next_try_at=None)
    return None


def _do_step(entry: Outgoing, step: Step, api: cstar.Client) -> None:
    now = timezone.now()
    unsure = entry.unsure_since
    first = unsure is None
    if first and step.check:
        step.check(entry)
    if unsure and now - unsure > KEY_LIFE:
        raise cstar.UnexpectedStatus(UNKNOWN_FATE, status=409, code="key_expired", may_have_applied=True)
    if first:
        # If this process dies in the call, the next sender knows that cStar may have the entry.
        entry.unsure_since = now
        _update(entry, unsure_since=now)
    try:
        sent = _sent(entry, step, api, first=first)
    except (cstar.CStarError, NotesConflictError) as error:
        if first and not getattr(error, "may_have_applied", False):
            entry.unsure_since = None
            _update(entry, unsure_since=None)
        raise
    with transaction.atomic():
        answer = sent and sent.answer
        entry.answers[step.name] = {"id": getattr(answer, "id", ""), "request_id": answer and answer.request_id}
        entry.unsure_since = None
        _update(entry, answers=entry.answers, unsure_since=None)
        if sent:
            step.land(entry, sent)
            if sent.warning:
                entry.problem, entry.code = sent.warning[:500], WARNING
                _update(entry, problem=entry.problem, code=WARNING)


def _sent(entry: Outgoing, step: Step, api: cstar.Client, *, first: bool) -> Sent | None:
    """Do the step, unless an earlier try whose answer was lost has done it."""
    if step.find and step.creates and not first and (found := step.find(entry, api)):
        return found
    try:
        return step.send(entry, api)
    except cstar.Conflict as error:
        if (first and not error.may_have_applied) or not reconciliation.key_was_used(error):
            raise
    # The key was used: a try of ours arrived, and its answer is not given again.
    if step.find and (found := step.find(entry, api)):
        return found
    raise cstar.UnexpectedStatus(UNKNOWN_FATE, status=409, code="key_expired", may_have_applied=True)


def _trouble(entry: Outgoing, error: cstar.CStarError) -> cstar.CStarError | None:
    """Let the entry wait if the error may pass; else mark it as failed, with the reason for its writer."""
    code, request_id = (error.code or "")[:100], (error.request_id or "")[:100]
    if may_pass(error):
        after = timedelta(seconds=pause(entry.attempts, error))
        _settle(
            entry,
            state=State.WAITING,
            next_try_at=timezone.now() + after,
            problem=sentence(error)[:500],
            code=code,
            request_id=request_id,
        )
        return None
    text = error.message if error.code == "key_expired" else sentence(error)
    _settle(entry, state=State.FAILED, problem=text[:500], code=code, request_id=request_id)
    return error


def keep_in_payload(entry: Outgoing, **fields: Any) -> None:
    """Keep in the payload, while the entry is being sent, how it is sent. Writes only values that changed."""
    if any(entry.payload.get(name, []) != value for name, value in fields.items()):
        entry.payload = entry.payload | fields
        _update(entry, payload=entry.payload)


def _settle(entry: Outgoing, **fields: Any) -> None:
    _update(entry, lease_until=None, **fields)


def _update(entry: Outgoing, **fields: Any) -> None:
    """Write fields of the entry, as long as it is still this sender's."""
    if not Outgoing.objects.filter(pk=entry.pk, state=State.SENDING, attempts=entry.attempts).update(**fields):
        raise _OvertakenError
