"""The outbox: what people wrote is a row of ours before it is sent, and is sent once.

A resource declares how each kind of entry is sent (`Resource.writes`). A kind has steps, each one write to cStar. What
cStar answered is noted in the same transaction in which it goes into the working copy, so that whoever takes over from
a killed process goes on behind the last step that is done. Each call carries an Idempotency-Key that is the same in
every try. Since a cStar may forget keys, a step that creates something is looked for before it is tried again: one
whose answer was lost is done once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

import cstar
from budget.client import client
from budget.models import Lane
from core.errors import sentence
from core.shortcuts import in_order
from core.stored_texts import in_english, pattern
from outbox import authorization, reconciliation
from outbox.authorization import HeldError
from outbox.conflicts import NotesConflictError
from outbox.models import Outgoing
from outbox.retrying import may_pass, pause
from replica import registry
from teams.access import TeamRequest
from teams.models import Team, User
from teams.policy import May

State = Outgoing.State

# Who makes an entry sends it at once; the worker, who sees to what was left, would only come between.
HEAD_START = timedelta(seconds=1)
# Longer than all calls of an entry take (20 s each, cstar.Client): only a killed sender's entry is ever taken over.
LEASE = timedelta(seconds=90)
# cStar forgets Idempotency-Keys after 24 hours; from then on a second try might be a second message.
KEY_LIFE = timedelta(hours=23)
KEPT = timedelta(days=7)
#: The code of an entry that was sent and did not come out as it was meant.
WARNING = "warning"

UNKNOWN_FATE = gettext_noop(
    "It is not known whether cStar took this. Look at the thread; if it is not there, try again."
)
_CONFLICT = pattern(gettext_noop("The notes were changed meanwhile. They are now: “{notes}”."))


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

    `send` makes the call with `key(...)`; None where nothing is to be done. `land` puts the answer into the working
    copy and the record, in the transaction that notes the step as done. `check` may raise `HeldError` before the first
    try. `find` looks for what an earlier try did whose answer was lost; None if there is nothing. Where that try
    `creates` an object it is asked before each further try, else only where cStar says that the key was used.
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

    `title` says what it is, `address` where it belongs (once it has a place), `text` what it says; `edit` is where it
    can be put right when cStar refused it. `right` is what its writer needs.
    """

    purpose: str
    steps: tuple[Step, ...]
    title: Callable[[Outgoing], str]
    address: Callable[[Outgoing], str]
    text: Callable[[Outgoing], str]
    edit: Callable[[Outgoing], str] | None = None
    right: May = May.EDIT_TICKETS


class NotOfferedError(cstar.BadRequest):
    """Raised instead of a call, or after it, where this cStar does not do what is meant; the text says what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="not_offered")


class _OvertakenError(Exception):
    """Another sender has the entry now."""


def handler_of(entry: Outgoing) -> Handler:
    return registry.handler_of(entry.kind)


def key(entry: Outgoing, step: str, *sent: Any) -> str:
    """The Idempotency-Key of a call: the same for the same values, in whichever try."""
    return str(uuid5(NAMESPACE_URL, f"{entry.key}:{entry.generation}:{step}:{[str(value) for value in sent]}"))


def keep_in_payload(entry: Outgoing, **fields: Any) -> None:
    """Remember with the entry, on its way, how it is sent; nothing is written where that is known already."""
    if any(entry.payload.get(name, []) != value for name, value in fields.items()):
        entry.payload = entry.payload | fields
        _note(entry, payload=entry.payload)


# --- putting in ------------------------------------------------------------------------------------------------


def enqueue(
    request: TeamRequest,
    kind: str,
    payload: dict[str, Any],
    *,
    line: str,
    target_id: str = "",
    key: str | None = None,
    delay: int = 0,
) -> Outgoing:
    """Keep a write of the request's person; it leaves after `delay` seconds at the earliest.

    The same `key` twice is the same entry: a form that was sent twice. One that was taken back or refused goes again.
    """
    fields = {
        "user": request.user,
        "person": request.user.display_name,
        "kind": kind,
        "line": line,
        "target_id": target_id,
        "payload": payload,
        "due_at": timezone.now() + timedelta(seconds=delay),
    }
    with transaction.atomic():
        entry, made = Outgoing.objects.get_or_create(team=request.team, key=key or str(uuid4()), defaults=fields)
        if not made and entry.state in (State.UNDONE, State.FAILED, State.HELD):
            whose = {name: fields[name] for name in ("user", "person", "payload", "due_at")}
            Outgoing.objects.filter(pk=entry.pk).update(**whose)
            again(entry)
    forget_read(request)
    return entry


def do(request: TeamRequest, kind: str, payload: dict[str, Any], **where: Any) -> Outgoing:
    """Keep a write and try it at once. Afterwards it is sent, or waits for cStar.

    Raises the refusal; then it is not kept, for the form that it came from still shows what was typed. Where cStar has
    a part of it already it stays in the outbox, which is then the one place where it goes on.
    """
    entry = enqueue(request, kind, payload, **where)
    refusal = send_now(entry)
    if refusal and forget_refused(entry):
        raise refusal
    return entry


def forget_refused(entry: Outgoing) -> bool:
    """Drop what was refused while its form is still on the screen, unless cStar has a part of it."""
    if any(answer["id"] for answer in entry.answers.values()):
        return False
    entry.delete()
    return True


def send_now(entry: Outgoing) -> Exception | None:
    """Try the entry in this very request, after those of its line that are due before it; answers its refusal."""
    refusal = send_line(entry.team, entry.line).get(entry.pk)
    entry.refresh_from_db()
    return refusal


# --- taking back, deciding -------------------------------------------------------------------------------------


def open_entries(request: TeamRequest) -> list[Outgoing]:
    """All of the team's entries that are not done with, in their order. One query a request."""
    if "outbox" not in request.memo:
        found = Outgoing.objects.filter(team=request.team, state__in=Outgoing.OPEN)
        request.memo["outbox"] = in_order(found, "due_at", "pk")
    return request.memo["outbox"]


def forget_read(request: TeamRequest) -> None:
    """The request itself changed the outbox: what is shown from here on is read anew."""
    request.memo.pop("outbox", None)


def may_decide(request: TeamRequest, entry: Outgoing) -> bool:
    """Whether the person may take it back, send or discard it: who wrote it; what is stuck, a manager too."""
    if entry.user_id == request.user.pk:
        return True
    return entry.state in (State.FAILED, State.HELD) and request.membership.allows(May.DELETE_TICKETS)


def take_back(entry: Outgoing) -> bool:
    """Undo it, unless it is on its way already or cStar may have it."""
    unsent = Outgoing.objects.filter(pk=entry.pk, state=entry.state, attempts=entry.attempts)
    return entry.may_be_undone and bool(unsent.update(state=State.UNDONE))


def discard(entry: Outgoing) -> bool:
    """Give up one that is stuck, whatever cStar may have of it."""
    stuck = Outgoing.objects.filter(pk=entry.pk, state__in=[State.FAILED, State.HELD])
    return bool(stuck.update(state=State.UNDONE))


def again(entry: Outgoing, by: User | None = None, **changes: Any) -> bool:
    """Send what was refused, held or taken back once more; `by` whom, if it is somebody else's.

    cStar may repeat a refusal for the same key (docs/cstar-api.md#idempotency), so the entry gets another; only where
    cStar may have taken an earlier try, and still knows its key, that key decides.
    """
    remembered = entry.unsure_since and timezone.now() - entry.unsure_since < KEY_LIFE
    stopped = Outgoing.objects.filter(pk=entry.pk, state__in=[State.FAILED, State.HELD, State.UNDONE])
    return bool(
        stopped.update(
            state=State.WAITING,
            generation=F("generation") if remembered else F("generation") + 1,
            unsure_since=entry.unsure_since if remembered else None,
            next_try_at=None,
            problem="",
            code="",
            released_by=by if by and by.pk != entry.user_id else None,
            **changes,
        )
    )


def prune(now: datetime) -> None:
    """Drop what left or was taken back a week ago. What failed stays until somebody decides."""
    done = Outgoing.objects.filter(state__in=[State.SENT, State.UNDONE])
    done.filter(due_at__lt=now - KEPT).delete()


# --- sending ---------------------------------------------------------------------------------------------------


def due_lines() -> list[tuple[Any, str]]:
    """(team's id, line) of all that may leave now, those of killed senders included."""
    now = timezone.now()
    waiting = Q(state=State.WAITING) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    abandoned = Q(state=State.SENDING, lease_until__lte=now)
    just_made = Q(attempts=0, created_at__gt=now - HEAD_START)
    leaving = Outgoing.objects.filter(waiting | abandoned, state__in=Outgoing.LEAVING, due_at__lte=now)
    return list(leaving.exclude(just_made).order_by().values_list("team_id", "line").distinct())


def send_line(team: Team, line: str) -> dict[int, Exception]:
    """Send what is due of a line, in order; answers the refusals by entry. What waits holds back what is behind it."""
    refusals = {}
    while entry := _claim(team, line):
        if refusal := _send(entry):
            refusals[entry.pk] = refusal
    return refusals


def _claim(team: Team, line: str) -> Outgoing | None:
    """The line's next entry, if it may leave now, for this sender alone."""
    now = timezone.now()
    leaving = Outgoing.objects.filter(team=team, line=line, state__in=Outgoing.LEAVING, due_at__lte=now)
    entry = leaving.order_by("due_at", "id").select_related("team", "user", "released_by").first()
    if entry is None or not _is_free(entry, now):
        return None
    # `attempts` goes up with each claim: of two who saw the same number one comes too late.
    seen = Outgoing.objects.filter(pk=entry.pk, state=entry.state, attempts=entry.attempts)
    if not seen.update(state=State.SENDING, attempts=entry.attempts + 1, lease_until=now + LEASE):
        return None
    entry.state, entry.attempts = State.SENDING, entry.attempts + 1
    return entry


def _is_free(entry: Outgoing, now: datetime) -> bool:
    if entry.state == State.SENDING:
        return entry.lease_until is None or entry.lease_until <= now
    return entry.next_try_at is None or entry.next_try_at <= now


def _send(entry: Outgoing) -> Exception | None:
    """Do all steps that are left; answers why it was refused. What is kept of it is kept in English."""
    try:
        with in_english():
            return _do_steps(entry)
    except _OvertakenError:
        return None


def _do_steps(entry: Outgoing) -> Exception | None:
    try:
        authorization.check(entry)
        api = client(entry.team, Lane.WRITE, handler_of(entry).purpose, entry.person, user_id=entry.user_id)
        for step in handler_of(entry).steps:
            if step.name not in entry.answers:
                _do_step(entry, step, api)
    except HeldError as reason:
        _settle(entry, state=State.HELD, problem=str(reason), code=reason.code)
    except NotesConflictError as conflict:
        _settle(entry, state=State.FAILED, problem=_CONFLICT.format(notes=conflict.theirs[:400]))
        return conflict
    except cstar.CStarError as error:
        return _trouble(entry, error)
    else:
        # What did not come out as it was meant stays said.
        problem = entry.problem if entry.code == WARNING else ""
        _settle(entry, state=State.SENT, sent_at=timezone.now(), problem=problem, code=WARNING if problem else "")
        _wake_others(entry)
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
        # Should this process die in the call, its successor knows that cStar may have it.
        entry.unsure_since = now
        _note(entry, unsure_since=now)
    try:
        sent = _sent(entry, step, api, first=first)
    except (cstar.CStarError, NotesConflictError) as error:
        if first and not getattr(error, "may_have_applied", False):
            entry.unsure_since = None
            _note(entry, unsure_since=None)
        raise
    with transaction.atomic():
        answer = sent and sent.answer
        entry.answers[step.name] = {"id": getattr(answer, "id", ""), "request_id": answer and answer.request_id}
        entry.unsure_since = None
        _note(entry, answers=entry.answers, unsure_since=None)
        if sent:
            step.land(entry, sent)
            if sent.warning:
                entry.problem, entry.code = sent.warning[:500], WARNING
                _note(entry, problem=entry.problem, code=WARNING)


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
    """Wait where it may pass; else keep it for its writer, who reads why."""
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


def _wake_others(entry: Outgoing) -> None:
    """cStar took something that it had not taken before: what else waits for it need wait no longer."""
    if entry.attempts > 1:
        waiting = Outgoing.objects.filter(team=entry.team, state=State.WAITING, next_try_at__gt=timezone.now())
        waiting.update(next_try_at=None)


def _settle(entry: Outgoing, **fields: Any) -> None:
    _note(entry, lease_until=None, **fields)


def _note(entry: Outgoing, **fields: Any) -> None:
    """Write it down, as long as the entry is still this sender's."""
    if not Outgoing.objects.filter(pk=entry.pk, state=State.SENDING, attempts=entry.attempts).update(**fields):
        raise _OvertakenError
