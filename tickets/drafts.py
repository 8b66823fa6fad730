"""What people are writing and have not sent: kept on our server, one text a person, ticket and kind.

The browser saves in order (static/js/draft-saver.js), but its requests may overtake each other, and a second tab or
device may write the same draft. Each save therefore names its composer by the nonce, counts up, and says which version
of the draft the person saw: of one composer the highest count wins; another composer's words are never overwritten
unseen. Only the writer ever reads a draft.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from teams.access import TeamRequest
from tickets.composer import Composer
from tickets.forms import ReplyForm
from tickets.models import Draft, Ticket

KEPT = timedelta(days=90)
# An empty row remembers that its draft was sent, so that a save that comes late does not bring it back.
EMPTY_KEPT = timedelta(days=1)


class NewerDraftError(Exception):
    """Another tab or device wrote this draft meanwhile; `draft` is what it wrote, which may be nothing."""

    def __init__(self, draft: Draft):
        super().__init__("a newer draft was saved elsewhere")
        self.draft = draft


@transaction.atomic
def save(request: TeamRequest, ticket: Ticket, kind: str, text: str, *, nonce: UUID, count: int, seen: int) -> int:
    """Keep the text and answer the draft's version; `NewerDraftError` if the person has not seen what is held.

    A text of white space alone is no draft.
    """
    text = text if text.strip() else ""
    row = _row(request, ticket, kind)
    may_follow = Q(nonce=nonce, count__lt=count) | (~Q(nonce=nonce) & Q(version=seen))
    row.filter(may_follow).update(
        text=text, nonce=nonce, count=count, version=F("version") + 1, updated_at=timezone.now()
    )
    held = row.get()
    if held.nonce != nonce and held.text != text:
        raise NewerDraftError(held)
    return held.version


def clear(request: TeamRequest, ticket: Ticket, kind: str) -> None:
    """Clear a draft that was sent; late saves of its composer are ignored from now on."""
    put_back(request, ticket, kind, "")


def put_back(request: TeamRequest, ticket: Ticket, kind: str, text: str) -> None:
    """Make a draft of a text that was taken back."""
    _row(request, ticket, kind).update(text=text, nonce=None, version=F("version") + 1, updated_at=timezone.now())


def drafts_of(request: TeamRequest, ticket: Ticket) -> dict[str, Draft]:
    """The person's drafts by kind, what they wrote last at the end. One query."""
    mine = _mine(request).filter(ticket=ticket.cstar_id)
    return {draft.kind: draft for draft in mine.order_by("updated_at")}


def composer(request: TeamRequest, ticket: Ticket) -> Composer:
    """The composer with the person's drafts in it, what they wrote last in front. One query."""
    mine = drafts_of(request, ticket)
    written = [kind for kind, draft in mine.items() if draft.text]
    texts = {kind: mine[kind].text for kind in written}
    return Composer.empty(written[-1] if written else ReplyForm.REPLY, **texts, drafts=mine)


def tickets_with_draft(request: TeamRequest) -> set[str]:
    """The cStar ids of the tickets on which the person left something unsent: never many. One query."""
    return set(_mine(request).exclude(text="").values_list("ticket", flat=True))


def drop_old_drafts(now: datetime) -> None:
    """Delete drafts that are older than a quarter of a year."""
    Draft.objects.filter(Q(updated_at__lt=now - KEPT) | Q(text="", updated_at__lt=now - EMPTY_KEPT)).delete()


def _mine(request: TeamRequest) -> QuerySet[Draft]:
    return Draft.objects.filter(team=request.team, user=request.user)


def _row(request: TeamRequest, ticket: Ticket, kind: str) -> QuerySet[Draft]:
    """Return the draft's row as a queryset; the row is created if it is missing."""
    whose: dict[str, Any] = {"team": request.team, "user": request.user, "ticket": ticket.cstar_id, "kind": kind}
    Draft.objects.get_or_create(**whose)
    return Draft.objects.filter(**whose)
