"""Follows the audit log: what anybody changed since we last asked, for one call (DESIGN.md 2.6, rest.md 6).

The log says what changed, not into what: the object is then read, unless we hold the change already because it was our
own or because a webhook brought it. Its order is not documented and late entries may carry early times, so every poll
reads a stretch again and remembers which of its entries it has seen.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop

from cstar import AuditEntry, Client, CStarError, NotFound
from sync import copies, known, webhooks
from sync.budget import POLL, WINDOW, left_for
from sync.calls import client
from sync.models import KeyBudget, Lane, TeamState
from sync.refresh import OF_ONE_COPY as OF_ONE_OBJECT
from sync.refresh import refresh_copy
from sync.truth import confirm, doubt
from teams.models import Team

log = logging.getLogger(__name__)

OFTEN = timedelta(seconds=10)
# An hour is taken to begin calmly, so that its first minutes do not decide about the rest.
CALM = timedelta(minutes=1)
# Of what is left to the feed, however much others spend.
AT_LEAST = 0.2
# Where webhooks arrive, the feed finds only what they missed.
BESIDE_WEBHOOKS = timedelta(seconds=60)
SELDOM = timedelta(minutes=2)
# Read again at each poll: a change that took long to commit appears behind younger ones.
OVERLAP = timedelta(seconds=60)
# So long after the start of a fill nothing may have happened that the fill does not hold.
MARGIN = timedelta(minutes=5)
MOST_PAGES = 10
# More changed objects than this are cheaper to sweep than to read one by one.
ONE_BY_ONE = 12


def poll(team: Team) -> bool:
    """Ask what changed and bring it into the working copy; False when cStar did not answer to all of it.

    The cursor moves only when everything was brought: what broke off is told again by the next poll.
    """
    state, _ = TeamState.objects.get_or_create(team=team)
    since = state.feed_cursor or (state.refreshed_at or timezone.now()) - MARGIN
    try:
        changes, complete = _changes(client(team, Lane.FEED, POLL), since - OVERLAP)
        news = [change for change in changes if change.id not in state.feed_seen]
        _follow(team, client(team, Lane.FEED, gettext_noop("changes by others")), news, sweep=not complete)
    except CStarError as error:
        doubt(team, error)
        return False
    _move_on(state, changes, since)
    confirm(team)
    return True


def interval(budget: KeyBudget, *, webhooks_arrive: bool = False) -> timedelta:
    """How long until the next poll: 10 s when calls are plenty, slower as they run out, none below the reserve.

    A minute at least while `webhooks_arrive`, so that the calls go to people.
    """
    left = left_for(budget, Lane.FEED)
    until_reset = budget.reset_at - timezone.now()
    if not timedelta(0) < until_reset <= WINDOW:
        return OFTEN  # an hour that has not begun
    if not left:
        return until_reset + timedelta(seconds=1)
    # What is spent on other things will go on as it went so far this hour; polls share the rest evenly.
    others = (budget.used - budget.polls) * (until_reset / (WINDOW - until_reset + CALM))
    spare = max(left - others, left * AT_LEAST)
    least = BESIDE_WEBHOOKS if webhooks_arrive else OFTEN
    return min(max(least, until_reset / spare), SELDOM)


class Change(NamedTuple):
    """An entry of the log, as far as it can be followed."""

    id: str
    deleted: bool
    told_as: str
    cstar_id: str
    at: datetime


def _changes(paid: Client, since: datetime) -> tuple[list[Change], bool]:
    """What the log tells since then, each entry once, and whether that was all."""
    found: dict[str, Change] = {}
    for number in range(1, MOST_PAGES + 1):
        page = paid.audit_log.list(start_date=since, page=number, page_size=100)
        found |= {entry.id: change for entry in page.items if (change := _change(entry))}
        if not page.has_more:
            return list(found.values()), True
    return list(found.values()), False


def _change(entry: AuditEntry) -> Change | None:
    """One that says not what changed, or when, cannot be followed: the sweep finds it."""
    if not (isinstance(entry.created_at, datetime) and entry.resource_type and entry.resource_id):
        return None
    deleted = str(entry.action).endswith(".deleted")
    return Change(entry.id, deleted, str(entry.resource_type), str(entry.resource_id), entry.created_at)


def _follow(team: Team, paid: Client, news: list[Change], *, sweep: bool) -> None:
    for copy in copies.announced():
        told = [change for change in news if change.told_as == copy.told_as]
        if told or sweep:
            _follow_copy(copy, team, paid, told, sweep=sweep)


def _follow_copy(copy: copies.Copy, team: Team, paid: Client, told: list[Change], *, sweep: bool) -> None:
    gone = {change.cstar_id for change in told if change.deleted}
    still_held = set(copy.held(team).filter(cstar_id__in=gone).values_list("cstar_id", flat=True))
    copies.forget(copy.name, team, still_held)
    moments = defaultdict(list)
    for change in told:
        moments[change.cstar_id].append(change.at)
    changed = [
        cstar_id for cstar_id, at in moments.items() if cstar_id not in gone and known.is_news(team, cstar_id, at)
    ]
    if news := [min(moments[cstar_id]) for cstar_id in {*changed, *still_held}]:
        webhooks.missed(team, copy.told_as, min(news))
    fetch_one = copy.fetch_one
    if sweep or len(changed) > ONE_BY_ONE or (changed and fetch_one is None):
        refresh_copy(copy, team, paid)
    elif fetch_one:
        for cstar_id in changed:
            try:
                fetch_one(team, cstar_id, paid)
            except NotFound:
                copies.forget(copy.name, team, [cstar_id])
            except OF_ONE_OBJECT as error:
                # It must not hold up the others; the sweep tries it again.
                log.warning("%s %s of %s could not be read: %s", copy.told_as, cstar_id, team, error)


def _move_on(state: TeamState, changes: list[Change], since: datetime) -> None:
    cursor = max([since, *(change.at for change in changes)])
    seen = [change.id for change in changes if change.at >= cursor - OVERLAP]
    TeamState.objects.filter(pk=state.pk).update(feed_cursor=cursor, feed_seen=seen)
    known.forget_before(state.team, cursor - OVERLAP)
